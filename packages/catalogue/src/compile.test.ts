import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { compileCatalogue } from "./compile.ts";
import { openCatalogue, openCompiledCatalogue } from "./node.ts";

const catalogue = openCatalogue().catalogue();
const compiled = compileCatalogue(catalogue);

it("gives equal bytes for equal facts", () => {
	expect(compileCatalogue(structuredClone(catalogue))).toEqual(compiled);
});

it("reads back as what was written, part by part", () => {
	const folder = mkdtempSync(join(tmpdir(), "farthing-catalogue-"));
	try {
		for (const [name, text] of compiled) writeFileSync(join(folder, name), text);
		const store = openCompiledCatalogue(folder);
		expect(store.manifest()).toEqual({
			version: catalogue.version,
			releaseDate: catalogue.releaseDate,
			hash: catalogue.hash,
			counts: catalogue.counts,
		});
		expect(store.facts().hardware).toEqual(catalogue.hardware);
		expect(store.catalogue()).toEqual(catalogue);
		expect(store.benchmarks()).toBe(store.benchmarks());
	} finally {
		rmSync(folder, { recursive: true });
	}
});

it("needs no other part for the manifest", () => {
	const folder = mkdtempSync(join(tmpdir(), "farthing-catalogue-"));
	try {
		writeFileSync(join(folder, "manifest.json"), compiled.get("manifest.json") ?? "");
		expect(openCompiledCatalogue(folder).manifest().version).toBe("2026.11.0");
		expect(compiled.get("manifest.json")?.length).toBeLessThan(1000);
	} finally {
		rmSync(folder, { recursive: true });
	}
});
