import type { BenchmarkPoint } from "@farthing/engine";
import type { AccuracyRun, Catalogue, CatalogueManifest, Facts, MlperfResult } from "./catalogue.ts";
import type { CompiledParts } from "./compiled.ts";
import type { ServingSampleRow } from "./serving.ts";
import type { MlperfTrainingResult, TrainingThroughput } from "./training.ts";

/** A catalogue that lies somewhere; each part is read when it is first asked for. */
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

/** A store over the parts of a compiled catalogue, however they are had; each is asked for once. */
export function storeOf(read: <Name extends keyof CompiledParts>(name: Name) => CompiledParts[Name]): CatalogueStore {
	const parts = {
		manifest: once(() => read("manifest")),
		facts: once(() => read("facts")),
		benchmarks: once(() => read("benchmarks")),
		accuracyRuns: once(() => read("accuracyRuns")),
		mlperf: once(() => read("mlperf")),
		mlperfTraining: once(() => read("mlperfTraining")),
		trainingThroughput: once(() => read("trainingThroughput")),
		servingSample: once(() => read("servingSample")),
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

export function once<T>(make: () => T): () => T {
	let made: { value: T } | undefined;
	return () => {
		made ??= { value: make() };
		return made.value;
	};
}
