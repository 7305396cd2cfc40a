/**
 * How much of the coherent base unit a number in a cell stands for. A scale is kept as the numbers that it is a product of,
 * so that a conversion in a formula reads `*1000000/3600` and not `*277.77777777777777`.
 */
export interface Scale {
	readonly over: readonly number[];
	readonly under: readonly number[];
}

/** A number is multiplied by each of `over` and divided by each of `under`. */
export type Conversion = Scale;

export const BASE: Scale = { over: [], under: [] };

/** Scale of a unit that holds `factor` base units. */
export function scaleOf(factor: number): Scale {
	if (factor === 1) return BASE;
	if (Number.isInteger(factor)) return { over: [factor], under: [] };
	const inverse = Math.round(1 / factor);
	if (isNear(1 / inverse, factor)) return { over: [], under: [inverse] };
	if (Number(factor.toPrecision(6)) === factor) return { over: [factor], under: [] };
	const [over, under] = fractionOf(factor);
	return isNear(over / under, factor) ? { over: [over], under: [under] } : { over: [factor], under: [] };
}

export function productScale(a: Scale, b: Scale): Scale {
	return { over: [...a.over, ...b.over], under: [...a.under, ...b.under] };
}

export function quotientScale(a: Scale, b: Scale): Scale {
	return { over: [...a.over, ...b.under], under: [...a.under, ...b.over] };
}

/** What turns a number of scale `from` into one of scale `to`: 86400 over 3600 is 24, 1000000 over 3600 stays. */
export function conversion(from: Scale, to: Scale): Conversion {
	const ratio = quotientScale(from, to);
	const over = [...ratio.over];
	const under = ratio.under.filter((factor) => {
		const place = over.findIndex((each) => each % factor === 0);
		if (place >= 0) over[place] = (over[place] as number) / factor;
		return place < 0;
	});
	const [above, below] = [product(over), product(under)];
	if (Math.max(above, below) > Number.MAX_SAFE_INTEGER) return { over: over.filter(isNotOne), under };
	if (above % below === 0) return { over: under.length === 0 ? over.filter(isNotOne) : [above / below], under: [] };
	if (below % above === 0) return { over: [], under: over.length === 0 ? under : [below / above].filter(isNotOne) };
	return { over: over.filter(isNotOne), under };
}

export function isSameScale(a: Scale, b: Scale): boolean {
	const { over, under } = conversion(a, b);
	return over.length + under.length === 0;
}

/** `p/q` of small whole numbers that is exactly `x`, or undefined. */
export function fractionText(x: number): string | undefined {
	const [over, under] = fractionOf(Math.abs(x));
	if (under > 1000 || over > 1000 || over / under !== Math.abs(x)) return undefined;
	return `${x < 0 ? "-" : ""}${over}/${under}`;
}

function product(factors: readonly number[]): number {
	return factors.reduce((sum, factor) => sum * factor, 1);
}

function isNotOne(factor: number): boolean {
	return factor !== 1;
}

/** The fraction of small whole numbers nearest to `x`: its continued fraction, until it is as near as a double can be. */
function fractionOf(x: number): [number, number] {
	let [p0, q0, p1, q1] = [0, 1, 1, 0];
	for (let rest = x; q1 < 1e9; rest = 1 / (rest - Math.floor(rest))) {
		const whole = Math.floor(rest);
		[p0, q0, p1, q1] = [p1, q1, whole * p1 + p0, whole * q1 + q0];
		if (isNear(p1 / q1, x) || rest === whole) break;
	}
	return [p1, q1];
}

function isNear(a: number, b: number): boolean {
	return Math.abs(a - b) <= 4 * Number.EPSILON * Math.abs(b);
}
