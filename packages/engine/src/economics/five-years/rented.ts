/**
 * Renting GPUs by month. A share of what is needed is reserved at the start of each term, at that month's price, and paid
 * for the whole term; of the rest a share runs on spot, with more GPUs to make up for interruptions; what is left is on
 * demand. `GPUs on spot = share · rest ÷ (1 − interrupted)`. Terms are counted to the end of the horizon.
 */
import type { AnyExpr, Expr } from "../../model/expression.ts";
import { constant, previous, seriesRef } from "../../model/expression.ts";
import type { Dimensionless } from "../../quantity/dimension.ts";
import type { Gpus, UsdPerGpuHour } from "../../quantity/unit.ts";
import { fraction, gpu, usdPerGpuHour } from "../../quantity/unit.ts";
import type { Calendar } from "./calendar.ts";
import type { AtMonth } from "./demand-path.ts";
import {
	choose,
	downTo,
	minus,
	monthly,
	number,
	ONE_MONTH,
	over,
	plus,
	positive,
	shareOf,
	times,
	upTo,
	zeroOf,
} from "./formula.ts";
import type { Flows } from "./measures.ts";
import type { Generation } from "./owned-fleet.ts";
import { demandServed, gpusNeeded, speedAt } from "./owned-fleet.ts";
import type { RunningInputs, RunningItem } from "./running-cost.ts";
import { operatingCost, runningItem } from "./running-cost.ts";
import type { RunningPrices } from "./running-cost.ts";

export interface RentalPrice {
	/** At the opening. */
	readonly rate: Expr<UsdPerGpuHour>;
	/** Price at a month over that at the opening. */
	readonly path?: AtMonth;
}

export interface RentedInputs {
	readonly calendar: Calendar;
	readonly demand: AtMonth;
	readonly machine: Pick<Generation, "speed" | "software" | "replicaSize" | "sizing">;
	readonly onDemand: RentalPrice;
	readonly reserved?: RentalPrice & { readonly share: Expr<Dimensionless>; readonly termMonths: number };
	readonly spot?: RentalPrice & {
		/** Of what is not reserved. */
		readonly share: Expr<Dimensionless>;
		/** Share of the time a spot GPU is taken away. */
		readonly interrupted: Expr<Dimensionless>;
	};
	/** What the tenant pays beside rent. */
	readonly running: Pick<RunningPrices, "team" | "staff" | "licences" | "egress">;
	readonly committed: ReadonlySet<RunningItem>;
	readonly lens: Expr<Dimensionless>;
}

const NO_GPUS: Expr<Gpus> = constant(0, gpu);

/** Nodes `<prefix>demand`, `<prefix>needed`, `<prefix>reserved`, `<prefix>spot`, `<prefix>on_demand`, `<prefix>running.*`. */
export function rented(prefix: string, of: RentedInputs): Flows {
	const { calendar, machine } = of;
	const { month } = calendar;
	const demand = demandServed(`${prefix}demand`, of.demand, calendar);
	const needed = monthly(`${prefix}needed`, gpu, gpusNeeded(`${prefix}size.`, machine, demand, month), {
		label: "GPUs needed",
	});
	const reserved = of.reserved === undefined ? undefined : reservedGpus(prefix, of.reserved, needed, calendar);
	const rest = reserved === undefined ? needed : positive(minus(needed, reserved.gpus));
	const spot = of.spot === undefined ? undefined : spotGpus(prefix, of.spot, rest);
	const onDemand = monthly(`${prefix}on_demand`, gpu, spot === undefined ? rest : minus(rest, spot.replaced), {
		label: "GPUs rented on demand",
	});
	const gpus = monthly(
		`${prefix}gpus`,
		gpu,
		plus(onDemand, ...(reserved === undefined ? [] : [reserved.gpus]), ...(spot === undefined ? [] : [spot.gpus])),
		{
			label: "GPUs paid for",
		},
	);
	const item = (name: RunningItem, value: AnyExpr, formula: string): Expr<{ readonly USD: 1 }> =>
		runningItem(prefix, name, value, formula, of);
	const running = {
		rent: item("rent", rentOf(onDemand, of.onDemand, month), "GPUs × price × hours"),
		...(reserved === undefined
			? {}
			: {
					reserved: item(
						"reserved",
						times(reserved.gpus, reserved.rate, ONE_MONTH),
						"GPUs × price at the start of the term × hours",
					),
				}),
		...(spot === undefined || of.spot === undefined
			? {}
			: { spot: item("spot", rentOf(spot.gpus, of.spot, month), "GPUs × price × hours") }),
		...operatingCost(prefix, { ...of, gpus, served: demand, prices: of.running } satisfies OperatingOf),
	};
	const speed = speedAt(machine, month);
	return {
		demand,
		served: demand,
		shortfall: monthly(`${prefix}shortfall`, DEMAND, minus(demand, demand), { label: "demand not served" }),
		assets: [],
		running,
		gpus,
		utilisation: monthly(`${prefix}utilisation`, fraction, shareOf(demand, times(gpus, speed)), {
			label: "utilisation",
			formula: "demand served ÷ what all GPUs could serve",
		}),
	};
}

type OperatingOf = Pick<RunningInputs, "calendar" | "gpus" | "served" | "prices" | "committed" | "lens">;
const DEMAND = { symbol: "tok/s", dims: { "tok:total": 1, s: -1 }, factor: 1 } as const;

function rentOf(gpus: AnyExpr, { rate, path }: RentalPrice, month: AnyExpr): AnyExpr {
	return times(gpus, path === undefined ? rate : times(rate, path(month)), ONE_MONTH);
}

/** Quantity and price are taken at the start of a term and held to its end. */
function reservedGpus(
	prefix: string,
	{ rate, path, share, termMonths }: NonNullable<RentedInputs["reserved"]>,
	needed: AnyExpr,
	{ month }: Calendar,
): { readonly gpus: Expr<Gpus>; readonly rate: Expr<UsdPerGpuHour> } {
	const since = minus(month, number(1));
	const isStart = minus(since, downTo(since, number(termMonths)));
	const atStart = <T extends AnyExpr>(now: AnyExpr, before: T): AnyExpr =>
		choose(month, "<", number(1), zeroOf(now), choose(isStart, "=", number(0), now, before));
	const gpus = monthly(
		`${prefix}reserved`,
		gpu,
		atStart(upTo(times(share, needed), constant(1, gpu)), previous(seriesRef(`${prefix}reserved`, gpu), NO_GPUS)),
		{ label: "GPUs reserved", formula: `share of the GPUs needed at the start of each ${termMonths}-month term` },
	);
	const now = path === undefined ? rate : times(rate, path(month));
	const held = monthly(
		`${prefix}reserved_rate`,
		usdPerGpuHour,
		atStart(now, previous(seriesRef(`${prefix}reserved_rate`, usdPerGpuHour), constant(0, usdPerGpuHour))),
		{ label: "price reserved at", formula: "price at the start of the term" },
	);
	return { gpus, rate: held };
}

function spotGpus(
	prefix: string,
	{ share, interrupted }: NonNullable<RentedInputs["spot"]>,
	rest: AnyExpr,
): { readonly gpus: Expr<Gpus>; readonly replaced: AnyExpr } {
	const replaced = times(rest, share);
	const gpus = monthly(`${prefix}spot`, gpu, over(replaced, minus(number(1), interrupted)), {
		label: "GPUs on spot",
		formula: "share of the rest ÷ (1 − share of the time interrupted)",
	});
	return { gpus, replaced };
}
