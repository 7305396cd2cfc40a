/** Parts of simulated fleets, whatever their step costs come from. */
import type { FittedStepCosts, PoolSpec, RouterName, TabulatedCosts, TransferSpec } from "@farthing/engine";

/** Step costs of a pool, and what they are from. */
export interface PoolCosts extends Omit<FittedStepCosts, "prefillFrom" | "medianError"> {
	readonly prefillFrom: FittedStepCosts["prefillFrom"] | "table" | "law";
	/** Of the rows behind the costs; absent where the law stands alone. */
	readonly medianError?: number;
	/** Fewest sequences that decoded at a time on a machine in the rows of these lengths; absent where the costs are no fit to rows. */
	readonly leastBatch?: number;
}

/** Machines that prefill and machines that decode, of the sizes that the row has. */
export interface Instances {
	readonly prefill: number;
	readonly decode: number;
}

export interface FleetChoice {
	readonly replicas: number;
	/** Of a deployment that is split: so many of each kind, instead of those of its replicas. */
	readonly instances?: Instances;
	readonly router: RouterName;
	/** Tokens of a block of the prefix cache; none: no cache. */
	readonly prefixTokens?: number;
	readonly priorities: number;
	readonly autoscaler?: PoolSpec["autoscaler"];
	readonly failures?: PoolSpec["failures"];
	/** Of a table of one's own, instead of the rows'. */
	readonly table?: TabulatedCosts;
}

export interface Pools {
	readonly pools: readonly PoolSpec[];
	readonly fits: readonly PoolCosts[];
	/** Of KV caches between them, where it is known. */
	readonly transfer?: TransferSpec;
}

/** Prompts that a machine without decode may have under way. */
export const PREFILL_BATCH = 256;

const BLOCK_TOKENS = 16;
export interface ReplicaSize {
	readonly kvTokens: number;
	/** Tokens of one step, decoded and prefilled. */
	readonly stepTokens: number;
}

export function poolOf(
	name: string,
	role: PoolSpec["role"],
	/** Machines of this kind in a replica. */
	workers: number,
	gpusPerReplica: number,
	fit: PoolCosts,
	largestBatch: number,
	{ kvTokens, stepTokens }: ReplicaSize,
	choice: FleetChoice,
): PoolSpec {
	const { prefixTokens, autoscaler, failures, instances } = choice;
	const isCounted = instances !== undefined && role !== "both";
	const replicas = isCounted ? instances[role] : choice.replicas * workers;
	// Machines that are counted one by one are kept one by one.
	const least = (autoscaler?.fewest ?? 0) * (isCounted ? 1 : workers);
	return {
		name,
		role,
		replicas,
		gpusPerReplica,
		weight: 1,
		engine: {
			law: fit.costs,
			largestBatch,
			stepTokens,
			kvBlocks: Math.ceil(kvTokens / BLOCK_TOKENS),
			blockTokens: BLOCK_TOKENS,
			schedule: "mixed",
			admission: "grow",
			tokensPerStep: 1,
			...(prefixTokens === undefined || role === "decode" ? {} : { prefixCache: { entryTokens: prefixTokens } }),
		},
		...(autoscaler === undefined
			? {}
			: { autoscaler: { ...autoscaler, fewest: Math.min(replicas, least), most: replicas } }),
		...(failures === undefined ? {} : { failures }),
	};
}
