import { RecordError } from "./record-error.ts";

/**
 * Money of the ledger.
 *
 * Amount: whole billionths (1e-9) of a currency, so that addition is exact and equal on every store.
 * Fraction of a billionth: an exact ratio of whole numbers, as a price per million tokens times tokens gives it.
 * Rounding happens once, in `roundShares`, by largest remainder: the parts of a sum are each within one step of their
 * exact value and add up to the rounded sum.
 * Source: largest remainder is Hamilton's method, Balinski and Young, Fair Representation (1982), chapter 2.
 */
export interface Amount {
	/** ISO 4217, or a provider's own unit of credit. */
	readonly currency: string;
	/** Billionths of the currency; negative for a credit. */
	readonly nano: bigint;
}

/** An exact number of billionths: `numerator / denominator`, denominator positive. */
export interface ExactNano {
	readonly numerator: bigint;
	readonly denominator: bigint;
}

export const NANO_PER_UNIT = 1_000_000_000n;
/** Billionths in the hundredth part of a currency: the step of a bill. */
export const NANO_PER_CENT = 10_000_000n;

/** `12.34`, `-0.000000001`, `1.5e-7`: exactly, or undefined where the text is no decimal or finer than a billionth. */
export function parseAmount(text: string, currency: string): Amount | undefined {
	const exact = parseDecimal(text);
	if (exact === undefined) return undefined;
	const scaled = exact.numerator * NANO_PER_UNIT;
	return scaled % exact.denominator === 0n ? { currency, nano: scaled / exact.denominator } : undefined;
}

/** The same to the nearest billionth, half away from zero, for bills that print finer parts. */
export function parseAmountNearest(text: string, currency: string): Amount | undefined {
	const exact = parseDecimal(text);
	if (exact === undefined) return undefined;
	return {
		currency,
		nano: nearest({ numerator: exact.numerator * NANO_PER_UNIT, denominator: exact.denominator }),
	};
}

/** A decimal text as an exact ratio; undefined where it is none or has more than 60 places. */
export function parseDecimal(text: string): ExactNano | undefined {
	const match = /^([+-]?)(\d{1,60})(?:\.(\d{0,60}))?(?:[eE]([+-]?\d{1,3}))?$/.exec(text.trim());
	if (match === null) return undefined;
	const [, sign = "", digits = "0", places = "", exponentText = "0"] = match;
	const exponent = Number(exponentText) - places.length;
	if (exponent < -120 || exponent > 60) return undefined;
	const n = BigInt(digits + places) * (sign === "-" ? -1n : 1n);
	return exponent >= 0
		? { numerator: n * 10n ** BigInt(exponent), denominator: 1n }
		: { numerator: n, denominator: 10n ** BigInt(-exponent) };
}

/** A plain decimal without exponent and without needless zeros: `0.0189`. */
export function formatAmount({ nano }: Amount): string {
	const digits = String(nano < 0n ? -nano : nano).padStart(10, "0");
	const fraction = digits.slice(-9).replace(/0+$/, "");
	const body = fraction === "" ? digits.slice(0, -9) : `${digits.slice(0, -9)}.${fraction}`;
	return nano < 0n ? `-${body}` : body;
}

export function addAmounts(a: Amount, b: Amount): Amount {
	if (a.currency === b.currency) return { currency: a.currency, nano: a.nano + b.nano };
	throw new RecordError("currency-mismatch", `cannot add ${b.currency} to ${a.currency}`, b);
}

export function negate({ currency, nano }: Amount): Amount {
	return { currency, nano: -nano };
}

/** Sum per currency, in order of first appearance: different currencies are never added. */
export function sumByCurrency(amounts: Iterable<Amount>): Amount[] {
	const sums = new Map<string, bigint>();
	for (const { currency, nano } of amounts) sums.set(currency, (sums.get(currency) ?? 0n) + nano);
	return [...sums].map(([currency, nano]) => ({ currency, nano }));
}

