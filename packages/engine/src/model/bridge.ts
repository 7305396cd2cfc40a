/**
 * Why two numbers differ: the same model evaluated from one set of inputs to another, one named group of inputs after
 * the other (`ordered`), or with each group's average effect over all orders (`shapley`, exact over up to 12 groups).
 * The causes, added to the first number from left to right, give the second to the last bit.
 */
import { pow } from "../numerics/elementary.ts";
import type { Evaluation } from "./evaluate.ts";
import { evaluate, scalarOf } from "./evaluate.ts";
import type { Model } from "./flatten.ts";
import { ModelError } from "./model-error.ts";
import { subModel } from "./sub-model.ts";

export type Inputs = ReadonlyMap<string, number | readonly number[]>;

export interface BridgeStep {
	readonly cause: string;
	/** Inputs that this step moves, in coherent base units. Where two steps move one, the later of those taken rules. */
	readonly inputs: Inputs;
}

export interface BridgeOptions {
	readonly output: string;
	/** Inputs at the start, where they differ from the model's own. */
	readonly from: Inputs;
	readonly steps: readonly BridgeStep[];
	readonly method: "ordered" | "shapley";
	readonly months?: number;
}

export interface Bridge {
	readonly method: "ordered" | "shapley";
	/** All in base units of the output. */
	readonly from: number;
	/**
	 * Where the way leads through numbers more than twice as large, no doubles may add up to the output's own last bit;
	 * then this is the nearest number that they do add up to.
	 */
	readonly to: number;
	readonly causes: readonly { readonly cause: string; readonly delta: number }[];
}

/**
 * Throws `not-finite` where a step makes the output unreachable, `unknown-input` for an id that the model does not have,
 * `bad-step` for Shapley over more than 12 groups.
 */
export function bridge(model: Model, options: BridgeOptions): Bridge {
	checkInputs(model, options);
	const part = subModel(model, [options.output]);
	const valueWith = (taken: readonly boolean[]): number => {
		const inputs = new Map(options.from);
		options.steps.forEach((step, i) => {
			if (taken[i]) for (const [id, value] of step.inputs) inputs.set(id, value);
		});
		const known = new Map([...inputs].filter(([id]) => part.byId.has(id)));
		const months = options.months === undefined ? {} : { months: options.months };
		return reached(scalarOf(evaluate(part, { ...months, inputs: known }), options.output), options.output);
	};
	const count = options.steps.length;
	const from = valueWith(new Array<boolean>(count).fill(false));
	const to = valueWith(new Array<boolean>(count).fill(true));
	const deltas = options.method === "ordered" ? orderedDeltas(count, valueWith) : shapleyDeltas(count, valueWith);
	const exact = closed(from, to, deltas);
	// + 0: there is no −0 in JSON
	const causes = options.steps.map(({ cause }, i) => ({ cause, delta: (exact[i] as number) + 0 }));
	return { method: options.method, from, to: sumFrom(from, exact), causes };
}

/**
 * Causes rounded to `digits` decimals of a unit so that they still add up: the rounded start plus the rounded causes is
 * the rounded end. What rounding leaves over goes to the causes with the largest remainders. Throws `bad-step` where a
 * double cannot count that many digits.
 */
export function roundedCauses(
	of: Bridge,
	factor: number,
	digits: number,
): { from: number; to: number; deltas: number[] } {
	const scale = pow(10, digits);
	const scaled = (x: number): number => {
		const n = (x / factor) * scale;
		if (Math.abs(n) > Number.MAX_SAFE_INTEGER) {
			throw new ModelError("bad-step", `${x / factor} has no ${digits} decimals to round to`);
		}
		return n;
	};
	const from = Math.round(scaled(of.from));
	const to = Math.round(scaled(of.to));
	const exact = of.causes.map(({ delta }) => scaled(delta));
	const floors = exact.map(Math.floor);
	let left = to - from - floors.reduce((sum, x) => sum + x, 0);
	const byRemainder = exact
		.map((x, i) => ({ i, rest: x - (floors[i] as number) }))
		.sort((a, b) => b.rest - a.rest || a.i - b.i);
	for (let k = 0; left !== 0 && byRemainder.length > 0; k = (k + 1) % byRemainder.length) {
		const { i } = byRemainder[left > 0 ? k : byRemainder.length - 1 - k] as { i: number };
		floors[i] = (floors[i] as number) + Math.sign(left);
		left -= Math.sign(left);
	}
	// + 0: there is no −0 in JSON
	return { from: from / scale + 0, to: to / scale + 0, deltas: floors.map((x) => x / scale + 0) };
}

