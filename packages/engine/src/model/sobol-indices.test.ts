import { describe, expect, it } from "vitest";
import { numberInput, plain, rangeInput } from "../../test-support/random-graph.ts";
import { one } from "../quantity/unit.ts";
import type { AnyExpr, Expr } from "./expression.ts";
import * as e from "./expression.ts";
import { buildModel } from "./flatten.ts";
import { sobolIndices } from "./sobol-indices.ts";

type Bare = Expr<Record<never, never>>;

describe("sobolIndices", () => {
	it("finds the closed forms of Sobol's g-function through the graph", () => {
		// I. M. Sobol, "Global sensitivity indices", Mathematics and Computers in Simulation 55 (2001), 271-280.
		const weights = [0, 1, 4.5, 9, 99, 99];
		const factors = weights.map((a, i) => {
			const x = rangeInput(`x${i}`, { kind: "uniform", low: 0, high: 1 });
			const off = e.absolute(e.subtract(e.multiply(plain(4), x), plain(2)));
			return e.divide(e.add(off, plain(a)), plain(1 + a)) as Bare;
		});
		const g = named(
			"g",
			factors.reduce((product, factor) => e.multiply(product, factor) as Bare),
		);
		const found = sobolIndices(buildModel([g]), "g", { seed: 1, rows: 8192 });
		const own = weights.map((a) => 1 / (3 * (1 + a) ** 2));
		const variance = own.reduce((product, v) => product * (1 + v), 1) - 1;
		const others = (i: number): number => own.reduce((product, v, j) => (j === i ? product : product * (1 + v)), 1);
		expect(found.inputs[0]?.input).toBe("x0");
		expect(found.mean).toBeCloseTo(1, 2);
		expect(found.evaluations).toBe(8 * 8192);
		for (const { input, first, total } of found.inputs) {
			const i = Number(input.slice(1));
			expect(Math.abs(first.value - (own[i] as number) / variance)).toBeLessThan(0.01);
			expect(Math.abs(total.value - ((own[i] as number) * others(i)) / variance)).toBeLessThan(0.01);
		}
	});

	it("is the same for the same seed, counts ranged inputs of the number alone, and works over months", () => {
		const x = rangeInput("x", { kind: "lognormal", p5: 1, p95: 3 });
		const z = rangeInput("z", { kind: "uniform", low: 0, high: 1 });
		const total = named("total", e.sumOverMonths(e.multiply(x, e.monthIndex())));
		const model = buildModel([total, named("other", z), named("fixed", numberInput("n", 2))]);
		const of = (): unknown => sobolIndices(model, "total", { seed: 4, rows: 512, months: 12 });
		expect(of()).toEqual(of());
		const { inputs } = sobolIndices(model, "total", { seed: 4, rows: 512, months: 12 });
		expect(inputs.map(({ input }) => input)).toEqual(["x"]);
		expect(inputs[0]?.first.value).toBeCloseTo(1, 1);
		expect(sobolIndices(model, "fixed", { seed: 1, rows: 64, months: 12 }).inputs).toEqual([]);
	});
});

function named(id: string, of: AnyExpr): Bare {
	return e.define(id, one, of as Bare, { label: id });
}
