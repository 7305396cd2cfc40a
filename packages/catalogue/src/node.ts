import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import type { BenchmarkPoint } from "@farthing/engine";
import type { AccuracyRun, Catalogue, CatalogueManifest, Facts, MlperfResult } from "./catalogue.ts";
import type { CompiledParts } from "./compiled.ts";
import { COMPILED_FILES } from "./compiled.ts";
import type { ServingSampleRow } from "./serving.ts";
import type { MlperfTrainingResult, TrainingThroughput } from "./training.ts";

/** A catalogue on disk; each part is read when it is first asked for. */
export interface CatalogueStore {
	manifest(): CatalogueManifest;
	facts(): Facts;
	benchmarks(): readonly BenchmarkPoint[];
	accuracyRuns(): readonly AccuracyRun[];
	mlperf(): readonly MlperfResult[];
	mlperfTraining(): readonly MlperfTrainingResult[];
	trainingThroughput(): readonly TrainingThroughput[];
	servingSample(): readonly ServingSampleRow[];
	/** Everything at once. */
	catalogue(): Catalogue;
}

/**
 * The catalogue that comes with this package: the compiled one beside the compiled code, the folder of facts where the
 * sources run uncompiled (tests).
 */
export function openCatalogue(): CatalogueStore {
	return uncompiled ?? openCompiledCatalogue(COMPILED);
}

/** A catalogue written by the compiler of this package. */
export function openCompiledCatalogue(folder: string): CatalogueStore {
	const read = <Name extends keyof CompiledParts>(name: Name): (() => CompiledParts[Name]) =>
		once(() => JSON.parse(readFileSync(join(folder, COMPILED_FILES[name]), "utf8")) as CompiledParts[Name]);
	const parts = {
		manifest: read("manifest"),
		facts: read("facts"),
		benchmarks: read("benchmarks"),
		accuracyRuns: read("accuracyRuns"),
		mlperf: read("mlperf"),
		mlperfTraining: read("mlperfTraining"),
		trainingThroughput: read("trainingThroughput"),
		servingSample: read("servingSample"),
	};
	const catalogue = once(() => ({
		...parts.manifest(),
		...parts.facts(),
		benchmarks: parts.benchmarks(),
		accuracyRuns: parts.accuracyRuns(),
		mlperf: parts.mlperf(),
		mlperfTraining: parts.mlperfTraining(),
		trainingThroughput: parts.trainingThroughput(),
		servingSample: parts.servingSample(),
	}));
	return { ...parts, catalogue };
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

function once<T>(make: () => T): () => T {
	let made: { value: T } | undefined;
	return () => {
		made ??= { value: make() };
		return made.value;
	};
}

const COMPILED = fileURLToPath(new URL("./catalogue/", import.meta.url));
/** Not imported with the rest: reading YAML takes longer to load than most commands to run. */
const uncompiled = existsSync(join(COMPILED, COMPILED_FILES.manifest))
	? undefined
	: await openCatalogueFolder(fileURLToPath(new URL("../../../catalogue/", import.meta.url)));
