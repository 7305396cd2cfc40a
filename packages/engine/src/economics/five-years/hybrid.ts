/**
 * Owning the base, renting the burst, buying the overflow: own machines serve load up to a level of the mean, rented ones
 * from there up to a second level, an API what is above. What own machines can do beyond their level they do, but for their
 * spare replicas: those stand by, unless the site has not the power for them beside the level.
 */
import type { AnyExpr, Expr } from "../../model/expression.ts";
import type { Dimensionless } from "../../quantity/dimension.ts";
import { fraction, gpu, tokensPerSecond } from "../../quantity/unit.ts";
import type { TokenOffer } from "./bought-tokens.ts";
import { offerPrice } from "./bought-tokens.ts";
import { least, minus, monthly, most, number, ONE_MONTH, over, plus, shareOf, times } from "./formula.ts";
import { shareAbove } from "./load-shape.ts";
import type { Flows } from "./measures.ts";
import { demandServed, speedAt } from "./owned-fleet.ts";
import type { OwnedInputs, PricedGeneration } from "./owned.ts";
import { owned } from "./owned.ts";
import type { RentalPrice, RentedInputs } from "./rented.ts";
import { runningItem } from "./running-cost.ts";

export interface HybridInputs extends OwnedInputs {
	/** Busiest hour over mean of the whole demand. */
	readonly peakToMean: Expr<Dimensionless>;
	/** What own machines are sized for, as a multiple of the mean. */
	readonly baseLevel: Expr<Dimensionless>;
	/** Up to what multiple of the mean GPUs are rented; above it tokens are bought. */
	readonly burstLevel: Expr<Dimensionless>;
	readonly burst: RentalPrice & {
		readonly machine: RentedInputs["machine"];
		/** Share of the rented GPU-hours that serve: starting, draining and whole GPUs take the rest. */
		readonly efficiency: Expr<Dimensionless>;
	};
	readonly overflow: TokenOffer;
}

/** Nodes of {@link owned} under the prefix, and `<prefix>share.own`, `.burst`, `.overflow`, `<prefix>burst_gpus`. */
export function hybrid(prefix: string, of: HybridInputs): Flows {
	const { calendar } = of;
	const demand = demandServed(`${prefix}total_demand`, of.demand, calendar);
	const generations = of.generations.map((each) => ({ ...each, sizing: { ...each.sizing, peakToMean: number(1) } }));
	const base = owned(prefix, {
		...of,
		generations: generations as unknown as readonly [PricedGeneration, ...PricedGeneration[]],
		demand: (month) => times(of.demand(month), of.baseLevel),
		traffic: demand,
	});
	const all = plus(...base.fleet.generations.map((each) => each.serviceable));
	const able = monthly(
		`${prefix}able`,
		tokensPerSecond("total"),
		most(base.fleet.withReserve, least(all, base.fleet.demand)),
		{ label: "load that own machines serve", formula: "all but the spare; with the spare, no more than their level" },
	);
	const ownLevel = least(shareOf(able, demand), of.peakToMean);
	const aboveOwn = shareAbove(ownLevel, of.peakToMean);
	const aboveBurst = shareAbove(most(ownLevel, of.burstLevel), of.peakToMean);
	const share = (name: string, label: string, value: AnyExpr): Expr<Dimensionless> =>
		monthly(`${prefix}share.${name}`, fraction, value, { label: `share of tokens served by ${label}` });
	const own = share("own", "own machines", minus(number(1), aboveOwn));
	const burst = share("burst", "rented GPUs", minus(aboveOwn, aboveBurst));
	const overflow = share("overflow", "an API", aboveBurst);
	const { machine, efficiency, rate, path } = of.burst;
	const { month } = calendar;
	const speed = speedAt(machine, month);
	const burstGpus = monthly(
		`${prefix}burst_gpus`,
		gpu,
		over(times(demand, burst), times(speed, machine.sizing.availability, efficiency)),
		{
			label: "GPUs rented, mean over the month",
			formula: "tokens ÷ (tokens/s/GPU × availability × share that serves)",
		},
	);
	const item = (name: "rent" | "api", value: AnyExpr, formula: string): Expr<{ readonly USD: 1 }> =>
		runningItem(prefix, name, value, formula, of);
	const rent = times(burstGpus, path === undefined ? rate : times(rate, path(month)), ONE_MONTH);
	const gpus = monthly(`${prefix}all_gpus`, gpu, plus(base.fleet.gpus, burstGpus), { label: "GPUs owned and rented" });
	const capacity = plus(...base.fleet.generations.map((each) => times(each.gpus, each.speed)), times(burstGpus, speed));
	return {
		...base.flows,
		demand,
		served: demand,
		shortfall: monthly(`${prefix}total_shortfall`, tokensPerSecond("total"), minus(demand, demand), {
			label: "demand not served",
		}),
		gpus,
		utilisation: monthly(`${prefix}all_utilisation`, fraction, shareOf(times(demand, plus(own, burst)), capacity), {
			label: "utilisation",
		}),
		running: {
			...base.flows.running,
			rent: item("rent", rent, "GPUs × price × hours"),
			api: item("api", times(demand, overflow, ONE_MONTH, offerPrice(of.overflow, month)), "tokens × price"),
		},
	};
}
