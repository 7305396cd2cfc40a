import { describe, expect, it } from "vitest";
import { catalogue } from "../test-support/questions.ts";
import { claimedCosts } from "./claimed-costs.ts";

describe("claimedCosts", () => {
	it("finds claims of a cost per million tokens of one model, as claimed, not as tested", () => {
		const [found, ...more] = claimedCosts(catalogue, "gptoss120b");
		expect(found).toMatchObject({ id: "b200-gptoss-2c", cost: { value: 0.02, unit: "USD/Mtok", grade: "E" } });
		expect(found?.hardware).toEqual(["b200-sxm"]);
		expect(more).toEqual([]);
		expect(claimedCosts(catalogue, "deepseek-r1").map(({ id }) => id)).toContain("gb300-dsr1-4c");
		expect(claimedCosts(catalogue, "our-own-model")).toEqual([]);
	});
});
