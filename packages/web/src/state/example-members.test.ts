import { readFileSync } from "node:fs";
import { parseScenario } from "@farthing/scenario";
import { expect, test } from "vitest";
import { addedPaths, exampleMembers, YEARS_MEMBERS } from "./example-members.ts";
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
