import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { RandomGraph } from "../../test-support/random-graph.ts";
import { evaluated, evidence, numberInput, plain, randomGraph } from "../../test-support/random-graph.ts";
import type { Dimensionless } from "../quantity/dimension.ts";
import { one } from "../quantity/unit.ts";
import type { Bridge, BridgeStep } from "./bridge.ts";
import { bridge, reachedScalar, roundedCauses } from "./bridge.ts";
import { evaluate, scalarOf } from "./evaluate.ts";
import type { AnyExpr, Expr } from "./expression.ts";
import * as e from "./expression.ts";
import type { Model } from "./flatten.ts";
import { buildModel } from "./flatten.ts";
import { ModelError } from "./model-error.ts";
import { table } from "./table.ts";

type Bare = Expr<Dimensionless>;

describe("bridge", () => {
	it("moves one group after the other, each from where the last one left it", () => {
		const found = bridge(delivered(), { ...ends, method: "ordered" });
		expect(found.from).toBe(2);
		expect(found.to).toBe(2 / 0.5 + 1);
		expect(found.causes).toEqual([
			{ cause: "load", delta: 2 },
			{ cause: "spares", delta: 1 },
		]);
	});

	it.each(["ordered", "shapley"] as const)("adds up exactly on random graphs and steps: %s", (method) => {
		let moved = 0;
		fc.assert(
			fc.property(randomGraph({ size: 20 }), steps, (graph, changes) => {
				const found = randomBridge(graph, changes, method);
				if (found === undefined) return;
				expect(leftToRight(found)).toBe(found.to);
				if (found.from !== found.to) moved++;
			}),
			{ numRuns: 600, seed: 1 },
		);
		expect(moved).toBeGreaterThan(50);
	});

	it("ends at the output's own last bit, unless the way leads through numbers more than twice as large", () => {
		let own = 0;
		const grown = e.multiply(e.multiply(numberInput("a", 1), numberInput("b", 1)), plain(0.0189));
		const model = buildModel([named("y", e.add(grown, numberInput("c", 0.1)))]);
		const factor = fc.double({ min: 0.01, max: 100, noNaN: true });
		fc.assert(
			fc.property(factor, factor, factor, fc.constantFrom("ordered", "shapley"), (a, b, c, method) => {
				const all = [step("a", "a", a), step("b", "b", b), step("c", "c", c)];
				const found = bridge(model, { output: "y", from: new Map(), steps: all, method });
				const to = scalarOf(evaluate(model, { inputs: new Map(Object.entries({ a, b, c })) }), "y");
				const way = found.causes.map((_, i) => leftToRight({ ...found, causes: found.causes.slice(0, i) }));
				const largest = Math.max(...way.map(Math.abs));
				expect(leftToRight(found)).toBe(found.to);
				expect(found.causes).toHaveLength(3);
				if (largest <= 2 * to) expect(found.to).toBe(to);
				else expect(Math.abs(found.to - to)).toBeLessThanOrEqual(Number.EPSILON * largest);
				if (largest <= 2 * to) own++;
			}),
			{ numRuns: 2000, seed: 1 },
		);
		expect(own).toBeGreaterThan(1000);
	});

	it("moves no cause by more than a few last digits to do so", () => {
		fc.assert(
			fc.property(steps, (changes) => {
				const model = delivered();
				const all = changes.map(({ value }, i) =>
					step(`s${i}`, i % 2 === 0 ? "load" : "spares", Math.abs(value) + 0.1),
				);
				const found = bridge(model, { output: "y", from: new Map(), steps: all, method: "ordered" });
				let before = found.from;
				const inputs = new Map<string, number>();
				all.forEach(({ inputs: [moved] }, i) => {
					inputs.set(...(moved as [string, number]));
					const after = scalarOf(evaluate(model, { inputs }), "y");
					expect(Math.abs((found.causes[i]?.delta as number) - (after - before))).toBeLessThan(1e-13 * 100);
					before = after;
				});
			}),
			{ numRuns: 200, seed: 2 },
		);
	});

	it("shares evenly between causes that matter alike, and gives nothing to one that does not matter (Shapley)", () => {
		const product = e.multiply(e.multiply(numberInput("a", 1), numberInput("b", 1)), numberInput("c", 1));
		const model = buildModel([named("y", e.add(product, e.multiply(numberInput("d", 1), plain(0))))]);
		const found = bridge(model, {
			output: "y",
			from: new Map(),
			steps: ["a", "b", "c", "d"].map((id) => step(id, id, 3)),
			method: "shapley",
		});
		const [a, b, c, d] = found.causes.map(({ delta }) => delta);
		expect(a).toBeCloseTo(26 / 3, 12);
		expect(b).toBeCloseTo(26 / 3, 12);
		expect(c).toBeCloseTo(26 / 3, 12);
		expect(d).toBe(0);
		expect(leftToRight(found)).toBe(27);
	});

	it("does not depend on the order of its groups (Shapley)", () => {
		const model = delivered();
		const of = (all: readonly BridgeStep[]): Map<string, number> =>
			new Map(
				bridge(model, { ...ends, steps: all, method: "shapley" }).causes.map(({ cause, delta }) => [cause, delta]),
			);
		const there = of(ends.steps);
		const back = of([...ends.steps].reverse());
		for (const [cause, delta] of there) expect(back.get(cause)).toBeCloseTo(delta, 12);
		// By hand: load first 2, last 3 (from 2·1.5 to 4·1.5 less the spare's own): the mean of both orders.
		expect(there.get("load")).toBeCloseTo(2, 12);
		expect(there.get("spares")).toBeCloseTo(1, 12);
	});

	it("moves a group of inputs together, and series", () => {
		const path = e.input("path", one, { ...evidence, label: "path", value: { kind: "series", values: [1, 2] } });
		const model = buildModel([named("y", e.multiply(e.sumOverMonths(path), numberInput("k", 2)))]);
		const found = bridge(model, {
			output: "y",
			from: new Map(),
			steps: [
				{
					cause: "all",
					inputs: new Map<string, number | number[]>([
						["path", [5, 5]],
						["k", 3],
					]),
				},
			],
			method: "ordered",
		});
		expect(found).toMatchObject({ from: 6, to: 30, causes: [{ cause: "all", delta: 24 }] });
	});

	it.each(["ordered", "shapley"] as const)("has no causes and one number without steps: %s", (method) => {
		const found = bridge(delivered(), { output: "y", from: new Map(), steps: [], method });
		expect(found).toEqual({ method, from: 2, to: 2, causes: [] });
		expect(roundedCauses(found, 1, 2)).toEqual({ from: 2, to: 2, deltas: [] });
	});

	it("leaves inputs of other outputs alone", () => {
		const model = buildModel([named("y", numberInput("x", 1)), named("z", numberInput("other", 1))]);
		const found = bridge(model, {
			output: "y",
			from: new Map(),
			steps: [step("other", "other", 9)],
			method: "ordered",
		});
		expect(found.causes).toEqual([{ cause: "other", delta: 0 }]);
	});

	it.each<[string, string, () => unknown]>([
		[
			"an input that there is not",
			"unknown-input",
			() => bridge(delivered(), { ...ends, steps: [step("x", "nobody", 1)], method: "ordered" }),
		],
		[
			"thirteen groups to share over",
			"bad-step",
			() => bridge(delivered(), { ...ends, steps: thirteen, method: "shapley" }),
		],
		[
			"a step that leaves the table",
			"not-finite",
			() => bridge(looked(), { output: "y", from: new Map(), steps: [step("x", "x", 9)], method: "ordered" }),
		],
		[
			"an output that changes by month",
			"series-mismatch",
			() => bridge(monthly(), { output: "m", from: new Map(), steps: [], method: "ordered", months: 2 }),
		],
		[
			"an output that there is not",
			"unknown-node",
			() => bridge(delivered(), { ...ends, output: "nobody", method: "ordered" }),
		],
	])("refuses %s", (_, code, act) => {
		expect(act).toThrow(expect.objectContaining({ code }));
	});

	it("orders thirteen groups, which it would not share over", () => {
		const { from, to, causes } = bridge(delivered(), { ...ends, steps: thirteen, method: "ordered" });
		expect({ from, to, causes: causes.length }).toEqual({ from: 2, to: 2 / 13, causes: 13 });
	});
});

