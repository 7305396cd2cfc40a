/**
 * What the GPUs of a fleet are there for: `mean = D ÷ X`, `peak = (peak − 1)·D ÷ X`, then what limits or availability ask for,
 * what whole replicas, spare ones and whole hosts add. The parts add up to the fleet.
 */
import type { Expr } from "../model/expression.ts";
import { constant, define, divide, multiply, subtract } from "../model/expression.ts";
import type { Dimensionless } from "../quantity/dimension.ts";
import type { Gpus, Replicas } from "../quantity/unit.ts";
import { fraction, gpu, one } from "../quantity/unit.ts";
import type { FleetInputs } from "./fleet.ts";

export type FleetPart = "mean" | "peak" | "reserve" | "whole_replicas" | "spare" | "whole_hosts" | "idle";

export interface FleetParts {
	/** In the order in which a fleet grows. */
	readonly gpus: readonly { readonly part: FleetPart; readonly gpus: Expr<Gpus> }[];
	/** What the whole fleet could serve above the busiest hour, as a share of it; none where utilisation is stated. */
	readonly headroom?: Expr<Dimensionless>;
}

interface SizedFleetNodes extends FleetInputs {
	readonly needed: Expr<Replicas>;
	readonly whole: Expr<Replicas>;
	readonly spare: Expr<Replicas>;
	readonly replicas: Expr<Replicas>;
	readonly gpus: Expr<Gpus>;
}

/** Nodes `<prefix>gpus.mean` and so on, and `<prefix>headroom`. */
export function partsOfSizedFleet(prefix: string, of: SizedFleetNodes): FleetParts {
	const { demand, speed, replicaSize, sizing, needed, whole, spare, replicas, gpus } = of;
	const size = (count: Expr<Replicas>): Expr<Gpus> => multiply(count, replicaSize) as Expr<Gpus>;
	const mean = meanPart(prefix, of);
	const busiest = divide(multiply(demand, sizing.peakToMean), speed) as unknown as Expr<Gpus>;
	const beyond = sizing.traffic === undefined ? divide(constant(1, one), sizing.availability) : sizing.traffic.headroom;
	const part = partMaker(prefix);
	return {
		gpus: [
			{ part: "mean", gpus: mean },
			part(
				"peak",
				subtract(busiest, mean),
				"GPUs for the busiest hour beyond the mean",
				"(peak − 1) · D ÷ tokens/s/GPU",
			),
			part(
				"reserve",
				multiply(busiest, subtract(beyond as Expr<Dimensionless>, constant(1, one))) as Expr<Gpus>,
				`GPUs beyond, for ${sizing.traffic === undefined ? "replicas that are down" : "the limits under traffic"}`,
				`GPUs for the busiest hour × (${sizing.traffic === undefined ? "1 ÷ availability" : "SLO headroom"} − 1)`,
			),
			part(
				"whole_replicas",
				size(subtract(whole, needed)),
				"GPUs that whole replicas add",
				"(whole replicas − replicas needed) × GPUs a replica",
			),
			part("spare", size(spare), "GPUs of spare replicas", "spare replicas × GPUs a replica"),
			part(
				"whole_hosts",
				subtract(gpus, size(replicas)),
				"GPUs that whole hosts add",
				"GPUs in the fleet − replicas × GPUs a replica",
			),
		],
		headroom: define(
			`${prefix}headroom`,
			fraction,
			subtract(divide(gpus, busiest) as unknown as Expr<Dimensionless>, constant(1, one)),
			{
				label: "headroom over the busiest hour",
				formula: "GPUs in the fleet ÷ GPUs for the busiest hour − 1",
			},
		),
	};
}

export function partsAtStatedLoad(
	prefix: string,
	of: Pick<FleetInputs, "demand" | "speed">,
	gpus: Expr<Gpus>,
): FleetParts {
	const mean = meanPart(prefix, of);
	const idle = partMaker(prefix)(
		"idle",
		subtract(gpus, mean),
		"GPUs that stand idle at the stated utilisation",
		"GPUs − D ÷ tokens/s/GPU",
	);
	return { gpus: [{ part: "mean", gpus: mean }, idle] };
}

function meanPart(prefix: string, { demand, speed }: Pick<FleetInputs, "demand" | "speed">): Expr<Gpus> {
	return define(`${prefix}gpus.mean`, gpu, divide(demand, speed) as unknown as Expr<Gpus>, {
		label: "GPUs that the mean demand keeps busy",
		formula: "D ÷ tokens/s/GPU",
	});
}

function partMaker(prefix: string) {
	return (part: FleetPart, gpus: Expr<Gpus>, label: string, formula: string): FleetParts["gpus"][number] => ({
		part,
		gpus: define(`${prefix}gpus.${part}`, gpu, gpus, { label, formula }),
	});
}
