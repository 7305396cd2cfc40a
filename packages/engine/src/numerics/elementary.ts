/**
 * exp, log, pow and the normal quantile from + − × ÷ and sqrt alone, so that every JavaScript engine gives the same
 * bits (`Math.exp`, `Math.log` and `Math.pow` may differ in the last digit between engines and versions).
 *
 * exp: argument reduction by multiples of ln 2, Taylor series; log: reduction to [√½, √2], series of 2·artanh.
 * Error against correctly rounded values: at most 2 units in the last place over the tested ranges.
 */

export const LN2_HIGH: number = 0.6931471803691238;
export const LN2_LOW: number = 1.9082149292705877e-10;
export const LOG2_E: number = 1.4426950408889634;
export const SQRT_HALF: number = 0.7071067811865476;

/** e to the power of x. Overflows to Infinity above 709.78, underflows to 0 below -745.13. */
export function exp(x: number): number {
	if (Number.isNaN(x)) return Number.NaN;
	if (x > 709.782712893384) return Number.POSITIVE_INFINITY;
	if (x < -745.1332191019412) return 0;
	// Not Math.round, which takes as long as the series.
	const k = Math.floor(x * LOG2_E + 0.5);
	const high = x - k * LN2_HIGH;
	const low = k * LN2_LOW;
	const r = high - low;
	// expSeries = (e^r - 1 - r) / r²; the rest is added from small to large to keep the last digit.
	const tail = r * r * expSeries(r) + (high - r - low);
	return scaleByPowerOfTwo(1 + (r + tail), k);
}

/** Natural logarithm. NaN below 0, -Infinity at 0. */
export function log(x: number): number {
	if (Number.isNaN(x) || x < 0) return Number.NaN;
	if (x === 0) return Number.NEGATIVE_INFINITY;
	if (x === Number.POSITIVE_INFINITY) return x;
	let exponent = 0;
	let m = x;
	if (m < 2.2250738585072014e-308) {
		m *= 18014398509481984;
		exponent -= 54;
	}
	FLOAT[0] = m;
	const binade = (((WORDS[HIGH] as number) >>> 20) & 0x7ff) - 1022;
	m *= POWERS_OF_TWO[LEAST_POWER - binade] as number;
	exponent += binade;
	if (m < SQRT_HALF) {
		m *= 2;
		exponent -= 1;
	}
	const f = m - 1;
	const s = f / (m + 1);
	const z = s * s;
	// log(m) = 2s + 2s³·logSeries, and 2s = f - s·f exactly enough to keep the last digit near m = 1.
	const correction = s * (2 * z * logSeries(z) - f);
	return exponent * LN2_HIGH + (f + (correction + exponent * LN2_LOW));
}

/** x to the power of y: repeated squaring for whole y up to 1024, else exp(y·log x). NaN for x < 0 and broken y. */
export function pow(x: number, y: number): number {
	if (Number.isInteger(y) && Math.abs(y) <= 1024) return integerPower(x, y);
	if (x === 0) return y > 0 ? 0 : Number.POSITIVE_INFINITY;
	return exp(y * log(x));
}

/**
 * Quantile of the standard normal distribution: Wichura's AS 241 (PPND16), Applied Statistics 37 (1988), 477-484.
 * Relative error about 1e-16. NaN outside (0, 1); ±Infinity at its ends.
 */
export function normalQuantile(p: number): number {
	if (!(p >= 0 && p <= 1)) return Number.NaN;
	if (p === 0) return Number.NEGATIVE_INFINITY;
	if (p === 1) return Number.POSITIVE_INFINITY;
	const q = p - 0.5;
	return Math.abs(q) <= 0.425 ? normalCentre(q) : normalTail(p, q);
}

/** The normal quantile at 0.5 + q for |q| up to 0.425. */
export function normalCentre(q: number): number {
	const r = 0.180625 - q * q;
	return (q * centreOver(r)) / centreUnder(r);
}

function normalTail(p: number, q: number): number {
	const r = Math.sqrt(-log(q < 0 ? p : 1 - p));
	const tail = r <= 5 ? tailOver(r - 1.6) / tailUnder(r - 1.6) : farOver(r - 5) / farUnder(r - 5);
	return q < 0 ? -tail : tail;
}

function integerPower(x: number, y: number): number {
	let result = 1;
	let square = x;
	for (let n = Math.abs(y) | 0; n > 0; n >>= 1) {
		if ((n & 1) === 1) result *= square;
		square *= square;
	}
	return y < 0 ? 1 / result : result;
}

export function scaleByPowerOfTwo(x: number, k: number): number {
	if (k > 1023) return x * powerOfTwo(1023) * powerOfTwo(k - 1023);
	if (k < -1022) return x * powerOfTwo(k + 54) * 5.551115123125783e-17;
	return x * powerOfTwo(k);
}

function powerOfTwo(k: number): number {
	return POWERS_OF_TWO[LEAST_POWER + k] as number;
}

const FLOAT = new Float64Array(1);
const WORDS = new Uint32Array(FLOAT.buffer);
FLOAT[0] = 1;
const HIGH = WORDS[1] === 0x3ff00000 ? 1 : 0;

