import { evaluate, modelFromJson, scalarOf } from "@farthing/engine";
import { describe, expect, it } from "vitest";
import { asking, catalogue, exampleScenario, refusal, saved, sixRows } from "../test-support/questions.ts";
import { plan } from "./whole-plan.ts";
import { sensitivity } from "./sensitivity.ts";

const ranges = {
	"demand.tokens_per_day": "3B to 8B",
	"demand.peak_to_mean": "1.5 to 3",
	"redundancy.availability": "90% to 99%",
};
const planned = saved(
	plan(catalogue, exampleScenario("prototype-to-5b.yaml", ranges), asking("plan"), { rows: sixRows() }),
);
const ask = (of?: string) =>
	sensitivity(planned, { ...(of === undefined ? {} : { of }), rows: 256, draws: 512 }, asking("sensitivity"));
const valuesAt = (input: string, value: number): number[] => {
	const { model } = modelFromJson(planned.graph as never);
	const evaluation = evaluate(model, { inputs: new Map([[input, value]]) });
	return (ask().result.decision?.options ?? []).map(({ node }) => scalarOf(evaluation, node));
};
const base = (unit: string): number => ({ "tok/day": 1 / 86_400, x: 1, "%": 0.01, fraction: 1 })[unit] as number;

describe("sensitivity of a plan", () => {
	const { result } = ask();

	it("asks about the cost of the cheapest option unless told, and about all that has a range behind it", () => {
		expect(result.of).toMatch(/\.unit_cost\.delivered\.total$/);
		expect(result.inputs.map(({ input }) => input).sort()).toEqual(
			["demand.tokens", "sizing.availability", "sizing.peak_to_mean"].sort(),
		);
		for (const { first, total, source } of result.inputs) {
			expect(first.low).toBeLessThanOrEqual(first.value);
			expect(total.high).toBeGreaterThanOrEqual(total.value);
			expect(source).not.toBe("");
		}
		expect(ask("1").result.of).toBe(result.of);
	});

	it("has at its ends what the model gives with that one input moved", () => {
		const demand = result.inputs.find(({ input }) => input === "demand.tokens");
		expect(demand?.low.value).toBeCloseTo(3e9, 0);
		const [atLow] = valuesAt("demand.tokens", (demand?.low.value as number) * base("tok/day"));
		expect((atLow as number) * 1e6).toBeCloseTo(demand?.at_low.value as number, 12);
	});

	it("finds the value at which another option becomes the cheapest", () => {
		const flips = result.decision?.flips ?? [];
		const flip = flips.find(({ state, input }) => state === "flips" && input === "demand.tokens");
		expect(flips).toHaveLength(3);
		if (flip === undefined) throw new Error("nothing flips");
		const at = (flip.value?.value as number) * base("tok/day");
		const place = (result.decision?.options ?? []).findIndex(({ name }) => name === flip.to);
		const side = Math.sign((flip.value?.value as number) - (flip.central.value as number));
		const lead = (x: number): number => {
			const values = valuesAt("demand.tokens", x);
			return (values[place] as number) - (values[0] as number);
		};
		expect(lead(at * (1 + side * 1e-9))).toBeLessThanOrEqual(0);
		expect(lead(at * (1 - side * 1e-6))).toBeGreaterThanOrEqual(0);
	});

	it("values learning at no more for one input than for all", () => {
		const learning = result.decision?.learning;
		for (const { value } of learning?.inputs ?? [])
			expect(value.value).toBeLessThanOrEqual(learning?.everything.value as number);
	});

	it("is the same again, and refuses numbers it cannot move", () => {
		expect(JSON.stringify(ask())).toBe(JSON.stringify(ask()));
		expect(refusal(() => ask("no.such.node"))).toMatchObject({ exit: 3, code: "unknown-node" });
		const points = saved(plan(catalogue, exampleScenario("prototype-to-5b.yaml"), asking("plan"), { rows: sixRows() }));
		expect(refusal(() => sensitivity(points, {}, asking("sensitivity")))).toMatchObject({ exit: 3, code: "no-ranges" });
	});
});
