import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { beginningIn, contentOfFile, inLedgerWords, withLedger } from "./ledger-file.ts";

test("a file and its gzip have one hash", async () => {
	const folder = mkdtempSync(join(tmpdir(), "farthing-hash-"));
	const [plain, packed, other] = ["usage.jsonl", "usage.jsonl.gz", "other.jsonl"].map((name) => join(folder, name));
	if (plain === undefined || packed === undefined || other === undefined) throw new Error("three names");
	writeFileSync(plain, '{"a":1}\n');
	writeFileSync(packed, gzipSync('{"a":1}\n'));
	writeFileSync(other, '{"a":2}\n');
	expect(await contentOfFile(packed)).toBe(await contentOfFile(plain));
	expect(await contentOfFile(other)).not.toBe(await contentOfFile(plain));
	rmSync(folder, { recursive: true });
});

test("a time beyond what is kept is no data, a file at fault is bad usage", () => {
	const refused = (code: string): Error => Object.assign(new Error("no"), { name: "StoreError", code });
	expect(inLedgerWords(refused("beyond-retention"), "x")).toMatchObject({ exit: 3 });
	expect(inLedgerWords(refused("store-unreadable"), "x")).toMatchObject({ exit: 2 });
});

test("a password that was typed into a URL is not told", () => {
	const refused = Object.assign(new Error("no"), { name: "StoreError", code: "unknown-store" });
	expect(inLedgerWords(refused, "clickhouse://me:secret@host:8123/usage")).toMatchObject({
		detail: { file: "clickhouse://me:…@host:8123/usage" },
	});
	expect(inLedgerWords(refused, "clickhouse://me@host/usage?password=secret&cluster=c&tls=true&x=y")).toMatchObject({
		detail: { file: "clickhouse://me@host/usage?password=…&cluster=c&tls=true&x=…" },
	});
	expect(inLedgerWords(refused, "a?b=c.duckdb")).toMatchObject({ detail: { file: "a?b=c.duckdb" } });
});

test("a file that the message begins with is named once", () => {
	const refused = Object.assign(new Error("led.duckdb: another process has it"), {
		name: "StoreError",
		code: "store-locked",
	});
	expect(inLedgerWords(refused, "led.duckdb")).toMatchObject({
		message: "another process has it",
		detail: { file: "led.duckdb" },
	});
});

test("an empty file holds no ledger to read, and one begins in it with a warning", async () => {
	const folder = mkdtempSync(join(tmpdir(), "farthing-empty-"));
	const path = join(folder, "ledger.duckdb");
	writeFileSync(path, "");
	await expect(withLedger(path, async () => 1, { create: false })).rejects.toMatchObject({
		exit: 3,
		code: "no-ledger",
		message: expect.stringContaining("is empty"),
	});
	expect(beginningIn(path)).toHaveLength(1);
	expect(await withLedger(path, async () => 1)).toBe(1);
	expect(beginningIn(path)).toEqual([]);
	expect(beginningIn(join(folder, "other.duckdb"))).toEqual([]);
	rmSync(folder, { recursive: true });
});
