/**
 * What a month will come to: spent so far + days left, each `(level + residual) × weekday factor`. The level is the mean of the
 * last 21 days without their weekday; weekday factors are medians and taken only from 14 days on; residuals are drawn in
 * blocks of three days from those seen, so that runs of busy days stay runs, and the level is drawn anew from the same days, so
 * that few days give a wide range; both are widened by `√(n ÷ (n − fitted))`, since what was fitted took a part of the spread. Range: P10 and P90 of 2,000 seeded draws (moving-block bootstrap, Künsch 1989).
 * What is spent stays spent: no draw of the days left is below nothing. It knows no price change that is still to come.
 */
import { quantile, uniformStream } from "@farthing/engine";
import type { Amount } from "../records/money.ts";
import { RecordError } from "../records/record-error.ts";

/** Cost of each complete day of the month so far, from its first day on. Day 0 of the week is that of the first. */
export interface ForecastInput {
	readonly days: readonly Amount[];
	/** Days of the month that are still to come. */
	readonly daysLeft: number;
	readonly seed: number;
}

export interface Forecast {
	readonly spent: Amount;
	readonly p10: Amount;
	readonly p50: Amount;
	readonly p90: Amount;
	readonly days: number;
	readonly usesWeekdays: boolean;
}

export const FEWEST_DAYS_OF_FORECAST = 3;
const DAYS_FOR_WEEKDAYS = 14;
const LEVEL_DAYS = 21;
const BLOCK = 3;
const DRAWS = 2000;

/** Nothing where fewer than three days are known: two days have no spread to speak of. */
export function forecastMonth({ days, daysLeft, seed }: ForecastInput): Forecast | undefined {
	if (days.length < FEWEST_DAYS_OF_FORECAST) return undefined;
	const currency = (days[0] as Amount).currency;
	if (days.some((day) => day.currency !== currency)) {
		throw new RecordError("currency-mismatch", "the days of a forecast must be in one currency", days);
	}
	const spent = { currency, nano: days.reduce((sum, { nano }) => sum + nano, 0n) };
	const costs = days.map(({ nano }) => Number(nano));
	const factors = weekdayFactors(costs);
	const recent = costs.map((cost, day) => cost / factorOn(factors, day)).slice(-LEVEL_DAYS);
	const rest = drawRest(recent, factors, days.length, daysLeft, seed);
	const at = (p: number): Amount => ({ currency, nano: spent.nano + BigInt(Math.round(quantile(rest, p))) });
	return {
		spent,
		p10: at(0.1),
		p50: at(0.5),
		p90: at(0.9),
		days: days.length,
		usesWeekdays: factors !== undefined,
	};
}

function drawRest(
	recent: readonly number[],
	factors: readonly number[] | undefined,
	known: number,
	daysLeft: number,
	seed: number,
): Float64Array {
	const level = mean(recent);
	// Each weekday factor was fitted to the same days and took a part of their spread with it.
	const fitted = factors === undefined ? 1 : 7;
	const widening = Math.sqrt(recent.length / Math.max(1, recent.length - fitted));
	const differences = recent.map((cost) => (cost - level) * widening);
	const stream = uniformStream(seed, "forecast");
	const pick = (count: number): number => Math.floor(stream.next() * count);
	const rest = new Float64Array(DRAWS);
	for (let draw = 0; draw < DRAWS; draw++) {
		const drawnLevel = level + mean(recent.map(() => differences[pick(recent.length)] as number));
		let sum = 0;
		for (let day = 0; day < daysLeft; ) {
			const start = pick(recent.length);
			for (let k = 0; k < BLOCK && day < daysLeft; k++, day++) {
				const difference = differences[(start + k) % recent.length] as number;
				sum += (drawnLevel + difference) * factorOn(factors, known + day);
			}
		}
		rest[draw] = Math.max(0, sum);
	}
	return rest;
}

/** Median of each weekday over the median of all days; nothing before there are two of each, or where a median is 0. */
function weekdayFactors(costs: readonly number[]): readonly number[] | undefined {
	if (costs.length < DAYS_FOR_WEEKDAYS) return undefined;
	const all = median(costs);
	const factors = Array.from(
		{ length: 7 },
		(_, weekday) => median(costs.filter((__, day) => day % 7 === weekday)) / all,
	);
	return factors.every((factor) => Number.isFinite(factor) && factor > 0) ? factors : undefined;
}

function factorOn(factors: readonly number[] | undefined, day: number): number {
	return factors?.[day % 7] ?? 1;
}

function mean(values: readonly number[]): number {
	return values.reduce((sum, value) => sum + value, 0) / values.length;
}

export function median(values: readonly number[]): number {
	const sorted = [...values].sort((a, b) => a - b);
	const middle = sorted.length >> 1;
	return sorted.length % 2 === 1
		? (sorted[middle] as number)
		: ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}
