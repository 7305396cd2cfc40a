import { demandPath } from "../src/economics/five-years/demand-path.ts";
import type { Calendar } from "../src/economics/five-years/calendar.ts";
import { calendar, discounting, pointsOf } from "../src/economics/five-years/calendar.ts";
import type { DemandStep } from "../src/economics/five-years/demand-path.ts";
import type { Facility } from "../src/economics/five-years/facility.ts";
import type { Finance, MeasureInputs } from "../src/economics/five-years/measures.ts";
import { measures } from "../src/economics/five-years/measures.ts";
import type { OwnedInputs, PricedGeneration } from "../src/economics/five-years/owned.ts";
import { owned } from "../src/economics/five-years/owned.ts";
import {
	kilowattPerGpu,
	perYear,
	usdPerGpu,
	usdPerKilowattHour,
	usdPerWatt,
} from "../src/economics/gpu-hour-build-up.ts";
import type { SizingInputs } from "../src/economics/fleet.ts";
import { gpusPerReplica } from "../src/economics/fleet.ts";
import type { Evaluation } from "../src/model/evaluate.ts";
import { evaluate } from "../src/model/evaluate.ts";
import type { Model } from "../src/model/flatten.ts";
import { buildModel } from "../src/model/flatten.ts";
import { fraction, gpu, one, ratio, replica, tokensPerDay, tokensPerGpuSecond, year } from "../src/quantity/unit.ts";
import { fact } from "./point-fact.ts";

/** One rack of 72 GB200 with facts of `tco-facts`, §6: 3.9M USD, 1.87 kW a GPU, PUE 1.15, load 80%, 0.07 USD/kWh. */
export const RACK = { capital: 3.9e6 / 72, power: 1.87, rate: 0.08, maintenance: 0.015, host: 72 } as const;

export const sizing = (
	more: Partial<{ peak: number; spare: number; host: number; availability: number }> = {},
): SizingInputs => ({
	peakToMean: fact("peak", ratio, more.peak ?? 1),
	availability: fact("availability", fraction, more.availability ?? 1),
	wholeReplicas: fact("whole_replicas", one, 1),
	spareReplicas: fact("spare", replica, more.spare ?? 0),
	wholeHosts: fact("whole_hosts", one, 1),
	hostSize: fact("host", gpu, more.host ?? RACK.host),
});

export function generation(
	name: string,
	more: Partial<PricedGeneration> & { price?: number; tps?: number } = {},
): PricedGeneration {
	const { price = RACK.capital, tps = 1000, ...over } = more;
	return {
		name,
		speed: fact(`${name}.tps`, tokensPerGpuSecond("total"), tps),
		replicaSize: fact(`${name}.replica_size`, gpusPerReplica, 8),
		power: fact(`${name}.kw`, kilowattPerGpu, RACK.power),
		sizing: sizing(),
		prices: { items: { server: fact(`${name}.price`, usdPerGpu, price) } },
		...over,
	};
}

export const shellOfYears: Facility = {
	pue: fact("pue", ratio, 1.15),
	powerLoad: fact("load", fraction, 0.8),
	energyPrice: fact("energy_price", usdPerKilowattHour, 0.07),
	space: {
		kind: "owned",
		buildCost: fact("build_cost", usdPerWatt, 11.5),
		life: fact("shell_life", year, 15),
		costOfCapital: fact("shell_rate", perYear, 0.07),
	},
};

/** Steps in tokens a day by month. */
export function steps(...of: readonly (readonly [month: number, tokens: number, growth?: number])[]): DemandStep[] {
	return of.map(([fromMonth, tokens, growth], i) => ({
		fromMonth,
		level: fact(`demand_${i}`, tokensPerDay("total"), tokens),
		...(growth === undefined ? {} : { growthPerMonth: fact(`growth_${i}`, fraction, growth) }),
	}));
}

export function ownedInputs(
	months: number,
	demand: readonly DemandStep[],
	more: Partial<OwnedInputs> = {},
): OwnedInputs {
	return {
		calendar: calendar(months),
		demand: demandPath(demand),
		generations: [generation("gb200")],
		leadMonths: 0,
		lifeMonths: 60,
		facility: shellOfYears,
		residual: [{ ageMonths: 60, share: fact("residual", fraction, 0) }],
		running: { maintenance: fact("maintenance", perYear, RACK.maintenance) },
		committed: new Set(),
		lens: fact("lens", one, 1),
		...more,
	};
}

export interface Planned {
	readonly model: Model;
	readonly evaluation: Evaluation;
}

export function planned(
	of: OwnedInputs,
	more: Partial<Pick<MeasureInputs, "revenue">> & { finance?: Partial<Finance>; rate?: number } = {},
): Planned {
	const { flows, fleet } = owned("own.", of);
	const finance: Finance = {
		discounting: discounting("discount", fact("rate", perYear, more.rate ?? RACK.rate), of.calendar),
		bookMonths: 60,
		...more.finance,
	};
	const { outputs } = measures("own.", {
		calendar: of.calendar,
		flows,
		finance,
		...(more.revenue === undefined ? {} : { revenue: more.revenue }),
	});
	const model = buildModel([
		...new Set([...outputs, ...fleet.generations.flatMap((each) => [each.ordered, each.retired, each.delivered])]),
	]);
	return { model, evaluation: evaluate(model, { months: pointsOf(of.calendar.months) }) };
}

export type { Calendar };
