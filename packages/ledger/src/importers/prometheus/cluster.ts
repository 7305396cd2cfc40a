/** Who holds GPUs (kube-state-metrics) and what nodes cost (OpenCost), from readings. */
import type { Reading } from "./readings.ts";

/** Families of kube-state-metrics that say who holds a GPU; the rest of its families say nothing that is metered. */
export const KUBE_FAMILIES: RegExp = /^kube_/;
export const OPENCOST_FAMILIES: RegExp =
	/^(node_(gpu|cpu|ram|total)_hourly_cost|node_gpu_count|container_(gpu|cpu|memory)_allocation.*|pv_hourly_cost|pod_pvc_allocation|kubecost_.*|opencost_.*|service_selector_labels|kubecost)$/;

export interface ClusterGpus {
	/** GPUs by node that the machines have, and that pods may ask for. */
	readonly capacity?: number;
	readonly allocatable?: number;
	/** GPUs that pods ask for; those of pods that run on a node hold them. */
	readonly requested?: number;
	readonly held?: number;
	readonly holders: readonly Holder[];
}

export interface Holder {
	readonly namespace: string;
	readonly pod: string;
	readonly node?: string;
	readonly gpus: number;
	/** `nvidia_com_gpu`, `amd_com_gpu`, `nvidia_com_mig_1g_10gb`, … */
	readonly resource: string;
}

/** A whole GPU, of any maker. MIG slices are their own resource and count no GPU. */
const WHOLE_GPU = /^(nvidia_com_gpu(_shared)?|amd_com_gpu|gpu_intel_com_(i915|xe)|habana_ai_gaudi)$/;

export function clusterGpus(readings: readonly Reading[]): ClusterGpus | undefined {
	const capacity = total(readings, "kube_node_status_capacity");
	const allocatable = total(readings, "kube_node_status_allocatable");
	const holders = holdersOf(readings);
	if (capacity === undefined && allocatable === undefined && holders === undefined) return undefined;
	const whole = (holders ?? []).filter(({ resource }) => WHOLE_GPU.test(resource));
	const sum = (of: readonly Holder[]): number => of.reduce((all, { gpus }) => all + gpus, 0);
	return {
		...(capacity === undefined ? {} : { capacity }),
		...(allocatable === undefined ? {} : { allocatable }),
		...(holders === undefined
			? {}
			: { requested: sum(whole), held: sum(whole.filter(({ node }) => node !== undefined)) }),
		holders: holders ?? [],
	};
}

/** Requests of containers, else their limits (equal for GPUs: never both); pods that ended hold nothing. */
function holdersOf(readings: readonly Reading[]): Holder[] | undefined {
	const asked = ["kube_pod_container_resource_requests", "kube_pod_container_resource_limits"]
		.map((name) => readings.filter((reading) => reading.name === name && isGpu(reading)))
		.find((found) => found.length > 0);
	if (asked === undefined) return undefined;
	const ended = new Set(
		readings
			.filter(
				({ name, labels, last }) =>
					name === "kube_pod_status_phase" && last === 1 && ["Succeeded", "Failed"].includes(labels["phase"] ?? ""),
			)
			.map(({ labels }) => podOf(labels)),
	);
	const holders = new Map<string, Holder>();
	for (const { labels, last } of asked) {
		const pod = podOf(labels);
		if (ended.has(pod) || !(last > 0)) continue;
		const resource = labels["resource"] as string;
		const key = `${pod} ${resource}`;
		const node = labels["node"];
		holders.set(key, {
			namespace: labels["exported_namespace"] ?? labels["namespace"] ?? "",
			pod: labels["exported_pod"] ?? labels["pod"] ?? "",
			...(node === undefined || node === "" ? {} : { node }),
			gpus: (holders.get(key)?.gpus ?? 0) + last,
			resource,
		});
	}
	return [...holders.values()];
}

/** False for series of kube-state-metrics about other resources than GPUs. */
export function metersGpus({ name, labels }: Pick<Reading, "name" | "labels">): boolean {
	return !KUBE_FAMILIES.test(name) || labels["resource"] === undefined || isGpu({ labels });
}

function isGpu({ labels }: Pick<Reading, "labels">): boolean {
	const resource = labels["resource"] ?? "";
	return WHOLE_GPU.test(resource) || resource.startsWith("nvidia_com_mig_");
}

function podOf(labels: Reading["labels"]): string {
	return `${labels["exported_namespace"] ?? labels["namespace"] ?? ""}/${labels["exported_pod"] ?? labels["pod"] ?? ""}`;
}

function total(readings: readonly Reading[], name: string): number | undefined {
	const found = readings.filter((reading) => reading.name === name && WHOLE_GPU.test(reading.labels["resource"] ?? ""));
	return found.length === 0 ? undefined : found.reduce((sum, { last }) => sum + last, 0);
}

export interface NodePrice {
	readonly resource: "gpu_hour" | "node_hour";
	readonly node: string;
	readonly cluster?: string;
	readonly instanceType?: string;
	/** USD an hour, as OpenCost has it. */
	readonly usd: number;
}

/** What OpenCost says a GPU and a whole node cost an hour. A node's price holds its GPUs: never add the two. */
export function nodePrices(readings: readonly Reading[]): NodePrice[] {
	const resources = { node_gpu_hourly_cost: "gpu_hour", node_total_hourly_cost: "node_hour" } as const;
	return readings.flatMap(({ name, labels, last }) => {
		const resource = resources[name as keyof typeof resources];
		const node = labels["node"] ?? labels["exported_instance"] ?? labels["instance"];
		// A node without GPUs has a GPU price of 0: no price, not a free one.
		if (resource === undefined || node === undefined || !(last > 0)) return [];
		const instanceType = labels["instance_type"];
		const cluster = labels["cluster"] ?? labels["cluster_id"];
		return [
			{
				resource,
				node,
				usd: last,
				...(instanceType === undefined ? {} : { instanceType }),
				...(cluster === undefined ? {} : { cluster }),
			},
		];
	});
}
