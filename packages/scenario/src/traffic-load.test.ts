import { centralValue } from "@farthing/engine";
import { describe, expect, it } from "vitest";
import type { Issue } from "./issue.ts";
import { parseTrafficShape } from "./fitted-shape.ts";
import { parseScenario } from "./parse-scenario.ts";
import type { Scenario } from "./scenario.ts";

const SHAPE = `name: mornings
requests: 100
seconds: 90000
requests_per_second: 0.001
burstiness: 1.5
hourly: [${Array.from({ length: 24 }, (_, hour) => (hour === 9 ? 4 : 1)).join(", ")}]
prefix_reuse: 0.3
prefix_block_tokens: 512
cells: [{input: [1, 20], output: [3, 4, 5]}]
`;

function parsed(traffic: string, demand = "{tokens_per_day: 1B}"): ReturnType<typeof parseScenario> {
	const text = [
		"version: 1",
		"name: t",
		"model: deepseek-r1",
		"workload: {input: 8192, output: 1024}",
		`demand: ${demand}`,
		'cost: {card: {id: "2026-07", tier: own_neocloud}}',
		`traffic: ${traffic}`,
	].join("\n");
	const resolve = (name: string, from: string) =>
		name === "mornings.yaml" ? { file: `${from}/../mornings.yaml`, text: SHAPE } : undefined;
	return parseScenario(text, { file: "t.yaml", resolve });
}

function scenario(traffic: string, demand?: string): Scenario {
	const read = parsed(traffic, demand);
	if (!read.ok) throw new Error(JSON.stringify(read.issues));
	return read.scenario;
}

function issues(traffic: string, demand?: string): readonly Issue[] {
	const read = parsed(traffic, demand);
	return read.ok ? [] : read.issues;
}

const peakOf = ({ demand }: Scenario): number => centralValue(demand.peakToMean.distribution);
const list = (length: number, at: (hour: number) => number): string =>
	`[${Array.from({ length }, (_, hour) => at(hour)).join(", ")}]`;

