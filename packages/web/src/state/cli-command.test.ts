import { expect, test } from "vitest";
import { initialState } from "./app-state.ts";
import { scenarioCommand } from "./cli-command.ts";

const state = { ...initialState, changes: { "demand.tokens_per_day": "8B", "demand.peak_to_mean": 3 } };

test("changes are flags where the command has them all, else a file of one's own", () => {
	expect(scenarioCommand(state)).toBe("npx farthing plan scenarios/prototype-to-5b.yaml --demand 8B --peak 3");
	const hasFlag = (flag: string): boolean => flag !== "--peak";
	expect(scenarioCommand(state, "compare", ["--by", "api"], hasFlag)).toBe(
		"npx farthing compare scenario.yaml --by api",
	);
});
