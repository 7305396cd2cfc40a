import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { choose, compare, discounted, onlyRateOfReturn, ratesOfReturn, roundToStep } from "./arithmetic.ts";

describe("roundToStep", () => {
	it("goes up, down and to the nearest multiple", () => {
		expect(roundToStep("ceil", 11.6, 1)).toBe(12);
		expect(roundToStep("floor", 11.6, 1)).toBe(11);
		expect(roundToStep("round", 11.6, 1)).toBe(12);
		expect(roundToStep("ceil", 73, 72)).toBe(144);
		expect(roundToStep("floor", -1.5, 1)).toBe(-2);
		expect(roundToStep("ceil", 0, 8)).toBe(0);
	});
	it("forgives 1e-9 relative, on both sides of a multiple", () => {
		expect(roundToStep("ceil", 12.0000000001, 1)).toBe(12);
		expect(roundToStep("floor", 11.9999999999, 1)).toBe(12);
		expect(roundToStep("ceil", 12.0000001, 1)).toBe(13);
		expect(roundToStep("floor", 11.9999999, 1)).toBe(11);
		expect(roundToStep("ceil", 0.1 + 0.2, 0.3)).toBe(0.3);
	});
	it("keeps whole numbers whole, however large", () => {
		for (const n of [5e8, 3e9, 1e12, 123_456_789_012]) {
			expect(roundToStep("ceil", n, 1)).toBe(n);
			expect(roundToStep("floor", n, 1)).toBe(n);
		}
	});
	it("is, to the bit, the nearest multiple where that is near, else the next", () => {
		const whole = fc.integer({ min: -(2 ** 31), max: 2 ** 31 });
		const near = fc.tuple(whole, fc.double({ min: -3e-9, max: 3e-9, noNaN: true })).map(([n, by]) => n * (1 + by));
		const halves = whole.map((n) => n / 2);
		const huge = fc.double({ min: -1e18, max: 1e18, noNaN: true });
		const tiny = fc.double({ min: -2, max: 2, noNaN: true });
		const odd = fc.constantFrom(0, -0, 0.49999999999999994, 2 ** 52 + 1, 2 ** 53 + 2, -(2 ** 53), 5e8 + 0.5, Infinity);
		fc.assert(
			fc.property(fc.oneof(near, halves, huge, tiny, odd), (x) => {
				const nearest = Math.round(x);
				const isNear = Math.abs(x - nearest) <= 1e-9 * Math.abs(x);
				expect(roundToStep("ceil", x, 1)).toBe(isNear ? nearest : Math.ceil(x));
				expect(roundToStep("floor", x, 1)).toBe(isNear ? nearest : Math.floor(x));
				expect(roundToStep("round", x, 1)).toBe(nearest);
			}),
			{ numRuns: 20_000, seed: 1 },
		);
	});
	it("never falls short of the number, nor goes a step beyond it", () => {
		const parameters = { min: 0.001, max: 1e6, noNaN: true };
		fc.assert(
			fc.property(fc.double(parameters), fc.double(parameters), (x, step) => {
				const up = roundToStep("ceil", x, step);
				const down = roundToStep("floor", x, step);
				expect(up).toBeGreaterThanOrEqual(x * (1 - 2e-9));
				expect(up).toBeLessThan(x + step * (1 + 1e-9));
				expect(down).toBeLessThanOrEqual(x * (1 + 2e-9));
				expect(down).toBeGreaterThan(x - step * (1 + 1e-9));
			}),
			{ numRuns: 1000, seed: 1 },
		);
	});
});

describe("conditions", () => {
	it("compare by the sign given", () => {
		expect(([">", ">=", "=", "<=", "<"] as const).map((sign) => compare(2, sign, 2))).toEqual([
			false,
			true,
			true,
			true,
			false,
		]);
	});
	it("have no answer where a side has none", () => {
		expect(choose(1, "<", 2, 10, Number.NaN)).toBe(10);
		expect(choose(3, "<", 2, 10, 20)).toBe(20);
		expect(choose(Number.NaN, "<", 2, 10, 20)).toBeNaN();
		expect(choose(1, "=", Number.NaN, 10, 20)).toBeNaN();
	});
});

