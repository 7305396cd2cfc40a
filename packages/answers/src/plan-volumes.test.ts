import { describe, expect, it } from "vitest";
import { asking, benchmarkRow, catalogue, exampleScenario, sixRows } from "../test-support/questions.ts";
import { plan } from "./whole-plan.ts";
import { fleetQuestion } from "./plan-fleet.ts";
import { volumeCurves } from "./plan-volumes.ts";
import { rateBook } from "./rates.ts";
import { throughputInput } from "./rows.ts";

const flags = { "redundancy.whole_hosts": false } as const;
const SIX = ["ix-59100d82", "ix-8fa74f0e", "ix-255cede9", "ix-6ab5766c", "ix-8c4be6f1", "ix-203761ba"];

describe("volumeCurves", () => {
	it("agrees with a plan made at each volume", () => {
		const { curves } = six();
		const places = curves.tokens_per_day.map((volume, i) => [volume, i] as const).filter((_, k) => k % 3 === 0);
		for (const [volume, i] of places) {
			const scenario = exampleScenario("prototype-to-5b.yaml", { ...flags, "demand.tokens_per_day": volume });
			const [best] = plan(catalogue, scenario, asking("plan"), { rows: sixRows() }).result.options;
			const path = curves.delivered[best?.id as string] as readonly number[];
			expect(path[i] as number).toBeCloseTo(best?.delivered.value as number, 9);
			const winner = curves.delivered[curves.cheapest[i] as string] as readonly number[];
			expect(winner[i] as number).toBeCloseTo(best?.delivered.value as number, 9);
		}
	});

	it("changes the winner as published: B200 TP4, then 20+16 GPUs, then GB300", () => {
		const { changes } = six();
		expect(changes.map(({ from, to }) => [from, to])).toEqual([
			["ix-255cede9", "ix-8c4be6f1"],
			["ix-8c4be6f1", "ix-203761ba"],
		]);
		const [first, second] = changes.map(({ tokensPerDay }) => tokensPerDay) as [number, number];
		expect(first).toBeGreaterThan(5e9);
		expect(first).toBeLessThan(1e10);
		expect(second).toBeGreaterThan(4e10);
	});

	it("has each volume either under its leader or among the interruptions", () => {
		const { changes, curves } = six();
		const first = changes[0]?.from as string;
		curves.tokens_per_day.forEach((volume, i) => {
			const leader = changes.findLast(({ tokensPerDay }) => tokensPerDay <= volume)?.to ?? first;
			const other = curves.interruptions.find(({ from, to }) => from <= volume && volume < to);
			expect(curves.cheapest[i]).toBe(other?.cheapest ?? leader);
		});
		for (const { from, to } of curves.interruptions) expect(to / from).toBeLessThan(1.25);
	});

	it("has a change only where the new winner holds for a quarter more volume, and is it most of the way", () => {
		const { changes, curves } = six();
		const ends = [...changes.slice(1).map(({ tokensPerDay }) => tokensPerDay), 1e12];
		changes.forEach(({ tokensPerDay, to }, i) => {
			const end = ends[i] as number;
			expect(end / tokensPerDay).toBeGreaterThanOrEqual(1.25);
			for (const { from } of curves.interruptions)
				expect(from >= tokensPerDay && from <= 1.25 * tokensPerDay).toBe(false);
			const within = curves.cheapest.filter((_, k) => {
				const volume = curves.tokens_per_day[k] as number;
				return volume >= tokensPerDay && volume < end;
			});
			expect(within.filter((id) => id === to).length).toBeGreaterThan(within.length / 2);
		});
	});

	it("keeps the path of each option that is the cheapest somewhere", () => {
		const { curves } = six();
		for (const id of curves.cheapest) expect(curves.delivered[id]).toHaveLength(curves.tokens_per_day.length);
		const lowest = (i: number) => Math.min(...Object.values(curves.delivered).map((path) => path[i] as number));
		curves.cheapest.forEach((id, i) => expect(curves.delivered[id]?.[i]).toBe(lowest(i)));
		expect(curves.tokens_per_day[0]).toBe(1e8);
		expect(curves.tokens_per_day.at(-1)).toBe(1e12);
	});

	it("finds from where self-hosting is below a price and stays so", () => {
		const { curves, cheaperFrom } = six();
		const at = cheaperFrom(0.5) as number;
		expect(at).toBeGreaterThan(5e9);
		const lowest = curves.cheapest.map((id, i) => curves.delivered[id]?.[i] as number);
		curves.tokens_per_day.forEach((volume, i) => {
			if (volume >= at) expect(lowest[i]).toBeLessThanOrEqual(0.5);
		});
		expect(Math.max(...lowest.filter((_, i) => (curves.tokens_per_day[i] as number) < at))).toBeGreaterThan(0.5);
		expect(cheaperFrom(0.01)).toBeUndefined();
		expect(cheaperFrom(1000)).toBe(1e8);
	});

	it("names the lead that comes next, also from within a stretch that interrupts one", () => {
		const { changes, curves, nextAfter } = six();
		const [first, second] = changes as [(typeof changes)[0], (typeof changes)[0]];
		expect(nextAfter(2e9, first.from)).toEqual(first);
		const gap = curves.interruptions.find(({ from }) => from > first.tokensPerDay && from < second.tokensPerDay);
		const { from, to, cheapest } = gap as (typeof curves.interruptions)[0];
		expect(to).toBeGreaterThan(from);
		expect(nextAfter(from, cheapest)).toEqual({ tokensPerDay: to, from: cheapest, to: first.to });
		expect(nextAfter(9e11, second.to)).toBeUndefined();
	});

	it("has each step of whole replicas: between two volumes the lines read as a plan made there", () => {
		const { curves } = six();
		for (const volume of [7e8, 3.3e9, 1.55e10]) {
			const scenario = exampleScenario("prototype-to-5b.yaml", { ...flags, "demand.tokens_per_day": volume });
			const [best] = plan(catalogue, scenario, asking("plan"), { rows: sixRows() }).result.options;
			const path = curves.delivered[best?.id as string] as readonly number[];
			const at = curves.tokens_per_day.findIndex((each) => each >= volume);
			const ends = [path[at - 1] as number, path[at] as number];
			expect(best?.delivered.value as number).toBeGreaterThan(Math.min(...ends) * 0.97);
			expect(best?.delivered.value as number).toBeLessThan(Math.max(...ends) * 1.03);
			expect((curves.tokens_per_day[at] as number) / (curves.tokens_per_day[at - 1] as number)).toBeLessThan(1.03);
		}
	});

	it("says where it dips below a price before it stays there", () => {
		const { cheaperBetween, cheaperFrom, curves } = six();
		const lowest = curves.cheapest.map((id, i) => curves.delivered[id]?.[i] as number);
		const rise = lowest.findIndex((cost, i) => i > 0 && cost > (lowest[i - 1] as number));
		const price = lowest[rise - 1] as number;
		const found = cheaperBetween(price);
		expect(found[0]).toEqual({ from: curves.tokens_per_day[rise - 1], to: curves.tokens_per_day[rise] });
		expect(found.at(-1)?.to).toBeLessThanOrEqual(cheaperFrom(price) as number);
		expect(cheaperBetween(1000)).toEqual([]);
		expect(cheaperBetween(0.001)).toEqual([]);
	});

	it("says that volume to one in a million: just below it the price is still the lower one", () => {
		const at = six().cheaperFrom(0.5) as number;
		const cheapest = (volume: number): number => {
			const scenario = exampleScenario("prototype-to-5b.yaml", { ...flags, "demand.tokens_per_day": volume });
			const [best] = plan(catalogue, scenario, asking("plan"), { rows: sixRows() }).result.options;
			return best?.delivered.value as number;
		};
		expect(cheapest(at)).toBeLessThanOrEqual(0.5);
		expect(cheapest(at * (1 - 1e-6))).toBeGreaterThan(0.5);
	});

	it("does not depend on volume where utilisation is stated", () => {
		const { curves, changes } = six({ utilisation: "50%" });
		expect(changes).toEqual([]);
		const path = curves.delivered[curves.cheapest[0] as string] as readonly number[];
		for (const cost of path) expect(cost).toBeCloseTo(path[0] as number, 9);
	});
});