describe("the course of the requests", () => {
	it("takes only the ratios of the hours, and the peak from them", () => {
		const { traffic, demand, defaults } = scenario(`{hourly: ${list(24, (hour) => (hour < 12 ? 10 : 30))}}`);
		expect(traffic?.hourly?.[0]).toBe(0.5);
		expect(traffic?.hourly?.[12]).toBe(1.5);
		expect(centralValue(demand.peakToMean.distribution)).toBe(1.5);
		expect(defaults.find(({ path }) => path === "demand.peak_to_mean")).toMatchObject({ value: "1.5" });
	});

	it("gives a week the peak of its busiest day over its mean, where none is stated, whichever day that is", () => {
		// Days with a peak of 2 each: 2·max(1, W) over (5 + 2W)/7.
		for (const [weekend, peak] of [
			[0.3, 2.5],
			[1, 2],
			[1.2, 2.27],
			[1.5, 2.625],
			[2, 3.111],
			[3, 3.818],
			[4, 4.308],
			[5, 4.667],
		] as const) {
			const { demand, traffic, defaults } = scenario(`{weekend: ${weekend}}`);
			expect(demand.peakToMean.distribution).toMatchObject({ kind: "point" });
			expect(Math.max(...(traffic?.hourly ?? []))).toBeCloseTo(peak, 2);
			const said = defaults.find(({ path }) => path === "demand.peak_to_mean");
			expect(Number(said?.value)).toBeCloseTo(peak, 2);
			expect(said?.source).toContain("days with a peak of 2");
			expect(said?.source).toContain(`weekend is ${weekend} of other days`);
		}
	});

	it("says what to write where a fleet is to be always up", () => {
		const [issue] = issues("{availability: 100%}");
		expect(issue).toMatchObject({ code: "out-of-bounds", hint: expect.stringContaining("99.99%") });
		expect(issue?.hint).toContain("more spare replicas");
	});

	it("keeps a stated peak over the mean of the week where the weekend is the busier part of it", () => {
		const { traffic, demand } = scenario("{weekend: 1.5}", "{tokens_per_day: 1B, peak_to_mean: 4}");
		const hours = traffic?.hourly ?? [];
		expect(Math.max(...hours)).toBeCloseTo(4, 6);
		expect(hours.indexOf(Math.max(...hours))).toBe(5 * 24 + 14);
		expect(demand.peakToMean.text).toBe("4");
		expect(issues("{weekend: 3}", "{tokens_per_day: 1B, peak_to_mean: 1.5}")).toMatchObject([
			{ code: "contradiction", message: expect.stringContaining("a level day of the weekend is already 1.909 times") },
		]);
	});

	it("lets a weekend have its own share, with the stated peak kept over the whole week", () => {
		const { traffic, demand } = scenario("{weekend: 0.3}", "{tokens_per_day: 1B, peak_to_mean: 2.2}");
		const hours = traffic?.hourly as readonly number[];
		expect(hours).toHaveLength(168);
		expect(Math.max(...hours)).toBeCloseTo(2.2, 6);
		expect(hours.reduce((sum, hour) => sum + hour, 0)).toBeCloseTo(168, 9);
		expect((hours[134] as number) / (hours[14] as number)).toBeCloseTo(0.3, 9);
		expect(centralValue(demand.peakToMean.distribution)).toBe(2.2);
		expect(peakOf(scenario(`{weekend: 0, hourly: ${list(24, () => 1)}}`))).toBeCloseTo(7 / 5, 9);
	});

	it("refuses two that do not agree, with both lines", () => {
		const two = `{hourly: ${list(24, (hour) => (hour === 3 ? 3 : 1))}}`;
		expect(issues(two, "{tokens_per_day: 1B, peak_to_mean: 2}")).toMatchObject([
			{ code: "contradiction", path: "demand.peak_to_mean", line: 5, related: [{ line: 7 }] },
		]);
		expect(issues(two, "{tokens_per_day: 1B, peak_to_mean: 2.77}")).toEqual([]);
		expect(issues("{weekend: 0}", "{tokens_per_day: 1B, peak_to_mean: 1.2}")).toMatchObject([
			{ code: "contradiction" },
		]);
		expect(issues(`{weekend: 0.5, hourly: ${list(168, () => 1)}}`)).toMatchObject([{ code: "contradiction" }]);
		// A weekend so busy that its own peak is beyond the stated one.
		expect(issues("{weekend: 5}", "{tokens_per_day: 1B, peak_to_mean: 1.5}")).toMatchObject([
			{ code: "contradiction" },
		]);
	});

	it.each([
		[`{hourly: ${list(23, () => 1)}}`, /has 23 numbers/],
		[`{hourly: ${list(24, () => 0)}}`, /nothing above 0/],
		[`{hourly: ${list(24, (hour) => (hour === 5 ? -1 : 1))}}`, /"-1" is not from 0/],
		["{growth: -100%}", /growth/],
		["{bursts: {rate: 20, share: 10%, length: 1 minute}}", /more than all requests/],
		["{bursts: {rate: 2, share: 10%}}", /length is missing/],
		["{burstiness: 2, bursts: {rate: 2, share: 10%, length: 1 minute}}", /cannot both hold/],
		["{shape: azure-2023-code, burstiness: 2}", /shape .*line 7.* and burstiness .*cannot both hold/],
	])("tells what is wrong with %s", (traffic, message) => {
		expect(issues(traffic).map((issue) => issue.message)).toEqual([expect.stringMatching(message)]);
	});
});

describe("a fitted shape", () => {
	it("is taken from the file that a scenario names, with its hours, and stands in the scenario's document", () => {
		const { traffic, document, ...rest } = scenario("{shape: mornings.yaml}");
		expect(traffic?.shape).toMatchObject({ name: "mornings", burstiness: 1.5, prefixBlockTokens: 512 });
		expect(traffic?.hourly?.[9]).toBeCloseTo(4 / (27 / 24), 9);
		expect(peakOf({ traffic, document, ...rest } as Scenario)).toBeCloseTo(4 / (27 / 24), 9);
		expect(document["traffic"]).toMatchObject({ shape: { name: "mornings" } });
		const stated = scenario("{shape: mornings.yaml}", "{tokens_per_day: 1B, peak_to_mean: 2}");
		expect(stated.traffic?.hourly).toBeUndefined();
	});

	it("is missed where there is no such file", () => {
		expect(issues("{shape: none.yaml}")).toMatchObject([{ code: "unresolved-shape", path: "traffic.shape", line: 7 }]);
	});

	it.each([
		["prefix_block_tokens: 512\n", "", "missing-field"],
		["[1, 20]", "[20, 1]", "out-of-bounds"],
		["[1, 20]", "[20]", "out-of-bounds"],
		["[1, 20]", "[0, 20]", "out-of-bounds"],
		["burstiness: 1.5", "burstiness: much", "wrong-type"],
		["name:", "title:", "unknown-field"],
	])("is refused with its place where %j is %j", (from, to, code) => {
		const read = parseTrafficShape(SHAPE.replace(from, to), { file: "mornings.yaml" });
		expect(read.ok ? [] : read.issues.map((issue) => issue.code)).toContain(code);
	});
});
