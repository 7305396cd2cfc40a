import { describe, expect, it } from "vitest";
import { parsePolicies } from "./policy.ts";

const policiesOf = (...rules: string[]) => {
	const text = `version: 1\npolicies:\n${rules.map((rule) => `  - ${rule}\n`).join("")}`;
	return parsePolicies("p.yaml", text);
};
const read = (rule: string) => {
	const parsed = policiesOf(rule);
	if (!parsed.ok) throw new Error(parsed.issues[0]?.message);
	return parsed.policies[0];
};
const issue = (rule: string) => {
	const parsed = policiesOf(rule);
	return parsed.ok ? undefined : parsed.issues[0];
};

describe("policies", () => {
	it.each([
		["npv >= 0 USD", { kind: "value", of: "npv", comparison: ">=", limit: "0 USD" }],
		[
			"p90(unit_cost.delivered.total) <= 0.75 USD/Mtok",
			{ kind: "value", of: "unit_cost.delivered.total", quantile: 0.9, comparison: "<=", limit: "0.75 USD/Mtok" },
		],
		["p2.5( own.irr ) > 5%", { kind: "value", of: "own.irr", quantile: 0.025, comparison: ">", limit: "5%" }],
		["grade(npv) >= C", { kind: "grade", of: "npv", grade: "C" }],
		[
			"chance(own.npv >= 0 USD) >= 80%",
			{ kind: "chance", of: "own.npv", inner: ">=", limit: "0 USD", comparison: ">=", chance: 0.8 },
		],
		['{name: margin, rule: "gross_margin_share >= 20%", note: asked}', { name: "margin", note: "asked", limit: "20%" }],
	])("reads %s", (rule, policy) => {
		expect(read(rule)).toMatchObject(policy);
	});

	it("keeps where the limit stands, for errors about its unit", () => {
		expect(read("payback <= 36 months")).toMatchObject({
			origin: { line: 3, column: 5 },
			limitOrigin: { line: 3, column: 16 },
		});
	});

	it.each([
		["npv", 5, "compares nothing"],
		["npv = 0 USD", 5, "compares nothing"],
		["p0(npv) >= 0 USD", 5, "p1 to p99"],
		["mean(npv) >= 0 USD", 5, "p1 to p99"],
		["grade(npv) <= C", 19, "or a better"],
		["grade(npv) >= F", 19, "no grade"],
		["chance(npv >= 0 USD) >= 120%", 29, "no share"],
		["p90(net value) >= 0 USD", 9, "no name"],
	])("refuses %s with its place", (rule, column, words) => {
		expect(issue(rule)).toMatchObject({ code: "unreadable-policy", line: 3, column });
		expect(issue(rule)?.message).toContain(words);
	});

	it("refuses a file of another form", () => {
		const empty = parsePolicies("p.yaml", "version: 1\npolicies: []\n");
		expect(empty.ok).toBe(false);
		const other = parsePolicies("p.yaml", "version: 1\nrules: []\n");
		expect(other.ok ? undefined : other.issues[0]).toMatchObject({ code: "missing-field" });
	});
});
