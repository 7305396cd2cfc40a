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
	throw new FarthingError(2, "wrong-type", `${flag} takes a whole number above 0, not "${text}"`, {
		field: flag,
		expected: "a whole number above 0",
	});
}

export function numberFlag(flag: string, text: string): number {
	const value = Number(text);
	if (text.trim() !== "" && Number.isFinite(value)) return value;
	throw new FarthingError(2, "wrong-type", `${flag} takes a number, not "${text}"`, {
		field: flag,
		expected: "a number",
	});
}

export function dateFlag(flag: string, text: string): string {
	const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text));
	if (isDay && new Date(text).toISOString().startsWith(text)) return text;
	throw new FarthingError(2, "wrong-type", `${flag} takes a date such as 2026-11-22, not "${text}"`, {
		field: flag,
		expected: "a date, YYYY-MM-DD",
	});
}

export function onOffFlag(flag: string, text: string): boolean {
	if (["on", "yes", "true", "1"].includes(text)) return true;
	if (["off", "no", "false", "0"].includes(text)) return false;
	throw new FarthingError(2, "wrong-type", `${flag} takes on or off, not "${text}"`, {
		field: flag,
		expected: "on or off",
	});
}

export function listFlag(text: string | undefined): string[] | undefined {
	return text === undefined || text === "any" ? undefined : text.split(",").map((part) => part.trim());
}

export function choiceFlag<T extends string>(flag: string, text: string, of: readonly T[]): T {
	const found = of.find((each) => each === text);
	if (found !== undefined) return found;
	throw new FarthingError(2, "unknown-value", `${flag} takes ${of.join(" or ")}, not "${text}"`, {
		field: flag,
		expected: of.join(", "),
	});
}

/** Tokens that a throughput or price can count. */
export const TOKEN_KINDS = ["total", "input", "output"] as const;

/** A seed of the draws; `label` is the flag or variable that said it. */
export function seedFlag(label: string, text: string): number {
	const seed = Number(text);
	if (/^\d+$/.test(text.trim()) && seed <= 0xffff_ffff) return seed;
	throw new FarthingError(2, "wrong-type", `${label} takes a whole number from 0 to 4294967295, not "${text}"`, {
		field: label,
		expected: "a whole number from 0 to 4294967295",
	});
}
