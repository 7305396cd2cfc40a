/** What draws say of a plan: the chance of missing a target, P10, P50 and P90, and the fan of a series by month. */
import type { Backend } from "./draw-runner.ts";
import { drawRunner } from "./draw-runner.ts";
import { monthsOf } from "./evaluate.ts";
import type { FlatNode, Model } from "./flatten.ts";
import { nodeIndex } from "./flatten.ts";
import { ModelError } from "./model-error.ts";
import type { SampleOptions } from "./sample.ts";
import { checkSampling, knownDraws, quantilesInPlace, reachedShare } from "./sample.ts";

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

/** {@link fans} of one series. */
export function fan(model: Model, id: string, options: FanOptions): Fan {
	return fans(model, [id], options)[0] as Fan;
}

/**
 * Quantiles by month of named series, exact: each month's are those of all its draws. Memory: one block, and the draws of
 * as many months as `memory` holds, at least one (8 bytes a draw, series and month); since the same seed gives the same
 * draws, months that do not fit are drawn again in further passes. Throws what `sample` throws.
 */
export function fans(model: Model, ids: readonly string[], options: FanOptions): Fan[] {
	checkFans(model, ids, options);
	const { draws, quantiles, memory, backend } = fanSettings(options);
	const months = monthsOf(model, options);
	const atOnce = Math.max(1, Math.min(months, Math.floor(memory / (8 * draws * ids.length))));
	const columns = ids.map(() => Array.from({ length: atOnce }, () => new Float64Array(draws)));
	const found = ids.map((node) => ({
		node,
		quantiles,
		bands: quantiles.map((): number[] => []),
		coverage: [] as number[],
	}));
	for (let from = 0; from < months; from += atOnce) {
		const count = Math.min(atOnce, months - from);
		drawMonths(model, ids, { ...options, backend }, months, { from, count }, columns);
		found.forEach((fan, i) => {
			const { bands, coverage } = bandsOf(count, (t) => columns[i]?.[t] as Float64Array, quantiles);
			bands.forEach((band, k) => fan.bands[k]?.push(...band));
			fan.coverage.push(...coverage);
		});
	}
	return found;
}

export function fanSettings({
	draws,
	quantiles = [0.1, 0.5, 0.9],
	memory = 64e6,
	backend = "compiled",
}: FanOptions): Required<Pick<FanOptions, "draws" | "quantiles" | "memory" | "backend">> {
	return { draws, quantiles, memory, backend };
}

/** Throws what {@link fans} throws before it draws. */
export function checkFans(model: Model, ids: readonly string[], options: FanOptions): void {
	for (const id of ids) {
		if ((model.nodes[nodeIndex(model, id)] as FlatNode).shape !== "series") {
			throw new ModelError("series-mismatch", `${id} does not change by month: its draws are one column`, id);
		}
	}
	checkSampling(model, options);
}

/** Quantiles of the draws of each month; the columns are moved about. */
export function bandsOf(
	months: number,
	drawsOf: (month: number) => Float64Array,
	quantiles: readonly number[],
): { readonly bands: readonly (readonly number[])[]; readonly coverage: readonly number[] } {
	const bands = quantiles.map((): number[] => []);
	const coverage: number[] = [];
	for (let t = 0; t < months; t++) {
		const column = drawsOf(t);
		const known = knownDraws(column);
		coverage.push(known.length / column.length);
		quantilesInPlace(known, quantiles).forEach((value, k) => bands[k]?.push(value));
	}
	return { bands, coverage };
}

const BLOCK = 512;

function drawMonths(
	model: Model,
	ids: readonly string[],
	options: FanOptions & { readonly backend: Backend },
	months: number,
	asked: { readonly from: number; readonly count: number },
	columns: readonly (readonly Float64Array[])[],
): void {
	const size = Math.min(options.block ?? BLOCK, options.draws);
	const runner = drawRunner(model, { ...options, months, keep: ids, size });
	for (let start = 0; start < options.draws; start += size) {
		const count = Math.min(size, options.draws - start);
		runner.run(start, count);
		ids.forEach((id, i) => {
			for (let k = 0; k < asked.count; k++) {
				const column = runner.column(id, asked.from + k).subarray(0, count);
				((columns[i] as Float64Array[])[k] as Float64Array).set(column, start);
			}
		});
	}
}
