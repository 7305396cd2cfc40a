/**
 * What a Prometheus server has of the series that metering needs: per exporter which concepts are found, under which
 * names, and what each absence costs in accuracy.
 */
import { DEVICE_PROFILES, type DeviceProfile } from "./device-profile.ts";
import type { Profile, Rule } from "./profile.ts";
import { PROFILES } from "./profiles/all.ts";
import { medianInterval } from "./integrate.ts";
import { buildInfo, instantVector, metricNames, type PrometheusServer, rawSamples } from "./prometheus-api.ts";

export interface MetricsDiagnosis {
	readonly server: string;
	readonly version?: string;
	readonly exporters: readonly ExporterDiagnosis[];
	/** Exporters of which nothing was found, and how to switch them on. */
	readonly absent: readonly { readonly exporter: string; readonly costs: string; readonly fix: string }[];
	/** Median seconds between scrapes of the targets that count tokens. */
	readonly scrape_interval_s?: number;
	readonly advice: readonly string[];
}

export interface ExporterDiagnosis {
	readonly exporter: string;
	/** Version of the engine, where it says it. */
	readonly version?: string;
	readonly targets?: number;
	readonly found: readonly { readonly concept: string; readonly series: string }[];
	readonly missing: readonly { readonly concept: string; readonly costs: string }[];
	readonly enable?: string;
}

/** `at`: milliseconds since 1970 up to which the last hour is looked at. */
export async function diagnoseMetrics(server: PrometheusServer, at: number): Promise<MetricsDiagnosis> {
	const names = new Set(await metricNames(server, at - 3_600_000, at));
	const version = await buildInfo(server).catch(() => undefined);
	const versions = await engineVersions(server, names, at);
	const engines = await Promise.all(
		PROFILES.map(async (profile) => {
			const found = engineDiagnosis(profile, names);
			if (found === undefined) return undefined;
			const targets = await targetsOf(server, found.found[0]?.series, at);
			const engine = versions.get(profile.id);
			return {
				...found,
				...(targets === undefined ? {} : { targets }),
				...(engine === undefined ? {} : { version: engine }),
			};
		}),
	);
	const exporters = [
		...engines.flatMap((each) => each ?? []),
		...DEVICE_PROFILES.flatMap((profile) => deviceDiagnosis(profile, names) ?? []),
		...clusterDiagnosis(names),
	];
	const interval = await intervalOf(server, exporters, at);
	return {
		server: server.url,
		...(version === undefined ? {} : { version }),
		exporters,
		absent: absentExporters(exporters),
		...(interval === undefined ? {} : { scrape_interval_s: interval }),
		advice: adviceOf(exporters, interval),
	};
}

function engineDiagnosis(profile: Profile, names: ReadonlySet<string>): ExporterDiagnosis | undefined {
	const concepts: [string, readonly Rule[]][] = [
		["in_total", profile.tokens.in_total ?? []],
		["in_computed", profile.tokens.in_computed ?? []],
		["cached_any", [...(profile.tokens.in_cached_local ?? []), ...(profile.tokens.cached_any ?? [])]],
		["out_total", profile.tokens.out_total ?? []],
		["finished", profile.requests.finished],
		["ttft", (profile.latency.ttft ?? []).map((metric): Rule => ({ metric, part: "count" }))],
	];
	const asked = concepts.filter(([, rules]) => rules.length > 0);
	const found = asked.flatMap(([concept, rules]) => {
		const series = rules.map(nameOf).flatMap((name) => spelledAs(profile, name, names) ?? [])[0];
		return series === undefined ? [] : [{ concept, series }];
	});
	if (found.length === 0) return undefined;
	const has = new Set(found.map(({ concept }) => concept));
	const missing = asked
		.filter(([concept]) => !has.has(concept))
		.map(([concept]) => ({ concept, costs: profile.absent[concept] ?? "not metered" }));
	const start = names.has("process_start_time_seconds")
		? []
		: profile.absent["start"] === undefined
			? []
			: [{ concept: "start", costs: profile.absent["start"] }];
	const gaps = [...missing, ...start];
	return { exporter: profile.id, found, missing: gaps, ...(gaps.length === 0 ? {} : { enable: profile.enable }) };
}

function nameOf({ metric, part }: Rule): string {
	return part === undefined ? metric : `${metric}_${part}`;
}

/** The name on the server that a profile reads as `name`. */
function spelledAs(profile: Profile, name: string, names: ReadonlySet<string>): string | undefined {
	if (names.has(name)) return name;
	const spellings = (profile.spellings ?? []).map(({ from, to }) => ({ from: new RegExp(from), to }));
	return [...names].find(
		(each) => spellings.reduce((spelled, { from, to }) => spelled.replace(from, to), each) === name,
	);
}

