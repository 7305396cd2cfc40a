/**
 * Conversion with dated rates. A rate holds for its day; on a day without one (weekends, holidays) the latest of at most seven
 * days before holds. Where only the opposite direction is quoted its inverse is used. Nothing is chained through a third
 * currency, and no rate is guessed: what cannot be converted is an error.
 */
import type { Amount, ExactNano } from "../records/money.ts";
import { parseDecimal, roundShares } from "../records/money.ts";
import { RecordError } from "../records/record-error.ts";
import type { Instant } from "../records/units.ts";
import { formatInstant, MICROS_PER_DAY } from "../records/units.ts";

/** One unit of `from` is `rate` units of `to`. */
export interface ExchangeRate {
	readonly day: string;
	readonly from: string;
	readonly to: string;
	/** Decimal text, as published. */
	readonly rate: string;
	readonly source: string;
}

export interface Conversion {
	readonly amount: Amount;
	/** Rate that was used; absent where the amount was in the currency already. */
	readonly by?: ExchangeRate;
}

export interface ExchangeTable {
	/** The rate of the day or of the week before it, if one is known. */
	rateAt(from: string, to: string, at: Instant): { readonly rate: ExactNano; readonly by: ExchangeRate } | undefined;
	/**
	 * All amounts in one currency, each at the rate of its day. What has one rate is rounded together, so that its sum is the
	 * rounded product of sum and rate. Throws `unknown-rate` of {@link RecordError} where a rate is missing.
	 */
	convertAll(amounts: readonly { readonly amount: Amount; readonly at: Instant }[], to: string): Conversion[];
}

const OLDEST_DAYS = 7;

/** Throws `not-an-amount` for a rate that is no positive decimal. */
export function exchangeTable(rates: readonly ExchangeRate[]): ExchangeTable {
	const byKey = new Map<string, { readonly rate: ExactNano; readonly by: ExchangeRate }>();
	for (const by of rates) {
		const rate = parseDecimal(by.rate);
		if (rate === undefined || rate.numerator <= 0n) {
			throw new RecordError(
				"not-an-amount",
				`the rate of ${by.from} to ${by.to} on ${by.day} is no positive number`,
				by,
			);
		}
		byKey.set(`${by.from} ${by.to} ${by.day}`, { rate, by });
		const inverse = `${by.to} ${by.from} ${by.day}`;
		if (!byKey.has(inverse)) {
			byKey.set(inverse, { rate: { numerator: rate.denominator, denominator: rate.numerator }, by });
		}
	}
	const rateAt: ExchangeTable["rateAt"] = (from, to, at) => {
		for (let age = 0; age <= OLDEST_DAYS; age++) {
			const day = formatInstant(Math.max(0, at - age * MICROS_PER_DAY) as Instant).slice(0, 10);
			const found = byKey.get(`${from} ${to} ${day}`);
			if (found !== undefined) return found;
		}
		return undefined;
	};
	return { rateAt, convertAll: (amounts, to) => convertAll(amounts, to, rateAt) };
}

function convertAll(
	amounts: readonly { readonly amount: Amount; readonly at: Instant }[],
	to: string,
	rateAt: ExchangeTable["rateAt"],
): Conversion[] {
	const result: Conversion[] = amounts.map(({ amount }) => ({ amount }));
	const groups = new Map<ExchangeRate, { readonly rate: ExactNano; readonly places: number[] }>();
	for (const [i, { amount, at }] of amounts.entries()) {
		if (amount.currency === to) continue;
		const { rate, by } = rateAt(amount.currency, to, at) ?? unknownRate(amount.currency, to, at);
		const group = groups.get(by) ?? { rate, places: [] };
		group.places.push(i);
		groups.set(by, group);
	}
	for (const [by, { rate, places }] of groups) {
		const rounded = roundShares(
			places.map((i) => {
				const { nano } = (amounts[i] as { readonly amount: Amount }).amount;
				return { numerator: nano * rate.numerator, denominator: rate.denominator };
			}),
		);
		places.forEach((i, k) => (result[i] = { amount: { currency: to, nano: rounded[k] as bigint }, by }));
	}
	return result;
}

export function unknownRate(from: string, to: string, at: Instant): never {
	const day = formatInstant(at).slice(0, 10);
	const words = `no rate of ${from} to ${to} is known for ${day} or the ${OLDEST_DAYS} days before`;
	throw new RecordError("unknown-rate", words, { from, to, day });
}
