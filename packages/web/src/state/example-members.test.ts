import { readFileSync } from "node:fs";
import { parseScenario } from "@farthing/scenario";
import { expect, test } from "vitest";
import { addedPaths, changedWith, exampleMembers, missingMembers, YEARS_MEMBERS } from "./example-members.ts";
import { fromHash, toHash } from "./url.ts";
import { initialState } from "./app-state.ts";

const read = (name: string) => readFileSync(new URL(`../../../../scenarios/${name}.yaml`, import.meta.url), "utf8");
const parsed = (name: string, changes = {}) => {
	const overrides = Object.entries(changes).map(([path, value]) => ({ path, value: value as string, label: path }));
	const found = parseScenario(read(name), { file: name, overrides });
	if (!found.ok) throw new Error(found.issues[0]?.message);
	return found.scenario;
};

test("a scenario without years gets those of the example, as changes that the URL holds", () => {
	const { changes, lists } = exampleMembers(parsed("five-years").document, ["horizon", "finance", "strategies"]);
	expect(changes).toMatchObject({
		horizon: "5 years",
		"finance.debt.interest": "10%",
		"strategies.api.host": "median",
	});
	expect(lists).toEqual(["strategies.rent.price_path"]);
	const { state, faults } = fromHash(toHash({ ...initialState, page: "years", changes }));
	expect(faults).toEqual([]);
	expect(parsed("prototype-to-5b", state.changes).fiveYears?.months).toBe(60);
	const { document } = parsed("prototype-to-5b");
	const all = { ...changes, "demand.tokens_per_day": "8B" };
	expect(addedPaths(all, document, YEARS_MEMBERS).sort()).toEqual(Object.keys(changes).sort());
	expect(addedPaths(all, parsed("five-years").document, YEARS_MEMBERS)).toEqual([]);
});

test("a value that is refused leaves the members there: none is missing for it", () => {
	const { document } = parsed("prototype-to-5b");
	const needs = ["horizon", "finance", "strategies"];
	const { changes } = exampleMembers(parsed("five-years").document, needs);
	expect(missingMembers({}, document, needs)).toEqual(needs);
	expect(missingMembers({ ...changes, "finance.discount_rate": 11 }, document, needs)).toEqual([]);
	expect(missingMembers({ "finance.tax": "24%" }, document, needs)).toEqual(["horizon", "strategies"]);
	expect(missingMembers({}, parsed("five-years").document, needs)).toEqual([]);
});

test("people come with the pay of the example, and go with it unless it was given", () => {
	const { changes } = exampleMembers(parsed("five-years").document, ["horizon", "finance", "strategies"]);
	const beside = { "people.pay": "260k USD/year" };
	const filled = changedWith(changes, ["people.fte", 3.5], beside);
	expect(parsed("prototype-to-5b", filled).fiveYears?.people).toBeDefined();
	expect(changedWith(filled, ["people.fte", undefined], beside)).toEqual(changes);
	const paid = changedWith({ ...changes, "people.pay": "90k USD/year" }, ["people.fte", 2], beside);
	expect(paid["people.pay"]).toBe("90k USD/year");
	expect(changedWith(paid, ["people.fte", undefined], beside)["people.pay"]).toBe("90k USD/year");
});
