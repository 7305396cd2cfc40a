import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeFolder } from "./folder.ts";
import { makeFolderOf } from "./store/store-folder.ts";

test("folders are made one in the other, and a file in their place is told", () => {
	const folder = mkdtempSync(join(tmpdir(), "farthing-folder-"));
	try {
		makeFolder(join(folder, "a/b/c"));
		makeFolder(join(folder, "a/b/c"));
		expect(existsSync(join(folder, "a/b/c"))).toBe(true);
		writeFileSync(join(folder, "file"), "");
		expect(() => makeFolder(join(folder, "file/d"))).toThrow("file");
		expect(() => makeFolderOf(join(folder, "file/d/ledger.duckdb"))).toThrow(
			expect.objectContaining({ name: "StoreError", code: "store-read-only" }),
		);
	} finally {
		rmSync(folder, { recursive: true });
	}
});

test.skipIf(process.platform !== "linux")("a file system that takes no folders is told, and nothing hangs", () => {
	expect(() => makeFolder("/proc/farthing/ledger")).toThrow("/proc/farthing");
	expect(() => makeFolderOf("/proc/farthing/ledger.duckdb")).toThrow(
		expect.objectContaining({ code: "store-read-only" }),
	);
});