describe("roundedCauses", () => {
	it("adds up to the last cent, each cause within a cent of its own", () => {
		const amount = fc.double({ min: -1e6, max: 1e6, noNaN: true });
		fc.assert(
			fc.property(
				amount,
				fc.array(amount, { minLength: 1, maxLength: 9 }),
				fc.integer({ min: 0, max: 4 }),
				(from, deltas, digits) => {
					const of = bridgeOf(from, deltas);
					const rounded = roundedCauses(of, 1, digits);
					const cents = (x: number): number => Math.round(x * 10 ** digits);
					const sum = rounded.deltas.reduce((total, delta) => total + cents(delta), cents(rounded.from));
					expect(sum).toBe(cents(rounded.to));
					expect(Math.abs(rounded.to - of.to)).toBeLessThanOrEqual(0.5001 / 10 ** digits);
					rounded.deltas.forEach((delta, i) => {
						expect(Math.abs(delta - (deltas[i] as number))).toBeLessThan(1.001 / 10 ** digits);
					});
				},
			),
			{ numRuns: 1000, seed: 1 },
		);
	});
	it("gives what is left over to the largest remainders, and counts in the unit asked for", () => {
		const thirds = bridgeOf(0, [1 / 3, 1 / 3, 1 / 3]);
		expect(roundedCauses(thirds, 1, 2).deltas).toEqual([0.34, 0.33, 0.33]);
		expect(roundedCauses(bridgeOf(0, [0.001, 0.007, 0.002]), 1, 2).deltas).toEqual([0, 0.01, 0]);
		expect(roundedCauses(bridgeOf(0, [0.001, 0.002]), 0.001, 0)).toEqual({ from: 0, to: 3, deltas: [1, 2] });
	});
	it("has no −0", () => {
		expect(roundedCauses(bridgeOf(-0.001, [-0.0001, 0.0005]), 1, 2)).toEqual({ from: 0, to: 0, deltas: [0, 0] });
	});
	it("refuses digits that a double does not have", () => {
		expect(() => roundedCauses(bridgeOf(1e15, [1]), 1, 3)).toThrow(expect.objectContaining({ code: "bad-step" }));
	});
});

