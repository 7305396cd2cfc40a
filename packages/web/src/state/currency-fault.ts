/** What is wrong with a rate that somebody typed, or that a link holds. */
import type { Currency } from "./app-state.ts";

/** `dollar`: amounts are in it already, and it is worth one of itself. `future`: no rate is known of a day to come. */
export type CurrencyFault = "code" | "dollar" | "rate" | "date" | "future";

/** `today`: the day of the reader, `2026-03-13`. */
export function currencyFault({ code, perDollar, date }: Currency, today: string): CurrencyFault | undefined {
	if (!/^[A-Z]{3}$/.test(code)) return "code";
	if (code === "USD") return "dollar";
	if (!(perDollar > 0) || !Number.isFinite(perDollar)) return "rate";
	if (!isDay(date)) return "date";
	return date > today ? "future" : undefined;
}

/** Where the reader is: their midnight, not that of Greenwich. */
export function dayOfReader(now = new Date()): string {
	const two = (value: number): string => String(value).padStart(2, "0");
	return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

function isDay(text: string): boolean {
	const day = /^\d{4}-\d\d-\d\d$/.test(text) ? new Date(`${text}T00:00:00Z`) : undefined;
	return day !== undefined && !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}
