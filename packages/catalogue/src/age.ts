import { dayNumber, isDate, isDay } from "./date.ts";
import type { Figure } from "./figure.ts";
import { isPrice } from "./figure.ts";

/** Prices older than this are flagged wherever they are used. */
export const STALE_AFTER_DAYS = 90;

/**
 * Whole days from `asOf` to the day `at`. A date known only to the month, half or year counts from its first day, so that
 * an age is never understated. Negative for figures dated after `at`.
 */
export function ageInDays(asOf: string, at: string): number {
	if (!isDate(asOf)) throw new RangeError(`not a date: ${asOf}`);
	if (!isDay(at)) throw new RangeError(`not a day: ${at}`);
	return dayNumber(at) - dayNumber(asOf);
}

/** True for prices older than 90 days at the day `at`; other facts do not grow stale. */
export function isStale(figure: Figure, at: string): boolean {
	return isPrice(figure) && ageInDays(figure.asOf, at) > STALE_AFTER_DAYS;
}

/** The day a row of measurements holds for: when it was measured, or the last day of a median's period. */
export function rowAsOf(row: {
	readonly measuredOn?: string;
	readonly period?: readonly [string, string];
	readonly asOf?: string;
}): string | undefined {
	return row.measuredOn ?? row.period?.[1] ?? row.asOf;
}
