/** The parts of a plan that a scenario needs, each loaded when a scenario first does. */
import type { PlanParts } from "@farthing/answers";
import { partsNeeded } from "@farthing/answers";
import type { Scenario } from "@farthing/scenario";

export async function planParts(scenario: Scenario): Promise<PlanParts> {
	const needed = partsNeeded(scenario);
	const [years, traffic] = await Promise.all([
		needed.includes("years") ? import("./parts/years.ts") : undefined,
		needed.includes("traffic") ? import("./parts/traffic.ts") : undefined,
	]);
	return {
		...(years === undefined ? {} : { years: years.yearsAnswer }),
		...(traffic === undefined ? {} : { traffic: { size: traffic.planTraffic, share: traffic.planSharing } }),
	};
}
