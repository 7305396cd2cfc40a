import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { evaluated, evidence, numberInput, plain, randomGraph } from "../../test-support/random-graph.ts";
import type { Dimensionless, Dims } from "../quantity/dimension.ts";
import type { Unit } from "../quantity/unit.ts";
import { gpu, one, per, second, tokensPerGpuSecond, usd, usdPerGpuHour, usdPerMtok } from "../quantity/unit.ts";
import { evaluate } from "./evaluate.ts";
import type { AnyExpr, Expr } from "./expression.ts";
import * as e from "./expression.ts";
import { buildModel } from "./flatten.ts";
import { valueAt } from "./node-value.ts";
import { table } from "./table.ts";
import type { WhyNode } from "./why.ts";
import { why } from "./why.ts";

type Bare = Expr<Dimensionless>;

describe("why", () => {
	it("prints a small model as a textbook would", () => {
		const rate = e.input("rate.gpu_hour", usdPerGpuHour, {
			label: "Rent of a GPU",
			value: { kind: "point", value: usdPerGpuHour.factor * 2.5 },
			source: "rate-card/2026-07/rent",
			asOf: "2026-07-01",
			grade: "E",
		});
		const cost = e.define(
			"unit_cost.headline.total",
			usdPerMtok("total"),
			e.divide(rate, e.lookup(frontier(), speedWanted(25))) as never,
			{ label: "Cost per million tokens", formula: "handbook/method#unit-cost", tags: { basis: "headline" } },
		);
		const tree = why(evaluate(buildModel([cost])), "unit_cost.headline.total");
		expect(printed(tree)).toBe(
			[
				"unit_cost.headline.total: 0.378 USD/Mtok E 2026-03-02 interpolated",
				"  = rate.gpu_hour ÷ B200, TensorRT-LLM[slo.interactivity] (handbook/method#unit-cost)",
				"  rate.gpu_hour: 2.5 USD/GPU-hr E 2026-07-01, from rate-card/2026-07/rent, share 1.00",
				"  row-20: 2000 tok/s/GPU B 2026-03-02 measured, from InferenceX run 20, share 1.00; read at 25 tok/s/user",
				"  row-30: 1500 tok/s/GPU B 2026-03-30 measured, from InferenceX run 30, share 1.00; read at 25 tok/s/user",
				"  slo.interactivity: 25 tok/s/user E 2026-11-01, from scenario, share 0.72",
			].join("\n"),
		);
		expect(tree.value).toMatchObject({ tokens: "total", basis: "headline", currency_date: "2026-03-02" });
		expect(tree.inputs.at(-1)?.source?.role).toBe("condition");
	});

	it("shows the one row that stands where a table is read, and the last one before the gap", () => {
		const at = (x: number): WhyNode => why(evaluate(buildModel([speedAt(x)])), "speed");
		expect(at(30).inputs.map(({ node }) => node)).toEqual(["row-30", "slo.interactivity"]);
		expect(at(30).value).toMatchObject({ state: "measured", grade: "B", as_of: "2026-03-30", value: 1500 });
		expect(at(30).inputs[0]).not.toHaveProperty("note");
		const outside = at(99);
		expect(outside.value).toMatchObject({ state: "unreachable", unit: "tok/s/GPU" });
		expect(outside.value).not.toHaveProperty("value");
		expect(outside.inputs.map(({ node }) => node)).toEqual(["row-40", "slo.interactivity"]);
	});

	it("shows only the branch taken", () => {
		const [small, large] = [named("small", numberInput("s", 1)), named("large", numberInput("l", 9))];
		const size = named("size", e.when(numberInput("n", 3), "<", plain(5), small, large));
		const tree = why(evaluate(buildModel([size])), "size");
		expect(tree.formula).toBe("small (since n < 5 is true)");
		expect(names(tree)).toEqual(["size", "small", "s", "n"]);
		const other = why(evaluate(buildModel([size]), { inputs: new Map([["n", 7]]) }), "size");
		expect(names(other)).toEqual(["size", "large", "l", "n"]);
	});

	it("names a quantity once among the inputs of a formula, however often it stands there", () => {
		const x = numberInput("x", 2);
		const tree = why(evaluate(buildModel([named("y", e.add(e.multiply(x, x), x))])), "y");
		expect(tree.formula).toBe("x × x + x");
		expect(tree.inputs).toHaveLength(1);
	});

	it("ends at leaves that all have a source with date and grade, and has the values of the evaluation", () => {
		let leaves = 0;
		fc.assert(
			fc.property(randomGraph(), fc.nat(), (graph, pick) => {
				const evaluation = evaluated(graph);
				if (evaluation === undefined) return;
				const month = pick % graph.months;
				for (const id of evaluation.model.outputs) {
					const tree = why(evaluation, id, { month });
					for (const node of nodesOf(tree)) {
						if (node.inputs.length > 0) {
							expect(node.formula).toEqual(expect.any(String));
							expect(node.source).toBeUndefined();
							continue;
						}
						leaves++;
						const byDefinition = node.formula !== undefined;
						expect(node.source?.source).toBe(byDefinition ? "by definition" : "a test");
						expect(node.source?.grade).toMatch(/^[A-E]$/);
						if (!byDefinition) expect(node.source?.as_of).toBe("2026-05-01");
					}
					for (const { node, value, month: at } of nodesOf(tree)) {
						const index = evaluation.model.byId.get(node);
						if (index === undefined) continue;
						const unit = evaluation.model.nodes[index]?.unit as Unit<Dims>;
						const expected = valueAt(evaluation, index, at ?? 0) / unit.factor;
						if (Number.isNaN(expected)) expect(value.state).toBe("unreachable");
						else expect(value.value).toBe(expected + 0);
					}
				}
			}),
			{ numRuns: 300, seed: 1 },
		);
		expect(leaves).toBeGreaterThan(1000);
	});

	it("shows the month asked for, and folds the month before to its leaves", () => {
		const growth = numberInput("growth", 2);
		const before = e.previous(e.seriesRef("cash", one), numberInput("start", 10));
		const cash = named("cash", e.multiply(before, growth));
		const evaluation = evaluate(buildModel([cash]), { months: 5 });
		const first = why(evaluation, "cash");
		expect(first.formula).toBe("start × growth");
		expect(first.month).toBe(0);
		const later = why(evaluation, "cash", { month: 3 });
		expect(later.formula).toBe("cash[1 month before] × growth");
		expect(later.value.value).toBe(160);
		expect(later.inputs.map(({ node, month, folded }) => [node, month, folded])).toEqual([
			["cash", 2, true],
			["growth", undefined, undefined],
		]);
		expect(later.inputs[0]?.value.value).toBe(80);
		expect(later.inputs[0]?.inputs.map(({ node }) => node).sort()).toEqual(["growth", "start"]);
		expect(() => why(evaluation, "cash", { month: 5 })).toThrow(expect.objectContaining({ code: "bad-step" }));
	});

	it("folds a series input to the latest month that was read", () => {
		const values = [1, 2, 4, 8];
		const flow = e.input("flow", one, { ...evidence, label: "flow", value: { kind: "series", values } });
		const stock = named("stock", e.add(e.previous(e.seriesRef("stock", one), plain(0)), flow));
		const [before, now] = why(evaluate(buildModel([stock])), "stock", { month: 3 }).inputs;
		expect(before).toMatchObject({ node: "stock", month: 2, value: { value: 7 } });
		expect(before?.inputs).toMatchObject([{ node: "flow", month: 2, value: { value: 4 } }]);
		expect(now).toMatchObject({ node: "flow", month: 3, value: { value: 8 } });
	});

	it("says nothing of shares that cannot be told", () => {
		const tree = why(evaluate(buildModel([named("y", e.subtract(numberInput("a", 3), numberInput("b", 3)))])), "y");
		expect(tree.inputs.map(({ share }) => share)).toEqual([undefined, undefined]);
	});

	it("stays small where quantities lean on each other for sixty months", () => {
		const half = (id: string): Bare => e.multiply(e.previous(e.seriesRef(id, one), plain(1)), plain(0.5));
		const x = named("x", e.add(half("x"), half("y"), numberInput("a", 1)));
		const y = named("y", e.add(half("x"), half("y"), numberInput("b", 1)));
		const evaluation = evaluate(buildModel([x, y]), { months: 60 });
		expect([...nodesOf(why(evaluation, "x", { month: 59 }))].length).toBeLessThan(20);
	});

	it("stays small where quantities share and share again", () => {
		let level: Bare = numberInput("x", 1);
		for (let i = 0; i < 60; i++) level = named(`level${i}`, e.subtract(e.add(level, level), level));
		let [left, right] = [named("l", numberInput("p", 1)), named("r", numberInput("q", 1))];
		for (let i = 0; i < 40; i++) {
			[left, right] = [named(`l${i}`, e.add(left, right)), named(`r${i}`, e.subtract(left, right))];
		}
		const evaluation = evaluate(buildModel([level, left]));
		expect([...nodesOf(why(evaluation, "level59"))].length).toBe(61);
		const wide = [...nodesOf(why(evaluation, "l39"))];
		expect(wide.length).toBeLessThan(4000);
		expect(new Set(wide.map(({ node }) => node)).size).toBe(83);
	});

	it("explains an input by itself, and a definition by its citation", () => {
		const spec = { ...evidence, at: "prices.csv:7", note: "list price", owner: "finance", label: "Price" };
		const price = e.input("price", usd, { ...spec, value: { kind: "point", value: 3 } });
		const year = named("hours", plain(8760), { formula: "handbook/units" });
		const evaluation = evaluate(buildModel([price, year]));
		expect(why(evaluation, "price")).toMatchObject({
			node: "price",
			label: "Price",
			source: {
				source: "a test",
				as_of: "2026-05-01",
				grade: "B",
				at: "prices.csv:7",
				note: "list price",
				owner: "finance",
			},
			inputs: [],
		});
		expect(why(evaluation, "hours").source?.source).toBe("handbook/units");
		expect(() => why(evaluation, "nobody")).toThrow(expect.objectContaining({ code: "unknown-node" }));
	});
});

