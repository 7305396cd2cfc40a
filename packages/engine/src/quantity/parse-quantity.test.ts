import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Distribution } from "../model/distribution.ts";
import { formatQuantity, formatRange } from "./format-quantity.ts";
import { type ParseQuantityOptions, parseQuantity } from "./parse-quantity.ts";
import { QuantityError } from "./quantity-error.ts";
import {
	type AnyUnit,
	byte,
	fraction,
	gpu,
	interactivity,
	kilowatt,
	one,
	percent,
	ratio,
	request,
	second,
	token,
	tokensPerDay,
	type Unit,
	usd,
	usdPerGpuHour,
	usdPerMtok,
	year,
} from "./unit.ts";
import { parseUnit } from "./unit-registry.ts";

const share: ParseQuantityOptions = { fraction: true, bounds: { min: 0, max: 1 } };
const usdPerKwMonth = parseUnit("USD/kW/month");
const usdPerKwh = parseUnit("USD/kWh");
const perDay = tokensPerDay("total");

/** Text, unit, value or ends in that unit, options. */
const readings: [string, AnyUnit, number | [number, number], ParseQuantityOptions?][] = [
	["5B tokens/day", perDay, 5e9],
	["5 B tokens / day", perDay, 5e9],
	["5B tokens per day", perDay, 5e9],
	["5e9 tok/day", perDay, 5e9],
	["5000 Mtok/day", perDay, 5e9],
	["5 billion tokens/day", perDay, 5e9],
	["8k tokens", parseUnit("tok/request", "input"), 8000, { impliedPer: request }],
	["8k tokens/request", parseUnit("tok/request", "input"), 8000, { impliedPer: request }],
	["5B", perDay, 5e9, { bareUnit: perDay }],
	["300M to 900M", perDay, [3e8, 9e8], { bareUnit: perDay }],
	["300M–900M tok/day", perDay, [3e8, 9e8]],
	["32k", token("input"), 32_000],
	["8192", token("input"), 8192],
	["8,192", token("input"), 8192],
	["1_000_000", token("input"), 1e6],
	["32k input tokens", token("input"), 32_000],
	["40M", one, 4e7],
	["1.5e9", one, 1.5e9],
	["1.5E+3", one, 1500],
	[".5", one, 0.5],
	["+3", one, 3],
	["-3", one, -3],
	["- 3", one, -3],
	["85 to 120 USD", usd, [85, 120]],
	["85 USD to 120 USD", usd, [85, 120]],
	["$85 to $120", usd, [85, 120]],
	["$85–120", usd, [85, 120]],
	["USD 85", usd, 85],
	["-$5.42M", usd, -5.42e6],
	["$-5", usd, -5],
	["$5.42M–6.10M", usd, [5.42e6, 6.1e6]],
	["0.5k to 2 k USD", usd, [500, 2000]],
	["500 to 2k USD", usd, [500, 2000]],
	["0 to 5k USD", usd, [0, 5000]],
	["1.85 to 2.60 USD/GPU-hr", usdPerGpuHour, [1.85, 2.6]],
	["1.85 TO 2.60 $/GPU-hour", usdPerGpuHour, [1.85, 2.6]],
	["$2.07/GPU-hr", usdPerGpuHour, 2.07],
	["$2.07 per GPU hour", usdPerGpuHour, 2.07],
	["$1.85–2.60/GPU-hr", usdPerGpuHour, [1.85, 2.6]],
	["2.07 USD/hr/GPU", usdPerGpuHour, 2.07],
	["4500 USD/GPU/year", parseUnit("USD/GPU/year"), 4500],
	["51.4k USD/GPU", parseUnit("USD/GPU"), 51_400],
	["$51.4k/GPU", parseUnit("USD/GPU"), 51_400],
	["$0.517/M tok", usdPerMtok("total"), 0.517],
	["0.850 ¢/Mtok", usdPerMtok("total"), 0.0085],
	["0.02 USD/Mtok(output)", usdPerMtok("output"), 0.02],
	["0.02 USD per M output tokens", usdPerMtok("output"), 0.02],
	["45%", fraction, 0.45, share],
	["0.45", fraction, 0.45, share],
	["57%", fraction, 0.57, share],
	["45", percent, 0.45 / 0.01],
	["20 to 45%", fraction, [0.2, 0.45], share],
	["20%–45%", fraction, [0.2, 0.45], share],
	["0.2 to 0.45", fraction, [0.2, 0.45], share],
	["2.0", ratio, 2],
	["2x", ratio, 2],
	["130 kW", kilowatt, 130],
	["0.13MW", kilowatt, 130],
	["130 k W", kilowatt, 130],
	["130 KW", kilowatt, 130],
	["1.87 kW/GPU", parseUnit("kW/GPU"), 1.87],
	["5s", second, 5],
	["500 ms", second, 0.5],
	["350ms", second, 0.35],
	["4 years", year, 4],
	["4y", year, 4],
	["48 months", year, 4],
	["140 USD/kW/month", usdPerKwMonth, 140],
	["140 USD/kW-month", usdPerKwMonth, 140],
	["1680 USD/kW/year", usdPerKwMonth, 140],
	["0.07 USD/kWh", usdPerKwh, 0.07],
	["7 ¢/kWh", usdPerKwh, 0.07],
	["70 USD/MWh", usdPerKwh, 0.07],
	["11.5 USD/W", parseUnit("USD/W"), 11.5],
	["50 tok/s/user", interactivity, 50],
	["50", interactivity, 50, { bareUnit: interactivity }],
	["80 GB", byte, 8e10],
	["80 B", byte, 80],
	["80B", byte, 80],
	["8 GPUs", gpu, 8],
	["3 requests", request, 3],
];

