/** `farthing ledger` on a real store: copies that are whole, old days that go, and what is refused. */
import { cpSync, existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { openStore } from "@farthing/ledger/store";
import { describe, expect, it } from "vitest";
import { answerOf, expectPublishedShape, farthing, folderWith, type Json } from "./farthing.ts";

const event = (i: number): string =>
	`${JSON.stringify({
		usage: {
			grain: "request",
			t0: `2026-10-0${1 + (i % 4)}T10:00:00Z`,
			t1: `2026-10-0${1 + (i % 4)}T10:00:01Z`,
			source: { adapter: "test", version: "1", kind: "gateway" },
			request_id: `r${i}`,
			model: { served: "m" },
			tokens: { in_total: 10, out_total: 5 },
		},
	})}\n`;
const events = Array.from({ length: 40 }, (_, i) => event(i)).join("");

/** One import serves all tests: each gets a copy of the folder that it made. */
let imported: string | undefined;
function filled(): string {
	if (imported === undefined) {
		imported = folderWith({ "usage.jsonl": events });
		expect(farthing("import usage.jsonl", { cwd: imported }).code).toBe(0);
	}
	const folder = folderWith();
	cpSync(imported, folder, { recursive: true });
	return folder;
}
async function requestsIn(cwd: string, store = join(".farthing", "ledger.duckdb")): Promise<number> {
	const ledger = await openStore(join(cwd, store));
	const rows = await ledger.rowCount("usage_request");
	await ledger.close();
	return rows;
}
function result(words: string, cwd: string): Json {
	const answer = answerOf(`ledger ${words} --json`, { cwd });
	expectPublishedShape(JSON.stringify(answer));
	return answer.result as Json;
}

describe("farthing ledger", () => {
	it("says what is there, copies it, puts the copy in another place, and exports it", async () => {
		const cwd = filled();
		const { rows, usage_to } = result("status", cwd);
		expect([rows, usage_to]).toEqual([
			{ usage_request: 40, usage_window: 0, capacity: 0, price: 0, charge: 0 },
			"2026-10-05T00:00:00Z",
		]);
		expect(result("backup copy.duckdb", cwd)).toEqual({ from: join(".farthing", "ledger.duckdb"), to: "copy.duckdb" });
		result("restore copy.duckdb --store other.duckdb", cwd);
		expect(await requestsIn(cwd, "other.duckdb")).toBe(40);
		const { tables } = result("export --parquet parquet", cwd) as {
			tables: { table: string; file: string; rows: number }[];
		};
		expect(tables.find(({ table }) => table === "usage_request")?.rows).toBe(40);
		expect(readdirSync(join(cwd, "parquet")).sort()).toEqual(tables.map(({ file }) => file).sort());
		expect(farthing("ledger status", { cwd }).stdout).toMatch(/requests +40/);
	});

	it("drops whole days by their age at a date, once", async () => {
		const cwd = filled();
		const dropped = { store: join(".farthing", "ledger.duckdb"), kept_since: "2026-10-03T00:00:00Z", dropped: 20 };
		expect(result("retain --older-than 2d --as-of 2026-10-05", cwd)).toEqual(dropped);
		expect(result("retain --older-than 2d --as-of 2026-10-05", cwd)).toEqual({ ...dropped, dropped: 0 });
		expect(await requestsIn(cwd)).toBe(20);
	});

	it("refuses what it cannot do, and leaves what is there as it was", async () => {
		const cwd = filled();
		const codes = (words: string) => {
			const { code, stdout } = farthing(`ledger ${words} --json`, { cwd });
			return [code, (JSON.parse(stdout) as { error: { code: string } }).error.code];
		};
		expect(codes("status --store none.duckdb")).toEqual([3, "no-ledger"]);
		expect(codes("backup usage.jsonl")).toEqual([2, "place-taken"]);
		expect(codes("restore usage.jsonl --store new.duckdb")).toEqual([2, "store-unreadable"]);
		expect(existsSync(join(cwd, "new.duckdb"))).toBe(false);
		expect(codes("restore none.duckdb --store new.duckdb")).toEqual([2, "unreadable"]);
		expect(codes("retain --older-than 2w")).toEqual([2, "wrong-type"]);
		expect(codes("restore usage.jsonl")).toEqual([2, "place-taken"]);
		expect(farthing("ledger retain", { cwd }).code).toBe(2);
		expect(await requestsIn(cwd)).toBe(40);
	});
});
