/** `farthing ledger` on a real store: copies that are whole, old days that go, and what is refused. */
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
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

	it("carries budgets, and refuses a copy that is damaged or cut off, with a checksum or without", () => {
		const cwd = filled();
		expect(farthing(["budget", "set", "chat", "--amount", "5000 USD"], { cwd }).code).toBe(0);
		result("backup copy.duckdb", cwd);
		result("restore copy.duckdb --store other.duckdb", cwd);
		const listed = answerOf("budget list --store other.duckdb --json", { cwd }).result as Json;
		expect(listed.budgets.map(({ id }: Json) => id)).toEqual(["chat"]);
		const bytes = readFileSync(join(cwd, "copy.duckdb"));
		writeFileSync(join(cwd, "cut.duckdb"), bytes.subarray(0, bytes.length - 300_000));
		const cut = farthing("ledger restore cut.duckdb --store cut-restored.duckdb", { cwd });
		expect([cut.code, cut.stderr]).toEqual([2, expect.stringMatching(/cut\.duckdb: the copy is cut off/)]);
		bytes[bytes.length - 9] = (bytes[bytes.length - 9] as number) ^ 1;
		writeFileSync(join(cwd, "copy.duckdb"), bytes);
		const damaged = farthing("ledger restore copy.duckdb --store damaged.duckdb", { cwd });
		expect([damaged.code, damaged.stderr]).toEqual([2, expect.stringMatching(/copy\.duckdb: the copy is damaged/)]);
		expect(existsSync(join(cwd, "damaged.duckdb"))).toBe(false);
	});

	it("gives what deployments did to predict --fit, hour by hour, and says what an hour lacks", () => {
		const hour = (n: number): number => Date.UTC(2026, 9, 5, n);
		const iso = (at: number): string => new Date(at).toISOString();
		const request = (at: number, id: string, group: string): object => ({
			usage: {
				grain: "request",
				t0: iso(at),
				t1: iso(at + 8000),
				source: { adapter: "test", version: "1", kind: "gateway" },
				request_id: id,
				scope: { group, hardware: "h100-sxm" },
				model: { served: "llama-3.1-8b", precision: "bf16" },
				tokens: { in_total: 1000, in_cached_local: 0, in_cached_remote: 0, in_transferred: 0, out_total: 200 },
				latency: { ttft: { value: 40_000 } },
			},
		});
		const held = (gpu: number): object => ({
			capacity: {
				t0: iso(hour(10)),
				t1: iso(hour(11)),
				source: { adapter: "dcgm", version: "1" },
				gpu: { uuid: `GPU-${gpu}`, model: "h100-sxm" },
				held_by: { group: "chat" },
				gpu_time: { held: 3_600_000_000, held_source: "kube_request" },
			},
		});
		const records = [
			...Array.from({ length: 900 }, (_, i) => request(hour(10) + i * 3900, `a${i}`, "chat")),
			...Array.from({ length: 20 }, (_, i) => request(hour(11) + i, `b${i}`, "chat")),
			...Array.from({ length: 200 }, (_, i) => request(hour(10) + i, `c${i}`, "unmetered")),
			held(0),
			held(1),
		];
		const cwd = folderWith({ "served.jsonl": records.map((record) => `${JSON.stringify(record)}\n`).join("") });
		expect(farthing("import served.jsonl", { cwd }).code).toBe(0);
		const served = "--gpus-per-replica 1 --stack vllm";
		expect(result(`measured rows.jsonl --window 2026-10-05 ${served}`, cwd)).toEqual({
			store: join(".farthing", "ledger.duckdb"),
			file: "rows.jsonl",
			rows: 1,
			gaps: [
				{ reason: "no GPU time of the deployment: import its capacity", hours: 1 },
				{ reason: "fewer than 100 requests", hours: 1 },
			],
		});
		// 900 requests of 8 s in an hour are 2 in flight, 1 on each of two GPUs; 900 × 1200 tokens ÷ 3600 s ÷ 2 GPUs.
		const row = JSON.parse(readFileSync(join(cwd, "rows.jsonl"), "utf8")) as Json;
		expect(row).toMatchObject({ conc: 1, tput_per_gpu: 150, isl: 1000, osl: 200, tp: 1, requests: 900 });
		expect(row["mean_tpot"]).toBeCloseTo((8 - 0.04) / 199, 4);
		const asked = "--model llama-3.1-8b --hardware h100 --precision bf16 --stack vllm --isl 1000 --osl 200 --tp 1";
		const fitted = answerOf(`predict ${asked} --concurrency 1 --fit rows.jsonl --json`, { cwd });
		expect(JSON.stringify(fitted.result)).toContain('"level":"operating-point"');
		const none = farthing(`ledger measured none.jsonl --window 2026-10-06 ${served}`, { cwd });
		expect([none.code, existsSync(join(cwd, "none.jsonl"))]).toEqual([3, false]);
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