/** 2^-1024 to 2^1023. A product with one is exact; putting an exponent together from two words stalls the processor. */
const LEAST_POWER = 1024;
const POWERS_OF_TWO: Float64Array = powersOfTwo();

function powersOfTwo(): Float64Array {
	const powers = new Float64Array(2 * LEAST_POWER).fill(1);
	for (let k = 1; k <= LEAST_POWER; k++) {
		powers[LEAST_POWER - k] = (powers[LEAST_POWER - k + 1] as number) / 2;
		if (k < LEAST_POWER) powers[LEAST_POWER + k] = (powers[LEAST_POWER + k - 1] as number) * 2;
	}
	return powers;
}

// Polynomials stand unrolled, highest power first: several times as fast as a loop over a list, and the same bits.

/** 1/2!, 1/3!, … : the series of (e^r − 1 − r)/r². */
export function expSeries(r: number): number {
	let sum = 1.1470745597729725e-11;
	sum = sum * r + 1.6059043836821613e-10;
	sum = sum * r + 2.08767569878681e-9;
	sum = sum * r + 2.505210838544172e-8;
	sum = sum * r + 2.755731922398589e-7;
	sum = sum * r + 0.0000027557319223985893;
	sum = sum * r + 0.0000248015873015873;
	sum = sum * r + 0.0001984126984126984;
	sum = sum * r + 0.001388888888888889;
	sum = sum * r + 0.008333333333333333;
	sum = sum * r + 0.041666666666666664;
	sum = sum * r + 0.16666666666666666;
	sum = sum * r + 0.5;
	return sum;
}

/** 1/3, 1/5, … : the series of (artanh(s) − s)/s³, in z = s². */
function logSeries(z: number): number {
	let sum = 0.043478260869565216;
	sum = sum * z + 0.047619047619047616;
	sum = sum * z + 0.05263157894736842;
	sum = sum * z + 0.058823529411764705;
	sum = sum * z + 0.06666666666666667;
	sum = sum * z + 0.07692307692307693;
	sum = sum * z + 0.09090909090909091;
	sum = sum * z + 0.1111111111111111;
	sum = sum * z + 0.14285714285714285;
	sum = sum * z + 0.2;
	sum = sum * z + 0.3333333333333333;
	return sum;
}

function centreOver(r: number): number {
	let sum = 2509.0809287301226727;
	sum = sum * r + 33430.575583588128105;
	sum = sum * r + 67265.770927008700853;
	sum = sum * r + 45921.953931549871457;
	sum = sum * r + 13731.693765509461125;
	sum = sum * r + 1971.5909503065514427;
	sum = sum * r + 133.14166789178437745;
	sum = sum * r + 3.387132872796366608;
	return sum;
}

function centreUnder(r: number): number {
	let sum = 5226.495278852545925;
	sum = sum * r + 28729.085735721942674;
	sum = sum * r + 39307.89580009271061;
	sum = sum * r + 21213.794301586595867;
	sum = sum * r + 5394.1960214247511077;
	sum = sum * r + 687.1870074920579083;
	sum = sum * r + 42.313330701600911252;
	sum = sum * r + 1;
	return sum;
}

function tailOver(r: number): number {
	let sum = 7.7454501427834140764e-4;
	sum = sum * r + 0.0227238449892691845833;
	sum = sum * r + 0.24178072517745061177;
	sum = sum * r + 1.27045825245236838258;
	sum = sum * r + 3.64784832476320460504;
	sum = sum * r + 5.7694972214606914055;
	sum = sum * r + 4.6303378461565452959;
	sum = sum * r + 1.42343711074968357734;
	return sum;
}

function tailUnder(r: number): number {
	let sum = 1.05075007164441684324e-9;
	sum = sum * r + 5.475938084995344946e-4;
	sum = sum * r + 0.0151986665636164571966;
	sum = sum * r + 0.14810397642748007459;
	sum = sum * r + 0.68976733498510000455;
	sum = sum * r + 1.6763848301838038494;
	sum = sum * r + 2.05319162663775882187;
	sum = sum * r + 1;
	return sum;
}

function farOver(r: number): number {
	let sum = 2.01033439929228813265e-7;
	sum = sum * r + 2.71155556874348757815e-5;
	sum = sum * r + 0.0012426609473880784386;
	sum = sum * r + 0.026532189526576123093;
	sum = sum * r + 0.29656057182850489123;
	sum = sum * r + 1.7848265399172913358;
	sum = sum * r + 5.4637849111641143699;
	sum = sum * r + 6.6579046435011037772;
	return sum;
}

function farUnder(r: number): number {
	let sum = 2.04426310338993978564e-15;
	sum = sum * r + 1.4215117583164458887e-7;
	sum = sum * r + 1.8463183175100546818e-5;
	sum = sum * r + 7.868691311456132591e-4;
	sum = sum * r + 0.0148753612908506148525;
	sum = sum * r + 0.13692988092273580531;
	sum = sum * r + 0.59983220655588793769;
	sum = sum * r + 1;
	return sum;
}
