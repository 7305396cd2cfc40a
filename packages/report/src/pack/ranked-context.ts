/** The ranked fleets of a saved plan as the sections of the plan page read them. */
import type { PlanResult } from "@farthing/answers";
import type { RankedPlan } from "../plan-report/source.ts";
import type { PackContext } from "./source.ts";

export function rankedContext({ result, messages, names }: PackContext): RankedPlan {
	const delivered = result.options?.[0]?.delivered;
	return {
		plan: result as PlanResult,
		messages,
		names,
		unit: delivered?.unit ?? "USD/Mtok",
		tokens: delivered?.tokens ?? "total",
	};
}
