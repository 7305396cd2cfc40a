import type { Catalogue } from "@farthing/catalogue";
import { buildModel, evaluate, gpuHourBuildUp, scalarOf, usdPerGpuHour } from "@farthing/engine";
import type { BuildUp } from "@farthing/scenario";
import { describe, expect, it } from "vitest";
import { asking, bareLeaves, catalogue, leavesOf, refusal, saved, scenarioOf } from "../test-support/questions.ts";
import { assumptionSet, buildUpInputs } from "./build-up.ts";
import type { Warning } from "./envelope.ts";
import { price } from "./price.ts";
import { rateBook } from "./rates.ts";
import { whyNode } from "./why.ts";

describe("the sets of assumptions of the catalogue", () => {
	// tco-facts.md §6: capital, energy, facility, maintenance and staff, total, share of facility and energy.
	it.each([
		["hyperscaler", "gb200-nvl72", 1.732, 0.12, 0.27, 0.088, 2.21, 0.176],
		["neocloud", "gb200-nvl72", 2.097, 0.163, 0.333, 0.157, 2.75, 0.18],
		["hyperscaler", "h100-sxm", 0.965, 0.088, 0.197, 0.049, 1.3, 0.22],
		["neocloud", "h100-sxm", 1.223, 0.119, 0.244, 0.104, 1.69, 0.215],
	])("give the owner rates of card 2025-08: %s, %s", (set, part, capital, energy, facility, upkeep, total, share) => {
		const found = builtUp(`{assumptions: ${set}}`, part);
		expect(found("capital")).toBeCloseTo(capital, 2);
		expect(found("energy")).toBeCloseTo(energy, 3);
		expect(found("facility")).toBeCloseTo(facility, 3);
		expect(found("maintenance") + found("staff")).toBeCloseTo(upkeep, 3);
		expect(Math.abs(found("total") / total - 1)).toBeLessThan(0.01);
		expect((found("facility") + found("energy")) / found("total")).toBeCloseTo(share, 2);
	});

	it("own their building or lease it, as the set says", () => {
		expect(facilityOf("{assumptions: hyperscaler}")).toBe("owned");
		expect(facilityOf("{assumptions: neocloud}")).toBe("leased");
	});

	// The sensitivities of tco-facts.md §6, in percent of 2.03 USD/GPU-hr.
	it.each([
		["life: 4 years", 16],
		["life: 6 years", -10],
		["hardware: {gb200: {capital: 65k USD/GPU}}", 16],
		["hardware: {gb200: {capital: 43333 USD/GPU}}", -16],
		["cost_of_capital: 12%", 8],
		["cost_of_capital: 5%", -6],
		["software: 4500 USD/GPU/year", 25],
		["residual: 10%", -5],
		["residual: 25%", -13],
		["maintenance: 4%", 8],
		["energy_price: 0.045 USD/kWh", -2],
		["energy_price: 0.12 USD/kWh", 4],
		["pue: 1.08", -0.4],
		["pue: 1.35", 1],
		["facility: {owned: {build_cost: 9 USD/W, life: 15 years, cost_of_capital: 7%}}", -3],
		["facility: {owned: {build_cost: 15 USD/W, life: 15 years, cost_of_capital: 7%}}", 4],
	])("move the rack over five years as published: %s", (change, percent) => {
		const base = builtUp("{assumptions: gb200-rack}", "gb200-nvl72")("total");
		expect(base).toBeCloseTo(2.03, 2);
		const moved = builtUp(`{assumptions: gb200-rack, ${change}}`, "gb200-nvl72")("total");
		expect(Math.abs((moved / base - 1) * 100 - percent)).toBeLessThan(2);
	});

	it("are refused by an unknown name, with those there are", () => {
		const error = refusal(() => assumptionSet(catalogue, "hyper"));
		expect(error).toMatchObject({ exit: 3, code: "unknown-assumptions" });
		expect(error.detail.nearest).toEqual(["hyperscaler", "neocloud", "gb200-rack"]);
	});
});

