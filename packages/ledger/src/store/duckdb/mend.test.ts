import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { afterAll, beforeAll, expect, test } from "vitest";
import { someRequests } from "../../../test-support/usage-records.ts";
import { openStore } from "../open-store.ts";
import { SegmentWriter } from "../segment-writer.ts";
import { blockCopyOf, hasBlockChecksum } from "./block-copy.ts";
import { inspectLedger } from "./inspect.ts";

const FIRST_BLOCK = 12_288;
const BLOCK = 262_144;
const PAGE = 4096;

let folder: string;
let path: string;
/** The file as a process leaves it that is killed when the first page of a block of metadata was written over. */
let torn: Buffer;
let tornAt: number;
const parts = ["", ".wal", ".blocks"];

beforeAll(async () => {
	folder = mkdtempSync(join(tmpdir(), "farthing-torn-"));
	path = join(folder, "ledger.duckdb");
	const made = join(folder, "made.duckdb");
	const store = await openStore(made);
	const withoutCheckpoint = Object.assign(Object.create(store) as typeof store, { checkpoint: async () => undefined });
	const add = async (n: number, into = store): Promise<void> => {
		const writer = new SegmentWriter(into, { name: "test", id: String(n) });
		for (const record of someRequests(100, n)) await writer.add({ kind: "usage", record });
		await writer.finish();
	};
	for (let n = 0; n < 3; n++) await add(n);
	// Each transaction first sees to it that the copy is of the last checkpoint.
	await add(3, withoutCheckpoint);
	for (const part of parts) copyFileSync(`${made}${part}`, join(folder, `before${part}`));
	await store.checkpoint();
	torn = readFileSync(join(folder, "before"));
	const after = readFileSync(made);
	const places = Array.from({ length: (torn.length - FIRST_BLOCK) / BLOCK }, (_, i) => FIRST_BLOCK + i * BLOCK);
	const same = (at: number): boolean => torn.subarray(at, at + BLOCK).equals(after.subarray(at, at + BLOCK));
	tornAt = places.find((at) => !same(at)) ?? Number.NaN;
	after.copy(torn, tornAt, tornAt, tornAt + PAGE);
	await store.close();
	expect(hasBlockChecksum(torn.subarray(tornAt, tornAt + BLOCK))).toBe(false);
	// A ledger that was closed whole leaves nothing beside it.
	expect(existsSync(blockCopyOf(made))).toBe(false);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function layOut(without: readonly string[] = []): void {
	for (const part of parts) {
		rmSync(`${path}${part}`, { force: true });
		if (!without.includes(part)) copyFileSync(join(folder, `before${part}`), `${path}${part}`);
	}
	writeFileSync(path, torn);
}

async function openAndCheckpoint(at: string): Promise<void> {
	const store = await openStore(at);
	try {
		await store.checkpoint();
	} finally {
		await store.close();
	}
}

test("a checkpoint that was cut off amid a block loses nothing", async () => {
	layOut();
	await expect(inspectLedger(path)).rejects.toMatchObject({ message: expect.stringContaining("cut off") });
	const store = await openStore(path);
	expect(await store.rowCount("usage_request")).toBe(400);
	await store.rollUp();
	await store.close();
	expect((await inspectLedger(path)).requests).toBe(400);
});

test("without the copy, or with one of another checkpoint or one that was cut off itself, the file stays as it is", async () => {
	const whole = readFileSync(join(folder, "before.blocks"));
	const another = Buffer.from(whole);
	another[100] = (another[100] ?? 0) ^ 1;
	for (const copy of [undefined, whole.subarray(0, -100), another]) {
		layOut([".blocks"]);
		if (copy !== undefined) writeFileSync(blockCopyOf(path), copy);
		await expect(openAndCheckpoint(path)).rejects.toMatchObject({ code: "store-unreadable" });
	}
});

test("a file that another process has open is not mended under its hands", async () => {
	layOut();
	copyFileSync(join(folder, "before"), path);
	const holder = spawn(
		process.execPath,
		[
			"--input-type=module",
			"-e",
			`import { DuckDBInstance } from "@duckdb/node-api";
			const instance = await DuckDBInstance.create(process.argv[1]);
			console.log("open"); process.stdin.on("data", () => process.kill(process.pid, "SIGKILL"));`,
			path,
		],
		{ cwd: import.meta.dirname, stdio: ["pipe", "pipe", "inherit"] },
	);
	await once(holder.stdout, "data");
	const written = readFileSync(path);
	torn.copy(written, tornAt, tornAt, tornAt + PAGE);
	writeFileSync(path, written);
	await expect(openStore(path)).rejects.toMatchObject({ code: "store-locked" });
	expect(readFileSync(path).equals(written)).toBe(true);
	const ended = once(holder, "exit");
	holder.stdin.write("end");
	await ended;
	const store = await openStore(path);
	expect(await store.rowCount("usage_request")).toBe(400);
	await store.close();
});
