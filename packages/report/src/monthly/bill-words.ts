/** How the cost stands to the bill, and how much of it is explained where that is not nearly all. */
import type { QuantityJson } from "@farthing/engine";
import { fill } from "../messages/fill.ts";
import type { MonthlyWords } from "../messages/monthly.ts";
import type { Text } from "../report-model.ts";
import { measured } from "../show-number.ts";
import { of } from "./monthly-source.ts";

export interface BilledCost {
	readonly bill?: QuantityJson;
	readonly coverage: number;
	readonly reconciliation: { readonly difference: QuantityJson };
}

export function billWords(result: BilledCost, words: MonthlyWords): Text {
	const { coverage } = result;
	if (coverage >= NEARLY_ALL) return againstBill(result, words);
	const share = measured(coverage, "fraction", "actuals/result/coverage");
	return [...againstBill(result, words), ...fill(words.explained, { coverage: share })];
}

/** What the grade of the unit cost takes for explained. */
const NEARLY_ALL = 0.9;

function againstBill({ bill, reconciliation: { difference } }: BilledCost, words: MonthlyWords): Text {
	if (bill === undefined) return [words.noBill];
	if (difference.value === 0) return [words.agreed];
	return fill(words.apart, { difference: of(difference, "reconciliation/difference") });
}