/** `quantity` things at `price` for every `per` of them, exactly. */
export function exactCost(quantity: bigint, price: Amount, per: bigint): ExactNano {
	return { numerator: quantity * price.nano, denominator: per };
}

export function addExact(a: ExactNano, b: ExactNano): ExactNano {
	if (a.denominator === b.denominator) {
		return { numerator: a.numerator + b.numerator, denominator: a.denominator };
	}
	const divisor = greatestCommonDivisor(a.denominator, b.denominator);
	const denominator = (a.denominator / divisor) * b.denominator;
	return {
		numerator: a.numerator * (denominator / a.denominator) + b.numerator * (denominator / b.denominator),
		denominator,
	};
}

/** The whole number of billionths nearest to an exact one, half away from zero. */
export function nearest({ numerator, denominator }: ExactNano): bigint {
	const doubled = (numerator < 0n ? -numerator : numerator) * 2n + denominator;
	const size = doubled / (denominator * 2n);
	return numerator < 0n ? -size : size;
}

/**
 * Rounds exact parts to multiples of `step` billionths so that they add up to their rounded exact sum: each part is
 * rounded down, then those with the largest remainder get one step more; ties go to the earlier part.
 */
export function roundShares(parts: readonly ExactNano[], step = 1n): bigint[] {
	const sum = parts.reduce(addExact, { numerator: 0n, denominator: 1n });
	const total = nearest({ numerator: sum.numerator, denominator: sum.denominator * step });
	const steps = parts.map(({ numerator, denominator }) => {
		const whole = floorDivide(numerator, denominator * step);
		return { whole, remainder: { numerator: numerator - whole * denominator * step, denominator } };
	});
	return withRemainders(steps, total).map((n) => n * step);
}

/**
 * Shares an amount by weights, exactly to the billionth (or to `step`): the parts add up to the amount. Weights are
 * whole and not negative; throws `nothing-to-share-by` where all are zero and the amount is not.
 */
export function apportion(amount: Amount, weights: readonly bigint[], step = 1n): Amount[] {
	const { currency, nano } = amount;
	const total = weights.reduce((sum, weight) => sum + weight, 0n);
	if (weights.some((weight) => weight < 0n) || (total === 0n && nano !== 0n)) {
		throw new RecordError("nothing-to-share-by", "weights must not be negative, and not all zero", weights);
	}
	if (total === 0n) return weights.map(() => ({ currency, nano: 0n }));
	if (nano % step !== 0n) {
		throw new RecordError("not-an-amount", `${formatAmount(amount)} is no multiple of the step to share in`, amount);
	}
	const size = (nano < 0n ? -nano : nano) / step;
	const sign = nano < 0n ? -1n : 1n;
	const steps = weights.map((weight) => {
		const whole = (size * weight) / total;
		return { whole, remainder: { numerator: size * weight - whole * total, denominator: total } };
	});
	return withRemainders(steps, size).map((n) => ({ currency, nano: n * step * sign }));
}

interface Step {
	readonly whole: bigint;
	readonly remainder: ExactNano;
}

function withRemainders(steps: readonly Step[], total: bigint): bigint[] {
	const missing = Number(total - steps.reduce((sum, { whole }) => sum + whole, 0n));
	const order = steps
		.map((_, i) => i)
		.sort((a, b) => compareExact((steps[b] as Step).remainder, (steps[a] as Step).remainder) || a - b);
	const raised = new Set(order.slice(0, missing));
	return steps.map(({ whole }, i) => (raised.has(i) ? whole + 1n : whole));
}

function compareExact(a: ExactNano, b: ExactNano): number {
	const difference = a.numerator * b.denominator - b.numerator * a.denominator;
	return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

function floorDivide(a: bigint, b: bigint): bigint {
	const quotient = a / b;
	return a < 0n && quotient * b !== a ? quotient - 1n : quotient;
}

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
	return b === 0n ? a : greatestCommonDivisor(b, a % b);
}
