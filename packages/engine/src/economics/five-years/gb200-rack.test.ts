import { describe, expect, it } from "vitest";
import { fact } from "../../../test-support/point-fact.ts";
import { generation, ownedInputs, planned, RACK, shellOfYears, steps } from "../../../test-support/owned-plan.ts";
import type { Evaluation } from "../../model/evaluate.ts";
import { evaluate, scalarOf, seriesOf } from "../../model/evaluate.ts";
import type { Expr } from "../../model/expression.ts";
import { buildModel } from "../../model/flatten.ts";
import { year, fraction, megawattHour, usdPerGpuHour } from "../../quantity/unit.ts";
import { gpuHourBuildUp, perYear, usdPerGpuYear } from "../gpu-hour-build-up.ts";

// One rack that a demand just fills: 72 GPUs × 1,000 tokens/s.
const demand = steps([1, 72 * 1000 * 86_400]);
const sum = (of: Evaluation, id: string): number => seriesOf(of, id).reduce((a, b) => a + b, 0);

describe("the GB200 rack through the monthly model", () => {
	const { evaluation } = planned(ownedInputs(60, demand));
	const perHour = (id: string): number => scalarOf(evaluation, id) / usdPerGpuHour.factor;

	it("costs 5.42M USD over five years, undiscounted", () => {
		expect(scalarOf(evaluation, "own.tco")).toBeCloseTo(5.4225e6, -4);
		expect(perHour("own.gpu_hour")).toBeCloseTo(1.72, 2);
	});

	it("has the parts worked by hand", () => {
		expect(sum(evaluation, "own.energy") / megawattHour.factor / 5).toBeCloseTo(1085, 0);
		expect(sum(evaluation, "own.running.energy") / 5).toBeCloseTo(76_000, -3);
		expect(sum(evaluation, "own.running.shell") / 5).toBeCloseTo(170_000, -3);
		expect(sum(evaluation, "own.running.maintenance") / 5).toBeCloseTo(58_500, 2);
		expect(sum(evaluation, "own.gb200.capital.server")).toBeCloseTo(3.9e6, 3);
	});

	it("is 2.03 USD/GPU-hr at 8%, each year counted at its end, as the build-up of a GPU-hour has it", () => {
		const { space, pue, powerLoad, energyPrice } = shellOfYears;
		if (space.kind !== "owned") throw new Error("a shell of one's own is expected");
		const none = fact("none", usdPerGpuYear, 0);
		const { total } = gpuHourBuildUp("closed", {
			capital: generation("gb200").prices.items.server as Expr<{ readonly USD: 1; readonly gpu: -1 }>,
			life: fact("life", year, 5),
			costOfCapital: fact("rate", perYear, RACK.rate),
			residual: fact("residual", fraction, 0),
			provisionedPower: generation("gb200").power,
			powerLoad,
			pue,
			energyPrice,
			maintenance: fact("maintenance", perYear, RACK.maintenance),
			staff: none,
			software: none,
			facility: space,
		});
		const closed = scalarOf(evaluate(buildModel([total])), "closed") / usdPerGpuHour.factor;
		expect(perHour("own.gpu_hour_levelised")).toBeCloseTo(2.03, 2);
		expect(perHour("own.gpu_hour_levelised") / closed - 1).toBeCloseTo(0, 12);
	});

	it("meets the monthly convention in the charge on capital: r / (12·i) apart", () => {
		const i = 1.08 ** (1 / 12) - 1;
		const capitalByMonth = (3.9e6 * i) / (1 - 1.08 ** -5) / (72 * 730);
		const running = sum(evaluation, "own.running") / 5 / (72 * 8760);
		expect(perHour("own.gpu_hour_levelised_by_month")).toBeCloseTo(capitalByMonth + running, 10);
		expect(perHour("own.gpu_hour_levelised")).toBeCloseTo((capitalByMonth * 0.08) / (12 * i) + running, 10);
		expect(perHour("own.gpu_hour_levelised_by_month")).toBeCloseTo(1.98, 2);
	});

	it("charges the same every month, worth what the purchases are worth", () => {
		const charge = seriesOf(evaluation, "own.charge");
		const i = 1.08 ** (1 / 12) - 1;
		const worth = charge.reduce((total, x, t) => total + x / (1 + i) ** t, 0);
		expect(worth / scalarOf(evaluation, "own.present_cost")).toBeCloseTo(1, 12);
		expect(seriesOf(evaluation, "own.unit_cost.delivered")[1]).toBeCloseTo(
			seriesOf(evaluation, "own.unit_cost.delivered")[60] as number,
			15,
		);
		expect(scalarOf(evaluation, "own.levelised_by_month")).toBeCloseTo(
			seriesOf(evaluation, "own.unit_cost.delivered")[30] as number,
			15,
		);
	});

	// The table of changes to the base case, in USD/GPU-hr.
	it.each<[string, Parameters<typeof planned>, number]>([
		["12% a year", [ownedInputs(60, demand), { rate: 0.12 }], 2.2],
		["5% a year", [ownedInputs(60, demand), { rate: 0.05 }], 1.91],
		[
			"life 4 years",
			[
				ownedInputs(48, demand, {
					lifeMonths: 48,
					residual: [{ ageMonths: 48, share: fact("residual", fraction, 0) }],
				}),
			],
			2.35,
		],
		[
			"life 6 years",
			[
				ownedInputs(72, demand, {
					lifeMonths: 72,
					residual: [{ ageMonths: 72, share: fact("residual", fraction, 0) }],
				}),
			],
			1.82,
		],
		[
			"capital +20%",
			[ownedInputs(60, demand, { generations: [generation("gb200", { price: RACK.capital * 1.2 })] })],
			2.36,
		],
		[
			"residual 10%",
			[ownedInputs(60, demand, { residual: [{ ageMonths: 60, share: fact("residual", fraction, 0.1) }] })],
			1.93,
		],
		[
			"residual 25%",
			[ownedInputs(60, demand, { residual: [{ ageMonths: 60, share: fact("residual", fraction, 0.25) }] })],
			1.77,
		],
		[
			"maintenance 4%",
			[ownedInputs(60, demand, { running: { maintenance: fact("maintenance", perYear, 0.04) } })],
			2.19,
		],
		[
			"AI Enterprise",
			[
				ownedInputs(60, demand, {
					running: { maintenance: fact("maintenance", perYear, 0.015), licences: fact("licence", usdPerGpuYear, 4500) },
				}),
			],
			2.54,
		],
	])("gives the published figure: %s", (_, of, expected) => {
		const found = scalarOf(planned(...of).evaluation, "own.gpu_hour_levelised") / usdPerGpuHour.factor;
		expect(Math.abs(found / expected - 1)).toBeLessThan(0.005);
	});
});
