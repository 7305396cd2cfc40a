import { describe, expect, it } from "vitest";
import { evidence, numberInput, plain, rangeInput } from "../../test-support/random-graph.ts";
import { one } from "../quantity/unit.ts";
import type { AnyExpr, Expr } from "./expression.ts";
import * as e from "./expression.ts";
import { buildModel } from "./flatten.ts";
import { flips } from "./flip.ts";
import { table } from "./table.ts";

type Bare = Expr<Record<never, never>>;
const OPTIONS = ["own", "rent"] as const;

describe("flips", () => {
	it("find the break-even of each input, and never as an answer", () => {
		// Owning costs 100 + 2 a month used, renting the rate a month used: even at rate = 2 + 100 / months.
		const months = rangeInput("months", { kind: "uniform", low: 10, high: 70 });
		const rate = rangeInput("rate", { kind: "uniform", low: 3, high: 5 });
		const staff = rangeInput("staff", { kind: "uniform", low: 1.9, high: 2.1 });
		const own = named("own", e.add(plain(100), e.multiply(staff, months)));
		const found = flips(buildModel([own, named("rent", e.multiply(rate, months))]), { options: OPTIONS });
		expect(found.map(({ input }) => input)).toEqual(["months", "rate", "staff"]);
		const [ofMonths, ofRate, ofStaff] = found;
		// Central: 40 months at 4: own 180, rent 160. Even at a rate of 4.5, and at 50 months.
		expect(ofRate?.nearest).toEqual({
			kind: "flips",
			value: expect.closeTo(4.5, 10),
			quantile: expect.closeTo(0.75, 10),
		});
		expect(ofRate?.below).toEqual({ kind: "never" });
		expect(ofMonths?.nearest).toMatchObject({ kind: "flips", value: expect.closeTo(50, 9) });
		expect(ofMonths?.central).toBe(40);
		expect(ofStaff).toMatchObject({ below: { kind: "never" }, above: { kind: "never" }, nearest: { kind: "never" } });
	});

	it("give a value at which the ranking has changed, right after one at which it has not", () => {
		const x = rangeInput("x", { kind: "lognormal", p5: 1, p95: 10 });
		const model = buildModel([named("own", e.multiply(x, x)), named("rent", e.multiply(x, plain(4.7)))]);
		const [flip] = flips(model, { options: OPTIONS });
		expect(flip?.nearest).toMatchObject({ kind: "flips", value: expect.closeTo(4.7, 10) });
		expect(flip?.nearest.kind === "flips" && flip.nearest.value >= 4.7).toBe(true);
	});

	it("tell a jump: the first value beyond a step, or the next of a few", () => {
		const x = rangeInput("x", { kind: "uniform", low: 0, high: 10 });
		const size = rangeInput("size", { kind: "discrete", values: [4, 8, 72], weights: [1, 1, 1] });
		const own = named("own", e.add(e.ceilTo(x, plain(4)), size));
		const model = buildModel([own, named("rent", plain(17))]);
		const found = flips(model, { options: OPTIONS });
		expect(found.find(({ input }) => input === "x")?.above).toMatchObject({ value: expect.closeTo(8, 7) });
		expect(found.find(({ input }) => input === "size")?.above).toMatchObject({ kind: "flips", value: 72 });
	});

	it("tell where an option is lost, on both sides", () => {
		const knots = [4, 6].map((x) => ({ ...evidence, x, y: 1, row: `row ${x}` }));
		const speed = table({ id: "t", label: "t", xUnit: one, yUnit: one, scale: "linear", between: "C", knots });
		const at = rangeInput("at", { kind: "uniform", low: 0, high: 10 });
		const found = flips(buildModel([named("own", e.lookup(speed, at)), named("rent", plain(2))]), { options: OPTIONS });
		expect(found[0]?.above).toMatchObject({ kind: "unreachable", option: "own", value: expect.closeTo(6, 9) });
		expect(found[0]?.below).toMatchObject({ kind: "unreachable", option: "own", value: expect.closeTo(4, 9) });
	});

	it("search the range asked for, over months, and leave fixed inputs out", () => {
		const growth = rangeInput("growth", { kind: "uniform", low: 0, high: 1 });
		const need = e.sumOverMonths(e.multiply(growth, e.monthIndex()));
		const model = buildModel([named("own", need), named("rent", e.multiply(numberInput("n", 1), plain(60)))]);
		const of = (within: readonly [number, number]): unknown =>
			flips(model, { options: OPTIONS, months: 12, within })[0]?.nearest;
		expect(of([0.05, 0.9])).toEqual({ kind: "never" });
		expect(of([0.05, 0.95])).toMatchObject({ kind: "flips", value: expect.closeTo(60 / 66, 10) });
		expect(flips(model, { options: OPTIONS, months: 12 })).toHaveLength(1);
	});

	it("hold an option against several others, each only where it depends on the input", () => {
		const x = rangeInput("x", { kind: "uniform", low: 0, high: 10 });
		const y = rangeInput("y", { kind: "uniform", low: 0, high: 10 });
		// Central: own 5, rent 8, api y + 2 = 7. Rent is met at x = 8; api at x = 7, and at y = 3.
		const never = e.firstMonthWhere(e.multiply(y, e.monthIndex()), ">", plain(99));
		const lost = named("lost", e.add(never, plain(0)));
		const all = [named("own", x), named("rent", plain(8)), named("api", e.add(y, plain(2))), lost];
		const found = flips(buildModel(all), { options: ["own", "rent", "api"], months: 3 });
		expect(found.map(({ input, against }) => [input, against])).toEqual([
			["x", "api"],
			["y", "api"],
		]);
		expect(found[0]?.nearest).toMatchObject({ kind: "flips", value: expect.closeTo(7, 9) });
		expect(found[1]?.nearest).toMatchObject({ kind: "flips", value: expect.closeTo(3, 9) });
		const [ofX, ofY] = flips(buildModel(all), { options: ["own", "rent", "lost"], months: 3 }).sort((a, b) =>
			a.input < b.input ? -1 : 1,
		);
		expect(ofX).toMatchObject({ against: "lost", nearest: { kind: "unreachable", quantile: 0.5 } });
		expect(ofY).toMatchObject({ against: "lost", nearest: { kind: "unreachable", quantile: 0.5 } });
	});

	it("tell a tie at the centre, and what has no value there", () => {
		const x = rangeInput("x", { kind: "uniform", low: -1, high: 1 });
		const [flip] = flips(buildModel([named("own", x), named("rent", plain(0))]), { options: OPTIONS });
		expect(flip?.nearest).toMatchObject({ kind: "flips" });
		const path = e.multiply(x, e.monthIndex());
		const never = e.firstMonthWhere(path, ">", plain(9));
		const lost = flips(buildModel([named("own", never), named("rent", plain(0))]), { options: OPTIONS, months: 3 });
		expect(lost[0]?.nearest).toEqual({ kind: "unreachable", value: 0, quantile: 0.5, option: "own" });
	});
});

function named(id: string, of: AnyExpr): Bare {
	return e.define(id, one, of as Bare, { label: id });
}
