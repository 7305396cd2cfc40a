import { expect, test } from "vitest";
import { pageOf } from "../../test-support/page.ts";
import { smallSource } from "../../test-support/small-plan.ts";
import { planHtml } from "../plan-html.ts";
import type { PlanSource } from "../index.ts";

const reason = "the site has no room for a fleet at the lowest volume looked at";

/** The small plan on a site that has room for the demand asked, but not for the volumes looked at. */
function withoutRoom(): PlanSource {
	const source = smallSource();
	const { result } = source.plan;
	const volumes = {
		tokens_per_day: [],
		cheapest: [],
		interruptions: [],
		delivered: {},
		sized_by: "throughput" as const,
		reason,
	};
	return { ...source, plan: { ...source.plan, result: { ...result, crossovers: [], volumes } } };
}

test("volumes that there is no room for are said to be none, without a chart", () => {
	const html = planHtml(withoutRoom());
	expect(pageOf(planHtml(smallSource())).querySelector("#volumes-chart")).not.toBeNull();
	expect(pageOf(html).querySelector("#volumes-chart")).toBeNull();
	expect(html).toContain(`There is no volume to compare at: ${reason}.`);
});

test("volumes that end early, and fleets that are only estimated along them, are said to", () => {
	const source = smallSource();
	const { volumes } = source.plan.result;
	const [id, costs] = Object.entries(volumes.delivered)[0] as [string, readonly number[]];
	const cut = { ...volumes.delivered, [id]: costs.slice(0, -1) };
	const early = { ...volumes, delivered: cut, sized_by: "queueing-estimate" as const, reason: "there is no room" };
	const result = { ...source.plan.result, volumes: early };
	const html = planHtml({ ...source, plan: { ...source.plan, result } });
	expect(html).toContain("by the queueing estimate, not by simulation");
	expect(html).toMatch(/The volumes end at .*there is no room\./);
	expect(pageOf(html).querySelector("#volumes-chart")?.textContent).toContain("no room");
});
