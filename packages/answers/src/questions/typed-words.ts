/** Flags that hold quantities, read with the same care as a scenario file: exit 2 names the flag and what was expected. */
import { FarthingError } from "../farthing-error.ts";
import type { Bounds, Dims, Distribution, Unit } from "@farthing/engine";
import { parseQuantity, QuantityError } from "@farthing/engine";

/** Value or range of a flag as a distribution in base units. */
export function quantityFlag<D extends Dims>(
	flag: string,
	text: string,
	unit: Unit<D>,
	options: { readonly bounds?: Bounds; readonly fraction?: boolean } = {},
): Distribution {
	try {
		return parseQuantity(text, unit, { ...options, bareUnit: unit }).distribution;
	} catch (error) {
		if (!(error instanceof QuantityError)) throw error;
		const { code, message, expected, hint } = error;
		throw new FarthingError(2, code, `${flag}: ${message}`, { field: flag, expected, hint });
	}
}

/** More of anything that is counted one by one is a slip. */
export const MOST = 1e12;

/** A plain positive number of a flag, such as a token count. */
export function countFlag(flag: string, text: string): number {
	const value = Number(text);
	if (Number.isInteger(value) && value > 0 && value <= MOST) return value;
	throw new FarthingError(
		2,
		"wrong-type",
		{ en: `${flag} takes a whole number above 0, not "${text}"`, zh: `${flag} 应为大于 0 的整数，而不是“${text}”` },
		{
			field: flag,
			expected: { en: "a whole number above 0", zh: "大于 0 的整数" },
		},
	);
}

export function numberFlag(flag: string, text: string): number {
	const value = Number(text);
	if (text.trim() !== "" && Number.isFinite(value)) return value;
	throw new FarthingError(
		2,
		"wrong-type",
		{ en: `${flag} takes a number, not "${text}"`, zh: `${flag} 应为数字，而不是“${text}”` },
		{
			field: flag,
			expected: { en: "a number", zh: "数字" },
		},
	);
}

export function dateFlag(flag: string, text: string): string {
	const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text));
	if (isDay && new Date(text).toISOString().startsWith(text)) return text;
	throw new FarthingError(
		2,
		"wrong-type",
		{
			en: `${flag} takes a date such as 2026-11-22, not "${text}"`,
			zh: `${flag} 应为日期，例如 2026-11-22，而不是“${text}”`,
		},
		{
			field: flag,
			expected: { en: "a date, YYYY-MM-DD", zh: "日期，YYYY-MM-DD" },
		},
	);
}

export function onOffFlag(flag: string, text: string): boolean {
	if (["on", "yes", "true", "1"].includes(text)) return true;
	if (["off", "no", "false", "0"].includes(text)) return false;
	throw new FarthingError(
		2,
		"wrong-type",
		{ en: `${flag} takes on or off, not "${text}"`, zh: `${flag} 应为 on 或 off，而不是“${text}”` },
		{
			field: flag,
			expected: { en: "on or off", zh: "on 或 off" },
		},
	);
}

export function listFlag(text: string | undefined): string[] | undefined {
	return text === undefined || text === "any" ? undefined : text.split(",").map((part) => part.trim());
}

export function choiceFlag<T extends string>(flag: string, text: string, of: readonly T[]): T {
	const found = of.find((each) => each === text);
	if (found !== undefined) return found;
	throw new FarthingError(
		2,
		"unknown-value",
		{ en: `${flag} takes ${of.join(" or ")}, not "${text}"`, zh: `${flag} 应为 ${of.join(" 或 ")}，而不是“${text}”` },
		{
			field: flag,
			expected: of.join(", "),
		},
	);
}

/** Tokens that a throughput or price can count. */
export const TOKEN_KINDS = ["total", "input", "output"] as const;

/** A seed of the draws; `label` is the flag or variable that said it. */
export function seedFlag(label: string, text: string): number {
	const seed = Number(text);
	if (/^\d+$/.test(text.trim()) && seed <= 0xffff_ffff) return seed;
	throw new FarthingError(
		2,
		"wrong-type",
		{
			en: `${label} takes a whole number from 0 to 4294967295, not "${text}"`,
			zh: `${label} 应为 0 至 4294967295 的整数，而不是“${text}”`,
		},
		{
			field: label,
			expected: { en: "a whole number from 0 to 4294967295", zh: "0 至 4294967295 的整数" },
		},
	);
}