describe("reachedScalar", () => {
	it("refuses what is unreachable", () => {
		expect(reachedScalar(evaluate(delivered()), "y")).toBe(2);
		const outside = evaluate(looked(), { inputs: new Map([["x", 9]]) });
		expect(() => reachedScalar(outside, "y")).toThrow("y is unreachable");
	});
});

/** 2 ÷ load + spares. */
function delivered(): Model {
	return buildModel([named("y", e.add(e.divide(plain(2), numberInput("load", 1)), numberInput("spares", 0)))]);
}

const ends = {
	output: "y",
	from: new Map([["spares", 0]]),
	steps: [step("load", "load", 0.5), step("spares", "spares", 1)],
};
const thirteen = Array.from({ length: 13 }, (_, i) => step(`s${i}`, "load", i + 1));

function looked(): Model {
	const knots = [0, 1].map((x) => ({ ...evidence, x, y: x, row: `r${x}` }));
	const read = table({ id: "t", label: "t", xUnit: one, yUnit: one, scale: "linear", between: "C", knots });
	return buildModel([named("y", e.lookup(read, numberInput("x", 0.5)))]);
}

function monthly(): Model {
	return buildModel([named("m", e.monthIndex())]);
}

function named(id: string, of: AnyExpr): Bare {
	return e.define(id, one, of as Bare, { label: id });
}

function step(cause: string, id: string, value: number): BridgeStep {
	return { cause, inputs: new Map([[id, value]]) };
}

function bridgeOf(from: number, deltas: readonly number[]): Bridge {
	const to = deltas.reduce((sum, delta) => sum + delta, from);
	return { method: "ordered", from, to, causes: deltas.map((delta, i) => ({ cause: `c${i}`, delta })) };
}

function leftToRight({ from, causes }: Bridge): number {
	return causes.reduce((sum, { delta }) => sum + delta, from);
}

const steps = fc.array(fc.record({ input: fc.nat(), value: fc.double({ min: -5, max: 5, noNaN: true }) }), {
	minLength: 1,
	maxLength: 6,
});

/** Undefined where some step breaks the graph, or leaves a table. */
function randomBridge(
	graph: RandomGraph,
	changes: readonly { input: number; value: number }[],
	method: "ordered" | "shapley",
): Bridge | undefined {
	const whole = evaluated(graph);
	const output = graph.outputs.find(({ shape }) => shape === "scalar");
	if (whole === undefined || output === undefined) return undefined;
	const ids = whole.model.nodes
		.filter(({ op, shape }) => op === "input" && shape === "scalar")
		.map(({ id }) => id as string);
	if (ids.length === 0) return undefined;
	const all = changes.map(({ input, value }, i) => step(`step ${i}`, ids[input % ids.length] as string, value));
	const { id } = output.data as { id: string };
	try {
		return bridge(whole.model, { output: id, from: new Map(), steps: all, method, months: graph.months });
	} catch (error) {
		if (error instanceof ModelError && error.code === "not-finite") return undefined;
		throw error;
	}
}
