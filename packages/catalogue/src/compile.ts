import { canonicalJson } from "@farthing/engine";
import type { Catalogue, CatalogueManifest } from "./catalogue.ts";
import type { CompiledParts } from "./compiled.ts";
import { COMPILED_FILES } from "./compiled.ts";

/**
 * The texts of the compiled files by name; equal facts give equal bytes. Rows are whole objects: the host's JSON parser
 * builds them in a third of the time that unpacking columns takes here (17 ms against 50 ms for 3,685 rows).
 */
export function compileCatalogue(catalogue: Catalogue): Map<string, string> {
	const { version, releaseDate, hash, counts, ...rest } = catalogue;
	const { benchmarks, accuracyRuns, mlperf, mlperfTraining, trainingThroughput, servingSample, ...facts } = rest;
	const manifest: CatalogueManifest = { version, releaseDate, hash, counts };
	const rows = { benchmarks, accuracyRuns, mlperf, mlperfTraining, trainingThroughput, servingSample };
	const parts: CompiledParts = { manifest, facts, ...rows };
	const names = Object.keys(COMPILED_FILES) as (keyof CompiledParts)[];
	return new Map(names.map((name) => [COMPILED_FILES[name], `${canonicalJson(parts[name])}\n`]));
}
