/**
 * Rates of return of a path of cash flows. There may be none, one or many (J. C. T. Mao, "The internal rate of return as a
 * ranking criterion", The Engineering Economist 11 (1966)): all are given, and no number stands for several.
 */
import { ratesOfReturn } from "./arithmetic.ts";
import type { Evaluation } from "./evaluate.ts";
import { seriesOf } from "./evaluate.ts";

export type InternalRates =
	| { readonly kind: "none" }
	| { readonly kind: "one"; readonly monthly: number }
	/** Rising. The present value changes its sign at each of them: ask for it at the rate that is required instead. */
	| { readonly kind: "many"; readonly monthly: readonly number[] };

/** Of flows month by month, within −99% and 1000% a month. */
export function internalRates(flows: ArrayLike<number>): InternalRates {
	const monthly = ratesOfReturn(flows);
	const [only] = monthly;
	if (only === undefined) return { kind: "none" };
	return monthly.length === 1 ? { kind: "one", monthly: only } : { kind: "many", monthly };
}

/** Of a named series. Throws `unknown-node`, `series-mismatch`. */
export function internalRatesOf(evaluation: Evaluation, id: string): InternalRates {
	return internalRates(seriesOf(evaluation, id));
}
