/** The range of a time that some draws do not reach: what they do not reach comes later than all that they do. */
import type { QuantityJson } from "@farthing/engine";
import type { Display } from "../state/app-state.ts";
import type { Say } from "../words/words.ts";
import { shownNumber } from "./show-quantity.ts";

/** `41 months – not reached in 60 months; reached in 57.0% of draws`; undefined where all draws reach it, or none was made. */
export function timeRange(
	{ unit, p10, p90, looked_at: within, coverage }: QuantityJson,
	display: Display,
	say: Say<"common">,
): string | undefined {
	if (within === undefined || coverage === undefined) return undefined;
	const text = (value: number): string => shownNumber(value, unit, display);
	const never = say("quantity.notReached", { within: text(within) });
	const last = p90 === undefined ? never : text(p90);
	const range = p10 === undefined ? never : say("quantity.timeRange", { low: text(p10), high: last });
	return say("quantity.reached", { range, share: shownNumber(coverage, "fraction", display) });
}
