import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { exportPages } from "./export-pages.ts";

const folder = mkdtempSync(join(tmpdir(), "farthing-export-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("writes a page, over an earlier export too, and nothing beside it", () => {
	const to = join(folder, "deep/pages");
	for (let i = 0; i < 2; i++) {
		expect(readFileSync(exportPages(to), "utf8")).toContain("<title>farthing</title>");
		writeFileSync(join(to, "data/stale.js"), "");
	}
	exportPages(to);
	expect(existsSync(join(to, "data/stale.js"))).toBe(false);
	expect(readdirSync(join(folder, "deep"))).toEqual(["pages"]);
});

test("a folder with other files is left as it is", () => {
	writeFileSync(join(folder, "thesis.txt"), "mine");
	expect(() => exportPages(folder)).toThrow(expect.objectContaining({ exit: 2, code: "folder-in-use" }));
	expect(() => exportPages(join(folder, "thesis.txt"))).toThrow(expect.objectContaining({ code: "not-a-folder" }));
	expect(readFileSync(join(folder, "thesis.txt"), "utf8")).toBe("mine");
});
