import { expect, test } from "vitest";
import { asking, catalogue, exampleScenario } from "../test-support/questions.ts";
import { planYears } from "./plan-years.ts";
import { yearsFan } from "./years-fan.ts";

const scenario = exampleScenario("five-years.yaml");

test("its bands are those of the whole plan with as many draws, to the last bit", async () => {
	const draws = 32;
	const { result } = planYears(catalogue, scenario, asking("plan"), { draws });
	for (const of of ["unit_cost.delivered", "cash_so_far"] as const) {
		const { fans, months } = await yearsFan(catalogue, scenario, asking("plan"), { of, draws });
		expect(months).toBe(result.months);
		expect(fans).toEqual(result.uncertainty?.fans.filter((each) => each.of === of));
		const alone = await yearsFan(catalogue, scenario, asking("plan"), { of, draws, strategies: ["own"] });
		expect(alone.fans).toEqual([fans[0]]);
	}
});
