import fc from "fast-check";
import { expect, test } from "vitest";
import type { Text } from "./report-model.ts";
import { plainText } from "./plain-text.ts";
import { column, exactText, quantities, quantity, rangeOf } from "./show-number.ts";

const texts = (column: readonly Text[]): string[] => column.map(plainText);
const entries = (...values: (number | undefined)[]) => values.map((value) => ({ value }));

test("a column has equally many decimals, three significant digits in its smallest number", () => {
	expect(texts(column(entries(0.153, 0.0124, 1.1247, undefined), "USD/Mtok"))).toEqual([
		"$0.1530",
		"$0.0124",
		"$1.1247",
		"",
	]);
	expect(texts(column(entries(40, 1440), "GPU"))).toEqual(["40", "1,440"]);
	expect(texts(column(entries(0.3844, 0.0276), "fraction"))).toEqual(["38.4%", "2.8%"]);
	expect(texts(column(entries(1, 10), ""))).toEqual(["1", "10"]);
});

test("money that is all below a cent is in cents", () => {
	expect(texts(column(entries(0.0085, 0.00366), "USD/request"))).toEqual(["0.850 ¢", "0.366 ¢"]);
	expect(texts(column(entries(0.0085, 0.02), "USD/request"))).toEqual(["$0.00850", "$0.02000"]);
});

test("steps carry their sign; nothing is 0", () => {
	expect(texts(column(entries(0.23, 0, -0.0162), "USD/Mtok", true))).toEqual(["+$0.2300", "$0.0000", "−$0.0162"]);
});

test("what rounding left of nothing is nothing beside the others, and does not widen the column", () => {
	const residue = 4.656612873077393e-10;
	expect(texts(column(entries(1.5, residue * 1e-3, -residue * 1e-3), "USD/Mtok"))).toEqual(["$1.50", "$0.00", "$0.00"]);
	expect(texts(column(entries(residue, 2 * residue), "USD/Mtok"))).toEqual(["0.000000047 ¢", "0.000000093 ¢"]);
	const money = [142e6, residue, -28_700].map((value, i) => ({ quantity: { value, unit: "USD" }, at: `a/${i}` }));
	expect(texts(quantities([...money, undefined]))).toEqual(["$142M", "$0", "−$28,700", ""]);
	expect(quantities(money)[1]?.[0]).toMatchObject({ number: { value: residue, at: "a/1" } });
});

test("money below nothing has a minus, alone and in a range", () => {
	expect(plainText([quantity({ value: -1.33e6, unit: "USD" }, "x")])).toBe("−$1.33M");
	expect(plainText(rangeOf({ value: 1, unit: "USD", p10: -3.6e6, p90: -2.6e6 }))).toBe("−$3.60M to −$2.60M");
});

test("exact numbers are written out", () => {
	expect(exactText(0.39744000000000007)).toBe("0.39744");
	expect(exactText(0)).toBe("0");
	expect(exactText(1e12)).toBe("1,000,000,000,000");
	expect(exactText(1e-7)).toBe("0.0000001");
	expect(exactText(-3764.12322)).toBe("-3,764.12322");
});

test("an exact number reads back to 12 digits and is never scientific", () => {
	fc.assert(
		fc.property(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e15, max: 1e15 }), (value) => {
			fc.pre(value === 0 || Math.abs(value) > 1e-9);
			const text = exactText(value);
			expect(text).not.toMatch(/e/i);
			expect(Math.abs(Number(text.replaceAll(",", "")) - value)).toBeLessThanOrEqual(Math.abs(value) * 1e-11);
		}),
	);
});

test("a quantity without a value says its state, one without a range has none", () => {
	expect(plainText([quantity({ unit: "s", state: "unreachable" }, "x")])).toBe("unreachable");
	expect(rangeOf({ value: 1, unit: "USD/Mtok" })).toEqual([]);
	expect(plainText(rangeOf({ value: 1, unit: "USD/Mtok", p10: 0.9, p90: 1.2 }))).toBe("$0.900–1.20/M tok");
});
