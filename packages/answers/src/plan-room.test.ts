import { describe, expect, it } from "vitest";
import { asking, catalogue, refusal, rowList, scenarioOf } from "../test-support/questions.ts";
import { compare } from "./compare.ts";
import type { PlanResult } from "./plan-result.ts";
import { plan } from "./whole-plan.ts";

/** B200 in replicas of 4 GPUs, and GB300 in racks. */
const rows = rowList("version: 1\nrows: [{id: ix-84573640}, {id: ix-203761ba}]\n");

function scenario(limits: string, more = "") {
	return scenarioOf(
		[
			"version: 1",
			"name: room",
			"model: deepseek-r1",
			"workload: {input: 8192, output: 1024}",
			"demand: {tokens_per_day: 5B, peak_to_mean: 2.0}",
			'cost: {card: {id: "2026-07", tier: own_neocloud}}',
			...(limits === "" ? [] : [`limits: ${limits}`]),
			more,
		].join("\n"),
	);
}

const planned = (limits: string, more = ""): PlanResult =>
	plan(catalogue, scenario(limits, more), asking("plan"), { rows }).result;

describe("a plan on a site with limits", () => {
	it("leaves out what needs more power, with the reason and by how much", () => {
		const { options, unranked, limits } = planned("{power: 100 kW, pue: 1.25}");
		expect(options.map(({ hardware }) => hardware)).toEqual(["b200-sxm"]);
		// 40 GPUs of 1.71 kW at a PUE of 1.25; the racks: 144 GPUs of 2.12 kW would need 0.3816 MW.
		expect(options[0]?.power?.value).toBeCloseTo((40 * 1.71 * 1.25) / 1000, 12);
		const [out] = unranked;
		expect(out).toMatchObject({ code: "over-power-limit", row: "ix-203761ba" });
		const perGpu = catalogue.hardware.find(({ id }) => id === "gb300-nvl72")?.figures.allInPower?.value as number;
		expect(out?.short_by?.value).toBeCloseTo((144 * perGpu * 1.25) / 1000 - 0.1, 12);
		expect(out?.reason).toMatch(/144 GPUs need 382 kW of power, PUE included, 282 kW more than the 100 kW there are/);
		expect(limits).toMatchObject({ power: { value: 0.1, unit: "MW" }, most: { row: "ix-84573640", gpus: 40 } });
	});

	it("says the most tokens a day that fit: a plan for as many is feasible, for more it is not", () => {
		const most = planned("{gpus: 40}").limits?.most?.tokens_per_day.value as number;
		// 10 replicas of which one is spare, whole hosts, at a peak of 2: 9 · 4 · X · 86,400 / 2.
		const { tokens_per_gpu_second: speed } = (planned("").options[0] as PlanResult["options"][number]).deployment;
		expect(most / ((9 * 4 * speed * 86_400) / 2)).toBeCloseTo(1, 5);
		const at = (share: number) =>
			plan(catalogue, { ...scenario("{gpus: 40}"), ...demandOf(most * share) }, asking("plan"), { rows });
		expect(at(1).result.options[0]?.gpus).toBe(40);
		expect(refusal(() => at(1.0001))).toMatchObject({ code: "nothing-fits" });
	});

	it("refuses limits that limit nothing", () => {
		expect(() => planned("{pue: 1.2}")).toThrow(/limits nothing/);
	});

	it("counts hosts whole, and ends the volumes where there is no room", () => {
		const { options, volumes } = planned("{hosts: 5}");
		expect(options.map(({ gpus }) => gpus)).toEqual([40, 144]);
		expect(volumes.reason).toMatch(/no room/);
		expect(volumes.tokens_per_day.at(-1) as number).toBeLessThan(1e12);
		const ends = Object.values(volumes.delivered).map(({ length }) => length);
		expect(Math.max(...ends)).toBe(volumes.tokens_per_day.length);
		expect(Math.min(...ends)).toBeLessThan(volumes.tokens_per_day.length);
	});

	it("refuses with the nearest miss and what would fit, or that nothing does", () => {
		const small = refusal(() => planned("{power: 20 kW}"));
		expect(small).toMatchObject({ exit: 3, code: "nothing-fits" });
		expect(small.message).toMatch(/the nearest is ix-84573640: its 40 GPUs need 85.5 kW/);
		expect(small.detail.hint).toMatch(/the most that fits is .* tok\/day, on 8 GPUs/);
		expect(refusal(() => planned("{power: 5 kW}")).detail.hint).toMatch(/least fleet of any has no room/);
	});

	it("holds in compare too, along volumes and under traffic", () => {
		const traffic = "traffic: {burstiness: 2}";
		const { result } = compare(catalogue, scenario("{hosts: 6}", traffic), asking("compare"), {
			rows,
			by: ["hardware"],
		});
		const family = result.families.find((each) => each.family === "inferencex");
		const { groups, crossovers } = family?.by.hardware ?? { groups: [], crossovers: [] };
		const own = plan(catalogue, scenario("{hosts: 6}", traffic), asking("plan"), { rows }).result;
		expect(groups.map(({ best, gpus }) => [best, gpus])).toEqual(own.options.map(({ id, gpus }) => [id, gpus]));
		const racks = crossovers.find(({ of }) => of === "gb300-nvl72");
		expect(racks?.state).toBe("reached");
		expect(racks?.tokens_per_day?.value).toBe(own.crossovers[0]?.tokens_per_day.value);
	});
});

function demandOf(tokensPerDay: number) {
	const { demand } = scenarioOf(
		[
			"version: 1",
			"name: room",
			"model: deepseek-r1",
			"workload: {input: 8192, output: 1024}",
			`demand: {tokens_per_day: ${Math.floor(tokensPerDay)}, peak_to_mean: 2.0}`,
			'cost: {card: {id: "2026-07", tier: own_neocloud}}',
		].join("\n"),
	);
	return { demand };
}
