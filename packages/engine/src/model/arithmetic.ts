/** The arithmetic of every operator on plain numbers, shared by all backends so that they agree to the bit. */
import { exp, log } from "../numerics/elementary.ts";
import type { Comparison, RoundOp } from "./expression.ts";

/** `relaxed` leaves rounding out: it shows what a number leans on where a step would hide it. */
export type Rounding = "exact" | "relaxed";

const FORGIVEN = 1e-9;

export function compare(a: number, comparison: Comparison, b: number): boolean {
	switch (comparison) {
		case "<":
			return a < b;
		case "<=":
			return a <= b;
		case ">":
			return a > b;
		case ">=":
			return a >= b;
		case "=":
			return a === b;
	}
}

/** Branch of a condition; NaN where a side is unreachable. */
export function choose(a: number, comparison: Comparison, b: number, then: number, otherwise: number): number {
	if (Number.isNaN(a) || Number.isNaN(b)) return Number.NaN;
	return compare(a, comparison, b) ? then : otherwise;
}

/**
 * Rounds `x` to a multiple of `step`; up and down forgive 1e-9 relative: what is that near a multiple is on it, and what is
 * so large that more than a half is forgiven goes to the nearest. Not by `Math.round`, which takes as long as all the rest
 * of a formula.
 */
export function roundToStep(op: RoundOp, x: number, step: number): number {
	const steps = x / step;
	if (op === "round") return Math.round(steps) * step;
	if (op === "ceil") {
		const up = Math.ceil(steps);
		const above = steps - (up - 1);
		return (above <= FORGIVEN * Math.abs(steps) && above < 0.5 ? up - 1 : up) * step;
	}
	const down = Math.floor(steps);
	const below = down + 1 - steps;
	return (below <= FORGIVEN * Math.abs(steps) && below <= 0.5 ? down + 1 : down) * step;
}

/** Present value with the first month undiscounted. */
export function discounted(values: ArrayLike<number>, rate: number): number {
	let sum = 0;
	let factor = 1;
	const step = 1 / (1 + rate);
	for (let t = 0; t < values.length; t++) {
		sum += (values[t] as number) * factor;
		factor *= step;
	}
	return sum;
}

/**
 * All rates per month in (−99%, 1000%) at which the present value of `values` is 0, rising. Where the values change their
 * sign once there is at most one (Descartes); otherwise two rates nearer to each other than 0.3% may be overlooked.
 */
export function ratesOfReturn(values: ArrayLike<number>): number[] {
	const changes = signChanges(values);
	if (changes === 0 || isUnreachable(values)) return [];
	return new RootSearch(values, changes === 1 ? ENDS : growthGrid()).roots;
}

/** Roots between neighbouring growth factors, from the lowest on. */
class RootSearch {
	readonly roots: number[] = [];
	private readonly values: ArrayLike<number>;
	private readonly growths: readonly number[];
	private before = LEAST_GROWTH;
	private signBefore = Number.NaN;

	constructor(values: ArrayLike<number>, growths: readonly number[]) {
		this.values = values;
		this.growths = growths;
		this.search(0, growths.length - 1);
	}

	/** Where no factor from one to another can turn the sign, none between is looked at. */
	private search(first: number, last: number): void {
		const { values, growths } = this;
		const [low, high] = [growths[first] as number, growths[last] as number];
		const sign = first === last ? presentSign(values, low) : signBetween(values, low, high);
		if (sign === 0 && first < last) {
			const middle = (first + last) >> 1;
			this.search(first, middle);
			this.search(middle + 1, last);
			return;
		}
		if (sign === 0) this.roots.push(low - 1);
		else if (sign === -this.signBefore) this.roots.push(bisect(values, this.before, low) - 1);
		this.before = high;
		this.signBefore = sign;
	}
}

/** The only rate of return, or NaN where there is none or more than one. */
export function onlyRateOfReturn(values: ArrayLike<number>): number {
	const roots = ratesOfReturn(values);
	return roots.length === 1 ? (roots[0] as number) : Number.NaN;
}

const LEAST_GROWTH = 0.01;
const MOST_GROWTH = 11;
const ENDS: readonly number[] = [LEAST_GROWTH, MOST_GROWTH];
const GRID_STEPS = 2400;
let grid: readonly number[] | undefined;

/** Growth factors a month, 1 + rate, evenly spaced in their logarithm. */
function growthGrid(): readonly number[] {
	if (grid !== undefined) return grid;
	const low = log(LEAST_GROWTH);
	const width = (log(MOST_GROWTH) - low) / GRID_STEPS;
	grid = Array.from({ length: GRID_STEPS + 1 }, (_, i) => exp(low + i * width));
	return grid;
}

/** What rests on a month without a value has none either. */
function isUnreachable(values: ArrayLike<number>): boolean {
	for (let t = 0; t < values.length; t++) if (Number.isNaN(values[t])) return true;
	return false;
}

/** Number of sign changes along the values, zeros left out; NaN values count as 0. */
function signChanges(values: ArrayLike<number>): number {
	let changes = 0;
	let before = 0;
	for (let t = 0; t < values.length; t++) {
		const sign = Math.sign(values[t] as number) || before;
		if (before !== 0 && sign !== before) changes++;
		before = sign;
	}
	return changes;
}

/** Sign of the present value, from the last month back: where the sum overflows, nothing earlier could turn it. */
function presentSign(values: ArrayLike<number>, growth: number): number {
	let sum = 0;
	for (let t = values.length - 1; t >= 0; t--) sum = sum / growth + (values[t] as number);
	return Math.sign(sum);
}

/**
 * Sign of the present value at all growth factors from one to another, or 0 where it may differ: rounded sums and quotients
 * rise and fall as exact ones do, so the ends bound every value that {@link presentSign} would compute between them.
 */
function signBetween(values: ArrayLike<number>, least: number, most: number): number {
	let low = 0;
	let high = 0;
	for (let t = values.length - 1; t >= 0; t--) {
		const value = values[t] as number;
		low = low / (low >= 0 ? most : least) + value;
		high = high / (high >= 0 ? least : most) + value;
	}
	return low > 0 ? 1 : high < 0 ? -1 : 0;
}

/** Growth factor at which the sign turns, to the last digit. */
function bisect(values: ArrayLike<number>, from: number, to: number): number {
	let low = from;
	let high = to;
	const sign = presentSign(values, low);
	for (;;) {
		const middle = low + (high - low) / 2;
		const here = presentSign(values, middle);
		if (here === 0 || middle === low || middle === high) return middle;
		if (here === sign) low = middle;
		else high = middle;
	}
}
