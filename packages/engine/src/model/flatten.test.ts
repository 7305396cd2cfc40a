import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { evaluated, evidence, numberInput, plain, randomGraph } from "../../test-support/random-graph.ts";
import type { Dimensionless } from "../quantity/dimension.ts";
import { minute, one, second, usd } from "../quantity/unit.ts";
import { evaluate, scalarOf, seriesOf } from "./evaluate.ts";
import type { Expr } from "./expression.ts";
import * as e from "./expression.ts";
import { buildModel, modelHash, nodeIndex } from "./flatten.ts";
import { subModel } from "./sub-model.ts";
import type { Table } from "./table.ts";
import { table } from "./table.ts";

type Bare = Expr<Dimensionless>;

describe("buildModel", () => {
	it("computes a shared part once, also where it was written twice", () => {
		const x = numberInput("x", 2);
		const twice = named("y", e.add(e.multiply(x, plain(3)), e.multiply(numberInput("x", 2), plain(3))));
		const { nodes } = buildModel([twice]);
		expect(nodes.map(({ op }) => op)).toEqual(["input", "const", "mul", "add", "node"]);
	});

	it("keeps constants of different units apart, and like lags together", () => {
		const month = e.monthIndex();
		const lag = (): Bare => e.previous(month, plain(0));
		const sum = named("s", e.add(e.sumOverMonths(e.add(lag(), lag())), plain(60)));
		const cost = e.define("c", usd, e.constant(60, usd), { label: "c" });
		const { nodes } = buildModel([sum, cost]);
		expect(nodes.filter(({ op }) => op === "lag")).toHaveLength(1);
		expect(nodes.filter(({ op, value }) => op === "const" && value === 60)).toHaveLength(2);
		const times = e.divide(e.constant(60, second), e.constant(1, minute));
		expect(buildModel([named("r", times as Bare)]).nodes.filter(({ op }) => op === "const")).toHaveLength(2);
	});

	it("puts arguments before what uses them, and finished series before their totals", () => {
		fc.assert(
			fc.property(randomGraph(), ({ outputs }) => {
				const { nodes } = buildModel(outputs);
				for (const node of nodes) {
					for (const arg of node.args) {
						expect(arg).toBeLessThan(node.index);
						expect(nodes[arg]?.stage).toBeLessThanOrEqual(node.stage);
					}
					if (node.target !== undefined) expect(nodes[node.target]?.stage).toBeLessThanOrEqual(node.stage);
					if (["sum", "irr"].includes(node.op)) expect(nodes[node.args[0] as number]?.stage).toBeLessThan(node.stage);
				}
			}),
			{ numRuns: 200, seed: 1 },
		);
	});

	it("looks back at a name that is defined downstream", () => {
		const before = e.previous(e.seriesRef("fibonacci", one), plain(1));
		const earlier = e.lagged(e.seriesRef("fibonacci", one), 2, plain(0));
		const fibonacci = named("fibonacci", e.when(e.monthIndex(), "=", plain(0), plain(1), e.add(before, earlier)));
		const path = seriesOf(evaluate(buildModel([fibonacci]), { months: 8 }), "fibonacci");
		expect(Array.from(path)).toEqual([1, 1, 2, 3, 5, 8, 13, 21]);
	});

	it("lets a series use a total of another, and that total's series a total before it", () => {
		const mean = named("mean", e.divide(e.sumOverMonths(e.monthIndex()), plain(4)));
		const spread = e.sumOverMonths(e.absolute(e.subtract(e.monthIndex(), mean)));
		const model = buildModel([named("share", e.divide(e.subtract(e.monthIndex(), mean), spread))]);
		expect(model.stages).toBe(3);
		expect(Array.from(seriesOf(evaluate(model, { months: 4 }), "share"))).toEqual([-0.375, -0.125, 0.125, 0.375]);
	});

	it.each<[string, string, () => unknown]>([
		["two inputs of one name", "duplicate-id", () => [named("y", e.add(numberInput("x", 1), numberInput("x", 2)))]],
		["one input from two sources", "duplicate-id", () => [named("y", e.add(sourced("a"), sourced("b")))]],
		["two formulas of one name", "duplicate-id", () => [named("y", plain(1)), named("y", plain(2))]],
		["one formula with two labels", "duplicate-id", () => [named("y", plain(1)), named("y", plain(1), "other")]],
		["an input named as a formula", "duplicate-id", () => [named("x", numberInput("x", 1))]],
		["two tables of one name", "duplicate-id", () => [named("y", e.add(read(1), read(2)))]],
		["a nameless output", "unknown-node", () => [plain(1)]],
		["a look back at nobody", "unknown-node", () => [named("y", e.previous(e.seriesRef("nobody", one), plain(1)))]],
		[
			"a look back in another unit",
			"unit-mismatch",
			() => [named("y", e.previous(e.seriesRef("y", usd), e.constant(1, usd)) as never)],
		],
		["a series on its own total", "circular", () => [circle()]],
	])("refuses %s", (_, code, outputs) => {
		expect(() => buildModel(outputs() as Bare[])).toThrow(expect.objectContaining({ code }));
	});

	it("takes equal tables of one name as one", () => {
		const { nodes } = buildModel([named("y", e.add(read(1), read(1)))]);
		expect(nodes.filter(({ op }) => op === "lookup")).toHaveLength(1);
	});
});

