import { expect, test } from "vitest";
import { initialState } from "./app-state.ts";
import { fileToSave, scenarioCommand } from "./cli-command.ts";

const state = { ...initialState, changes: { "demand.tokens_per_day": "8B", "demand.peak_to_mean": 3 } };

test("changes are flags where the command has them all, else a file of one's own", () => {
	expect(scenarioCommand(state)).toBe("npx farthing plan scenarios/prototype-to-5b.yaml --demand 8B --peak 3");
	const hasFlag = (flag: string): boolean => flag !== "--peak";
	expect(scenarioCommand(state, "compare", ["--by", "api"], hasFlag)).toBe(
		"npx farthing compare scenarios/scenario.yaml --by api",
	);
});

test("the file is read where it is to be saved: changes beside their example, a text of one's own where one stands", () => {
	const changes = { horizon: "5 years" };
	const beside = { ...initialState, changes };
	expect(fileToSave(scenarioCommand(beside), beside)).toBe("scenarios/scenario.yaml");
	const own = { ...beside, text: "version: 1" };
	expect(fileToSave(scenarioCommand(own), own)).toBe("scenario.yaml");
	const withFlags = { ...state, text: "version: 1" };
	expect(scenarioCommand(withFlags)).toBe("npx farthing plan scenario.yaml --demand 8B --peak 3");
	expect(fileToSave(scenarioCommand(state), state)).toBeUndefined();
});
