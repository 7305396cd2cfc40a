/** A catalogue of the parts that a question needs. What was not asked for throws where it is read: it is never empty. */
import type { Catalogue, CompiledParts } from "@farthing/catalogue";
import type { BenchmarkPart } from "./benchmark-parts.ts";
import { joinedRows } from "./benchmark-parts.ts";

/** Long tables beside the facts. */
export type TableName = Exclude<keyof CompiledParts, "manifest" | "facts" | "benchmarks">;

export interface Needs {
	/** Models whose benchmark rows are needed, or all of them. None unless given. */
	readonly benchmarks?: "all" | readonly string[];
	readonly tables?: readonly TableName[];
}

/** Reads one part; each is asked for once. */
export type ReadPart = (name: string) => Promise<unknown>;

export const TABLES: readonly TableName[] = [
	"accuracyRuns",
	"mlperf",
	"mlperfTraining",
	"trainingThroughput",
	"servingSample",
];
const PREFIX = "benchmarks-";

export function benchmarkPartName(model: string): string {
	return `${PREFIX}${model}`;
}

/** Each has a part of its own. */
export function measuredModels(partNames: readonly string[]): string[] {
	return partNames.flatMap((name) => (name.startsWith(PREFIX) ? [name.slice(PREFIX.length)] : []));
}

export async function partialCatalogue(
	read: ReadPart,
	{ benchmarks = [], tables = [] }: Needs,
	partNames: readonly string[],
): Promise<Catalogue> {
	const wanted =
		benchmarks === "all"
			? partNames.filter((name) => name.startsWith(PREFIX))
			: benchmarks.map(benchmarkPartName).filter((name) => partNames.includes(name));
	const [manifest, facts, rows, ...found] = await Promise.all([
		read("manifest") as Promise<CompiledParts["manifest"]>,
		read("facts") as Promise<CompiledParts["facts"]>,
		Promise.all(wanted.map((name) => read(name) as Promise<BenchmarkPart>)),
		...tables.map(read),
	]);
	const catalogue = { ...manifest, ...facts };
	const give = (name: string, value: unknown): void => {
		Object.defineProperty(catalogue, name, { value, enumerable: true });
	};
	const withhold = (name: string): void => {
		Object.defineProperty(catalogue, name, {
			enumerable: false,
			get: () => {
				throw new Error(`the question reads "${name}" of the catalogue and did not ask for it`);
			},
		});
	};
	if (benchmarks.length === 0) withhold("benchmarks");
	else give("benchmarks", joinedRows(rows));
	for (const name of TABLES) {
		const at = tables.indexOf(name);
		if (at === -1) withhold(name);
		else give(name, found[at]);
	}
	return catalogue as Catalogue;
}
