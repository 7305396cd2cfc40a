/** Numbers as the pages write them: in the unit and currency that the reader chose. The value itself is never touched. */
import type { QuantityJson } from "@farthing/engine";
import { formatQuantity, formatRange, powerOfTen } from "@farthing/engine";
import { common } from "../messages/en/common.ts";
import type { Currency, Display } from "../state/app-state.ts";
import { filled } from "../words/fill.ts";
import { chosenBook } from "../words/language.ts";

export interface ShownQuantity {
	readonly text: string;
	/** From p10 to p90, where they differ. */
	readonly range?: string;
}

/** Undefined where there is no value: the caller says why. */
export function shownQuantity(of: QuantityJson, display: Display): ShownQuantity | undefined {
	if (of.value === undefined) return undefined;
	const written = writerOf(of, display);
	const { p10, p90 } = of;
	const text = written.one(of.value);
	if (p10 === undefined || p90 === undefined || p10 === p90) return { text };
	return { text, range: written.range(p10, p90) };
}

/** Seconds as milliseconds where they are few, as hours where they are many. */
export function timeText(seconds: number): string {
	if (seconds > 0 && seconds < 0.1) return formatQuantity(seconds * 1000, "ms");
	return seconds >= 7200 ? formatQuantity(seconds / 3600, "hr") : formatQuantity(seconds, "s");
}

/** One number in a unit: for axes, labels and cells. */
export function shownNumber(value: number, unit: string, display: Display): string {
	return writerOf({ unit }, display).one(value);
}

/** Money per token in the other way round: tokens for a dollar. */
export function isUnitCost({ unit }: Pick<QuantityJson, "unit">): boolean {
	return unit === "USD/Mtok";
}

/** What a value is in the unit shown: for the places of marks and for tables that are saved. */
export function shownValue(
	value: number,
	unit: string,
	display: Display,
): { readonly value: number; readonly unit: string } {
	if (isUnitCost({ unit }) && display.isPerDollar) {
		const { code, perDollar } = display.currency ?? DOLLAR;
		return { value: 1e6 / (value * perDollar), unit: `tok/${code}` };
	}
	if (!isMoney(unit) || display.currency === undefined) return { value, unit };
	return { value: value * display.currency.perDollar, unit: unit.replace("USD", display.currency.code) };
}

/**
 * How far one cost per token is from another, in the unit shown, and whether more is shown than before: tokens for a
 * dollar differ by tokens for a dollar, and are more where the cost is less.
 */
export function shownDifference(
	from: number,
	to: number,
	display: Display,
): { readonly text: string; readonly sign: number } {
	const shown = (value: number): number => shownValue(value, "USD/Mtok", display).value;
	const delta = shown(to) - shown(from);
	// The way to tokens for a dollar leads back from them as well.
	const cost = display.isPerDollar ? shown(Math.abs(delta)) : Math.abs(to - from);
	return { text: delta === 0 ? "" : shownNumber(cost, "USD/Mtok", display), sign: Math.sign(delta) };
}

interface Writer {
	one(value: number): string;
	range(low: number, high: number): string;
}

const DOLLAR: Pick<Currency, "code" | "perDollar"> = { code: "USD", perDollar: 1 };

function writerOf({ unit }: Pick<QuantityJson, "unit">, display: Display): Writer {
	if (isUnitCost({ unit }) && display.isPerDollar) return perDollar(display.currency ?? DOLLAR);
	if (isMoney(unit) && display.currency !== undefined) return inCurrency(unit, display.currency);
	if (unit === "x")
		return { one: (value) => `${formatQuantity(value, "")}×`, range: (a, b) => `${rangeText(a, b, "")}×` };
	// A wait of 127,552 s and GPU time in millions of seconds are not read as what they are.
	if (unit === "s") return { one: timeText, range: (a, b) => `${timeText(a)}${to()}${timeText(b)}` };
	if (unit === "GPU-s")
		return {
			one: (value) => formatQuantity(value / 3600, "GPU-hr"),
			range: (a, b) => rangeText(a / 3600, b / 3600, "GPU-hr"),
		};
	return {
		one: (value) => powerOfTen(value, unit) ?? unitInWords(formatQuantity(value, unit), unit),
		range: (low, high) => unitInWords(rangeText(low, high, unit), unit),
	};
}

/** Tokens for one unit of money: the ends of a range change places. */
function perDollar({ code, perDollar: rate }: Pick<Currency, "code" | "perDollar">): Writer {
	const per = code === "USD" ? "$" : code;
	const written = (text: string): string => text.replace("tok/day", `tok/${per}`);
	const inverse = (value: number): number => 1e6 / (value * rate);
	return {
		one: (value) => (value === 0 ? `∞ tok/${per}` : written(formatQuantity(inverse(value), "tok/day"))),
		range: (low, high) => written(rangeText(inverse(high), inverse(low), "tok/day")),
	};
}

/** As many digits as in dollars; no cents, which another currency may not have. */
function inCurrency(unit: string, { code, perDollar: rate }: Currency): Writer {
	const under = unit.slice(3).replace("/Mtok", "/M tok");
	const written = (text: string): string => text.replaceAll("$", `${code} `);
	const isSmall = (value: number): boolean => value !== 0 && Math.abs(value * rate) < 0.01;
	return {
		one: (value) =>
			isSmall(value)
				? `${code} ${formatQuantity(value * rate, "")}${under}`
				: written(formatQuantity(value * rate, unit)),
		range: (low, high) =>
			isSmall(low) || isSmall(high)
				? `${code} ${rangeText(low * rate, high * rate, "")}${under}`
				: written(rangeText(low * rate, high * rate, unit)),
	};
}

function rangeText(low: number, high: number, unit: string): string {
	return formatRange(low, high, unit, { to: to() });
}

function to(): string {
	return chosenBook()?.["common"]?.["quantity.to"] ?? common["quantity.to"];
}

export function isMoney(unit: string): boolean {
	return unit === "USD" || unit.startsWith("USD/");
}

/** A unit that is a word of English, which is written otherwise of more than one. */
function unitInWords(written: string, unit: string): string {
	if (!isWord(unit)) return written;
	const name = [` ${unit}s`, ` ${unit}`].find((each) => written.endsWith(each));
	if (name === undefined) return written;
	const count = written.slice(0, -name.length);
	return inWords(count === "1" ? `unit.${unit}` : `unit.${unit}s`, count);
}

const WORDS = ["GPU", "replica", "host", "day", "month", "year", "request", "user"] as const;
type Word = (typeof WORDS)[number];

function isWord(unit: string): unit is Word {
	return (WORDS as readonly string[]).includes(unit);
}

function inWords(key: `unit.${Word}` | `unit.${Word}s`, count: string): string {
	return filled(chosenBook()?.["common"]?.[key] ?? common[key], { count });
}
