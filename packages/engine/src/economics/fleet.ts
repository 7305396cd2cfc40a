/**
 * From a benchmarked replica to a fleet that serves a demand, and what a delivered token then costs.
 *
 * `replicas = ⌈peak·D ÷ (X·G·A)⌉ + spare`, `GPUs = replicas·G` up to whole hosts, `$/token = GPUs·rate ÷ D`, with mean
 * demand D (tokens/s), X tokens/s/GPU, G GPUs a replica, availability A. Each step is an input that can be switched
 * off, so that headline and delivered cost are two evaluations of one formula. Where traffic is stated, what the limits ask
 * for beyond throughput multiplies the replicas needed, availability is that enough of all replicas are up (the spare ones
 * count), and of machines by the hour an autoscaler pays for a share:
 * `replicas = ⌈headroom·peak·D ÷ (X·G)⌉ + max(spare, failure spares)`.
 */
import type { Expr } from "../model/expression.ts";
import { add, ceilTo, constant, define, divide, maximum, multiply, when } from "../model/expression.ts";
import type { Dimensionless } from "../quantity/dimension.ts";
import { type FleetParts, partsAtStatedLoad, partsOfSizedFleet } from "./fleet-parts.ts";
import type {
	Gpus,
	Replicas,
	TokensPerGpuSecond,
	TokensPerSecond,
	Unit,
	UsdPerGpuHour,
	UsdPerToken,
} from "../quantity/unit.ts";
import { day, fraction, gpu, one, per, replica, tokensPerSecond, usd, usdPerMtok, year } from "../quantity/unit.ts";

export type GpusPerReplica = { readonly gpu: 1; readonly replica: -1 };
export const gpusPerReplica: Unit<GpusPerReplica> = {
	symbol: "GPU/replica",
	dims: { gpu: 1, replica: -1 },
	factor: 1,
};

export interface FleetInputs {
	/** Mean demand over the year. */
	readonly demand: Expr<TokensPerSecond<"total">>;
	readonly speed: Expr<TokensPerGpuSecond<"total">>;
	readonly replicaSize: Expr<GpusPerReplica>;
	readonly rate: Expr<UsdPerGpuHour>;
	readonly sizing: SizingInputs;
}

/** The steps between headline and delivered cost. At `peak` 1, `availability` 1 and the rest 0, there is no step. */
export interface SizingInputs {
	readonly peakToMean: Expr<Dimensionless>;
	readonly availability: Expr<Dimensionless>;
	/** 1: whole replicas; 0: broken ones allowed. */
	readonly wholeReplicas: Expr<Dimensionless>;
	readonly spareReplicas: Expr<Replicas>;
	/** 1: whole servers or racks of `hostSize` GPUs; 0: single GPUs. */
	readonly wholeHosts: Expr<Dimensionless>;
	readonly hostSize: Expr<Gpus>;
	readonly traffic?: TrafficFactors;
}

/** What traffic asks of a fleet beyond its mean and peak; factors of 1 and no spares: nothing. */
export interface TrafficFactors {
	/** Replicas that keep the limits at the stated percentile over those that throughput alone asks for. */
	readonly headroom: Expr<Dimensionless>;
	/** Replicas beyond those needed, so that enough are up; spares that are there anyway count towards them. */
	readonly failureSpares: Expr<Replicas>;
	/** Share of the fleet's GPU-hours that is paid for: below 1 where an autoscaler hands back machines by the hour. */
	readonly paidShare: Expr<Dimensionless>;
}

export interface Fleet {
	readonly replicas: Expr<Replicas>;
	readonly gpus: Expr<Gpus>;
	/** Mean demand over what the GPUs paid for could serve. */
	readonly utilisation: Expr<Dimensionless>;
	readonly delivered: Expr<UsdPerToken<"total">>;
	/** What all GPUs of the fleet cost, used or not. */
	readonly billPerDay: Expr<FleetBill>;
	readonly billPerYear: Expr<FleetBill>;
	/** What the GPUs are there for; made when it is asked for, as most fleets are only ranked. */
	parts(): FleetParts;
}

export type FleetBill = { readonly usd: 1; readonly s: -1 };
const USD_PER_DAY = per(usd, day) as unknown as Unit<FleetBill>;
const USD_PER_YEAR = per(usd, year) as unknown as Unit<FleetBill>;