/** Value of a named scalar that must exist. Throws `not-finite`. */
export function reachedScalar(evaluation: Evaluation, id: string): number {
	return reached(scalarOf(evaluation, id), id);
}

function reached(value: number, id: string): number {
	if (Number.isNaN(value))
		throw new ModelError("not-finite", `${id} is unreachable: it lies outside a measured table`, id);
	// + 0: there is no −0 in JSON
	return value + 0;
}

function orderedDeltas(count: number, valueWith: (taken: readonly boolean[]) => number): number[] {
	const taken = new Array<boolean>(count).fill(false);
	let before = valueWith(taken);
	return taken.map((_, i) => {
		taken[i] = true;
		const after = valueWith(taken);
		const delta = after - before;
		before = after;
		return delta;
	});
}

const MOST_GROUPS = 12;

function shapleyDeltas(count: number, valueWith: (taken: readonly boolean[]) => number): number[] {
	if (count > MOST_GROUPS)
		throw new ModelError("bad-step", `Shapley values over ${count} groups; at most ${MOST_GROUPS}`);
	const values = Array.from({ length: 1 << count }, (_, mask) =>
		valueWith(Array.from({ length: count }, (_, i) => (mask & (1 << i)) !== 0)),
	);
	const weights = shapleyWeights(count);
	return Array.from({ length: count }, (_, i) => {
		let sum = 0;
		for (let mask = 0; mask < values.length; mask++) {
			if ((mask & (1 << i)) !== 0) continue;
			const step = (values[mask | (1 << i)] as number) - (values[mask] as number);
			sum += (weights[bitCount(mask)] as number) * step;
		}
		return sum;
	});
}

/** |S|!·(n−|S|−1)!/n! by size of S. */
function shapleyWeights(count: number): number[] {
	const factorial = [1];
	for (let i = 1; i <= count; i++) factorial.push((factorial[i - 1] as number) * i);
	return Array.from(
		{ length: count },
		(_, size) => ((factorial[size] as number) * (factorial[count - size - 1] as number)) / (factorial[count] as number),
	);
}

function bitCount(mask: number): number {
	let bits = 0;
	for (let rest = mask; rest > 0; rest >>= 1) bits += rest & 1;
	return bits;
}

/**
 * Causes, added to `from` from left to right, that give `to` to the last bit: {@link closed} of causes worked out elsewhere.
 */
export function closedCauses(from: number, to: number, deltas: readonly number[]): readonly number[] {
	return closed(from, to, deltas).map((delta) => delta + 0);
}

/**
 * Moves last digits so that from + δ₁ + δ₂ + … is `to`: those of the last cause that is not 0, and where that cannot do,
 * of one before it too. A cause of 0 stays 0.
 */
function closed(from: number, to: number, deltas: readonly number[]): readonly number[] {
	const last = deltas.findLastIndex((delta) => delta !== 0);
	if (last < 0) return deltas;
	const nearest = closedAt(from, to, deltas, last);
	if (sumFrom(from, nearest) === to) return nearest;
	for (let i = 0; i < last; i++) {
		const sum = sumFrom(from, deltas.slice(0, i + 1));
		const digit = Number.EPSILON * Math.max(Math.abs(sum), Math.abs(deltas[i] as number));
		for (const by of [0.5 * digit, -0.5 * digit, digit, -digit]) {
			const nudged = deltas.map((delta, k) => (k === i && delta !== 0 ? delta + by : delta));
			const found = closedAt(from, to, nudged, last);
			if (sumFrom(from, found) === to) return found;
		}
	}
	return nearest;
}

function closedAt(from: number, to: number, deltas: readonly number[], last: number): number[] {
	const result = [...deltas];
	result[last] = to - sumFrom(from, deltas.slice(0, last));
	return result;
}

function sumFrom(from: number, deltas: readonly number[]): number {
	return deltas.reduce((sum, delta) => sum + delta, from);
}

function checkInputs(model: Model, { from, steps }: BridgeOptions): void {
	for (const id of [from, ...steps.map(({ inputs }) => inputs)].flatMap((inputs) => [...inputs.keys()])) {
		if (!model.byId.has(id)) throw new ModelError("unknown-input", `no input ${id}`, id);
	}
}
