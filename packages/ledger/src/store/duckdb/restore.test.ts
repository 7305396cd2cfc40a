/** A copy that was damaged on the way is never put in the place of a ledger, whether its checksum came with it or not. */
import {
	copyFileSync,
	existsSync,
	mkdtempSync,
	readFileSync,
	rmSync,
	statSync,
	truncateSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createHash } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { someRequests, T0 } from "../../../test-support/usage-records.ts";
import { instant } from "../../records/units.ts";
import { openStore, restoreBackup } from "../open-store.ts";
import { SegmentWriter } from "../segment-writer.ts";

const folder = mkdtempSync(join(tmpdir(), "farthing-restore-"));
const copy = join(folder, "copy.duckdb");
const damaged = join(folder, "damaged.duckdb");
const restored = join(folder, "restored.duckdb");
const ROWS = 2000;

beforeAll(async () => {
	const store = await openStore(join(folder, "ledger.duckdb"));
	const writer = new SegmentWriter(store, { name: "t", id: "t" });
	for (const record of someRequests(ROWS, 1)) await writer.add({ kind: "usage", record });
	await writer.finish();
	await store.backup(copy);
	await store.close();
});
afterAll(() => rmSync(folder, { recursive: true }));

test("a copy has its SHA-256 beside it, in the form of sha256sum", () => {
	const sum = createHash("sha256").update(readFileSync(copy)).digest("hex");
	expect(readFileSync(`${copy}.sha256`, "utf8")).toBe(`${sum}  copy.duckdb\n`);
});

test("one byte that differs is told by the checksum", async () => {
	copyFileSync(copy, damaged);
	copyFileSync(`${copy}.sha256`, `${damaged}.sha256`);
	flip(damaged, statSync(damaged).size - 9, 1);
	await expect(restoreBackup(damaged, restored)).rejects.toMatchObject({
		code: "store-unreadable",
		message: expect.stringMatching(/the copy is damaged: SHA-256 of its \d+ bytes is/),
	});
	expect(existsSync(restored)).toBe(false);
	rmSync(`${damaged}.sha256`);
});

test("without a checksum every row is read: damage is refused, or all rows are there", async () => {
	const { size } = statSync(copy);
	let refused = 0;
	for (let at = 12_288 + 20_000; at + 3000 < size; at += 262_144) {
		copyFileSync(copy, damaged);
		flip(damaged, at, 3000);
		const failed = await restoreBackup(damaged, restored).then(
			() => undefined,
			(error: unknown) => error,
		);
		if (failed === undefined) {
			// The damage fell on what holds nothing, or on an index, which is made anew.
			const store = await openStore(restored);
			expect(await store.rowCount("usage_request"), `damage at ${at}`).toBe(ROWS);
			expect(await whole(store)).toEqual(await whole(await openStore(join(folder, "ledger.duckdb"))));
			rmSync(restored);
			continue;
		}
		refused++;
		expect(failed).toMatchObject({ code: "store-unreadable", message: expect.stringMatching(/^the copy is damaged/) });
		expect(existsSync(restored)).toBe(false);
	}
	expect(refused).toBeGreaterThan(0);
});

test("a copy that is cut off says so", async () => {
	copyFileSync(copy, damaged);
	truncateSync(damaged, statSync(copy).size - 300_000);
	await expect(restoreBackup(damaged, restored)).rejects.toMatchObject({
		code: "store-unreadable",
		message: expect.stringMatching(/^the copy is cut off/),
	});
});

/** All rows of the requests, and closes the store. */
async function whole(store: Awaited<ReturnType<typeof openStore>>): Promise<string> {
	const hash = createHash("sha256");
	const rows: string[] = [];
	for await (const part of store.requestRows({ from: T0, to: instant(T0 + 7 * 86_400_000_000), isOrdered: true }))
		for (const row of part)
			rows.push(JSON.stringify(row, (_, value: unknown) => (typeof value === "bigint" ? `${value}` : value)));
	await store.close();
	for (const row of rows.sort()) hash.update(row);
	return `${rows.length} ${hash.digest("hex")}`;
}

function flip(file: string, at: number, bytes: number): void {
	const content = readFileSync(file);
	for (let i = at; i < at + bytes; i++) content[i] = (content[i] as number) ^ 0xff;
	writeFileSync(file, content);
}