describe("discounted", () => {
	it("is the direct sum, the first month undiscounted", () => {
		expect(discounted([100], 0.5)).toBe(100);
		expect(discounted([-100, 110], 0.1)).toBeCloseTo(0, 12);
		const flow = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 60 });
		fc.assert(
			fc.property(flow, fc.double({ min: -0.05, max: 0.2, noNaN: true }), (values, rate) => {
				const direct = values.reduce((sum, value, t) => sum + value / (1 + rate) ** t, 0);
				const size = values.reduce((sum, value, t) => sum + Math.abs(value) / (1 + rate) ** t, 1);
				expect(Math.abs(discounted(values, rate) - direct) / size).toBeLessThan(1e-12);
			}),
			{ numRuns: 500, seed: 1 },
		);
	});
});

describe("ratesOfReturn", () => {
	it("finds the one root of an ordinary investment", () => {
		expect(onlyRateOfReturn([-100, 110])).toBeCloseTo(0.1, 14);
		expect(onlyRateOfReturn([-1000, 300, 420, 680])).toBeCloseTo(0.1634056006889892, 14);
		expect(onlyRateOfReturn([100, -110])).toBeCloseTo(0.1, 14);
		expect(onlyRateOfReturn([-100, 0, 0, 50])).toBeCloseTo(0.5 ** (1 / 3) - 1, 14);
	});
	it("finds both of two, and then no single one", () => {
		const roots = ratesOfReturn([-100, 230, -132]);
		expect(roots).toHaveLength(2);
		expect(roots[0]).toBeCloseTo(0.1, 12);
		expect(roots[1]).toBeCloseTo(0.2, 12);
		expect(onlyRateOfReturn([-100, 230, -132])).toBeNaN();
	});
	it("finds three: 0%, 100% and 200%", () => {
		const roots = ratesOfReturn([-1, 6, -11, 6]);
		expect(roots).toHaveLength(3);
		[0, 1, 2].forEach((root, i) => expect(roots[i]).toBeCloseTo(root, 10));
	});
	it.each<[string, number[]]>([
		["nothing is paid back", [-100, -5]],
		["nothing is paid", [5, 5]],
		["nothing moves", [0, 0, 0]],
		["there are no months", []],
		["the present value never crosses 0", [-1, 2, -2]],
		["the root lies beyond 1000% a month", [-1, 12]],
		["the root lies below −99% a month", [-1000, 1]],
		["a month is unreachable", [-100, Number.NaN, 300]],
	])("finds none where %s", (_, values) => {
		expect(ratesOfReturn(values)).toEqual([]);
		expect(onlyRateOfReturn(values)).toBeNaN();
	});
	it("takes a root on the ends of its range", () => {
		expect(onlyRateOfReturn([-1, 11])).toBe(10);
		expect(onlyRateOfReturn([-1, 0.01])).toBe(-0.99);
	});
	it("gives rates at which the present value is 0, in flows as long as thirty years", () => {
		const flow = fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { minLength: 2, maxLength: 360 });
		fc.assert(
			fc.property(flow, (values) => {
				for (const rate of ratesOfReturn(values)) {
					const [below, above] = [worth(values, rate - 1e-9), worth(values, rate + 1e-9)];
					expect(Math.sign(below) * Math.sign(above)).toBeLessThanOrEqual(0);
				}
			}),
			{ numRuns: 200, seed: 1 },
		);
	});
	it("finds a loss over thirty years, where a present value would overflow", () => {
		const paid = [-500, ...new Array<number>(358).fill(1), 0.5];
		const rate = onlyRateOfReturn(paid);
		expect(rate).toBeLessThan(0);
		expect(worth(paid, rate - 1e-6) * worth(paid, rate + 1e-6)).toBeLessThan(0);
		expect(ratesOfReturn([100, -500, ...new Array<number>(357).fill(1), 0.5])).toHaveLength(2);
	});
	it("finds every root that the sign of the present value shows on a fine grid", () => {
		const flow = fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 2, maxLength: 8 });
		fc.assert(
			fc.property(flow, (values) => {
				const roots = ratesOfReturn(values);
				for (let rate = -0.9; rate < 5; rate += 0.05) {
					const [a, b] = [worth(values, rate), worth(values, rate + 0.05)];
					if (Math.sign(a) * Math.sign(b) < 0) expect(roots.some((r) => r >= rate && r <= rate + 0.05)).toBe(true);
				}
			}),
			{ numRuns: 200, seed: 2 },
		);
	});
});

/** Of the sign of the present value, from the side that does not overflow. */
function worth(values: readonly number[], rate: number): number {
	return rate < 0
		? values.reduce((sum, value) => sum * (1 + rate) + value, 0)
		: values.reduceRight((sum, value) => sum / (1 + rate) + value, 0);
}
