import { modelFromJson, why } from "@farthing/engine";
import { describe, expect, it } from "vitest";
import { asking, catalogue, exampleScenario, rowList, sixRows } from "../test-support/questions.ts";
import type { PlanFleet } from "./plan-fleets.ts";
import { plan } from "./whole-plan.ts";

const planned = (changes: Readonly<Record<string, string | number | boolean>> = {}) =>
	plan(catalogue, exampleScenario("prototype-to-5b.yaml", changes), asking("plan"), { rows: sixRows() });

const part = ({ parts }: PlanFleet, name: string): number | undefined =>
	parts.find((each) => each.part === name)?.gpus.value;

describe("the fleets of a plan", () => {
	const answered = planned();
	const { fleets, options } = answered.result;

	it("are the cheapest of each part, and their parts add up to their GPUs", () => {
		expect(new Set(fleets.map(({ hardware }) => hardware)).size).toBe(fleets.length);
		for (const fleet of fleets) {
			const option = options.find(({ hardware }) => hardware === fleet.hardware);
			expect(fleet.option).toBe(option?.id);
			expect(fleet.gpus.value).toBe(option?.gpus);
			const sum = fleet.parts.reduce((total, { gpus }) => total + (gpus.value ?? Number.NaN), 0);
			expect(sum / option!.gpus).toBeCloseTo(1, 12);
			for (const { gpus } of fleet.parts) expect(gpus.value).toBeGreaterThanOrEqual(-1e-9);
		}
	});

	it("are those worked by hand: 5 billion tokens a day at twice the mean on B200 in fours, one spare", () => {
		const fleet = fleets.find(({ hardware }) => hardware === "b200-sxm") as PlanFleet;
		const { deployment, gpus } = options.find(({ id }) => id === fleet.option)!;
		const { tokens_per_gpu_second: speed, gpus_per_replica: size } = deployment;
		const mean = 5e9 / 86_400 / speed;
		const whole = Math.ceil((2 * mean) / size) * size;
		expect(part(fleet, "mean")).toBeCloseTo(mean, 9);
		expect(part(fleet, "peak")).toBeCloseTo(mean, 9);
		expect(part(fleet, "reserve")).toBe(0);
		expect(part(fleet, "whole_replicas")).toBeCloseTo(whole - 2 * mean, 9);
		expect(part(fleet, "spare")).toBe(size);
		expect(part(fleet, "whole_hosts")).toBe(gpus - whole - size);
		const room = Math.floor(gpus / size) - 1;
		expect(fleet.headroom?.value).toBeCloseTo((room * size) / (2 * mean) - 1, 9);
		expect(fleet.hosts).toMatchObject({ value: Math.ceil(gpus / 8), unit: "host" });
		expect(fleet.it_power?.value).toBeCloseTo(gpus * 1.71, 9);
		expect(fleet.meter_power).toMatchObject({ unit: "kW" });
		expect(fleet.meter_power?.value).toBeCloseTo(gpus * 1.71 * 1.25, 9);
		expect(fleet.site_share).toBeUndefined();
		const hours = fleet.load_duration?.utilization ?? [];
		expect(hours).toHaveLength(24);
		expect([...hours].sort((a, b) => b - a)).toEqual(hours);
		expect(hours[0]).toBeCloseTo((2 * mean) / gpus, 9);
	});

	it("have the headroom that a site of just their GPUs has room for: the peak is served, the spare replica kept", () => {
		for (const over of [{}, { "redundancy.availability": "97%", "redundancy.spare_replicas": 2 }]) {
			for (const { option, gpus, headroom } of planned(over).result.fleets) {
				const rows = rowList(`version: 1\nrows: [{id: ${option}}]\n`);
				const site = exampleScenario("prototype-to-5b.yaml", { ...over, "limits.gpus": gpus.value as number });
				const { limits } = plan(catalogue, site, asking("plan"), { rows }).result;
				const most = limits?.most?.tokens_per_day.value as number;
				expect(most / (5e9 * (1 + (headroom?.value ?? Number.NaN)))).toBeCloseTo(1, 5);
			}
		}
	});

	it("have the headroom of parts of replicas where these are allowed", () => {
		const [fleet] = planned({ "redundancy.whole_replicas": false, "redundancy.whole_hosts": false }).result.fleets;
		expect(fleet?.headroom?.value).toBeCloseTo(0, 9);
	});

	it("open into their inputs", () => {
		const fleet = fleets[0] as PlanFleet;
		const tree = why(modelFromJson(answered.graph!), fleet.meter_power?.node as string);
		expect(JSON.stringify(tree)).toContain("site.pue");
	});

	it("take their share of what the site has room for", () => {
		const { fleets: limited } = planned({ "limits.power": "1 MW", "limits.pue": 1.5 }).result;
		for (const { gpus, meter_power: power, site_share: share, it_power: it } of limited) {
			expect(power?.value).toBeCloseTo((it?.value ?? 0) * 1.5, 9);
			expect(share?.value).toBeCloseTo((power?.value ?? 0) / 1000, 12);
			expect(gpus.value).toBeGreaterThan(0);
		}
	});

	it("stand beside years of money under a limit of power", () => {
		const scenario = exampleScenario("five-years.yaml", { horizon: "3 years", "limits.power": "20 MW" });
		const { fleets: found } = plan(catalogue, scenario, asking("plan"), { draws: 16, top: 1, rows: sixRows() }).result;
		expect(found[0]?.site_share?.value).toBeGreaterThan(0);
	});

	it("are mean and idle where utilisation is stated, without hours", () => {
		const [fleet] = planned({ utilisation: "40%" }).result.fleets;
		const mean = part(fleet as PlanFleet, "mean") as number;
		expect((fleet?.gpus.value ?? 0) * 0.4).toBeCloseTo(mean, 9);
		expect(part(fleet as PlanFleet, "idle")).toBeCloseTo(mean * 1.5, 9);
		expect(fleet?.headroom).toBeUndefined();
		expect(fleet?.load_duration).toBeUndefined();
	});
});
