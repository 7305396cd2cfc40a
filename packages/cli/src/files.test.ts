import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { writeWhole } from "./files.ts";

it("a file is written with the folders above it", () => {
	const folder = mkdtempSync(join(tmpdir(), "farthing-files-"));
	try {
		writeWhole(join(folder, "a/b/c.md"), "whole");
		expect(readFileSync(join(folder, "a/b/c.md"), "utf8")).toBe("whole");
	} finally {
		rmSync(folder, { recursive: true });
	}
});

it("a folder that the file system refuses ends with exit 2", () => {
	expect(() => writeWhole("/proc/x/board.md", "")).toThrow(
		expect.objectContaining({
			exit: 2,
			code: "cannot-write",
			detail: expect.objectContaining({ file: "/proc/x/board.md" }),
		}),
	);
});