/** Text, unit, code, hint, options. */
const refusals: [string, AnyUnit, string, string, ParseQuantityOptions?][] = [
	["85 to 120", usd, "missing-currency", "write 85 to 120 USD"],
	["250k", usd, "missing-currency", "write 250k USD"],
	["250k EUR", usd, "wrong-unit", "give it in USD, such as 10 USD"],
	["2.07", usdPerGpuHour, "missing-currency", "write 2.07 USD/GPU-hr"],
	["2.07/GPU-hr", usdPerGpuHour, "missing-currency", "write 2.07 USD/GPU-hr"],
	["2.07 EUR/GPU-hr", usdPerGpuHour, "wrong-unit", "give it in USD/GPU-hr, such as 10 USD/GPU-hr"],
	["2.07 USD/hr", usdPerGpuHour, "wrong-unit", "write 2.07 USD/GPU-hr"],
	["2.07 USD/GPU", usdPerGpuHour, "wrong-unit", "give it in USD/GPU-hr, such as 10 USD/GPU-hr"],
	["0.02 USD/Mtok(output)", usdPerMtok("total"), "wrong-unit", "give it in USD/Mtok(total), such as 10 USD/Mtok"],
	["5B output tokens/day", perDay, "wrong-unit", "give it in tok(total)/day, such as 10 tok/day"],
	["140 USD/kWh", usdPerKwMonth, "wrong-unit", "give it in USD/kW/month, such as 10 USD/kW/month"],
	["0.07 USD/kW/month", usdPerKwh, "wrong-unit", "give it in USD/kWh, such as 10 USD/kWh"],
	["5 parsecs", second, "wrong-unit", "give it in s, such as 10 s"],
	["5", second, "wrong-unit", "write 5 s"],
	["5b", perDay, "wrong-unit", "write 5B tok/day"],
	["5B/month", perDay, "wrong-unit", "write 164.384M tok/day"],
	["5B tok/month to 2B/week", perDay, "wrong-unit", "write 164.384M to 285.714M tok/day"],
	["5B per day", perDay, "wrong-unit", "write 5B tok/day"],
	[
		"300k req/day",
		perDay,
		"wrong-unit",
		"count tokens, which are requests times the tokens of each, such as 10 tok/day",
	],
	["5 GPUs", perDay, "wrong-unit", "give it in tok(total)/day, such as 5B", { example: "5B" }],
	["5.000.000.000", perDay, "unreadable-quantity", "group by commas: 5,000,000,000"],
	["1.500,5 USD", usd, "unreadable-quantity", "group by commas: 1,500.5"],
	["5.000.000,25", one, "unreadable-quantity", "group by commas: 5,000,000.25"],
	["5Q tok/day", perDay, "wrong-unit", "give it in tok(total)/day, such as 10 tok/day"],
	["50k USD", usdPerGpuHour, "wrong-unit", "give it in USD/GPU-hr, such as 10 USD/GPU-hr"],
	["28k tok/min", interactivity, "wrong-unit", "write 466.667 tok/s/user"],
	["1,000 tok/hr", interactivity, "wrong-unit", "write 0.277778 tok/s/user"],
	["5 m", second, "wrong-unit", "give it in s, such as 10 s"],
	["0.5 to 2k USD", usd, "unreadable-quantity", "write 0.5k to 2k USD, or 0.5 to 2000"],
	["120 to 85 USD", usd, "impossible-range", "write 85 USD to 120"],
	["85 to 85 USD", usd, "impossible-range", "write one number: 85 USD"],
	["5 s to 500 ms", second, "impossible-range", "write 500 ms to 5 s"],
	["5 to 6 s", second, "impossible-range", "write one of the two ends: 5 s", { range: false }],
	["5 s to 6 kW", second, "wrong-unit", "give it in s, such as 10 s"],
	["300 to 900M", perDay, "unreadable-quantity", "write 300M to 900M, or 300 to 900000000", { bareUnit: perDay }],
	["1 to 2 to 3", one, "unreadable-quantity", "write a range as 10 to 20"],
	["85-120 USD", usd, "unreadable-quantity", "write a range as 85 to 120 USD"],
	["45", fraction, "out-of-bounds", "write 45% or 0.45", share],
	["145%", fraction, "out-of-bounds", "write 100%", share],
	["-2 USD", usd, "out-of-bounds", "write 2 USD", { bounds: { min: 0 } }],
	["-$2 to $3", usd, "out-of-bounds", "write $2", { bounds: { min: 0 } }],
	["0.5", ratio, "out-of-bounds", "write 1", { bounds: { min: 1 } }],
	["0 years", year, "out-of-bounds", "write 1 year", { bounds: { above: 0 } }],
	["1.5", one, "out-of-bounds", "write 2", { whole: true }],
	["1,5", one, "unreadable-quantity", "write the decimals behind a point (1.5) or group by threes (1,500)"],
	["1,23,456", one, "unreadable-quantity", "write it as 1500, 1,500, 1_500 or 1.5k"],
	["1_0", one, "unreadable-quantity", "write it as 1500, 1,500, 1_500 or 1.5k"],
	["1.2.3", one, "unreadable-quantity", "write it as 1500, 1,500, 1_500 or 1.5k"],
	["", one, "unreadable-quantity", "write a number, such as 10"],
	["  ", one, "unreadable-quantity", "write a number, such as 10"],
	["NaN", one, "unreadable-quantity", "start with a number, such as 10"],
	["Infinity", one, "unreadable-quantity", "start with a number, such as 10"],
	[".inf", one, "unreadable-quantity", "write it as 1500, 1,500, 1_500 or 1.5k"],
	["1e999", one, "not-finite", "write a number that can be, such as 10"],
	["1e-999", one, "not-finite", "write a number that can be, such as 10"],
	["1e306T", one, "not-finite", "write a number that can be, such as 10"],
	["1e-300", one, "not-finite", "write a number that can be, such as 10"],
	["1e31", one, "not-finite", "write a number that can be, such as 10"],
	["-1e31", one, "not-finite", "write a number that can be, such as 10"],
	["--5", one, "unreadable-quantity", "start with a number, such as 10"],
	["-$-5", usd, "unreadable-quantity", "start with a number, such as 10 USD"],
	["5kk", one, "wrong-unit", "give it as a plain number, such as 10"],
	["0x10", one, "wrong-unit", "give it as a plain number, such as 10"],
	["５", one, "unreadable-quantity", "write plain digits and letters, such as 10"],
	["٥", one, "unreadable-quantity", "write plain digits and letters, such as 10"],
	["\u200f5 USD", usd, "unreadable-quantity", "write plain digits and letters, such as 10 USD"],
	["5\u0000", one, "unreadable-quantity", "write plain digits and letters, such as 10"],
	["💸5", usd, "unreadable-quantity", "write plain digits and letters, such as 10 USD"],
	["9".repeat(1_000_000), one, "unreadable-quantity", "write it short, such as 10"],
	["1 to ".repeat(200_000), one, "unreadable-quantity", "write it short, such as 10"],
	["5 USD/USD/USD/USD/USD/USD/USD", usd, "wrong-unit", "give it in USD, such as 10 USD"],
	["constructor", one, "unreadable-quantity", "start with a number, such as 10"],
	["5 constructor", one, "wrong-unit", "give it as a plain number, such as 10"],
	["5 __proto__", one, "wrong-unit", "give it as a plain number, such as 10"],
];

