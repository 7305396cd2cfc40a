import { parse } from "csv-parse/sync";
import { expect, test } from "vitest";
import { csvText } from "./chart-table.ts";

test("reads back as it was, numbers in full, no formula of anybody's", () => {
	const text = csvText({
		columns: [{ name: "Step" }, { name: "Adds", unit: "USD/Mtok" }, { name: "Rows", unit: "" }],
		rows: [
			['N+1, "spare"', 0.39744000000000007, 3],
			["=HYPERLINK(1)", 1.5e-9, 0],
			["none", undefined, undefined],
			["large", 3.2e22, 1],
		],
	});
	expect(parse(text)).toEqual([
		["Step", "Adds [USD/Mtok]", "Rows"],
		['N+1, "spare"', "0.39744000000000007", "3"],
		["'=HYPERLINK(1)", "0.0000000015", "0"],
		["none", "", ""],
		["large", "32000000000000000000000", "1"],
	]);
});
