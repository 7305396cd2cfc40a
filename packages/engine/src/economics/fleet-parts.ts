/**
 * What the GPUs of a fleet are there for: `mean = D ÷ X`, `peak = (peak − 1)·D ÷ X`, then what limits or availability ask for,
 * what whole replicas, spare ones and whole hosts add. The parts add up to the fleet. Its headroom is the demand that its GPUs carry
 * beyond the one asked, at the same peak and sizing and with the spare replicas kept: `(⌊GPUs ÷ G⌋ − spare) ÷ replicas needed − 1`.
 */
import type { Expr } from "../model/expression.ts";
import { constant, define, divide, floorTo, multiply, subtract, when } from "../model/expression.ts";
import type { Dimensionless } from "../quantity/dimension.ts";
import type { Gpus, Replicas } from "../quantity/unit.ts";
import { fraction, gpu, one, replica } from "../quantity/unit.ts";
import type { FleetInputs } from "./fleet.ts";

export type FleetPart = "mean" | "peak" | "reserve" | "whole_replicas" | "spare" | "whole_hosts" | "idle";

export interface FleetParts {
	/** In the order in which a fleet grows. */
	readonly gpus: readonly { readonly part: FleetPart; readonly gpus: Expr<Gpus> }[];
	/** Demand that its GPUs carry beyond the one asked, as a share of it; none where utilisation is stated. */
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
		headroom: headroomOf(prefix, of),
	};
}

/** GPUs of whole hosts that hold a further replica count, those that are left over do not. */
function headroomOf(
	prefix: string,
	{ gpus, replicaSize, sizing, needed, spare }: SizedFleetNodes,
): Expr<Dimensionless> {
	const single = divide(gpus, replicaSize) as unknown as Expr<Replicas>;
	const room = define(
		`${prefix}replicas_room`,
		replica,
		when(sizing.wholeReplicas, ">", constant(0.5, one), floorTo(single, constant(1, replica)), single),
		{ label: "replicas that its GPUs have room for", formula: "GPUs in the fleet ÷ GPUs a replica, whole ones" },
	);
	const ratio = divide(subtract(room, spare), needed) as unknown as Expr<Dimensionless>;
	return define(`${prefix}headroom`, fraction, subtract(ratio, constant(1, one)), {
		label: "demand its GPUs carry beyond the one asked, spare replicas kept",
		formula: "(replicas there is room for − spare) ÷ replicas needed at the peak − 1",
	});
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
