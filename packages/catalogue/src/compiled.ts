import type { BenchmarkPoint } from "@farthing/engine";
import type { AccuracyRun, CatalogueManifest, Facts, MlperfResult } from "./catalogue.ts";

/** What each file of a compiled catalogue holds: a command reads only those that it needs. */
export interface CompiledParts {
	readonly manifest: CatalogueManifest;
	readonly facts: Facts;
	readonly benchmarks: readonly BenchmarkPoint[];
	readonly accuracyRuns: readonly AccuracyRun[];
	readonly mlperf: readonly MlperfResult[];
}

export const COMPILED_FILES: Readonly<Record<keyof CompiledParts, string>> = {
	manifest: "manifest.json",
	facts: "facts.json",
	benchmarks: "benchmarks.json",
	accuracyRuns: "accuracy.json",
	mlperf: "mlperf.json",
};
