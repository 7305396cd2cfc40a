/**
 * Draws: the same formulas over columns of draws in typed arrays, block by block. An input is drawn once per draw from a
 * stream of its own name, so that all who refer to it, in this model or in one compared with it, see the same draws.
 * Memory: one block of every node, and the kept draws of the outputs asked for.
 */
import type { Correlation } from "./correlation.ts";
import type { Backend } from "./draw-runner.ts";
import { drawRunner } from "./draw-runner.ts";
import { monthsOf } from "./evaluate.ts";
import type { FlatNode, Model } from "./flatten.ts";
import { nodeIndex } from "./flatten.ts";
import { ModelError } from "./model-error.ts";
import { placeRanks } from "../numerics/place-ranks.ts";

export interface SampleOptions {
	readonly draws: number;
	readonly seed: number;
	readonly months?: number;
	/** Ids whose draws are kept: scalars, default the outputs of the model that are scalars. Inputs may be named too. */
	readonly keep?: readonly string[];
	/** Draws per block; the result does not depend on it. */
	readonly block?: number;
	/** What computes them; the result does not depend on it. Unless told, the compiled loop where it is worth its while. */
	readonly backend?: Backend;
	/**
	 * Draws to pass over, 0 unless told: the run is a share of a larger one, for one of several threads. Its values are
	 * those that the whole has from there on.
	 */
	readonly first?: number;
	/** Inputs that move together; all others are independent. */
	readonly correlations?: readonly Correlation[];
	/** Quantiles to use for inputs instead of the stream's, each of length `draws`: for low-discrepancy designs. */
	readonly uniforms?: ReadonlyMap<string, Float64Array>;
}

export interface Draws {
	readonly draws: number;
	readonly seed: number;
	/** Kept draws by id, base units, NaN where unreachable. */
	readonly values: ReadonlyMap<string, Float64Array>;
	/** Quantiles that inputs were given instead of the stream's. */
	readonly uniforms?: ReadonlyMap<string, Float64Array>;
	readonly correlations?: readonly Correlation[];
	readonly first?: number;
}

const BLOCK = 512;
/** For fewer draws the loop would take longer to make than to run. */
const WORTH_COMPILING = 1000;

/**
 * Throws `unknown-node`, `unknown-input`, `series-mismatch`, `bad-step`, `bad-correlation`; `not-finite` where a formula
 * that a kept value rests on divides by zero or overflows in some draw.
 */
export function sample(model: Model, options: SampleOptions): Draws {
	checkSampling(model, options);
	const months = monthsOf(model, options);
	const { draws, seed, uniforms, correlations, first } = options;
	const kept = keptIds(model, options.keep);
	const values = new Map(kept.map((id) => [id, new Float64Array(draws)]));
	const size = Math.min(options.block ?? BLOCK, draws);
	const backend = options.backend ?? (draws < WORTH_COMPILING ? "interpreted" : "compiled");
	const runner = drawRunner(model, { ...options, months, keep: kept, size, backend });
	for (let from = 0; from < draws; from += size) {
		const count = Math.min(size, draws - from);
		runner.run(from, count);
		for (const [id, into] of values) into.set(runner.column(id).subarray(0, count), from);
	}
	return { draws, seed, values, ...given({ uniforms, correlations, first }) };
}

/** Quantile of draws by linear interpolation between order statistics (Hyndman and Fan's type 7); NaN draws left out. */
export function quantile(draws: Float64Array, p: number): number {
	return quantiles(draws, [p])[0] as number;
}

/**
 * A quantile of all draws, those without a value taken for `unreached`: +∞ where it would come later, −∞ where it would be
 * less. Infinite where it lies among these.
 */
export function quantileOfAll(draws: Float64Array, p: number, unreached: number): number {
	const all = draws.map((draw) => (Number.isNaN(draw) ? unreached : draw)).sort();
	const at = p * (all.length - 1);
	const [low, high] = [all[Math.floor(at)] as number, all[Math.ceil(at)] as number];
	const between = Number.isFinite(low) && Number.isFinite(high);
	return between ? low + (at - Math.floor(at)) * (high - low) : low === high ? low : unreached;
}

