/** What a number leans on in draws: the squared rank (Spearman) correlation of each ranged input with it. */
import { isRanged } from "./distribution.ts";
import type { Model } from "./flatten.ts";
import { uniformColumns } from "./input-draws.ts";
import type { Draws } from "./sample.ts";
import { sample } from "./sample.ts";
import { subModel } from "./sub-model.ts";

/** By input id; undefined where no input of the named scalar has a range. Draws in which it is unreachable do not count. */
export function rankShares(
	model: Model,
	id: string,
	draws: Draws,
	months: number,
): ReadonlyMap<string, number> | undefined {
	const part = subModel(model, [id]);
	const ranged = part.nodes.filter(({ spec }) => spec !== undefined && isRanged(spec.value));
	if (ranged.length === 0) return undefined;
	const again = { ...draws, months, keep: [id] };
	const result = draws.values.get(id) ?? (sample(model, again).values.get(id) as Float64Array);
	const reached = reachedPlaces(result);
	const resultRanks = ranks(pick(result, reached));
	const shares = ranged.map(({ id: input }): [string, number] => {
		const all = inputRanks(draws, input as string);
		const own = reached.length === all.length ? all : ranks(pick(all, reached));
		return [input as string, squaredCorrelation(own, resultRanks)];
	});
	return new Map(shares);
}

/** Ranks of an input's draws are those of its quantiles, whatever its distribution. */
function inputRanks(draws: Draws, id: string): Float64Array {
	const known = KNOWN.get(draws) ?? new Map<string, Float64Array>();
	KNOWN.set(draws, known);
	const found = known.get(id);
	if (found !== undefined) return found;
	const uniforms = new Float64Array(draws.draws);
	uniformColumns(draws)(id)(uniforms, 0, draws.draws);
	const made = ranks(uniforms);
	known.set(id, made);
	return made;
}

const KNOWN = new WeakMap<Draws, Map<string, Float64Array>>();

/** Numbers of the draws that have a value. */
function reachedPlaces(values: Float64Array): Uint32Array {
	const places = new Uint32Array(values.length);
	let count = 0;
	for (let i = 0; i < values.length; i++) if (!Number.isNaN(values[i])) places[count++] = i;
	return places.subarray(0, count);
}

function pick(values: Float64Array, at: Uint32Array): Float64Array {
	if (at.length === values.length) return values;
	const picked = new Float64Array(at.length);
	for (let i = 0; i < at.length; i++) picked[i] = values[at[i] as number] as number;
	return picked;
}

/** Ranks from 0; equal values share the mean of theirs. */
function ranks(values: Float64Array): Float64Array {
	const sorted = values.slice().sort();
	return values.map((value) => {
		const first = countBelow(sorted, value);
		// of draws that are all the same, one look each would be as many as their square
		const last = sorted[first + 1] === value ? countUpTo(sorted, value) - 1 : first;
		return (first + last) / 2;
	});
}

function countBelow(sorted: Float64Array, value: number): number {
	let low = 0;
	let high = sorted.length;
	while (low < high) {
		const middle = (low + high) >> 1;
		if ((sorted[middle] as number) < value) low = middle + 1;
		else high = middle;
	}
	return low;
}

function countUpTo(sorted: Float64Array, value: number): number {
	let low = 0;
	let high = sorted.length;
	while (low < high) {
		const middle = (low + high) >> 1;
		if ((sorted[middle] as number) <= value) low = middle + 1;
		else high = middle;
	}
	return low;
}

function squaredCorrelation(a: Float64Array, b: Float64Array): number {
	const mean = (a.length - 1) / 2;
	let ab = 0;
	let aa = 0;
	let bb = 0;
	for (let i = 0; i < a.length; i++) {
		const da = (a[i] as number) - mean;
		const db = (b[i] as number) - mean;
		ab += da * db;
		aa += da * da;
		bb += db * db;
	}
	return aa === 0 || bb === 0 ? 0 : (ab * ab) / (aa * bb);
}
