import { expect, test } from "vitest";
import { pageOf } from "../../test-support/page.ts";
import { smallSource } from "../../test-support/small-plan.ts";
import { planHtml } from "../plan-html.ts";
import type { PlanSource } from "../index.ts";

const reason = "the fleet is sized for the demand asked alone";

/** The small plan as it would be under stated traffic. */
function underTraffic(): PlanSource {
	const source = smallSource();
	const { result } = source.plan;
	const api = result.api.map(({ self_hosting_cheaper_from: _, ...offer }) => ({
		...offer,
		state: "unknown" as const,
		reason,
	}));
	const volumes = { tokens_per_day: [], cheapest: [], interruptions: [], delivered: {}, reason };
	return { ...source, plan: { ...source.plan, result: { ...result, api, crossovers: [], volumes } } };
}

test("volumes that were not computed are said to be, without a chart or a verdict on the API", () => {
	const html = planHtml(underTraffic());
	expect(pageOf(planHtml(smallSource())).querySelector("#volumes-chart")).not.toBeNull();
	expect(pageOf(html).querySelector("#volumes-chart")).toBeNull();
	expect(html).toContain(`is not computed: ${reason}.`);
	expect(html).not.toContain("does not come below that");
	expect(html).toContain("From which volume serving it yourself is cheaper is not computed.");
});
