/**
 * Monotone cubic interpolation: M. Steffen, "A simple method for monotonic interpolation in one dimension",
 * Astronomy and Astrophysics 239 (1990), 443-450. No overshoot between knots, continuous first derivative.
 *
 * Knots: x strictly rising, at least one. Outside [x₀, xₙ] there is no value: NaN, never an extrapolation.
 */
export interface Curve {
	readonly x: readonly number[];
	readonly y: readonly number[];
	readonly tangents: readonly number[];
}

export function steffenCurve(x: readonly number[], y: readonly number[]): Curve {
	if (x.length === 0 || x.length !== y.length) throw new RangeError("a curve needs as many y as x, and at least one");
	for (let i = 1; i < x.length; i++) {
		if (!((x[i] as number) > (x[i - 1] as number))) throw new RangeError(`knots must rise: ${x[i - 1]}, ${x[i]}`);
	}
	return { x, y, tangents: steffenTangents(x, y) };
}

/** Value at `at`, NaN outside the knots. A knot gives its own value exactly. */
export function curveValue(curve: Curve, at: number): number {
	const { x, y, tangents } = curve;
	const last = x.length - 1;
	if (!(at >= (x[0] as number) && at <= (x[last] as number))) return Number.NaN;
	const i = segmentOf(x, at);
	if (i === last) return y[last] as number;
	const below = y[i] as number;
	const above = y[i + 1] as number;
	const h = (x[i + 1] as number) - (x[i] as number);
	const slope = (above - below) / h;
	const m0 = tangents[i] as number;
	const m1 = tangents[i + 1] as number;
	const t = at - (x[i] as number);
	const cubic = (m0 + m1 - 2 * slope) / (h * h);
	const square = (3 * slope - 2 * m0 - m1) / h;
	const value = ((cubic * t + square) * t + m0) * t + below;
	// The cubic stays between its knots; its rounded value might miss them by a last digit.
	return below < above ? Math.min(Math.max(value, below), above) : Math.max(Math.min(value, below), above);
}

/** Index of the last knot at or below `at`; `at` must lie within the knots. */
export function segmentOf(x: readonly number[], at: number): number {
	let low = 0;
	let high = x.length - 1;
	while (low < high) {
		const middle = (low + high + 1) >> 1;
		if ((x[middle] as number) <= at) low = middle;
		else high = middle - 1;
	}
	return low;
}

function steffenTangents(x: readonly number[], y: readonly number[]): number[] {
	const n = x.length;
	if (n === 1) return [0];
	const h = Array.from({ length: n - 1 }, (_, i) => (x[i + 1] as number) - (x[i] as number));
	const s = h.map((width, i) => ((y[i + 1] as number) - (y[i] as number)) / width);
	if (n === 2) return [s[0] as number, s[0] as number];
	const inner = Array.from({ length: n - 2 }, (_, i) =>
		innerTangent(h[i] as number, h[i + 1] as number, s[i] as number, s[i + 1] as number),
	);
	const first = endTangent(h[0] as number, h[1] as number, s[0] as number, s[1] as number);
	const last = endTangent(h[n - 2] as number, h[n - 3] as number, s[n - 2] as number, s[n - 3] as number);
	return [first, ...inner, last];
}

function innerTangent(h0: number, h1: number, s0: number, s1: number): number {
	const parabola = (s0 * h1 + s1 * h0) / (h0 + h1);
	return (Math.sign(s0) + Math.sign(s1)) * Math.min(Math.abs(s0), Math.abs(s1), 0.5 * Math.abs(parabola));
}

function endTangent(near: number, far: number, slopeNear: number, slopeFar: number): number {
	const parabola = slopeNear * (1 + near / (near + far)) - (slopeFar * near) / (near + far);
	if (parabola * slopeNear <= 0) return 0;
	return Math.abs(parabola) > 2 * Math.abs(slopeNear) ? 2 * slopeNear : parabola;
}
