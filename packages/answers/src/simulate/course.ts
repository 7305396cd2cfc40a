/** How demand runs over a day or a week. */
import { centralValue, dayProfile } from "@farthing/engine";
import type { Scenario } from "@farthing/scenario";

/** Rates of the hours of a day, or of a week from Monday on, over their mean. */
export function courseOf({ traffic, demand }: Scenario): readonly number[] {
	return traffic?.hourly ?? dayProfile(centralValue(demand.peakToMean.distribution));
}
