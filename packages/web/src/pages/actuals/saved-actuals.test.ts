import { describe, expect, test } from "vitest";
import { keepActuals, keptActuals, readActuals } from "./saved-actuals.ts";

const quantity = { value: 1, unit: "USD" };
const whole = {
	schema: "farthing/1",
	command: "actuals",
	id: "0123456789abcdef",
	warnings: [],
	result: {
		...Object.fromEntries(
			["by", "rows", "lines", "bases", "idle_ledger", "days", "variance", "laws", "sources", "anomalies"].map(
				(name) => [name, []],
			),
		),
		...Object.fromEntries(
			["window", "cost", "unit_cost", "tokens", "idle", "residual", "rated", "reconciliation", "use"].map((name) => [
				name,
				quantity,
			]),
		),
	},
};
const read = (content: unknown) => readActuals(JSON.stringify(content), "a.json");

describe("saved actuals", () => {
	test("are what farthing wrote", () => {
		expect(read(whole)).toEqual({ saved: { name: "a.json", answer: whole } });
	});

	test.each([
		["malformed-json", undefined, () => readActuals("{", "a.json")],
		["not-actuals", "command", () => read({ ...whole, command: "plan" })],
		["not-actuals", "command", () => read([])],
		["damaged-result", "id", () => read({ ...whole, id: 3 })],
		["damaged-result", "result.bases", () => read({ ...whole, result: { ...whole.result, bases: undefined } })],
		["damaged-result", "result.use", () => read({ ...whole, result: { ...whole.result, use: null } })],
	] as const)("%s is refused, with the member %s and a way out", (code, field, ask) => {
		const answer = ask();
		if (!("refusal" in answer)) throw new Error("it was read");
		expect(answer.refusal).toMatchObject({ exit: 2, code, detail: { file: "a.json" } });
		expect(answer.refusal.detail.field).toBe(field);
		expect(answer.refusal.detail.hint).toContain("farthing actuals");
	});

	test("are found again by their id, also where the browser keeps nothing", () => {
		const kept = new Map<string, string>();
		const storage = {
			setItem: (name: string, text: string) => void kept.set(name, text),
			getItem: (name: string) => kept.get(name) ?? null,
		};
		const answer = read(whole);
		if (!("saved" in answer)) throw new Error("it was refused");
		expect(keepActuals(answer.saved, storage)).toBe(true);
		expect(JSON.parse([...kept.values()][0] ?? "")).toEqual(answer.saved);
		expect(keptActuals("0123456789abcdef", storage)).toEqual(answer.saved);
		expect(keptActuals("fedcba9876543210", storage)).toBeUndefined();
		const full = {
			setItem: () => {
				throw new Error("full");
			},
		};
		expect(keepActuals(answer.saved, full)).toBe(false);
		expect(keptActuals("0123456789abcdef", { getItem: () => null })).toEqual(answer.saved);
	});
});
