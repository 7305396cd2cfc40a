import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { figureChanges } from "./figure-changes.ts";
import { loadCatalogue } from "./load.ts";
import { openCatalogue, readCatalogueFolder } from "./node.ts";

const files = readCatalogueFolder(fileURLToPath(new URL("../../../catalogue/", import.meta.url)));
const before = loadCatalogue(files);

it("says figure by figure what was added, changed and removed, with source and date", () => {
	const edited = new Map(files);
	const edit = (file: string, old: string, now: string): void => {
		const text = edited.get(file) as string;
		expect(text).toContain(old);
		edited.set(file, text.replace(old, now));
	};
	edit("accelerators.yaml", "      tdp: 750\n", "      tdp: {value: 760, as_of: 2026-11-20}\n");
	edit("facility.csv", "pue.meta,pue,Meta fleet", "pue.meta2,pue,Meta fleet");
	const changes = figureChanges(before, loadCatalogue(edited));
	const { source } = changes[0]?.before ?? {};
	expect(source).toMatch(/\w/);
	expect(changes[0]).toMatchObject({
		change: "changed",
		collection: "hardware",
		id: "mi300x",
		path: "figures.tdp",
		before: { value: 750, unit: "W" },
		after: { value: 760, unit: "W", source, as_of: "2026-11-20" },
	});
	expect(changes.slice(1).map(({ change, id, path }) => [change, id, path])).toEqual([
		["removed", "pue.meta", "figure"],
		["added", "pue.meta2", "figure"],
	]);
});

it("tells a row as a whole, with its source and the day it was measured", () => {
	const [first] = before.benchmarks;
	const after = { ...before, benchmarks: before.benchmarks.slice(1) };
	expect(figureChanges(before, after)).toEqual([
		{
			change: "removed",
			collection: "benchmarks",
			id: first?.id,
			before: { source: first?.source, as_of: expect.stringMatching(/^\d{4}-/) },
		},
	]);
});

it("does not take the order of members for a difference", () => {
	expect(figureChanges(openCatalogue().catalogue(), before)).toEqual([]);
	expect(figureChanges(JSON.parse(JSON.stringify(before)) as typeof before, before)).toEqual([]);
});
