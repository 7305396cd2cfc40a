import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { someRequests } from "../../../test-support/usage-records.ts";
import { openStore, restoreBackup } from "../open-store.ts";
import { SUMMED_COLUMNS } from "../query/usage-question.ts";
import { SegmentWriter } from "../segment-writer.ts";
import { DIMENSIONS, TABLES } from "../table.ts";
import { instant } from "../../records/units.ts";
import { FORM_1 } from "./form-1.ts";
import { openInstance, rowsOf, run } from "./connection.ts";

test("the steps together give the tables that the rest of the store writes and asks", async () => {
	await withFolder(async (folder) => {
		const path = join(folder, "ledger.duckdb");
		await (await openStore(path)).close();
		const instance = await openInstance(path, "256MB");
		const connection = await instance.connect();
		const columns = async (table: string): Promise<unknown[]> =>
			(
				await rowsOf(
					connection,
					`SELECT column_name FROM duckdb_columns() WHERE table_name = '${table}' ORDER BY column_index`,
				)
			).flat();
		for (const table of Object.values(TABLES)) {
			expect(await columns(table.name)).toEqual(["segment_no", ...table.columns.map(({ name }) => name)]);
		}
		for (const [name, members] of Object.entries(DIMENSIONS)) {
			expect(await columns(`dim_${name}`)).toEqual(["id", "reduced_id", ...members]);
		}
		const sums = SUMMED_COLUMNS.flatMap((column) => [column, `${column}_known`, `${column}_over`]);
		for (const table of ["usage_minute", "usage_hour", "usage_day"]) {
			expect((await columns(table)).slice(-sums.length)).toEqual(sums);
		}
		connection.closeSync();
		instance.closeSync();
	});
});

test("a file of the first form keeps its roll-ups to the last digit, those beyond 64 bits too", async () => {
	await withFolder(async (folder) => {
		const path = join(folder, "ledger.duckdb");
		const instance = await openInstance(path, "256MB");
		const connection = await instance.connect();
		for (const statement of FORM_1) await run(connection, statement);
		await run(connection, "CREATE TABLE migration (version INTEGER NOT NULL, applied_at TIMESTAMP NOT NULL)");
		await run(connection, "INSERT INTO migration VALUES (1, make_timestamp(0))");
		await run(connection, "INSERT INTO dim_model VALUES (0, 0, 'm', NULL, NULL, NULL, NULL)");
		await run(connection, "INSERT INTO roll_up VALUES (1, 1, make_timestamp(0))");
		const sums = [7n, 2n ** 63n, undefined].map((sum) => `${sum ?? "NULL"}, ${sum === undefined ? 0 : 1}`);
		const none = SUMMED_COLUMNS.slice(3).map(() => "NULL, 0");
		const row = `1, make_timestamp(0), 0, 0, 0, 0, NULL, NULL, 1, ${[...sums, ...none].join(", ")}`;
		await run(connection, `INSERT INTO usage_day VALUES (${row}), (${row})`);
		connection.closeSync();
		instance.closeSync();
		const store = await openStore(path);
		const day = { from: instant(0), to: instant(86_400_000_000), by: ["served" as const] };
		const [sum] = await store.requests(day);
		expect(SUMMED_COLUMNS.slice(0, 3).map((column) => sum?.sums[column])).toEqual([
			{ sum: 14n, known: 2n },
			{ sum: 2n ** 64n, known: 2n },
			{ sum: 0n, known: 0n },
		]);
		await store.close();
	});
});

test("a file of a later farthing is refused by name, and left as it is", async () => {
	await withFolder(async (folder) => {
		const path = join(folder, "ledger.duckdb");
		await (await openStore(path)).close();
		const instance = await openInstance(path, "256MB");
		const connection = await instance.connect();
		await run(connection, "INSERT INTO migration VALUES (99, make_timestamp(0))");
		connection.closeSync();
		instance.closeSync();
		await expect(openStore(path)).rejects.toMatchObject({ code: "store-too-new" });
	});
});

test("a backup is restored to a new place, and what is no backup to none", async () => {
	await withFolder(async (folder) => {
		const [path, backup, restored] = ["ledger.duckdb", "backup.duckdb", "restored.duckdb"].map((name) =>
			join(folder, name),
		) as [string, string, string];
		const store = await openStore(path);
		const writer = new SegmentWriter(store, { name: "t", id: "t" });
		for (const record of someRequests(50, 1)) await writer.add({ kind: "usage", record });
		await writer.finish();
		await store.backup(backup);
		await store.close();
		await restoreBackup(backup, restored);
		await expect(restoreBackup(backup, restored)).rejects.toMatchObject({ code: "place-taken" });
		await expect(restoreBackup(new URL(import.meta.url).pathname, `${restored}2`)).rejects.toMatchObject({
			code: "store-unreadable",
		});
		expect(
			readdirSync(folder)
				.filter((name) => name.includes("restored"))
				.sort(),
		).toEqual(["restored.duckdb"]);
		const again = await openStore(restored);
		expect(await again.rowCount("usage_request")).toBe(50);
		await again.close();
	});
});

test.each([
	["postgres://host/ledger", "unknown-store"],
	["clickhouse://farthing:secret@host/ledger", "unknown-store"],
	["clickhouse://one,two/ledger", "unknown-store"],
	["clickhouse://127.0.0.1:1/ledger", "store-unreachable"],
	["/nonexistent/folder/ledger.duckdb", "store-unreadable"],
	[tmpdir(), "store-unreadable"],
	[new URL(import.meta.url).pathname, "store-unreadable"],
])("%s: %s", async (url, code) => {
	await expect(openStore(url)).rejects.toMatchObject({ code, hint: expect.any(String) });
});

async function withFolder(work: (folder: string) => Promise<void>): Promise<void> {
	const folder = mkdtempSync(join(tmpdir(), "farthing-form-"));
	try {
		await work(folder);
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}
