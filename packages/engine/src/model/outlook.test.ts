import { describe, expect, it } from "vitest";
import { evidence, plain, rangeInput } from "../../test-support/random-graph.ts";
import { one } from "../quantity/unit.ts";
import type { AnyExpr, Expr } from "./expression.ts";
import * as e from "./expression.ts";
import type { Model } from "./flatten.ts";
import { buildModel } from "./flatten.ts";
import { chanceOfMissing, fan, fans } from "./outlook.ts";
import { quantile, sample } from "./sample.ts";
import { table } from "./table.ts";

type Bare = Expr<Record<never, never>>;

describe("chanceOfMissing", () => {
	it("is the share of draws beyond the target, and of those without a value", () => {
		const draws = Float64Array.of(1, 2, 3, 4, Number.NaN);
		expect(chanceOfMissing(draws, { atMost: 3 })).toEqual({
			probability: 0.4,
			standardError: Math.sqrt((0.4 * 0.6) / 5),
			unreachable: expect.closeTo(0.2, 14),
		});
		expect(chanceOfMissing(draws, { atLeast: 2 }).probability).toBe(0.4);
		expect(chanceOfMissing(draws.subarray(0, 4), { atLeast: 1 }).probability).toBe(0);
	});

	it("agrees with the closed form within three standard errors", () => {
		const x = rangeInput("x", { kind: "lognormal", p5: 1, p95: 4 });
		const draws = sample(buildModel([x]), { draws: 50_000, seed: 1 }).values.get("x") as Float64Array;
		const { probability, standardError } = chanceOfMissing(draws, { atMost: 4 });
		expect(Math.abs(probability - 0.05) / standardError).toBeLessThan(3);
	});
});

describe("fan", () => {
	it("has the exact quantiles of each month, however little memory it may use", () => {
		const model = growing();
		const common = { draws: 3000, seed: 2, months: 7, quantiles: [0.05, 0.5, 0.99] };
		const whole = fan(model, "path", common);
		for (const memory of [1, 8 * 3000 * 2, 8 * 3000 * 5])
			expect(fan(model, "path", { ...common, memory })).toEqual(whole);
		for (const backend of ["interpreted", "compiled"] as const) {
			expect(fan(model, "path", { ...common, backend, block: 100 })).toEqual(whole);
		}
		for (let t = 0; t < 7; t++) {
			const month = buildModel([named("m", e.firstMonthWhere(e.monthIndex(), ">=", plain(t))), growing.at(t)]);
			const draws = sample(month, { draws: 3000, seed: 2, months: 7, keep: ["at"] }).values.get("at") as Float64Array;
			whole.quantiles.forEach((p, k) => expect(whole.bands[k]?.[t]).toBe(quantile(draws, p)));
		}
		expect(whole.coverage).toEqual(new Array(7).fill(1));
	});

	it("draws several series at once as it does each alone", () => {
		const model = buildModel([named("path", path()), named("twice", e.multiply(path(), plain(2)) as Bare)]);
		const common = { draws: 600, seed: 3, months: 12 };
		const each = ["twice", "path"].map((id) => fan(model, id, common));
		expect(fans(model, ["twice", "path"], common)).toEqual(each);
		expect(fans(model, ["twice", "path"], { ...common, memory: 600 * 8 * 6 })).toEqual(each);
		expect(each[0]?.bands[1]).toEqual(each[1]?.bands[1]?.map((value) => 2 * value));
	});

	it("tells how many draws have a value in a month", () => {
		const knots = [0, 3].map((x) => ({ ...evidence, x, y: x, row: `row ${x}` }));
		const known = table({ id: "t", label: "t", xUnit: one, yUnit: one, scale: "linear", between: "C", knots });
		const x = rangeInput("x", { kind: "uniform", low: 0, high: 2 });
		const model = buildModel([named("path", e.lookup(known, e.multiply(x, e.monthIndex()) as Bare))]);
		const { coverage, bands } = fan(model, "path", { draws: 4000, seed: 1, months: 30 });
		expect(coverage.slice(0, 2)).toEqual([1, 1]);
		expect(coverage[2]).toBeCloseTo(0.75, 1);
		expect(bands.map((band) => band.length)).toEqual([30, 30, 30]);
	});

	it("uses memory for a few months whatever the number of draws, and refuses what is no series", () => {
		const model = growing();
		const sizes: number[] = [];
		const own = globalThis.Float64Array;
		class Counted extends own {
			constructor(...args: [number]) {
				super(...args);
				if (typeof args[0] === "number") sizes.push(args[0] * 8);
			}
		}
		const peak = (draws: number): number => {
			sizes.length = 0;
			globalThis.Float64Array = Counted as never;
			try {
				fan(model, "path", { draws, seed: 1, months: 40, memory: 1e6 });
			} finally {
				globalThis.Float64Array = own;
			}
			return sizes.filter((size) => size === 8 * draws).length;
		};
		expect(peak(20_000)).toBeLessThanOrEqual(6 + 40);
		expect(() => fan(buildModel([named("x", plain(1))]), "x", { draws: 10, seed: 1 })).toThrow(
			expect.objectContaining({ code: "series-mismatch" }),
		);
		expect(() => fan(model, "path", { draws: 0, seed: 1, months: 3 })).toThrow(
			expect.objectContaining({ code: "bad-step" }),
		);
	});
});

function path(): Bare {
	const start = rangeInput("start", { kind: "lognormal", p5: 1, p95: 2 });
	const growth = rangeInput("growth", { kind: "lognormal", p5: 1, p95: 1.1 });
	return e.multiply(start, e.power(growth, e.monthIndex())) as Bare;
}

function growing(): Model {
	return buildModel([named("path", path())]);
}

/** The same path in one month, as a scalar. */
growing.at = (month: number): Bare => {
	const hit = e.when(e.monthIndex(), "=", plain(month), path(), plain(0));
	return named("at", e.sumOverMonths(hit));
};

function named(id: string, of: AnyExpr): Bare {
	return e.define(id, one, of as Bare, { label: id });
}