function deviceDiagnosis(profile: DeviceProfile, names: ReadonlySet<string>): ExporterDiagnosis | undefined {
	const ends = (metric: string): string | undefined =>
		names.has(metric)
			? metric
			: profile.spellings === undefined
				? undefined
				: [...names].find((name) => name.endsWith(`_${metric}`));
	const concepts: [string, readonly string[]][] = [
		["power", profile.power],
		["energy", profile.energy.map(({ metric }) => metric)],
		["activity", Object.values(profile.activity).flat()],
	];
	const asked = concepts.filter(([, metrics]) => metrics.length > 0);
	const found = asked.flatMap(([concept, metrics]) => {
		const series = metrics.flatMap((metric) => ends(metric) ?? [])[0];
		return series === undefined ? [] : [{ concept, series }];
	});
	if (found.length === 0) return undefined;
	const has = new Set(found.map(({ concept }) => concept));
	const missing = asked
		.filter(([concept]) => !has.has(concept))
		.map(([concept]) => ({ concept, costs: profile.absent[concept] ?? "not metered" }));
	return { exporter: profile.id, found, missing, ...(missing.length === 0 ? {} : { enable: profile.enable }) };
}

const CLUSTER = [
	{
		exporter: "kube-state-metrics",
		concept: "holder",
		series: ["kube_pod_container_resource_requests", "kube_pod_container_resource_limits"],
		costs: "who holds a GPU is not known: cost cannot be charged to deployments",
		fix: "run kube-state-metrics and scrape it",
	},
	{
		exporter: "opencost",
		concept: "price",
		series: ["node_gpu_hourly_cost", "node_total_hourly_cost"],
		costs: "no prices from the cluster: give them in a rates file",
		fix: "run OpenCost and scrape it, or give prices yourself",
	},
] as const;

function clusterDiagnosis(names: ReadonlySet<string>): ExporterDiagnosis[] {
	return CLUSTER.flatMap(({ exporter, concept, series }) => {
		const found = series.find((name) => names.has(name));
		return found === undefined ? [] : [{ exporter, found: [{ concept, series: found }], missing: [] }];
	});
}

function absentExporters(found: readonly ExporterDiagnosis[]): MetricsDiagnosis["absent"] {
	const has = (...names: readonly string[]): boolean => found.some(({ exporter }) => names.includes(exporter));
	const engines = PROFILES.map(({ id }) => id);
	return [
		...(has(...engines)
			? []
			: [
					{
						exporter: engines.join(", "),
						costs: "nothing counts tokens",
						fix: PROFILES.map(({ id, enable }) => `${id}: ${enable}`).join("; "),
					},
				]),
		...(has("dcgm", "amd-device-metrics")
			? []
			: [
					{
						exporter: "dcgm, amd-device-metrics",
						costs: "no GPU time, power or energy is metered",
						fix: DEVICE_PROFILES.map(({ enable }) => enable).join("; "),
					},
				]),
		...CLUSTER.filter(({ exporter }) => !has(exporter)).map(({ exporter, costs, fix }) => ({ exporter, costs, fix })),
	];
}

/** `vllm:cache_config_info` and friends carry no version; build info metrics of engines do where they exist. */
async function engineVersions(
	server: PrometheusServer,
	names: ReadonlySet<string>,
	at: number,
): Promise<Map<string, string>> {
	const versions = new Map<string, string>();
	for (const { id } of PROFILES) {
		const family = [...names].find(
			(name) => name.startsWith(id.replace(/-.*/, "")) && /(build|version)_info$/.test(name),
		);
		if (family === undefined) continue;
		const series = await instantVector(server, `{__name__="${family}"}`, at);
		const found = series.map(({ labels }) => labels["version"]).filter((each) => each !== undefined);
		if (found.length > 0) versions.set(id, [...new Set(found)].sort().join(", "));
	}
	return versions;
}

async function targetsOf(
	server: PrometheusServer,
	series: string | undefined,
	at: number,
): Promise<number | undefined> {
	if (series === undefined) return undefined;
	const count = await instantVector(server, `count(count by (job, instance, pod) ({__name__="${series}"}))`, at);
	return count[0]?.value;
}

/** The middle of the scrape intervals of the token counters over ten minutes. */
async function intervalOf(
	server: PrometheusServer,
	exporters: readonly ExporterDiagnosis[],
	at: number,
): Promise<number | undefined> {
	const series = exporters.flatMap(({ found }) => found).find(({ concept }) => concept === "out_total")?.series;
	if (series === undefined) return undefined;
	const samples = await rawSamples(server, `{__name__="${series}"}`, at - 600_000, at);
	const steps = samples.flatMap(({ points }) => medianInterval(points.map((point) => point.at)) ?? []);
	const middle = steps.sort((a, b) => a - b)[steps.length >> 1];
	return middle === undefined ? undefined : middle / 1000;
}

function adviceOf(exporters: readonly ExporterDiagnosis[], interval: number | undefined): string[] {
	const counting = exporters.filter(({ found }) => found.some(({ concept }) => concept === "out_total"));
	return [
		...(interval !== undefined && interval > 30
			? [
					`scrapes are ${Math.round(interval)} s apart: windows under ${Math.round((interval * 10) / 60)} minutes are off by more than a percent; 15 s is usual`,
				]
			: []),
		...(counting.length > 1
			? [
					`${counting.map(({ exporter }) => exporter).join(", ")} count the same requests: one is believed (frontend, then router, then engine) and the others are compared`,
				]
			: []),
		...(exporters.some(({ exporter }) => exporter === "sglang" || exporter === "tensorrt-llm")
			? [
					"SGLang and TensorRT-LLM count when a request ends: short windows are lumpy, and work on requests that were given up may be missing",
				]
			: []),
	];
}
