import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openStore } from "../open-store.ts";

test("a table that is there already is no ledger, and stays as it was", async () => {
	const folder = mkdtempSync(join(tmpdir(), "farthing-open-"));
	const path = join(folder, "bill3.csv");
	writeFileSync(path, "a,b\n1,2\n");
	await expect(openStore(path)).rejects.toMatchObject({
		name: "StoreError",
		code: "store-unreadable",
		message: expect.stringContaining("is no ledger"),
	});
	expect(readFileSync(path, "utf8")).toBe("a,b\n1,2\n");
	rmSync(folder, { recursive: true });
});

test("an empty file is what a kill leaves while a ledger is made, and takes one", async () => {
	const folder = mkdtempSync(join(tmpdir(), "farthing-open-"));
	const path = join(folder, "ledger.duckdb");
	writeFileSync(path, "");
	await (await openStore(path)).close();
	expect(readFileSync(path).toString("latin1", 8, 12)).toBe("DUCK");
	// Beside a log it is what was a ledger.
	writeFileSync(path, "");
	writeFileSync(`${path}.wal`, "");
	await expect(openStore(path)).rejects.toMatchObject({ code: "store-unreadable" });
	rmSync(folder, { recursive: true });
});
