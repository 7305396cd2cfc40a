/** The plan of any scenario: with its years of money, and its traffic, where it states them. */
import type { Catalogue } from "@farthing/catalogue";
import type { Scenario } from "@farthing/scenario";
import type { Asking, Envelope } from "./envelope.ts";
import type { PlanParts } from "./plan.ts";
import type { PlanOptions, PlanResult } from "./plan-result.ts";
import { planWith } from "./plan.ts";
import { planSharing } from "./plan-sharing.ts";
import { planTraffic } from "./plan-traffic.ts";
import { yearsAnswer } from "./plan-years.ts";

const ALL: PlanParts = { years: yearsAnswer, traffic: { size: planTraffic, share: planSharing } };

/** Throws exit 2 for what the scenario contradicts, exit 3 for unknown names and missing data. */
export function plan(
	catalogue: Catalogue,
	scenario: Scenario,
	asking: Asking,
	options: PlanOptions = {},
): Envelope<PlanResult> {
	return planWith(ALL, catalogue, scenario, asking, options);
}
