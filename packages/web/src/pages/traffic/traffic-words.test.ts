import { describe, expect, test } from "vitest";
import { initialState } from "../../state/app-state.ts";
import { simulateCommand, simulateWords } from "./traffic-words.ts";

const scenario = { base: "prototype-to-5b", changes: {} };

describe("what the lab asks", () => {
	test("holds what stands in the URL, and of a trace only what holds beside one", () => {
		const view = { hours: "6", shape: "azure-2023-code", traceRate: "2", seed: "7", "as.queue": "table" };
		expect(simulateWords(scenario, view)).toEqual({
			scenario: { ...scenario, seed: 7 },
			hours: "6",
			shape: "azure-2023-code",
		});
		expect(simulateWords(scenario, { ...view, trace: "a.csv:12" })).toEqual({
			scenario: { ...scenario, seed: 7 },
			hours: "6",
			traceRate: "2",
			trace: "a.csv:12",
		});
	});

	test("takes requests from one place: a file before a shape of the catalogue, and none of them beside a trace", () => {
		const view = { shape: "azure-2023-code", shapeFile: "mornings.yaml:9", steps: "s.csv:3", runs: "4", exact: "on" };
		const options = { runs: "4", exact: "on", shapeFile: "mornings.yaml:9", steps: "s.csv:3" };
		expect(simulateWords(scenario, view)).toEqual({ scenario, ...options });
		expect(simulateCommand({ ...initialState, view: { ...view, modelled: "off" } })).toMatch(
			/prototype-to-5b\.yaml --runs 4 --exact --shape mornings\.yaml --steps s\.csv$/,
		);
		expect(simulateWords(scenario, { ...view, trace: "a.csv:12" })).toEqual({
			scenario,
			exact: "on",
			trace: "a.csv:12",
			steps: "s.csv:3",
		});
	});

	test("is a command, whose files are named as the shell takes them", () => {
		const changes = { "demand.tokens_per_day": "8B" };
		const view = { replicas: "3", router: "central", seed: "7" };
		expect(simulateCommand({ ...initialState, changes, view })).toBe(
			"npx farthing simulate scenarios/prototype-to-5b.yaml --demand 8B --replicas 3 --router central --seed 7",
		);
		expect(simulateCommand({ ...initialState, view: { trace: "it's a trace.csv:12" } })).toMatch(
			/ --trace 'it'\\''s a trace\.csv'$/,
		);
		expect(simulateCommand({ ...initialState, changes: { "traffic.burstiness": 3 } })).toBe(
			"npx farthing simulate scenarios/scenario.yaml",
		);
	});
});
