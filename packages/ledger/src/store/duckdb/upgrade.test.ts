/** Files of each earlier form, with a month in them: they open, and answer as the present form does. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fleetMonth, OCTOBER } from "../../../test-support/fleet-month.ts";
import { someRequests, T0 } from "../../../test-support/usage-records.ts";
import { instant } from "../../records/units.ts";
import { openStore, restoreBackup } from "../open-store.ts";
import { SegmentWriter } from "../segment-writer.ts";
import type { LedgerStore } from "../store.ts";
import { TABLES, type TableName } from "../table.ts";
import { openInstance, rowsOf, run, textOf } from "./connection.ts";
import { STEPS } from "./migrations.ts";

const folder = mkdtempSync(join(tmpdir(), "farthing-upgrade-"));
const present = join(folder, "present.duckdb");
const SPAN = { from: instant(Date.UTC(2026, 8, 1) * 1000), to: instant(Date.UTC(2026, 11, 31) * 1000) };
let answers: unknown;

beforeAll(async () => {
	const store = await openStore(present, { now: () => 1n });
	const month = fleetMonth({ ...OCTOBER, stepHours: 24, gpusPerNode: 2 });
	const writer = new SegmentWriter(store, { name: "month", id: "month" });
	for (const record of [...month.usage, ...someRequests(500, 3)]) await writer.add({ kind: "usage", record });
	for (const record of month.capacity) await writer.add({ kind: "capacity", record });
	for (const record of month.charges) await writer.add({ kind: "charge", record });
	await writer.finish();
	await store.rollUp();
	answers = await answersOf(store);
	await store.close();
}, 60_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const earlier = STEPS.slice(1).map((_, i) => i + 1);

describe.each(earlier)("a ledger of form %i", (form) => {
	it("opens, keeps its rows and answers, and takes in more", async () => {
		const path = join(folder, `form-${form}.duckdb`);
		await writeForm(path, form);
		const store = await openStore(path);
		try {
			expect(await answersOf(store)).toEqual(answers);
			expect(await store.rollUp(), "roll-ups are there already").toBe(0);
			const writer = new SegmentWriter(store, { name: "more", id: "more" });
			for (const record of someRequests(10, 4)) await writer.add({ kind: "usage", record });
			expect(await writer.finish()).toMatchObject({ stored: 10 });
			expect(await store.rollUp()).toBe(1);
		} finally {
			await store.close();
		}
		// opened a second time, it is of the present form and is not changed again
		const again = await openStore(path);
		await again.close();
	});

	it("as a backup is restored in the present form", async () => {
		const backup = join(folder, `backup-${form}.duckdb`);
		await writeForm(backup, form);
		const restored = join(folder, `restored-${form}.duckdb`);
		await restoreBackup(backup, restored);
		const store = await openStore(restored);
		expect(await answersOf(store)).toEqual(answers);
		await store.close();
	});
});

it("a ledger of a later form is refused with both forms and what to do, and is not touched", async () => {
	const path = join(folder, "later.duckdb");
	await writeForm(path, STEPS.length);
	await asFile(path, (connection) =>
		run(connection, `INSERT INTO migration VALUES (${STEPS.length + 1}, make_timestamp(0))`),
	);
	await expect(openStore(path)).rejects.toMatchObject({
		code: "store-too-new",
		message: `the ledger has form ${STEPS.length + 1}, this farthing knows ${STEPS.length}`,
		hint: expect.stringMatching(/farthing that wrote it/),
	});
	const rows = await asFile(path, (connection) => rowsOf(connection, "SELECT max(version) FROM migration"));
	expect(rows).toEqual([[STEPS.length + 1]]);
});

/** A file as the farthing of that form would have written it: its steps, and the rows that both forms have room for. */
async function writeForm(path: string, form: number): Promise<void> {
	await asFile(path, async (connection) => {
		await run(connection, "CREATE TABLE migration (version INTEGER NOT NULL, applied_at TIMESTAMP NOT NULL)");
		for (const [i, statements] of STEPS.slice(0, form).entries()) {
			for (const statement of statements) await run(connection, statement);
			await run(connection, `INSERT INTO migration VALUES (${i + 1}, make_timestamp(0))`);
		}
		await run(connection, `ATTACH '${present}' AS present (READ_ONLY)`);
		const columns = `SELECT column_name FROM duckdb_columns() WHERE database_name = `;
		const tables = await rowsOf(connection, "SELECT table_name FROM duckdb_tables() WHERE database_name = 'present'");
		for (const [name] of tables) {
			const table = textOf(name);
			if (table === "migration") continue;
			const shared = await rowsOf(
				connection,
				`${columns} current_database() AND table_name = '${table}' INTERSECT ${columns} 'present' AND table_name = '${table}'`,
			);
			const list = shared.map(([column]) => `"${textOf(column)}"`).join(", ");
			expect(list, `${table} of form ${form}`).not.toBe("");
			await run(connection, `INSERT INTO ${table} (${list}) SELECT ${list} FROM present.${table}`);
		}
		await run(connection, "DETACH present");
		await run(connection, "CHECKPOINT");
	});
}

async function asFile<T>(path: string, work: (connection: Connection) => Promise<T>): Promise<T> {
	const instance = await openInstance(path, "256MB");
	const connection = await instance.connect();
	try {
		return await work(connection);
	} finally {
		connection.closeSync();
		instance.closeSync();
	}
}

type Connection = Parameters<typeof run>[0];

async function answersOf(store: LedgerStore): Promise<unknown> {
	const names = Object.keys(TABLES) as TableName[];
	const sorted = (rows: readonly unknown[]): string[] => rows.map(plain).sort();
	return {
		rows: await Promise.all(names.map((name) => store.rowCount(name))),
		requests: sorted(await store.requests({ ...SPAN, by: ["served", "team", "status"] })),
		oneDay: sorted(await store.requests({ from: T0, to: instant(T0 + 7 * 3_600_000_000), by: ["deployment"] })),
		windows: sorted(await store.windows({ ...SPAN, by: ["served"] })),
		capacity: sorted(await store.capacity({ ...SPAN, by: [] })),
		charges: sorted(await store.charges(SPAN.from, SPAN.to)),
		orgs: await store.orgs(),
	};
}

function plain(value: unknown): string {
	return JSON.stringify(value, (_, each: unknown) => (typeof each === "bigint" ? `${each}n` : each));
}
