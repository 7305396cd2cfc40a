import { describe, expect, it } from "vitest";
import { formatQuantity, formatRange, significant } from "./format-quantity.ts";
import { QuantityError } from "./quantity-error.ts";
import { tokensPerDay, usdPerMtok } from "./unit.ts";

describe("formatQuantity", () => {
	it.each<[number, string, string]>([
		[0.0085, "USD/Mtok", "$0.00850/M tok"],
		[0.0036628, "USD/request", "0.366 ¢/request"],
		[0.018858, "USD/Mtok", "$0.0189/M tok"],
		[0.517, "USD/Mtok", "$0.517/M tok"],
		[0.009996, "USD/Mtok", "$0.0100/M tok"],
		[0.01, "USD/Mtok", "$0.0100/M tok"],
		[0.00000123, "USD/tok", "0.000123 ¢/tok"],
		[2.07, "USD/GPU-hr", "$2.07/GPU-hr"],
		[2, "USD/GPU-hr", "$2.00/GPU-hr"],
		[-0.055, "USD/Mtok", "-$0.0550/M tok"],
		[-0.0055, "USD/Mtok", "-$0.00550/M tok"],
		[0, "USD/Mtok", "$0/M tok"],
		[5_420_000, "USD", "$5.42M"],
		[999_999, "USD", "$999,999"],
		[1e6, "USD", "$1.00M"],
		[3.7e9, "USD", "$3.70B"],
		[999_999_999, "USD", "$1.00B"],
		[51_400, "USD/GPU", "$51,400/GPU"],
		[0.07, "USD/kWh", "$0.0700/kWh"],
		[2.07, "EUR/GPU-hr", "2.07 EUR/GPU-hr"],
		[0.45, "fraction", "45.0%"],
		[45, "%", "45.0%"],
		[0.999, "fraction", "99.9%"],
		[0.99995, "fraction", "99.995%"],
		[1, "fraction", "100%"],
		[1.5, "fraction", "150%"],
		[5e9, "tok/day", "5.00B tok/day"],
		[4e7, "tok/day", "40.0M tok/day"],
		[999, "tok/day", "999 tok/day"],
		[999.9, "tok/day", "1,000 tok/day"],
		[28_724.2, "tok/s/GPU", "28,724 tok/s/GPU"],
		[932.9, "tok/s/GPU", "933 tok/s/GPU"],
		[53.36, "tok/s/user", "53.4 tok/s/user"],
		[52, "GPU", "52 GPUs"],
		[1, "GPU", "1 GPU"],
		[5, "host", "5 hosts"],
		[88.1, "day", "88.1 days"],
		[1_830_000, "Mtok", "1.83T tok"],
		[0.5, "Mtok", "500k tok"],
		[11.6, "replica", "11.6 replicas"],
		[8192, "tok", "8,192 tok"],
		[5, "s", "5.00 s"],
		[2, "x", "2.00x"],
		[34.07, "x", "34.1x"],
		[12, "", "12"],
		[1.1013, "", "1.10"],
		[1e21, "", "1,000,000,000,000,000,000,000"],
		[1e-12, "kW", "0.00000000000100 kW"],
	])("prints %d %s", (value, symbol, expected) => {
		expect(formatQuantity(value, symbol)).toBe(expected);
	});

	it("takes units as well as symbols", () => {
		expect(formatQuantity(0.23, usdPerMtok("output"))).toBe("$0.230/M tok");
		expect(formatQuantity(5e9, tokensPerDay("total"))).toBe("5.00B tok/day");
	});

	it("refuses what is no number", () => {
		expect(() => formatQuantity(Number.NaN, "USD")).toThrow(QuantityError);
		expect(() => formatQuantity(Number.POSITIVE_INFINITY, "GPU")).toThrow(QuantityError);
	});
});

describe("formatRange", () => {
	it.each<[number, number, string, string]>([
		[1.85, 2.6, "USD/GPU-hr", "$1.85–2.60/GPU-hr"],
		[0.0085, 0.0092, "USD/Mtok", "$0.00850–0.00920/M tok"],
		[0.0085, 0.02, "USD/Mtok", "$0.00850–0.0200/M tok"],
		[5.42e6, 6.1e6, "USD", "$5.42M–6.10M"],
		[0.45, 0.6, "fraction", "45.0–60.0%"],
		[3e8, 9e8, "tok/day", "300M–900M tok/day"],
		[40, 52, "GPU", "40–52 GPUs"],
		[1.0001, 1.0002, "kW", "1.0001–1.0002 kW"],
		[-3.6e6, 2.6e6, "USD", "-$3.60M to $2.60M"],
		[-3.41e6, -2.99e6, "USD", "-$3.41M to -$2.99M"],
		[-0.12, 0.03, "fraction", "-12.0% to 3.00%"],
	])("prints %d to %d %s", (low, high, symbol, expected) => {
		expect(formatRange(low, high, symbol)).toBe(expected);
	});

	it("puts the word of another language between ends with a minus", () => {
		expect(formatRange(-3.6e6, 2.6e6, "USD", { to: " 至 " })).toBe("-$3.60M 至 $2.60M");
	});
});

describe("significant", () => {
	it.each<[number, number, string]>([
		[0.5, 3, "0.500"],
		[9.999, 3, "10.0"],
		[1234567, 3, "1,234,567"],
		[-1234.5, 3, "-1,235"],
		[0, 3, "0"],
		[-0, 3, "0"],
		[0.0099999, 3, "0.0100"],
	])("writes %d to %d digits", (n, digits, expected) => {
		expect(significant(n, digits)).toBe(expected);
	});
});