/** Nodes are named `<prefix>replicas`, `gpus`, `utilisation`, `unit_cost.delivered.total`, `bill.day`, `bill.year`. */
export function sizedFleet(prefix: string, of: FleetInputs): Fleet {
	const { sizing } = of;
	const capacity = define(
		`${prefix}replica_capacity`,
		REPLICA_RATE,
		multiply(of.speed, of.replicaSize) as Expr<ReplicaRate>,
		{
			label: "what one replica serves at the SLO",
			formula: "tokens/s/GPU × GPUs a replica",
		},
	);
	const needed = define(`${prefix}replicas_needed`, replica, neededAtThePeak(of, capacity), {
		label: "replicas needed at the peak",
		formula:
			sizing.traffic === undefined ? "peak · D ÷ (capacity · availability)" : "peak · D ÷ capacity · SLO headroom",
	});
	const oneReplica = constant(1, replica);
	const whole = define(
		`${prefix}replicas_whole`,
		replica,
		when(sizing.wholeReplicas, ">", constant(0.5, one), ceilTo(needed, oneReplica), needed),
		{ label: "whole replicas", formula: "round up" },
	);
	const { traffic } = sizing;
	const spare = traffic === undefined ? sizing.spareReplicas : maximum(sizing.spareReplicas, traffic.failureSpares);
	const replicas = define(`${prefix}replicas`, replica, add(whole, spare), {
		label: "replicas in the fleet",
		formula:
			traffic === undefined ? "whole replicas + spare" : "whole replicas + the larger of spare and failure spares",
	});
	const single = multiply(replicas, of.replicaSize) as Expr<Gpus>;
	const gpus = define(
		`${prefix}gpus`,
		gpu,
		when(sizing.wholeHosts, ">", constant(0.5, one), ceilTo(single, sizing.hostSize), single),
		{ label: "GPUs in the fleet", formula: "replicas × GPUs a replica, up to whole hosts" },
	);
	const parts = (): FleetParts => partsOfSizedFleet(prefix, { ...of, needed, whole, spare, replicas, gpus });
	return { replicas, gpus, ...costOfFleet(prefix, of, gpus, traffic), parts };
}

/** A fleet whose utilisation is stated instead of derived from demand: `GPUs = D ÷ (X·U)`. */
export function fleetAtStatedLoad(
	prefix: string,
	of: Omit<FleetInputs, "sizing">,
	utilisation: Expr<Dimensionless>,
): Fleet {
	const gpus = define(
		`${prefix}gpus`,
		gpu,
		divide(of.demand, multiply(of.speed, utilisation)) as unknown as Expr<Gpus>,
		{ label: "GPUs at the stated utilisation", formula: "D ÷ (tokens/s/GPU · utilisation)" },
	);
	const replicas = define(`${prefix}replicas`, replica, divide(gpus, of.replicaSize) as unknown as Expr<Replicas>, {
		label: "replicas at the stated utilisation",
		formula: "GPUs ÷ GPUs a replica",
	});
	const parts = (): FleetParts => partsAtStatedLoad(prefix, of, gpus);
	return { replicas, gpus, ...costOfFleet(prefix, of, gpus), parts };
}

function neededAtThePeak({ demand, sizing }: FleetInputs, capacity: Expr<ReplicaRate>): Expr<Replicas> {
	const { peakToMean, availability, traffic } = sizing;
	const load = multiply(demand, peakToMean);
	if (traffic === undefined) return divide(load, multiply(capacity, availability)) as unknown as Expr<Replicas>;
	return multiply(divide(load, capacity), traffic.headroom) as unknown as Expr<Replicas>;
}

type ReplicaRate = { readonly "tok:total": 1; readonly s: -1; readonly replica: -1 };
const REPLICA_RATE: Unit<ReplicaRate> = {
	symbol: "tok/s/replica",
	dims: { "tok:total": 1, s: -1, replica: -1 },
	factor: 1,
};

function costOfFleet(
	prefix: string,
	of: Omit<FleetInputs, "sizing">,
	gpus: Expr<Gpus>,
	traffic?: TrafficFactors,
): Pick<Fleet, "utilisation" | "delivered" | "billPerDay" | "billPerYear"> {
	const paid = traffic === undefined ? gpus : (multiply(gpus, traffic.paidShare) as Expr<Gpus>);
	const hours = traffic === undefined ? "GPUs" : "GPUs × paid share";
	const capacity = define(
		`${prefix}fleet_capacity`,
		tokensPerSecond("total"),
		multiply(paid, of.speed) as unknown as Expr<TokensPerSecond<"total">>,
		{ label: "what the whole fleet could serve", formula: `${hours} × tokens/s/GPU` },
	);
	const bill = (name: string, unit: Unit<FleetBill>): Expr<FleetBill> =>
		define(`${prefix}bill.${name}`, unit, multiply(paid, of.rate) as unknown as Expr<FleetBill>, {
			label: `bill of the whole fleet, per ${name}`,
			formula: `${hours} × $/GPU-hr`,
			tags: { basis: "delivered" },
		});
	return {
		billPerDay: bill("day", USD_PER_DAY),
		billPerYear: bill("year", USD_PER_YEAR),
		utilisation: define(
			`${prefix}utilisation`,
			fraction,
			divide(of.demand, capacity) as unknown as Expr<Dimensionless>,
			{
				label: "utilisation",
				formula: "mean demand ÷ fleet capacity",
			},
		),
		delivered: define(
			`${prefix}unit_cost.delivered.total`,
			usdPerMtok("total"),
			divide(multiply(paid, of.rate), of.demand) as unknown as Expr<UsdPerToken<"total">>,
			{ label: "cost per delivered token", formula: `${hours} × $/GPU-hr ÷ mean demand`, tags: { basis: "delivered" } },
		),
	};
}
