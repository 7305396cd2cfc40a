import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { openOf, paidKinds, stepsTo } from "./paid-steps.ts";

const usd = (value: number, node?: string) => ({ value, unit: "USD", ...(node === undefined ? {} : { node }) });

describe("steps of money", () => {
	test("the day of the documentation: 88.20 served, 29.40 held by nobody, 3.37 shared, 20.00 credit are 100.97", () => {
		const result = {
			cost: usd(100.97, "cost"),
			rows: [{ cost: usd(51.45, "a") }, { cost: usd(36.75, "b") }],
			lines: [
				{ kind: "credit", cost: usd(-20, "lines.1.credit") },
				{ kind: "unallocated", cost: usd(29.4, "lines.2.unallocated") },
				{ kind: "shared", cost: usd(3.37, "lines.3.shared") },
			],
		} as unknown as Parameters<typeof paidKinds>[0];
		const steps = stepsTo(result.cost, paidKinds(result));
		expect(steps.map(({ key, from, to, node }) => [key, from, to, node])).toEqual([
			["serving", 0, 88.2, undefined],
			["unallocated", 88.2, 117.6, "lines.2.unallocated"],
			["shared", 117.6, 120.97, "lines.3.shared"],
			["credit", 120.97, 100.97, "lines.1.credit"],
			["end", 0, 100.97, "cost"],
		]);
		expect(openOf(steps)).toBe(0);
	});

	test("from a plan to what was paid", () => {
		const steps = stepsTo(
			usd(7),
			[
				{ key: "volume", of: usd(3) },
				{ key: "price", of: usd(-1) },
			],
			usd(5),
		);
		expect(steps.map(({ role, from, to }) => [role, from, to])).toEqual([
			["start", 0, 5],
			["step", 5, 8],
			["step", 8, 7],
			["end", 0, 7],
		]);
	});

	test("billionths add up to their sum exactly, where floating point would not", () => {
		const nanos = fc.array(fc.integer({ min: -1e12, max: 1e12 }), { minLength: 1, maxLength: 40 });
		fc.assert(
			fc.property(nanos, (all) => {
				const sum = all.reduce((total, each) => total + each, 0);
				const steps = stepsTo(
					usd(sum / 1e9),
					all.map((each, i) => ({ key: String(i), of: usd(each / 1e9) })),
				);
				expect(openOf(steps)).toBe(0);
			}),
		);
	});
});
