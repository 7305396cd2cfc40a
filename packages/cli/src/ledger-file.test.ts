import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { contentHash, inLedgerWords } from "./ledger-file.ts";

test("a file and its gzip have one hash", async () => {
	const folder = mkdtempSync(join(tmpdir(), "farthing-hash-"));
	const [plain, packed, other] = ["usage.jsonl", "usage.jsonl.gz", "other.jsonl"].map((name) => join(folder, name));
	if (plain === undefined || packed === undefined || other === undefined) throw new Error("three names");
	writeFileSync(plain, '{"a":1}\n');
	writeFileSync(packed, gzipSync('{"a":1}\n'));
	writeFileSync(other, '{"a":2}\n');
	expect(await contentHash(packed)).toBe(await contentHash(plain));
	expect(await contentHash(other)).not.toBe(await contentHash(plain));
	rmSync(folder, { recursive: true });
});

test("a time beyond what is kept is no data, a file at fault is bad usage", () => {
	const refused = (code: string): Error => Object.assign(new Error("no"), { name: "StoreError", code });
	expect(inLedgerWords(refused("beyond-retention"), "x")).toMatchObject({ exit: 3 });
	expect(inLedgerWords(refused("store-unreadable"), "x")).toMatchObject({ exit: 2 });
});
