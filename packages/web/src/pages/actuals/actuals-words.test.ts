import { describe, expect, test } from "vitest";
import { initialState } from "../../state/app-state.ts";
import { actualsCommand, actualsRequest, actualsWords, queryOf } from "./actuals-words.ts";

describe("the question of the page", () => {
	test("names the window always, and else what differs", () => {
		expect(queryOf({})).toEqual({ window: "30d" });
		expect(
			queryOf({ window: "2026-10", by: "model,team", basis: "busy", cost: "effective", "as.trend": "table" }),
		).toEqual({
			window: "2026-10",
			by: "model,team",
			basis: "busy",
		});
	});

	test("is the command too, quoted where a shell would read more than words", () => {
		const view = { window: "2026-10-01..2026-10-08", by: "team" };
		expect(actualsCommand({ ...initialState, view })).toBe(
			"npx farthing actuals --window 2026-10-01..2026-10-08 --by team --json",
		);
		expect(actualsCommand({ ...initialState, view: { window: "30d; it's" } })).toBe(
			"npx farthing actuals --window '30d; it'\\''s' --json",
		);
		expect(actualsCommand({ ...initialState, view: { plan: "scenario" } })).toBe(
			"npx farthing plan scenarios/prototype-to-5b.yaml -o plan.json && npx farthing actuals --window 30d --plan plan.json --json",
		);
	});

	test("asks for the window of the answer, by command and over HTTP", () => {
		const window = { from: "2026-10-01T00:00:00Z", to: "2026-10-31T00:00:00Z" };
		const state = { ...initialState, view: { by: "team" } };
		expect(actualsCommand(state, { result: { window } })).toBe(
			"npx farthing actuals --window 2026-10-01T00:00:00Z..2026-10-31T00:00:00Z --by team --json",
		);
		expect(actualsRequest(state, window, "http://localhost:8080")).toBe(
			"curl 'http://localhost:8080/v1/actuals?window=2026-10-01T00%3A00%3A00Z..2026-10-31T00%3A00%3A00Z&by=team'",
		);
		expect(actualsRequest({ ...state, view: { saved: "x" } }, window, "http://localhost:8080")).toBeUndefined();
	});

	test("names ledger, exchange rates and benchmarks of the server, and of a saved result its own command", () => {
		const window = { from: "2026-10-01", to: "2026-11-01" };
		const beside = ["--store", "/srv/a b.duckdb", "--rates", "/srv/rates.csv", "--calibration", "/srv/runs.jsonl"];
		const state = { ...initialState, view: { window: "2026-10" } };
		expect(actualsCommand(state, { result: { window }, beside })).toBe(
			"npx farthing actuals --window 2026-10 --store '/srv/a b.duckdb' --rates /srv/rates.csv --calibration /srv/runs.jsonl --json",
		);
		const command_line = "farthing actuals --window 30d --rates rates.csv";
		const saved = { ...initialState, view: { saved: "x" } };
		expect(actualsCommand(saved, { result: { window }, command_line })).toBe(`npx ${command_line}`);
	});

	test("holds a key and a turn only where there are some", () => {
		expect(actualsWords({}, { turn: 0 })).toEqual({ query: { window: "30d" } });
		expect(actualsWords({}, { turn: 2, key: "fk_x" })).toEqual({ query: { window: "30d" }, turn: 2, key: "fk_x" });
	});
});
