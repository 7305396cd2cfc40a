import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import type { CompiledParts } from "./compiled.ts";
import { COMPILED_FILES } from "./compiled.ts";
import type { CatalogueStore } from "./store.ts";
import { once, storeOf } from "./store.ts";

export type { CatalogueStore } from "./store.ts";

/**
 * The catalogue that comes with this package: the compiled one beside the compiled code, the folder of facts where the
 * sources run uncompiled (tests).
 */
export function openCatalogue(): CatalogueStore {
	return uncompiled ?? openCompiledCatalogue(COMPILED);
}

/** A catalogue written by the compiler of this package. */
export function openCompiledCatalogue(folder: string): CatalogueStore {
	const read = <Name extends keyof CompiledParts>(name: Name): CompiledParts[Name] =>
		JSON.parse(readFileSync(join(folder, COMPILED_FILES[name]), "utf8")) as CompiledParts[Name];
	return storeOf(read);
}

/** A folder of YAML and CSV files as people edit them. Throws CatalogueError when the first part is asked for. */
export async function openCatalogueFolder(folder: string): Promise<CatalogueStore> {
	const { loadCatalogue } = await import("./load.ts");
	const catalogue = once(() => loadCatalogue(readCatalogueFolder(folder)));
	return {
		manifest: () => {
			const { version, releaseDate, hash, counts } = catalogue();
			return { version, releaseDate, hash, counts };
		},
		facts: catalogue,
		benchmarks: () => catalogue().benchmarks,
		accuracyRuns: () => catalogue().accuracyRuns,
		mlperf: () => catalogue().mlperf,
		mlperfTraining: () => catalogue().mlperfTraining,
		trainingThroughput: () => catalogue().trainingThroughput,
		servingSample: () => catalogue().servingSample,
		catalogue,
	};
}

/** The texts of all YAML and CSV files in a folder, by path with forward slashes, in the order of their names. */
export function readCatalogueFolder(folder: string): Map<string, string> {
	const paths = readdirSync(folder, { recursive: true, encoding: "utf8" })
		.filter((path) => path.endsWith(".yaml") || path.endsWith(".csv"))
		.map((path) => path.split(sep).join("/"))
		.sort();
	return new Map(paths.map((path) => [path, readFileSync(join(folder, path), "utf8")]));
}

const COMPILED = fileURLToPath(new URL("./catalogue/", import.meta.url));
/** Not imported with the rest: reading YAML takes longer to load than most commands to run. */
const uncompiled = existsSync(join(COMPILED, COMPILED_FILES.manifest))
	? undefined
	: await openCatalogueFolder(fileURLToPath(new URL("../../../catalogue/", import.meta.url)));