function* nodesOf(tree: WhyNode): Generator<WhyNode> {
	yield tree;
	for (const input of tree.inputs) yield* nodesOf(input);
}

function names(tree: WhyNode): string[] {
	return [...nodesOf(tree)].map(({ node }) => node);
}

function named(id: string, of: AnyExpr, more: { formula?: string } = {}): Bare {
	return e.define(id, one, of as Bare, { label: id, ...more });
}

const perUser = per(gpu, second);

function frontier(): ReturnType<
	typeof table<typeof perUser.dims, ReturnType<typeof tokensPerGpuSecond<"total">>["dims"]>
> {
	const knots = [
		[20, 2000, "2026-03-02"],
		[30, 1500, "2026-03-30"],
		[40, 700, "2026-05-11"],
	] as const;
	return table({
		id: "frontier/b200",
		label: "B200, TensorRT-LLM",
		xUnit: { ...perUser, symbol: "tok/s/user" },
		yUnit: tokensPerGpuSecond("total"),
		scale: "log",
		between: "C",
		knots: knots.map(([x, y, asOf]) => ({ x, y, asOf, row: `row-${x}`, source: `InferenceX run ${x}`, grade: "B" })),
	});
}

function speedWanted(x: number): Expr<typeof perUser.dims> {
	return e.input(
		"slo.interactivity",
		{ ...perUser, symbol: "tok/s/user" },
		{
			label: "Interactivity wanted",
			value: { kind: "point", value: x },
			source: "scenario",
			asOf: "2026-11-01",
			grade: "E",
			role: "condition",
		},
	);
}

function speedAt(x: number): AnyExpr {
	return e.define("speed", tokensPerGpuSecond("total"), e.lookup(frontier(), speedWanted(x)), { label: "speed" });
}

/** A tree as indented text. */
function printed(tree: WhyNode, indent = ""): string {
	const { value, unit, grade, as_of, state } = tree.value;
	const number = value === undefined ? "none" : String(Number(value.toPrecision(3)));
	const from = tree.source === undefined ? "" : `, from ${tree.source.source}`;
	const share = tree.share === undefined ? "" : `, share ${tree.share.toFixed(2)}`;
	const note = tree.note === undefined ? "" : `; ${tree.note}`;
	const stands = state === undefined ? "" : ` ${state}`;
	const head = `${indent}${tree.node}: ${number} ${unit} ${grade} ${as_of}${stands}${from}${share}${note}`;
	const formula = tree.formula === undefined ? [] : [`${indent}  = ${tree.formula} (${tree.formula_source})`];
	return [head, ...formula, ...tree.inputs.map((input) => printed(input, `${indent}  `))].join("\n");
}
