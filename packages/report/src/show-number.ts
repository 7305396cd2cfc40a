/** Numbers as spans: the text that people read, with the value and the place in the results it stands at. */
import type { QuantityJson } from "@farthing/engine";
import { formatQuantity, formatRange, significant } from "@farthing/engine";
import type { ShownNumber, Span, Text } from "./report-model.ts";

/** A quantity of a result, such as `$0.517/M tok`. */
export function quantity(of: QuantityJson, at: string): Span {
	if (of.value === undefined) return of.state ?? "unknown";
	return shown(of.value, quantityText(of.value, of.unit), of.unit, at);
}

/** `−$1.33M`: as everywhere, with a minus in place of the hyphen of the command line. */
export function quantityText(value: number, unit: string): string {
	return formatQuantity(value, unit).replace(/^-/, "−");
}

/** Quantities under each other, each in its own power of ten: what rounding left of nothing is nothing. */
export function quantities(
	of: readonly ({ readonly quantity: QuantityJson; readonly at: string } | undefined)[],
): Text[] {
	const largest = largestOf(of.map((each) => each?.quantity.value));
	return of.map((each): Text => {
		if (each?.quantity.value === undefined) return [];
		const { value, unit } = each.quantity;
		return [shown(value, quantityText(isNoise(value, largest) ? 0 : value, unit), unit, each.at)];
	});
}

/** P10 to P90, or nothing where the quantity has no range. */
export function rangeOf(of: QuantityJson): Text {
	if (of.p10 === undefined || of.p90 === undefined) return [];
	const { p10, p90, unit } = of;
	// A dash between two minus signs is no range that one can read.
	return [p10 < 0 ? `${quantityText(p10, unit)} to ${quantityText(p90, unit)}` : formatRange(p10, p90, unit)];
}

export type NumberSpan = Extract<Span, { kind: "number" }>;

/** A number of a result that is no quantity, in a unit; `""` for plain numbers. */
export function measured(value: number, unit: string, at: string): NumberSpan {
	return shown(value, quantityText(value, unit), unit, at);
}

/** A number worked out for the report. */
export function computed(value: number, unit: string): Span {
	return shown(value, quantityText(value, unit), unit);
}

/** As many digits as there are, up to 12 significant ones, never in scientific notation. */
export function exact(value: number, at?: string): Span {
	return shown(value, exactText(value), "", at);
}

export function exactText(value: number): string {
	const [digits = "0", exponent = "0"] = value.toExponential(11).split("e");
	const trimmed = digits.includes(".") ? digits.replace(/\.?0+$/, "") : digits;
	const count = trimmed.replace(/[-.]/g, "").length;
	return value === 0 ? "0" : significant(value, Math.max(count, Number(exponent) + 1));
}

export interface ColumnEntry {
	readonly value: number | undefined;
	readonly at?: string;
}

/**
 * Numbers of one unit under each other, with equally many decimals, so that points stand in line. The smallest one
 * keeps three significant digits. Money is in cents where all of it is below one.
 */
export function column(entries: readonly ColumnEntry[], unit: string, signed = false): Text[] {
	const largest = largestOf(entries.map(({ value }) => value));
	const counting = (value: number): number => (isNoise(value, largest) ? 0 : value);
	const style = columnStyle(
		entries.flatMap(({ value }) => (value === undefined ? [] : [counting(value)])),
		unit,
	);
	return entries.map(({ value, at }): Text => {
		if (value === undefined) return [];
		const count = counting(value);
		const text = `${sign(count, signed)}${style.before}${style.digits(Math.abs(count))}${style.after}`;
		return [shown(value, text, unit, at)];
	});
}

/** A share of the largest number of a column: below it a number is what rounding left where others took each other away. */
const NOISE = 1e-12;

function isNoise(value: number, largest: number): boolean {
	return Math.abs(value) < NOISE * largest;
}

function largestOf(values: readonly (number | undefined)[]): number {
	return values.reduce<number>((most, value) => Math.max(most, Math.abs(value ?? 0)), 0);
}

function shown(value: number, text: string, unit: string, at?: string): NumberSpan {
	const number: ShownNumber = {
		value,
		text,
		...(unit === "" ? {} : { unit }),
		...(at === undefined ? {} : { at }),
	};
	return { kind: "number", number };
}

function sign(value: number, signed: boolean): string {
	if (value < 0) return "−";
	return signed && value > 0 ? "+" : "";
}

function columnStyle(
	values: readonly number[],
	unit: string,
): { before: string; after: string; digits: (size: number) => string } {
	const sizes = values.filter((value) => value !== 0).map(Math.abs);
	const money = unit.startsWith("USD");
	const cents = money && sizes.length > 0 && sizes.every((size) => size < 0.01);
	const share = unit === "fraction";
	const factor = cents || share ? 100 : 1;
	const smallest = sizes.length === 0 ? 1 : Math.min(...sizes) * factor;
	const whole = COUNTED.has(unit) && sizes.every(Number.isInteger);
	const decimals = whole ? 0 : Math.min(9, Math.max(share ? 1 : 0, 2 - Math.floor(Math.log10(smallest))));
	return {
		before: money && !cents ? "$" : "",
		after: cents ? " ¢" : share ? "%" : "",
		digits: (size) => grouped((size * factor).toFixed(share ? 1 : decimals)),
	};
}

const COUNTED = new Set(["", "GPU", "replica"]);

function grouped(text: string): string {
	const [whole, decimals] = text.split(".") as [string, string?];
	return `${whole.replace(/\B(?=(\d{3})+$)/g, ",")}${decimals === undefined ? "" : `.${decimals}`}`;
}