describe("members of a scenario", () => {
	const members = [
		"life: 4 years, cost_of_capital: 7%, residual: 0%, maintenance: 1.5%, pue: 1.15, energy_price: 0.07 USD/kWh",
		"load: 80%, staff: 0 USD/GPU-hr, software: 0 USD/GPU/year",
		"facility: {owned: {build_cost: 11.5 USD/W, life: 15 years, cost_of_capital: 7%}}",
		"hardware: {gb200: {capital: 51.4k USD/GPU, power: 1.87 kW/GPU}}",
	];
	const own = `{${members.join(", ")}}`;

	it("can say everything, by hardware alias, and give the same as the set", () => {
		expect(builtUp(own, "gb200-nvl72")("total")).toBeCloseTo(
			builtUp("{assumptions: hyperscaler}", "gb200-nvl72")("total"),
			12,
		);
	});

	it("stand in for those of the set one by one, and name themselves as the source", () => {
		const text = "{assumptions: hyperscaler, pue: 1.3}";
		expect(builtUp(text, "gb200-nvl72")("energy")).toBeCloseTo(1.87 * 0.8 * 1.3 * 0.07, 12);
		const leaves = leavesOf(whyNode(saved(priced(text, "gb200-nvl72")), "rate.build_up.gb200-nvl72"));
		const sourceOf = (name: string) => leaves.find(({ node }) => node.endsWith(`.assumed.${name}`))?.source;
		expect(sourceOf("pue")).toMatchObject({ source: "scenario file test.yaml", grade: "E" });
		expect(sourceOf("energy_price")).toMatchObject({ at: "build-up/hyperscaler/energy_price", as_of: "2026-08-22" });
	});

	it("replace a leased facility with an owned one as a whole, and the other way round", () => {
		const owned =
			"{assumptions: neocloud, facility: {owned: {build_cost: 11.5 USD/W, life: 15 years, cost_of_capital: 7%}}}";
		expect(facilityOf(owned)).toBe("owned");
		expect(builtUp(owned, "gb200-nvl72")("facility")).toBeCloseTo(
			builtUp("{assumptions: hyperscaler}", "gb200-nvl72")("facility"),
			12,
		);
		const leased = "{assumptions: hyperscaler, facility: {leased: {rent: 130 USD/kW/month}}}";
		expect(facilityOf(leased)).toBe("leased");
		expect(builtUp(leased, "gb200-nvl72")("facility")).toBeCloseTo((12 * 1.87 * 130) / 8760, 9);
	});

	it("of a part that the set does not know are named as missing", () => {
		const book = bookOf("{assumptions: hyperscaler}");
		expect(book.rateOf("b200-sxm")).toEqual({ known: false, reason: "the build-up of b200-sxm lacks capital, power" });
		const given = bookOf("{assumptions: hyperscaler, hardware: {b200: {capital: 40k USD/GPU, power: 1.71 kW/GPU}}}");
		expect(given.rateOf("b200-sxm").known).toBe(true);
		const half = bookOf("{assumptions: hyperscaler, hardware: {b200: {capital: 40k USD/GPU}}}");
		expect(half.rateOf("b200-sxm")).toEqual({ known: false, reason: "the build-up of b200-sxm lacks power" });
	});

	it("of a part that nobody knows are refused with their place", () => {
		const error = refusal(() => bookOf("{assumptions: hyperscaler, hardware: {b2000: {power: 1 kW/GPU}}}"));
		expect(error).toMatchObject({ exit: 3, code: "unknown-hardware", detail: { file: "test.yaml", line: 6 } });
	});

	it("are missing one by one where the set lacks them", () => {
		const [set, ...others] = catalogue.buildUps as [Catalogue["buildUps"][number], ...Catalogue["buildUps"]];
		const { buildCost: _, pue: __, ...figures } = set.figures;
		const poorer = { ...catalogue, buildUps: [{ ...set, figures }, ...others] };
		const context = { id: "x", asOf: "2026-11-22", warnings: [] };
		const inputs = buildUpInputs(poorer, buildUpOf("{assumptions: hyperscaler}"), "gb200-nvl72", context);
		expect(inputs).toEqual({ missing: "the build-up of gb200-nvl72 lacks build_cost, pue" });
	});
});

describe("a built-up price", () => {
	it("ends at assumptions with source, date and grade", () => {
		expect(bareLeaves(priced("{assumptions: neocloud}", "h100-sxm"))).toEqual([]);
		expect(priced("{assumptions: neocloud}", "h100-sxm").result.gpu_hour).toMatchObject({
			unit: "USD/GPU-hr",
			grade: "E",
		});
	});

	it("warns of prices older than 90 days, of the set and of the scenario", () => {
		expect(warningsOf("{assumptions: hyperscaler}")).toEqual([
			'build-up "hyperscaler" is 92 days old on 2026-11-22 (dated 2026-08-22)',
		]);
		expect(warningsOf("{assumptions: hyperscaler}", "2026-11-19")).toEqual([]);
		const quoted = "hardware: {gb200: {capital: {value: 50k USD/GPU, as_of: 2026-05-01, source: a quote}}}";
		expect(warningsOf(`{assumptions: hyperscaler, ${quoted}}`, "2026-10-01")).toEqual([
			"cost.build_up.hardware.gb200.capital is 153 days old on 2026-10-01 (dated 2026-05-01)",
		]);
	});
});

function buildUpOf(text: string): BuildUp {
	const { cost } = scenarioOf(
		[
			"version: 1",
			"name: t",
			"model: any",
			"workload: {input: 1, output: 1}",
			"demand: {tokens_per_day: 1}",
			`cost: {build_up: ${text}}`,
		].join("\n"),
	);
	if (cost.kind !== "build-up") throw new Error("no build-up");
	return cost.buildUp;
}

function bookOf(text: string, asOf: string = catalogue.releaseDate) {
	return rateBook(catalogue, { kind: "build-up", buildUp: buildUpOf(text) }, asOf);
}

function rateOf(text: string, part: string, asOf: string = catalogue.releaseDate) {
	const answer = bookOf(text, asOf).rateOf(part);
	if (!answer.known) throw new Error(answer.reason);
	return answer.rate;
}

/** Value of a part, or of the total, in USD per GPU-hour. */
function builtUp(text: string, part: string): (name: string) => number {
	const evaluation = evaluate(buildModel([rateOf(text, part)]));
	return (name) =>
		scalarOf(evaluation, name === "total" ? `build_up.${part}` : `build_up.${part}.${name}`) / usdPerGpuHour.factor;
}

function priced(text: string, part: string) {
	return price({ rate: rateOf(text, part), throughputSource: "", tokens: "total" }, asking("price"));
}

function facilityOf(text: string): string {
	const context = { id: "x", asOf: "2026-11-22", warnings: [] };
	const buildUp = buildUpOf(text);
	const inputs = buildUpInputs(catalogue, buildUp, "gb200-nvl72", context);
	if ("missing" in inputs) throw new Error(inputs.missing);
	gpuHourBuildUp("y", inputs);
	return inputs.facility.kind;
}

function warningsOf(text: string, asOf: string = catalogue.releaseDate): string[] {
	const book = bookOf(text, asOf);
	book.rateOf("gb200-nvl72");
	const once = new Set(book.warnings().map(({ code, message }: Warning) => `${code} ${message}`));
	return [...once].map((each) => each.replace(/^stale-price /, ""));
}
