/**
 * exp, log, pow and the normal quantile from + − × ÷ and sqrt alone, so that every JavaScript engine gives the same
 * bits (`Math.exp`, `Math.log` and `Math.pow` may differ in the last digit between engines and versions).
 *
 * exp: argument reduction by multiples of ln 2, Taylor series; log: reduction to [√½, √2], series of 2·artanh.
 * Error against correctly rounded values: at most 2 units in the last place over the tested ranges.
 */

const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;
const LOG2_E = 1.4426950408889634;
const SQRT_HALF = 0.7071067811865476;

/** e to the power of x. Overflows to Infinity above 709.78, underflows to 0 below -745.13. */
export function exp(x: number): number {
	if (Number.isNaN(x)) return Number.NaN;
	if (x > 709.782712893384) return Number.POSITIVE_INFINITY;
	if (x < -745.1332191019412) return 0;
	const k = Math.round(x * LOG2_E);
	const high = x - k * LN2_HIGH;
	const low = k * LN2_LOW;
	const r = high - low;
	let sum = EXP_TERMS[EXP_TERMS.length - 1] as number;
	for (let i = EXP_TERMS.length - 2; i >= 0; i--) sum = sum * r + (EXP_TERMS[i] as number);
	// sum = (e^r - 1 - r) / r²; the rest is added from small to large to keep the last digit.
	const tail = r * r * sum + (high - r - low);
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
	const top = WORDS[HIGH] as number;
	exponent += ((top >>> 20) & 0x7ff) - 1022;
	WORDS[HIGH] = (top & 0x800fffff) | (1022 << 20);
	m = FLOAT[0];
	if (m < SQRT_HALF) {
		m *= 2;
		exponent -= 1;
	}
	const f = m - 1;
	const s = f / (m + 1);
	const z = s * s;
	let sum = LOG_TERMS[LOG_TERMS.length - 1] as number;
	for (let i = LOG_TERMS.length - 2; i >= 0; i--) sum = sum * z + (LOG_TERMS[i] as number);
	// log(m) = 2s + 2s³·sum, and 2s = f - s·f exactly enough to keep the last digit near m = 1.
	const correction = s * (2 * z * sum - f);
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
	if (Math.abs(q) <= 0.425) {
		const r = 0.180625 - q * q;
		return (q * polynomial(CENTRE_OVER, r)) / polynomial(CENTRE_UNDER, r);
	}
	const r = Math.sqrt(-log(q < 0 ? p : 1 - p));
	const tail =
		r <= 5
			? polynomial(TAIL_OVER, r - 1.6) / polynomial(TAIL_UNDER, r - 1.6)
			: polynomial(FAR_OVER, r - 5) / polynomial(FAR_UNDER, r - 5);
	return q < 0 ? -tail : tail;
}

function integerPower(x: number, y: number): number {
	let result = 1;
	let square = x;
	for (let n = Math.abs(y); n > 0; n = Math.floor(n / 2)) {
		if (n % 2 === 1) result *= square;
		square *= square;
	}
	return y < 0 ? 1 / result : result;
}

function scaleByPowerOfTwo(x: number, k: number): number {
	if (k > 1023) return x * powerOfTwo(1023) * powerOfTwo(k - 1023);
	if (k < -1022) return x * powerOfTwo(k + 54) * 5.551115123125783e-17;
	return x * powerOfTwo(k);
}

function powerOfTwo(k: number): number {
	WORDS[LOW] = 0;
	WORDS[HIGH] = (k + 1023) << 20;
	return FLOAT[0] as number;
}

function polynomial(coefficients: readonly number[], x: number): number {
	let sum = coefficients[coefficients.length - 1] as number;
	for (let i = coefficients.length - 2; i >= 0; i--) sum = sum * x + (coefficients[i] as number);
	return sum;
}

const FLOAT = new Float64Array(1);
const WORDS = new Uint32Array(FLOAT.buffer);
FLOAT[0] = 1;
const HIGH = WORDS[1] === 0x3ff00000 ? 1 : 0;
const LOW = 1 - HIGH;

/** 1/2!, 1/3!, … : the series of (e^r − 1 − r)/r². */
const EXP_TERMS: readonly number[] = factorialTerms(13);
/** 1/3, 1/5, … : the series of (artanh(s) − s)/s³. */
const LOG_TERMS: readonly number[] = Array.from({ length: 11 }, (_, i) => 1 / (2 * i + 3));

function factorialTerms(count: number): number[] {
	const terms: number[] = [];
	let factorial = 1;
	for (let i = 0; i < count; i++) {
		factorial *= i + 2;
		terms.push(1 / factorial);
	}
	return terms;
}

const CENTRE_OVER = [
	3.387132872796366608, 133.14166789178437745, 1971.5909503065514427, 13731.693765509461125, 45921.953931549871457,
	67265.770927008700853, 33430.575583588128105, 2509.0809287301226727,
];
const CENTRE_UNDER = [
	1, 42.313330701600911252, 687.1870074920579083, 5394.1960214247511077, 21213.794301586595867, 39307.89580009271061,
	28729.085735721942674, 5226.495278852545925,
];
const TAIL_OVER = [
	1.42343711074968357734, 4.6303378461565452959, 5.7694972214606914055, 3.64784832476320460504, 1.27045825245236838258,
	0.24178072517745061177, 0.0227238449892691845833, 7.7454501427834140764e-4,
];
const TAIL_UNDER = [
	1, 2.05319162663775882187, 1.6763848301838038494, 0.68976733498510000455, 0.14810397642748007459,
	0.0151986665636164571966, 5.475938084995344946e-4, 1.05075007164441684324e-9,
];
const FAR_OVER = [
	6.6579046435011037772, 5.4637849111641143699, 1.7848265399172913358, 0.29656057182850489123, 0.026532189526576123093,
	0.0012426609473880784386, 2.71155556874348757815e-5, 2.01033439929228813265e-7,
];
const FAR_UNDER = [
	1, 0.59983220655588793769, 0.13692988092273580531, 0.0148753612908506148525, 7.868691311456132591e-4,
	1.8463183175100546818e-5, 1.4215117583164458887e-7, 2.04426310338993978564e-15,
];
