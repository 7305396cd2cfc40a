/**
 * Which inputs carry the spread of a number: first-order and total Sobol indices of its ranged inputs, taken as
 * independent. Σ first < 1 says that inputs act together; a total near 0 says that an input may as well be fixed.
 */
import type { Estimate } from "../numerics/variance-shares.ts";
import { varianceShares } from "../numerics/variance-shares.ts";
import type { Model } from "./flatten.ts";
import { rangedInputs } from "./input-draws.ts";
import type { SampleOptions } from "./sample.ts";
import { sample } from "./sample.ts";
import { subModel } from "./sub-model.ts";

export interface SobolIndex {
	readonly input: string;
	/** Share of the variance that would go if the input were known. */
	readonly first: Estimate;
	/** Share that would stay if all others were known. */
	readonly total: Estimate;
}

export interface SobolIndices {
	readonly node: string;
	/** The largest total first. */
	readonly inputs: readonly SobolIndex[];
	readonly mean: number;
	readonly variance: number;
	/** Share of the rows in which the number is reachable; others do not count. */
	readonly coverage: number;
	/** Times the model was computed. */
	readonly evaluations: number;
}

export interface SobolOptions {
	readonly seed: number;
	readonly months?: number;
	/** Rows of each design, a power of 2; 4096 unless told. */
	readonly rows?: number;
	readonly resamples?: number;
}

/** Of a named scalar; no inputs where none has a range. Throws what `sample` throws. */
export function sobolIndices(model: Model, id: string, options: SobolOptions): SobolIndices {
	const { seed, rows = 4096, months, resamples } = options;
	const ids = rangedInputs(subModel(model, [id])).map((node) => node.id as string);
	const common: Omit<SampleOptions, "uniforms"> = {
		draws: rows,
		seed,
		keep: [id],
		// The loop is made once, for all designs.
		backend: "compiled",
		...(months === undefined ? {} : { months }),
	};
	const design = { args: ids.length, rows, seed, ...(resamples === undefined ? {} : { resamples }) };
	const { shares, ...found } = varianceShares(design, (columns) => {
		const uniforms = new Map(columns.map((column, i) => [ids[i] as string, column]));
		return sample(model, { ...common, uniforms }).values.get(id) as Float64Array;
	});
	const inputs = shares.map(({ first, total }, i) => ({ input: ids[i] as string, first, total }));
	inputs.sort((a, b) => b.total.value - a.total.value || (a.input < b.input ? -1 : 1));
	return { node: id, inputs, ...found, evaluations: rows * (ids.length + 2) };
}
