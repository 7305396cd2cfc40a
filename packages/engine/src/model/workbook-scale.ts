/**
 * How much of the coherent base unit a number in a cell stands for. A scale is kept as the numbers that it is a product of,
 * so that a conversion in a formula reads `*1000000/3600` and not `*277.77777777777777`.
 */
export interface Scale {
	readonly over: readonly number[];
	readonly under: readonly number[];
}

/** A conversion: a number is multiplied by `over` and divided by `under`. */
export interface Conversion {
	readonly over: number;
	readonly under: number;
}

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

/** What turns a number of scale `from` into one of scale `to`. */
export function conversion(from: Scale, to: Scale): Conversion {
	const ratio = quotientScale(from, to);
	const under = [...ratio.under];
	const over = ratio.over.filter((factor) => {
		const place = under.indexOf(factor);
		if (place >= 0) under.splice(place, 1);
		return place < 0;
	});
	return reduced(product(over), product(under));
}

export function isSameScale(a: Scale, b: Scale): boolean {
	const { over, under } = conversion(a, b);
	return over === 1 && under === 1;
}

/** One divides the other, or both stay: 1000000/3600 says more than 2500/9. */
function reduced(over: number, under: number): Conversion {
	if (over > Number.MAX_SAFE_INTEGER || under > Number.MAX_SAFE_INTEGER) return { over: over / under, under: 1 };
	if (over % under === 0) return { over: over / under, under: 1 };
	if (under % over === 0) return { over: 1, under: under / over };
	return { over, under };
}

function product(factors: readonly number[]): number {
	return factors.reduce((sum, factor) => sum * factor, 1);
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