describe("the crossovers of a plan", () => {
	it("are the same whatever demand is asked, and the leader ranks first where it leads", () => {
		const at = (volume: number) => {
			const over = { "demand.tokens_per_day": volume };
			return plan(catalogue, exampleScenario("prototype-to-5b.yaml", over), asking("plan")).result;
		};
		const { crossovers } = at(5e9);
		for (const { tokens_per_day: from, to } of crossovers) {
			const there = at(from.value as number);
			expect(there.options[0]?.id).toBe(to);
			expect(there.crossovers).toEqual(crossovers);
		}
	});

	it("carry grade and date of the evidence on both sides", () => {
		const { result } = plan(catalogue, exampleScenario("prototype-to-5b.yaml", flags), asking("plan"), {
			rows: sixRows(),
		});
		expect(result.crossovers.map(({ to }) => to)).toEqual(["ix-8c4be6f1", "ix-203761ba"]);
		for (const { tokens_per_day: volume, from, to } of result.crossovers) {
			expect(volume).toMatchObject({ unit: "tok/day", tokens: "total", grade: "B" });
			const dates = [from, to].map((id) => benchmarkRow(id).measuredOn as string);
			expect(volume.as_of).toBe(dates.sort()[0]);
		}
		expect(result.volumes.cheapest).toHaveLength(result.volumes.tokens_per_day.length);
	});
});

function six(over: Record<string, string> = {}): ReturnType<typeof volumeCurves> {
	const scenario = exampleScenario("prototype-to-5b.yaml", { ...flags, ...over });
	const rates = rateBook(catalogue, scenario.cost, catalogue.releaseDate);
	const question = fleetQuestion(catalogue, scenario, rates, catalogue.releaseDate);
	return volumeCurves(SIX.map(benchmarkRow), question, (point) => throughputInput(catalogue, point));
}
