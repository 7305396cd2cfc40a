import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { diffCatalogues } from "./diff.ts";
import { loadCatalogue } from "./load.ts";
import { readCatalogueFolder } from "./node.ts";

const files = readCatalogueFolder(fileURLToPath(new URL("../../../catalogue/", import.meta.url)));
const before = loadCatalogue(files);

describe("diff", () => {
	it("is empty for equal facts", () => {
		expect(diffCatalogues(before, loadCatalogue(files))).toEqual([]);
	});

	it("names what was added, removed and changed, and how", () => {
		const edited = new Map(files);
		edit(edited, "facility.csv", "pue.meta,pue,Meta fleet", "pue.meta2,pue,Meta fleet");
		edit(edited, "accelerators.yaml", "      tdp: 750\n", "      tdp: {value: 750, note: board}\n");
		edit(edited, "aliases.yaml", "  dsr1: deepseek-r1\n", "  dsr1: deepseek-v3\n");
		expect(diffCatalogues(before, loadCatalogue(edited))).toEqual([
			{
				change: "changed",
				collection: "hardware",
				id: "mi300x",
				members: [{ path: "figures.tdp.note", after: "board" }],
			},
			{ change: "removed", collection: "facility", id: "pue.meta" },
			{ change: "added", collection: "facility", id: "pue.meta2" },
			{
				change: "changed",
				collection: "aliases",
				id: "model/dsr1",
				members: [{ path: "0", before: "deepseek-r1", after: "deepseek-v3" }],
			},
		]);
	});

	it("sees a changed measurement", () => {
		const [first] = before.benchmarks;
		const after = { ...before, benchmarks: [{ ...first!, tokensPerGpuSecond: 1 }, ...before.benchmarks.slice(1)] };
		expect(diffCatalogues(before, after)).toEqual([
			{
				change: "changed",
				collection: "benchmarks",
				id: first?.id,
				members: [{ path: "tokensPerGpuSecond", before: first?.tokensPerGpuSecond, after: 1 }],
			},
		]);
	});
});

function edit(files: Map<string, string>, file: string, from: string, to: string): void {
	const text = files.get(file) ?? "";
	expect(text).toContain(from);
	files.set(file, text.replace(from, to));
}
