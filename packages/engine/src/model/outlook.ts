/** What draws say of a plan: the chance of missing a target, P10, P50 and P90, and the fan of a series by month. */
import type { Backend } from "./draw-runner.ts";
import { drawRunner } from "./draw-runner.ts";
import { monthsOf } from "./evaluate.ts";
import type { FlatNode, Model } from "./flatten.ts";
import { nodeIndex } from "./flatten.ts";
import { ModelError } from "./model-error.ts";
import type { SampleOptions } from "./sample.ts";
import { checkSampling, quantiles, reachedShare } from "./sample.ts";

export interface Chance {
	/** Share of draws that miss; one in which there is no value misses. */
	readonly probability: number;
	/** Of the probability, by the number of draws. */
	readonly standardError: number;
	/** Share of draws in which there is no value. */
	readonly unreachable: number;
}

/** Chance that a value comes out above a limit, or below a floor. */
export function chanceOfMissing(
	draws: Float64Array,
	target: { readonly atMost: number } | { readonly atLeast: number },
): Chance {
	const meets = "atMost" in target ? (x: number) => x <= target.atMost : (x: number) => x >= target.atLeast;
	let missed = 0;
	for (const draw of draws) if (!meets(draw)) missed++;
	const probability = missed / draws.length;
	const standardError = Math.sqrt((probability * (1 - probability)) / draws.length);
	return { probability, standardError, unreachable: 1 - reachedShare(draws) };
}

export interface FanOptions extends Omit<SampleOptions, "keep"> {
	/** 0.1, 0.5 and 0.9 unless told. */
	readonly quantiles?: readonly number[];
	/** Bytes that draws of months may take at a time; 64 MB unless told. */
	readonly memory?: number;
}

export interface Fan {
	readonly node: string;
	readonly quantiles: readonly number[];
	/** A list a quantile, a value a month, base units; NaN in months in which no draw has a value. */
	readonly bands: readonly (readonly number[])[];
	/** Share of draws in which there is a value, by month. */
	readonly coverage: readonly number[];
}

/**
 * Quantiles by month of a named series, exact: each month's are those of all its draws. Memory: one block, and the draws
 * of as many months as `memory` holds, at least one (8 bytes a draw and month); since the same seed gives the same draws,
 * months that do not fit are drawn again in further passes. Throws what `sample` throws.
 */
export function fan(model: Model, id: string, options: FanOptions): Fan {
	const { draws, quantiles: ps = [0.1, 0.5, 0.9], memory = 64e6, backend = "compiled" } = options;
	if ((model.nodes[nodeIndex(model, id)] as FlatNode).shape !== "series") {
		throw new ModelError("series-mismatch", `${id} does not change by month: its draws are one column`, id);
	}
	checkSampling(model, options);
	const months = monthsOf(model, options);
	const atOnce = Math.max(1, Math.min(months, Math.floor(memory / (8 * draws))));
	const columns = Array.from({ length: atOnce }, () => new Float64Array(draws));
	const bands: number[][] = ps.map(() => []);
	const coverage: number[] = [];
	for (let from = 0; from < months; from += atOnce) {
		const group = columns.slice(0, Math.min(atOnce, months - from));
		drawMonths(model, id, { ...options, backend }, months, from, group);
		for (const column of group) {
			quantiles(column, ps).forEach((value, k) => bands[k]?.push(value));
			coverage.push(reachedShare(column));
		}
	}
	return { node: id, quantiles: ps, bands, coverage };
}

const BLOCK = 512;

function drawMonths(
	model: Model,
	id: string,
	options: FanOptions & { readonly backend: Backend },
	months: number,
	from: number,
	columns: readonly Float64Array[],
): void {
	const size = Math.min(options.block ?? BLOCK, options.draws);
	const runner = drawRunner(model, { ...options, months, keep: [id], size });
	for (let start = 0; start < options.draws; start += size) {
		const count = Math.min(size, options.draws - start);
		runner.run(start, count);
		columns.forEach((column, k) => column.set(runner.column(id, from + k).subarray(0, count), start));
	}
}
