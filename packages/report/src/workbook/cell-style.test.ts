import { describe, expect, it } from "vitest";
import { numberFormat, rowFormat } from "./cell-style.ts";

describe("numberFormat", () => {
	it.each([
		["USD", [1_093_931.42, -20_078.3], "#,##0"],
		["USD", [44_561.42], "#,##0.00"],
		["USD", [5], "#,##0.00"],
		["USD/Mtok", [0.3439], "#,##0.0000"],
		["USD/Mtok", [0.0189], "#,##0.00000"],
		["USD/GPU-hr", [1.95, 2.6], "#,##0.00"],
		["fraction", [0.45], "#,##0%"],
		["fraction", [0.012], "#,##0.000%"],
		["%", [5.5], "#,##0.000"],
		["replica", [12], "#,##0"],
		["replica", [11.6], "#,##0.00"],
		["tok/day", [2.4e9], "#,##0"],
		["tok/s", [28_724.2], "#,##0"],
		["", [0], "#,##0"],
		["", [1e-20], "#,##0.000000000000"],
	])("shows %s of %j as %s", (unit, numbers, format) => {
		expect(numberFormat(unit, numbers)).toBe(format);
	});
});

describe("rowFormat", () => {
	it("gives the numbers of a row one format by unit", () => {
		const small = { role: "formula", formula: "A1", value: 0.5, unit: "USD" } as const;
		const large = { role: "static", content: 250_000, unit: "USD" } as const;
		const share = { role: "input", content: 0.5, unit: "fraction" } as const;
		const unreachable = { role: "static", content: "unreachable" } as const;
		const format = rowFormat([small, undefined, large, share, unreachable]);
		expect([small, large, share, unreachable].map(format)).toEqual(["#,##0", "#,##0", "#,##0%", undefined]);
	});

	it("leaves a formula without a known value to the program", () => {
		const cell = { role: "helper", formula: "A1", unit: "" } as const;
		expect(rowFormat([cell])(cell)).toBeUndefined();
	});
});
