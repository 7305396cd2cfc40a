import { centralValue } from "@farthing/engine";
import type { Scenario } from "@farthing/scenario";

/** Shares of a scenario's loads in words, for warnings. */
export function sharedNames(scenario: Scenario): string {
	return (scenario.models ?? [])
		.map(({ name, share }) => `${name} ${Number((centralValue(share.distribution) * 100).toPrecision(3))}%`)
		.join(", ");
}
