import { describe, expect, it } from "vitest";
import { columnLetters, definedNames, numberText } from "./workbook-names.ts";

describe("definedNames", () => {
	const nameOf = (id: string): string | undefined => definedNames([id]).get(id);

	it.each([
		["rate.2026-07.gpu_hour", "rate_2026_07_gpu_hour"],
		["unit_cost.delivered.total", "unit_cost_delivered_total"],
		["Länge", "L_nge"],
		["2026", "n_2026"],
		["tok24", "n_tok24"],
		["XFD1", "n_XFD1"],
		["abcd1", "abcd1"],
		["r", "n_r"],
		["C", "n_C"],
		["R2C3", "n_R2C3"],
		["true", "n_true"],
		["_xlnm.Print_Titles", "n__xlnm_Print_Titles"],
		["=cmd|'/c calc'!A1", "_cmd___c_calc__A1"],
		["", "n_"],
	])("makes of %s a name that programs take", (id, name) => {
		expect(nameOf(id)).toBe(name);
	});

	it("keeps names apart, whatever their case, and short", () => {
		const names = definedNames(["a.b", "a-b", "A_B", "a_b_2", "x".repeat(400), `${"x".repeat(399)}y`]);
		expect([...names.values()].slice(0, 4)).toEqual(["a_b", "a_b_2", "A_B_3", "a_b_2_2"]);
		expect(new Set([...names.values()].map((name) => name.toLowerCase())).size).toBe(6);
		expect(Math.max(...[...names.values()].map(({ length }) => length))).toBeLessThan(255);
	});
});

describe("columnLetters", () => {
	it.each([
		[0, "A"],
		[25, "Z"],
		[26, "AA"],
		[62, "BK"],
		[701, "ZZ"],
		[702, "AAA"],
		[16_383, "XFD"],
	])("calls column %i %s", (column, letters) => {
		expect(columnLetters(column)).toBe(letters);
	});
});

describe("numberText", () => {
	it.each([
		[0.1, "0.1"],
		[-1234567.5, "-1234567.5"],
		[1e21, "1E+21"],
		[2.5e-9, "2.5E-9"],
		[-0, "0"],
		[3e-323, "0"],
	])("writes %f as %s", (n, text) => {
		expect(numberText(n)).toBe(text);
	});
});