describe("modelHash", () => {
	it("is equal for equal models, and only for them", () => {
		const model = (x: number, label = "y"): string =>
			modelHash(buildModel([named("y", e.add(numberInput("x", x), plain(1)), label)]));
		expect(model(1)).toBe(model(1));
		expect(model(1)).toMatch(/^[0-9a-f]{64}$/);
		expect(model(1)).not.toBe(model(2));
		expect(model(1)).not.toBe(model(1, "z"));
		const order = (first: "a" | "b"): string =>
			modelHash(buildModel([named(first, plain(1)), named(first === "a" ? "b" : "a", plain(1))]));
		expect(order("a")).not.toBe(order("b"));
	});
	it("sees a changed knot of a table", () => {
		expect(modelHash(buildModel([named("y", read(1))]))).not.toBe(modelHash(buildModel([named("y", read(2))])));
	});
});

describe("subModel", () => {
	it("has the same values as the whole", () => {
		fc.assert(
			fc.property(randomGraph(), fc.nat(), (graph, pick) => {
				const { outputs, months } = graph;
				const whole = evaluated(graph);
				if (whole === undefined) return;
				const scalars = outputs
					.filter(({ shape }) => shape === "scalar")
					.map(({ data }) => (data as { id: string }).id);
				const id = scalars[pick % scalars.length];
				if (id === undefined) return;
				const part = subModel(whole.model, [id]);
				expect(part.nodes.length).toBeLessThanOrEqual(whole.model.nodes.length);
				expect(scalarOf(evaluate(part, { months }), id)).toBe(scalarOf(whole, id));
			}),
			{ numRuns: 300, seed: 2 },
		);
	});
	it("knows only its own names", () => {
		const model = buildModel([named("a", numberInput("x", 1)), named("b", numberInput("y", 1))]);
		expect([...subModel(model, ["a"]).byId.keys()]).toEqual(["x", "a"]);
		expect(() => nodeIndex(subModel(model, ["a"]), "b")).toThrow("no node b");
	});
});

function named(id: string, of: Bare, label = id): Bare {
	return e.define(id, one, of, { label });
}

function sourced(source: string): Bare {
	return numberInput("x", 1, { source });
}

function read(y: number): Bare {
	return e.lookup(oneKnot(y), plain(0));
}

function oneKnot(y: number): Table<Dimensionless, Dimensionless> {
	const knots = [{ ...evidence, x: 0, y, row: "row" }];
	return table({ id: "t", label: "t", xUnit: one, yUnit: one, scale: "linear", between: "C", knots });
}

/** A path that adds a share of its own total. */
function circle(): Bare {
	const before = e.previous(e.seriesRef("path", one), plain(1));
	const total = e.sumOverMonths(before);
	return named("path", e.add(e.monthIndex(), e.multiply(total, plain(0.1))));
}