describe("parseQuantity", () => {
	it.each(readings)("reads %s", (text, unit, expected, options) => {
		const parsed = parseQuantity(text, unit as Unit<{ readonly s: 1 }>, options);
		const ends = parsed.kind === "point" ? [parsed.quantity.base] : [parsed.low.base, parsed.high.base];
		const wanted = typeof expected === "number" ? [expected] : expected;
		expect(ends).toHaveLength(wanted.length);
		for (const [i, end] of ends.entries()) {
			const n = wanted[i] as number;
			expect(Math.abs(end / unit.factor - n)).toBeLessThanOrEqual(1e-13 * Math.abs(n));
		}
	});

	it.each(refusals)("refuses %s in its unit", (text, unit, code, hint, options) => {
		const error = errorOf(() => parseQuantity(text, unit as Unit<{ readonly s: 1 }>, options));
		expect({ code: error.code, hint: error.hint }).toEqual({ code, hint });
		expect(error.expected).toBeTruthy();
		expect(error.message.length).toBeLessThan(250);
	});

	it("names both units where the unit is wrong", () => {
		expect(errorOf(() => parseQuantity("5 kW", usdPerGpuHour)).message).toBe(
			'"5 kW" is in kW, where USD/GPU-hr is expected',
		);
		expect(errorOf(() => parseQuantity("1 USD/Mtok(output)", usdPerMtok("total"))).message).toBe(
			'"1 USD/Mtok(output)" is in USD/Mtok(output), where USD/Mtok(total) is expected',
		);
	});

	it("reads decimals in one rounding", () => {
		expect(pointOf("57%", fraction)).toBe(0.57);
		expect(pointOf("51.4k", one)).toBe(51_400);
		expect(pointOf("1.1 ms", second)).toBe(0.0011);
	});

	it("makes a range lognormal, a share logit-normal, anything else uniform", () => {
		const of = (text: string, unit: AnyUnit, options?: ParseQuantityOptions): Distribution =>
			parseQuantity(text, unit as Unit<{ readonly s: 1 }>, options).distribution;
		expect(of("85 to 120 USD", usd)).toEqual({ kind: "lognormal", p5: 85, p95: 120 });
		expect(of("20% to 45%", fraction, share)).toEqual({ kind: "logitnormal", p5: 0.2, p95: 0.45 });
		expect(of("0% to 10%", fraction, share)).toEqual({ kind: "uniform", low: 0, high: 0.1 });
		expect(of("-5 to 5 USD", usd)).toEqual({ kind: "uniform", low: -5, high: 5 });
		expect(of("5 USD", usd)).toEqual({ kind: "point", value: 5 });
	});

	it("never throws anything but a QuantityError, whatever the text", () => {
		const piece = fc.constantFrom(
			..."0123456789.,_-+eE$%/ kMBT".split(""),
			" to ",
			"–",
			"USD",
			"GPU-hr",
			"tok",
			"NaN",
			"\u200f",
			"(output)",
		);
		const text = fc.oneof(
			fc.string({ unit: "binary", maxLength: 60 }),
			fc.array(piece, { maxLength: 20 }).map((p) => p.join("")),
		);
		const unit = fc.constantFrom<AnyUnit[]>(usd, usdPerGpuHour, fraction, perDay, kilowatt, one, byte);
		fc.assert(
			fc.property(text, unit, (written, wanted) => {
				try {
					const parsed = parseQuantity(written, wanted as Unit<{ readonly s: 1 }>);
					expect(
						parsed.kind === "point" ? Number.isFinite(parsed.quantity.base) : parsed.low.base < parsed.high.base,
					).toBe(true);
				} catch (error) {
					expect(error).toBeInstanceOf(QuantityError);
				}
			}),
			{ numRuns: 3000, seed: 1 },
		);
	});

	it("reads back what formatQuantity prints", () => {
		const units: AnyUnit[] = [
			usd,
			usdPerGpuHour,
			usdPerMtok("total"),
			usdPerKwh,
			usdPerKwMonth,
			fraction,
			percent,
			perDay,
			kilowatt,
			one,
			gpu,
			second,
			interactivity,
			ratio,
			parseUnit("EUR/GPU-hr"),
			parseUnit("kWh/Mtok", "output"),
		];
		const number = fc.double({ min: 1e-9, max: 1e15, noNaN: true });
		fc.assert(
			fc.property(
				number,
				fc.boolean(),
				fc.constantFrom(...units),
				fc.integer({ min: 3, max: 9 }),
				(size, minus, unit, digits) => {
					const n = minus ? -size : size;
					const printed = formatQuantity(n, unit, { digits });
					const parsed = parseQuantity(printed, unit as Unit<{ readonly s: 1 }>);
					expect(parsed.kind).toBe("point");
					if (parsed.kind === "point")
						expect(Math.abs(parsed.quantity.base / unit.factor / n - 1)).toBeLessThanOrEqual(
							0.5001 * 10 ** (1 - digits),
						);
					expect(printed).not.toMatch(/\de[+-]?\d/i);
				},
			),
			{ numRuns: 3000, seed: 2 },
		);
	});

	it("reads back what formatRange prints", () => {
		const units: AnyUnit[] = [usd, usdPerGpuHour, usdPerMtok("total"), usdPerKwMonth, fraction, perDay, kilowatt, one];
		const number = fc.double({ min: 1e-6, max: 1e14, noNaN: true });
		fc.assert(
			fc.property(
				number,
				fc.double({ min: 1.001, max: 100, noNaN: true }),
				fc.constantFrom(...units),
				(low, times, unit) => {
					const printed = formatRange(low, low * times, unit);
					const parsed = parseQuantity(printed, unit as Unit<{ readonly s: 1 }>);
					if (parsed.kind !== "range") throw new Error(`${printed} is no range`);
					expect(Math.abs(parsed.low.base / unit.factor / low - 1)).toBeLessThanOrEqual(0.00501);
					expect(Math.abs(parsed.high.base / unit.factor / (low * times) - 1)).toBeLessThanOrEqual(0.00501);
				},
			),
			{ numRuns: 2000, seed: 3 },
		);
	});
});

function pointOf(text: string, unit: AnyUnit): number {
	const parsed = parseQuantity(text, unit as Unit<{ readonly s: 1 }>);
	if (parsed.kind !== "point") throw new Error("a range");
	return parsed.quantity.base;
}

function errorOf(run: () => unknown): QuantityError {
	try {
		run();
	} catch (error) {
		if (error instanceof QuantityError) return error;
		throw error;
	}
	throw new Error("nothing thrown");
}
