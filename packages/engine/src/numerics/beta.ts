/**
 * The beta distribution. Distribution function: the continued fraction of the incomplete beta function (DLMF 8.17.22) by
 * Lentz's method. Quantile: Newton's method within a bracket, so that no start can lead it astray. Gamma function:
 * Stirling's series (DLMF 5.11.1) from above 10.
 */
import { exp, log } from "./elementary.ts";

/** Probability of a value below x, for a and b above 0. Relative error about 1e-13 where a and b are below 1000. */
export function betaProbability(x: number, a: number, b: number): number {
	return new Beta(a, b).probability(x);
}

/** Quantile function: worked out as asked for, to the last digits. */
export function betaQuantile(a: number, b: number): (p: number) => number {
	const beta = new Beta(a, b);
	const starts = Array.from({ length: STARTS + 1 }, (_, i) => beta.probability(i / STARTS));
	return (p) => {
		if (p === 0 || p === 1) return p;
		// In the upper half 1 − x is sought, which has the digits that x has not.
		const isUpper = p > (starts[STARTS / 2] as number);
		if (!isUpper) return beta.below(p, starts);
		return 1 - beta.mirrored().below(1 - p, mirror(starts));
	};
}

const STARTS = 64;
const SMALL = 1e-300;
const DIGITS = 1e-16;

class Beta {
	private readonly a: number;
	private readonly b: number;
	private readonly logScale: number;
	private other: Beta | undefined;

	constructor(a: number, b: number) {
		this.a = a;
		this.b = b;
		this.logScale = logGamma(a + b) - logGamma(a) - logGamma(b);
	}

	mirrored(): Beta {
		this.other ??= new Beta(this.b, this.a);
		return this.other;
	}

	probability(x: number): number {
		if (x <= 0) return 0;
		if (x >= 1) return 1;
		if (x > (this.a + 1) / (this.a + this.b + 2)) return 1 - this.mirrored().probability(1 - x);
		const front = exp(this.logScale + this.a * log(x) + this.b * log(1 - x)) / this.a;
		return front * this.fraction(x);
	}

	density(x: number): number {
		return exp(this.logScale + (this.a - 1) * log(x) + (this.b - 1) * log(1 - x));
	}

	/** The x below which a share p lies; `starts` are the shares below i / STARTS. */
	below(p: number, starts: readonly number[]): number {
		const cell = starts.findIndex((share) => share > p);
		let low = (cell - 1) / STARTS;
		let high = cell / STARTS;
		let x = cell === 1 ? (high * p) / (starts[1] as number) : (low + high) / 2;
		for (let step = 0; step < 200; step++) {
			const off = this.probability(x) - p;
			if (off === 0) return x;
			if (off > 0) high = x;
			else low = x;
			const newton = x - off / this.density(x);
			const next = newton > low && newton < high ? newton : low + (high - low) / 2;
			if (Math.abs(next - x) <= 2 * DIGITS * x) return next;
			x = next;
		}
		return x;
	}

	private fraction(x: number): number {
		const { a, b } = this;
		let c = 1;
		let d = 1 / away(1 - ((a + b) * x) / (a + 1));
		let h = d;
		for (let m = 1; m < 500; m++) {
			const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
			d = 1 / away(1 + even * d);
			c = away(1 + even / c);
			h *= d * c;
			const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
			d = 1 / away(1 + odd * d);
			c = away(1 + odd / c);
			const by = d * c;
			h *= by;
			if (Math.abs(by - 1) <= DIGITS) break;
		}
		return h;
	}
}

function mirror(starts: readonly number[]): readonly number[] {
	return starts.map((share) => 1 - share).toReversed();
}

function away(x: number): number {
	return Math.abs(x) < SMALL ? SMALL : x;
}

function logGamma(x: number): number {
	let shift = 1;
	let y = x;
	for (; y < 10; y++) shift *= y;
	const z = 1 / (y * y);
	const series = STIRLING.reduce((sum, each) => sum * z + each) / y;
	return (y - 0.5) * log(y) - y + HALF_LOG_TWO_PI + series - log(shift);
}

const HALF_LOG_TWO_PI = 0.9189385332046728;
/** B₂ₖ / (2k (2k − 1)), highest first. */
const STIRLING = [-691 / 360360, 1 / 1188, -1 / 1680, 1 / 1260, -1 / 360, 1 / 12];
