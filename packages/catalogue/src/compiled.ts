import type { BenchmarkPoint } from "@farthing/engine";
import type { AccuracyRun, CatalogueManifest, Facts, MlperfResult } from "./catalogue.ts";
import type { ServingSampleRow } from "./serving.ts";
import type { MlperfTrainingResult, TrainingThroughput } from "./training.ts";

/** What each file of a compiled catalogue holds: a command reads only those that it needs. */
export interface CompiledParts {
	readonly manifest: CatalogueManifest;
	readonly facts: Facts;
	readonly benchmarks: readonly BenchmarkPoint[];
	readonly accuracyRuns: readonly AccuracyRun[];
	readonly mlperf: readonly MlperfResult[];
	readonly mlperfTraining: readonly MlperfTrainingResult[];
	readonly trainingThroughput: readonly TrainingThroughput[];
	readonly servingSample: readonly ServingSampleRow[];
}

export const COMPILED_FILES: Readonly<Record<keyof CompiledParts, string>> = {
	manifest: "manifest.json",
	facts: "facts.json",
	benchmarks: "benchmarks.json",
	accuracyRuns: "accuracy.json",
	mlperf: "mlperf.json",
	mlperfTraining: "mlperf-training.json",
	trainingThroughput: "training-throughput.json",
	servingSample: "serving-sample.json",
};
