/** What a pack says of a plan with years, on a plan small enough to be read. */
import { describe, expect, it } from "vitest";
import { envelope, smallNames, smallResult } from "../../test-support/small-plan.ts";
import { pricedGraph, type SmallYears, smallYears } from "../../test-support/small-years.ts";
import { reportMarkdown } from "../markdown/report-markdown.ts";
import { parseTemplate } from "../template/parse-template.ts";
import { packReport } from "./pack-report.ts";

function pack(block: string, years: SmallYears, price?: number): string {
	const parsed = parseTemplate(`# Page\n\n{{${block}}}\n`, "test");
	if (!parsed.ok) throw new Error("the template of the test is wrong");
	const answer = envelope("plan", { ...smallResult(), ...smallYears(years) }, []);
	const plan = price === undefined ? answer : { ...answer, graph: pricedGraph(price) };
	return reportMarkdown(packReport({ plan, names: smallNames }, parsed.template)).replaceAll("\\", "");
}

describe("the bridge of a plan with years", () => {
	it("is of the machine that the years use, and names it", () => {
		const text = pack("bridge", { strategy: "own", machine: "row-3" });
		expect(text).toContain(
			"The machine of the years is B200 SXM (SGLang, NVFP4, multi-token prediction, TP36). For the demand of the opening it takes 72 GPUs",
		);
		expect(text).toContain("From $0.0598/M tok on the slide to $1.17/M tok delivered");
		expect(text).toContain("*Bridge of B200 SXM (SGLang, NVFP4, multi-token prediction, TP36), from headline");
		expect(text).not.toContain("cheapest option");
	});

	it("says that it is what an own fleet would cost, where tokens are bought by API", () => {
		const text = pack("bridge", { strategy: "api", machine: "row-3" });
		expect(text).toContain("buy the tokens by API, which needs no machines");
		expect(text).toContain("what a fleet of one's own would cost");
	});

	it("is left out, with the reason, where the machine of the years is not ranked", () => {
		const text = pack("bridge", { strategy: "own", machine: "row-77" });
		expect(text).toContain("`row-77`");
		expect(text).not.toContain("on the slide");
	});
});

describe("a plan of one month", () => {
	it("says that nothing has changed, and does not speak of one months", () => {
		const text = pack("cost-causes", { strategy: "own", machine: "row-3", costs: [0.763, 0.763] });
		expect(text).toContain("A million tokens cost $0.763/M tok from the opening to the last year");
		expect(text).not.toContain("does most");
		expect(text).toContain("over 1 month this costs");
		expect(text).not.toContain("1 months");
	});
});

describe("a plan that loses money in half of its draws", () => {
	it("says which middle is which: of the inputs, or of the draws", () => {
		const npv = { value: -714_739, p10: -3.6e6, p50: -345_187, p90: 2.6e6 };
		const text = pack("decision", { strategy: "own", machine: "row-3", npv });
		expect(text).toContain("worth **−$714,739** in today's money with every input at its middle, −$3.60M to $2.60M");
		expect(text).toContain("below −$345,187 (P50), where every input at its middle gives −$714,739");
	});
});

describe("stop if the price falls below what the plan needs", () => {
	const sold = (price: number): string => pack("stop-if", { strategy: "own", machine: "row-3", floor: 1.72 }, price);
	it("says so where it lies below already", () => {
		expect(sold(0.9)).toMatch(/the price of a million tokens is below \$1\.72\/M tok.* already: it is \$0\.900\/M tok/);
	});
	it("names the limit where it is not reached", () => {
		expect(sold(2)).toContain("falls below $1.72/M tok at the opening (it is $2.00/M tok[^1]): below that");
	});
});

describe("a result that is no plan", () => {
	const result = { model: "deepseek-r1", rows: [], attribution: "none" };
	const parsed = parseTemplate("# Page\n\n{{reproduce}}\n", "test");
	it("has a whole title, and names a number that there is", () => {
		if (!parsed.ok) throw new Error("the template of the test is wrong");
		const plan = { ...envelope("predict", result, []), graph: pricedGraph(2) };
		const text = reportMarkdown(packReport({ plan, names: smallNames }, parsed.template));
		expect(text).toMatch(/^# DeepSeek-R1: result of farthing predict$/m);
		expect(text).toContain("`farthing why revenue.price`");
	});
});