/** Several quantiles at once; only the draws they lie between are put in their places. */
export function quantiles(draws: Float64Array, ps: readonly number[]): number[] {
	return quantilesInPlace(knownDraws(draws.slice()), ps);
}

/** The same of draws without NaN, which are moved about for it. */
export function quantilesInPlace(known: Float64Array, ps: readonly number[]): number[] {
	const last = known.length - 1;
	const ranks = new Set(ps.flatMap((p) => [Math.floor(p * last), Math.min(Math.floor(p * last) + 1, last)]));
	if (last >= 0)
		placeRanks(
			known,
			[...ranks].sort((a, b) => a - b),
		);
	return ps.map((p) => quantileOfSorted(known, p));
}

/** The draws that are no NaN, moved to the front in their order. */
export function knownDraws(draws: Float64Array): Float64Array {
	const { length } = draws;
	let count = 0;
	while (count < length && !Number.isNaN(draws[count])) count++;
	for (let i = count + 1; i < length; i++) {
		const draw = draws[i] as number;
		if (!Number.isNaN(draw)) draws[count++] = draw;
	}
	return draws.subarray(0, count);
}

/** Share of draws in which a value exists. */
export function reachedShare(draws: Float64Array): number {
	let reached = 0;
	for (const draw of draws) if (!Number.isNaN(draw)) reached++;
	return reached / draws.length;
}

/** Throws `bad-step`, `unknown-input`. */
export function checkSampling(model: Model, options: Omit<SampleOptions, "keep">): void {
	checkCounts(options);
	checkCorrelations(model, options.correlations);
}

/** Without the members that are undefined. */
function given<T extends object>(members: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
	return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as T;
}

function checkCorrelations(model: Model, correlations: readonly Correlation[] = []): void {
	for (const { between } of correlations) {
		for (const id of between) {
			const node = model.nodes[model.byId.get(id) ?? -1];
			if (node?.op !== "input") throw new ModelError("unknown-input", `no input ${id} to be correlated`, id);
		}
	}
}

function checkCounts({ draws, block, first, uniforms }: Omit<SampleOptions, "keep">): void {
	if (first !== undefined && (!Number.isInteger(first) || first < 0)) {
		throw new ModelError("bad-step", `the draws to pass over must be a whole number, not ${first}`);
	}
	if (!Number.isInteger(draws) || draws < 1) {
		throw new ModelError("bad-step", `draws must be a whole number above 0, not ${draws}`);
	}
	if (block !== undefined && (!Number.isInteger(block) || block < 1)) {
		throw new ModelError("bad-step", `a block must be a whole number of draws above 0, not ${block}`);
	}
	for (const [id, { length }] of uniforms ?? []) {
		if (length !== draws) throw new ModelError("bad-step", `${id} has ${length} quantiles for ${draws} draws`, id);
	}
}

/** Of a column that is sorted as far as it is read. */
function quantileOfSorted(sorted: Float64Array, p: number): number {
	if (sorted.length === 0) return Number.NaN;
	const at = p * (sorted.length - 1);
	const i = Math.floor(at);
	const low = sorted[i] as number;
	const high = sorted[Math.min(i + 1, sorted.length - 1)] as number;
	return low + (at - i) * (high - low);
}

function keptIds(model: Model, keep: readonly string[] | undefined): string[] {
	const all = [...new Set(keep ?? model.outputs)];
	const scalars = all.filter((id) => (model.nodes[nodeIndex(model, id)] as FlatNode).shape === "scalar");
	if (keep !== undefined && scalars.length < all.length) {
		throw new ModelError("series-mismatch", "draws are kept of scalars only: take a month or a total of the series");
	}
	return scalars;
}
