import { parse } from "csv-parse/sync";
import { describe, expect, test } from "vitest";
import { realSource } from "../test-support/real-answers.ts";
import { smallSource } from "../test-support/small-plan.ts";
import { csvText } from "./csv.ts";
import { planCsv } from "./plan-csv.ts";

const read = (csv: string): Record<string, string>[] => parse(csv, { columns: true, record_delimiter: "\r\n" });

describe.each([
	["small", smallSource()],
	["real", realSource()],
])("%s", (_, { plan }) => {
	const csv = planCsv(plan);
	const rows = read(csv);

	test("one line an option, and what is read back is what the result says", () => {
		expect(rows.length).toBe(plan.result.options.length);
		plan.result.options.forEach((option, i) => {
			const row = rows[i] as Record<string, string>;
			expect(Number(row["rank"])).toBe(option.rank);
			expect(row["row"]).toBe(option.id);
			expect(Number(row["headline_usd_per_mtok_total"])).toBe(option.headline.value);
			expect(Number(row["delivered_usd_per_mtok_total"])).toBe(option.delivered.value);
			expect(Number(row["cost_per_request_usd_per_request"])).toBe(option.cost_per_request.value);
			expect(Number(row["utilization_fraction"])).toBe(option.utilization.value);
			expect(Number(row["step_peak_sizing_usd_per_mtok_total"])).toBe(option.bridge[0]?.delta.value);
			expect(row["ttft_median_s"]).toBe(
				option.deployment.ttft_median_s === undefined ? "" : String(option.deployment.ttft_median_s),
			);
			expect(row["grade"]).toBe(option.delivered.grade);
			expect(row["result"]).toBe(plan.id);
		});
	});

	test("the steps of a line sum to its delivered cost", () => {
		for (const row of rows) {
			const steps = Object.keys(row).filter((name) => name.startsWith("step_"));
			const sum = steps.reduce((total, name) => total + Number(row[name]), Number(row["headline_usd_per_mtok_total"]));
			expect(sum).toBeCloseTo(Number(row["delivered_usd_per_mtok_total"]), 12);
		}
	});

	test("the same plan gives the same bytes, in lines that all end in CR LF", () => {
		expect(planCsv(plan)).toBe(csv);
		expect(csv.endsWith("\r\n")).toBe(true);
		expect(csv.replaceAll("\r\n", "")).not.toMatch(/[\r\n]/);
	});
});

test("ranges have columns of their own where there are any", () => {
	expect(read(planCsv(smallSource().plan))[0]).toHaveProperty("delivered_p90_usd_per_mtok_total");
	expect(read(planCsv(realSource().plan))[0]).not.toHaveProperty("delivered_p90_usd_per_mtok_total");
});

test("fields with separators, quotes, breaks and blanks at an end come back as they were", () => {
	const fields = ["plain", "a,b", 'say "so"', "two\r\nlines", " blanks ", "", "ümlaut 汉字"];
	const [, row] = parse(csvText(["a", "b", "c", "d", "e", "f", "g"], [fields]), { record_delimiter: "\r\n" });
	expect(row).toEqual(fields);
});

test("a text that a spreadsheet would run as a formula is marked as a text; numbers are left alone", () => {
	const csv = csvText(["a", "b", "c", "d"], [["=1+1", "@x", "-cmd", -1.5]]);
	expect(csv).toBe("a,b,c,d\r\n'=1+1,'@x,'-cmd,-1.5\r\n");
	expect(csvText(["a", "b", "c"], [["-$2.48M", "-0.1 USD/Mtok", "-1+cmd|x!A1"]])).toBe(
		"a,b,c\r\n-$2.48M,-0.1 USD/Mtok,'-1+cmd|x!A1\r\n",
	);
	expect(csvText(["a", "b"], [["\u001b=1+1", "a\u001b[31mred"]])).toBe("a,b\r\n'=1+1,a[31mred\r\n");
});
