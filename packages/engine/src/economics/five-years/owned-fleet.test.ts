import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { generation, ownedInputs, planned, RACK, sizing, steps } from "../../../test-support/owned-plan.ts";
import { fact } from "../../../test-support/point-fact.ts";
import type { Evaluation } from "../../model/evaluate.ts";
import { seriesOf } from "../../model/evaluate.ts";
import { constant } from "../../model/expression.ts";
import { fraction, gpu, megawatt, one } from "../../quantity/unit.ts";
import { usdPerGpu } from "../gpu-hour-build-up.ts";

const PER_GPU = 1000 * 86_400;
const values = (of: Evaluation, id: string): number[] => Array.from(seriesOf(of, id));

describe("ownedFleet", () => {
	it("buys for the month after, in whole hosts, and only what is lacking", () => {
		const { evaluation } = planned(ownedInputs(6, steps([1, 70 * PER_GPU], [4, 150 * PER_GPU])));
		expect(values(evaluation, "own.gb200.ordered")).toEqual([72, 0, 0, 144, 0, 0, 0]);
		expect(values(evaluation, "own.gpus")).toEqual([0, 72, 72, 72, 216, 216, 216]);
		expect(values(evaluation, "own.utilisation")[1]).toBeCloseTo(70 / 72, 12);
	});

	it("orders ahead by the lead time, and has at the opening what an order would come too late for", () => {
		const { evaluation } = planned(
			ownedInputs(8, steps([1, 72 * PER_GPU], [3, 144 * PER_GPU], [6, 216 * PER_GPU]), { leadMonths: 3 }),
		);
		expect(values(evaluation, "own.gb200.opening")).toEqual([144, 0, 0, 0, 0, 0, 0, 0, 0]);
		expect(values(evaluation, "own.gb200.ordered")).toEqual([0, 0, 72, 0, 0, 0, 0, 0, 0]);
		expect(values(evaluation, "own.gpus")).toEqual([0, 144, 144, 144, 144, 144, 216, 216, 216]);
	});

	it("keeps what it has when demand falls, and lets it go at the end of its life", () => {
		const { evaluation } = planned(
			ownedInputs(8, steps([1, 144 * PER_GPU], [3, 72 * PER_GPU]), {
				lifeMonths: 4,
				residual: [{ ageMonths: 4, share: fact("residual", fraction, 0.25) }],
			}),
		);
		expect(values(evaluation, "own.gpus")).toEqual([0, 144, 144, 144, 144, 72, 72, 72, 72]);
		expect(values(evaluation, "own.gb200.resale")[4]).toBeCloseTo(0.25 * 144 * RACK.capital, 3);
		expect(values(evaluation, "own.gb200.resale")[8]).toBeCloseTo(0.25 * 72 * RACK.capital, 3);
	});

	it("stays within the power of the site, and shows what it leaves unserved", () => {
		const rackMegawatts = (72 * RACK.power * 1.15) / 1000;
		const of = ownedInputs(4, steps([1, 72 * PER_GPU], [3, 200 * PER_GPU]), {
			sitePower: fact("site", megawatt, 2.5 * rackMegawatts),
		});
		const { evaluation } = planned(of);
		expect(values(evaluation, "own.gpus")).toEqual([0, 72, 72, 144, 144]);
		expect(values(evaluation, "own.shortfall").map((x) => Math.round(x))).toEqual([0, 0, 0, 56_000, 56_000]);
		expect(values(evaluation, "own.served").map((x) => Math.round(x))).toEqual([0, 72_000, 72_000, 144_000, 144_000]);
	});

	it("buys the next generation from its month on, for what the one before does not serve", () => {
		const next = generation("next", { tps: 2000, fromMonth: constant(2, one) });
		const { evaluation } = planned(
			ownedInputs(6, steps([1, 72 * PER_GPU], [4, 300 * PER_GPU]), {
				generations: [generation("gb200"), next],
				lifeMonths: 4,
				residual: [{ ageMonths: 4, share: fact("residual", fraction, 0) }],
			}),
		);
		expect(values(evaluation, "own.gb200.gpus")).toEqual([0, 72, 72, 72, 72, 0, 0]);
		// 228,000 tokens/s left for machines of 2,000 each, then all 300,000
		expect(values(evaluation, "own.next.gpus")).toEqual([0, 0, 0, 0, 144, 216, 216]);
		expect(values(evaluation, "own.shortfall").every((x) => x === 0)).toBe(true);
	});

	it("uses what is there already before it buys, at its worth or for nothing under the marginal lens", () => {
		const existing = generation("old", {
			existing: { gpus: fact("old.gpus", gpu, 72), lifeLeftMonths: 3 },
			prices: { items: {}, existingValue: fact("old.value", usdPerGpu, 1000) },
		});
		const of = (lens: number) =>
			ownedInputs(5, steps([1, 72 * PER_GPU]), {
				generations: [existing, generation("gb200")],
				lens: fact("lens", one, lens),
			});
		const full = planned(of(1)).evaluation;
		expect(values(full, "own.old.gpus")).toEqual([0, 72, 72, 72, 0, 0]);
		expect(values(full, "own.gb200.gpus")).toEqual([0, 0, 0, 0, 72, 72]);
		expect(values(full, "own.old.capital.existing")[0]).toBe(72_000);
		const marginal = planned(of(0)).evaluation;
		expect(values(marginal, "own.old.capital.existing")[0]).toBe(0);
		expect(values(marginal, "own.running.maintenance")[1]).toBeGreaterThan(0);
	});

	it("serves all demand without ever ordering less than nothing, as a plain simulation does", () => {
		const plan = fc.record({
			levels: fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 4 }),
			lead: fc.integer({ min: 0, max: 5 }),
			life: fc.integer({ min: 8, max: 30 }),
			peak: fc.double({ min: 1, max: 3, noNaN: true }),
			spare: fc.integer({ min: 0, max: 2 }),
		});
		fc.assert(
			fc.property(plan, ({ levels, lead, life, peak, spare }) => {
				const months = 24;
				const starts = levels.map((_, i) => 1 + i * 5);
				const { evaluation } = planned(
					ownedInputs(
						months,
						steps(...levels.map((level, i): [number, number] => [starts[i] as number, level * PER_GPU])),
						{
							leadMonths: lead,
							lifeMonths: life,
							residual: [{ ageMonths: life, share: fact("residual", fraction, 0) }],
							generations: [generation("gb200", { sizing: sizing({ peak, spare }) })],
						},
					),
				);
				const demandAt = (m: number): number => levels[starts.findLastIndex((start) => start <= m)] as number;
				const need = (m: number): number => {
					const exact = (demandAt(m) * 1000 * peak) / 8000;
					const whole = Math.abs(exact - Math.round(exact)) < 1e-9 * exact ? Math.round(exact) : Math.ceil(exact);
					return Math.ceil(((whole + spare) * 8) / 72) * 72;
				};
				const expected = simulated({ months, lead, life, need });
				expect(values(evaluation, "own.gpus")).toEqual(expected.gpus);
				expect(values(evaluation, "own.gb200.ordered")).toEqual(expected.ordered);
				expect(values(evaluation, "own.gb200.ordered").every((x) => x >= 0)).toBe(true);
				expect(values(evaluation, "own.shortfall").every((x) => x === 0)).toBe(true);
			}),
			{ numRuns: 40 },
		);
	});
});

/** Cohorts in a list, month after month. */
function simulated({
	months,
	lead,
	life,
	need,
}: {
	months: number;
	lead: number;
	life: number;
	need: (m: number) => number;
}) {
	const cohorts: { size: number; from: number }[] = [];
	const ordered: number[] = [];
	const standingIn = (m: number): number =>
		cohorts.filter(({ from }) => from <= m && m < from + life).reduce((sum, { size }) => sum + size, 0);
	if (lead > 0) cohorts.push({ size: Math.max(...Array.from({ length: lead }, (_, i) => need(i + 1))), from: 1 });
	for (let t = 0; t <= months; t++) {
		const arrival = t + 1 + lead;
		const size = arrival <= months ? Math.max(0, need(arrival) - standingIn(arrival)) : 0;
		ordered.push(size);
		cohorts.push({ size, from: arrival });
	}
	return { ordered, gpus: Array.from({ length: months + 1 }, (_, m) => (m === 0 ? 0 : standingIn(m))) };
}
