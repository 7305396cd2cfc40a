/** Which series to ask a server for: those that the profiles read, and no buckets but those of latency. */
import { DEVICE_PROFILES } from "./device-profile.ts";
import type { Profile } from "./profile.ts";
import { PROFILES } from "./profiles/all.ts";

/** One selector for each exporter, `{__name__=~"…"}`. */
export function selectors(): { readonly of: string; readonly selector: string }[] {
	return [
		...PROFILES.map((profile) => ({ of: profile.id, selector: named(profileNames(profile)) })),
		...DEVICE_PROFILES.map((profile) => ({
			of: profile.id,
			selector: named(
				[
					...profile.power,
					...profile.energy.map(({ metric }) => metric),
					...Object.values(profile.activity).flat(),
				].map((name) => (profile.id === "dcgm" ? name : `([a-zA-Z0-9]+_)?${name}`)),
			),
		})),
		{
			of: "kube-state-metrics",
			selector: named([
				"kube_pod_container_resource_(requests|limits)",
				"kube_node_status_(capacity|allocatable)",
				"kube_pod_status_phase",
			]),
		},
		{ of: "opencost", selector: named(["node_gpu_hourly_cost", "node_total_hourly_cost"]) },
	];
}

/** Names of series that say which GPUs there are, who holds them and what they draw or cost: they hold for all tenants of a ledger. */
export function isOfGpus(name: string): boolean {
	return OF_GPUS.test(name);
}

export const PROCESS_START = '{__name__="process_start_time_seconds"}';

function profileNames(profile: Profile): string[] {
	const rules = [
		...Object.values(profile.tokens).flat(),
		...profile.requests.finished,
		...(profile.requests.aborted ?? []),
		...(profile.requests.errored ?? []),
	];
	const figures = rules.map(({ metric, part }) => (part === undefined ? metric : `${metric}_${part}`));
	const latency = Object.values(profile.latency)
		.flat()
		.flatMap((family) => [`${family}_bucket`, `${family}_sum`]);
	return [...new Set([...figures, ...latency])].flatMap((name) => spellingsOf(profile, name));
}

/** The names under which other versions and wrappers export the same. */
function spellingsOf({ id }: Profile, name: string): string[] {
	if (id === "vllm") return [name.replace(/^vllm:/, "(ray_)?vllm[:_]")];
	if (id === "sglang") return [name.replace(/^sglang:/, "sglang[:_]")];
	if (id === "dynamo-frontend") {
		const older = name.replace("dynamo_frontend_cached_tokens", "dynamo_frontend_cached_sequence_length");
		return [...new Set([name, older])].map((each) =>
			each.replace(/^dynamo_frontend_/, "(dynamo_frontend|nv_llm_http_service)_"),
		);
	}
	return [name];
}

function named(names: readonly string[]): string {
	return `{__name__=~"${names.join("|")}"}`;
}

const SERVING: ReadonlySet<string> = new Set(PROFILES.map(({ id }) => id));
const OF_GPUS = new RegExp(
	`^(?:${selectors()
		.filter(({ of }) => !SERVING.has(of))
		.map(({ selector }) => /"(.*)"/.exec(selector)?.[1] ?? "")
		.join("|")})$`,
);
