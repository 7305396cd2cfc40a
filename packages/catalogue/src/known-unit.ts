import type { AnyUnit } from "@farthing/engine";
import { currencyOf, parseUnit } from "@farthing/engine";

/** Units of data sheets that no formula reckons with as they stand. */
const OF_SHEETS: ReadonlySet<string> = new Set(["1", "1/tok", "TOP/s", "Gbit/s", "Gparam", "layer"]);

/** What is wrong with the unit of a figure; undefined where it is one. */
export function unitProblem(text: string): string | undefined {
	const read = unitOf(text);
	return read instanceof Error ? read.message : undefined;
}

/** The same of a figure that formulas reckon with: of currencies only USD, since no other is converted. */
export function reckonedUnitProblem(text: string): string | undefined {
	const read = unitOf(text);
	if (read instanceof Error) return read.message;
	const currency = read === undefined ? undefined : currencyOf(read.dims);
	return currency === undefined || currency === "USD" ? undefined : `prices are in USD, not in ${currency}`;
}

function unitOf(text: string): AnyUnit | Error | undefined {
	if (OF_SHEETS.has(text)) return undefined;
	try {
		return parseUnit(text, "total");
	} catch (error) {
		return error as Error;
	}
}
