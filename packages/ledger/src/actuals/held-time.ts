import type { HeldTime } from "../attribution/attribute.ts";
import type { GpuIdentity } from "../records/capacity.ts";
import type { UsageScope } from "../records/usage.ts";
import type { CapacitySum } from "./facts.ts";

export const ALL_GPUS = "all GPUs";

export function nodePool(node: string): string {
	return `node ${node}`;
}

export function clusterPool(cluster: string): string {
	return `cluster ${cluster}`;
}

/** What is scaled and charged as one: the deployment, else the pod, else the namespace that holds the GPU. */
export function deploymentOf(scope: UsageScope | undefined): string | undefined {
	return scope?.group ?? scope?.pod ?? scope?.namespace;
}

export function heldTimeOf(capacity: readonly CapacitySum[], models: ReadonlyMap<string, string>): HeldTime[] {
	return capacity.map(({ from, to, gpu, heldBy, time, energy }) => {
		const deployment = heldBy === undefined ? undefined : (deploymentOf(heldBy) ?? "unnamed");
		const model = deployment === undefined ? undefined : models.get(deployment);
		return {
			from,
			to,
			pools: poolsOf(gpu),
			...(deployment === undefined ? {} : { deployment }),
			...(model === undefined ? {} : { model }),
			gpu: time,
			...(energy === undefined ? {} : { energy }),
		};
	});
}

function poolsOf({ node, cluster }: Pick<GpuIdentity, "node" | "cluster">): string[] {
	return [
		...(node === undefined ? [] : [nodePool(node)]),
		...(cluster === undefined ? [] : [clusterPool(cluster)]),
		ALL_GPUS,
	];
}
