import type { Latencies, SimulateResult } from "@farthing/answers";
import { formatQuantity } from "@farthing/engine";
import { bad, bold, dim, good, textTable } from "../print.ts";
import { counted, shown, shownRange } from "./words.ts";

const STATE_WORDS: readonly (readonly [string, string])[] = [
	["busy", "busy"],
	["warm_idle", "in service with nothing to do"],
	["starting", "starting"],
	["draining", "draining"],
	["failed", "failed"],
	["no_replica", "in hosts without a replica"],
	["off", "shut down and paid for"],
];

export function simulateText(result: SimulateResult): string {
	const { unit_cost: cost, fleet, traffic, saturation, load_share: load } = result;
	const range = shownRange(cost.total);
	const price = shown(cost.total).replace("/M tok", "");
	const verdict = result.saturated ? bad("saturated") : good("not saturated");
	return [
		`${bold(price)} per million tokens under this traffic${range === "" ? "" : `, P10–P90 ${range}`}, grade ${cost.total.grade}`,
		`  ${machines(fleet)}, ${fleet.gpus} × ${fleet.hardware}: ${fleet.name}${fleet.step_table === undefined ? "" : `, steps of ${fleet.step_table}`}; ${result.rate}`,
		`  ${trafficWords(traffic)}: ${counted(result.requests, "request")} in ${duration(result.duration.value as number)}`,
		`  ${verdict}: ${saturation.reason}`,
		"",
		latencyTable(result),
		"",
		`Inside the limits: ${percent(result.good_share)} of requests, ${shown(result.goodput)} (${limitWords(result)})`,
		`Share of the paid GPU time: ${stateWords(result)}`,
		...(load === undefined
			? []
			: [
					`Utilisation ${percent(load)}: tokens served over what the paid GPUs do at the benchmarked throughput, as in plan; busy ${shown(result.utilization)} of the time`,
				]),
		`KV memory at most ${percent(result.kv_peak)} full, mean decode batch ${result.mean_batch.toFixed(1)}, ${percent(result.prefix_hit_rate)} of input from the prefix cache${preempted(result)}`,
		"",
		...moneyLines(result),
		...(result.energy === undefined ? [] : [`Energy at the GPUs: ${shown(result.energy)}`]),
		...courseLines(result),
		...runLines(result),
		dim(result.attribution),
	].join("\n");
}

function machines({ replicas, instances }: SimulateResult["fleet"]): string {
	if (instances === undefined) return counted(replicas, "replica");
	return `${instances.prefill} prefill and ${counted(instances.decode, "decode instance")}`;
}

function trafficWords({ requests, arrivals, lengths, profile, prefixes, scaling }: SimulateResult["traffic"]): string {
	return [requests, arrivals, lengths, profile, prefixes, scaling].filter((each) => each !== undefined).join(", ");
}

function latencyTable({ ttft, tpot, e2e, queue }: SimulateResult): string {
	const row = (name: string, of: Latencies): string[] => [
		name,
		...[of.mean, of.p50, of.p90, of.p99].map(({ value }) => time(value as number)),
	];
	const rows = [
		row("TTFT", ttft),
		...(tpot === undefined ? [] : [row("TPOT", tpot)]),
		row("end to end", e2e),
		row("waiting for a place", queue),
	];
	return textTable(["", "mean", "P50", "P90", "P99"], rows, [1, 2, 3, 4]);
}

function limitWords({ slo }: SimulateResult): string {
	const limits = [
		...(slo.ttft === undefined ? [] : [`TTFT ≤ ${shown(slo.ttft)}`]),
		...(slo.tokens_per_s_per_user === undefined ? [] : [`≥ ${shown(slo.tokens_per_s_per_user)}`]),
	];
	return limits.length === 0 ? "no limit" : limits.join(", ");
}

function stateWords({ gpu_seconds: seconds }: SimulateResult): string {
	const all = STATE_WORDS.reduce((sum, [state]) => sum + (seconds[state]?.value ?? 0), 0);
	return STATE_WORDS.filter(([state]) => (seconds[state]?.value ?? 0) > 0)
		.map(([state, words]) => `${words} ${percent((seconds[state]?.value ?? 0) / all)}`)
		.join(", ");
}

function preempted({ request_counts: { preemptions, rejected }, prefill_tokens: of }: SimulateResult): string {
	const again = of.again_after_preemption + of.again_after_failure;
	const parts = [
		...(preemptions > 0 ? [counted(preemptions, "preemption")] : []),
		...(again > 0 ? [`${percent(again / of.prefilled)} of prefilled tokens computed again`] : []),
		...(rejected > 0 ? [`${counted(rejected, "request")} too long`] : []),
	];
	return parts.length === 0 ? "" : `, ${parts.join(", ")}`;
}

function moneyLines(result: SimulateResult): string[] {
	const { unit_cost: cost, unit_cost_by_state: byState, unit_cost_goodput: ofGood } = result;
	const rows = [
		["per M tokens of all kinds", shown(cost.total)],
		...STATE_WORDS.filter(([state]) => (byState[state]?.value ?? 0) > 0).map(([state, words]) => [
			`  for GPUs ${words}`,
			shown(byState[state]),
		]),
		...(cost.input === undefined ? [] : [["per M computed input tokens", shown(cost.input)]]),
		["per M output tokens", shown(cost.output)],
		...(ofGood === undefined ? [] : [["per M tokens inside the limits", shown(ofGood)]]),
		["per request", shown(result.cost_per_request)],
		...(result.cost_by_length.length < 2
			? []
			: result.cost_by_length.map((each) => [
					`  ${each.name} (${counted(each.requests, "request")})`,
					shown(each.cost_per_request),
				])),
		["in all", shown(result.cost["total"])],
	];
	return [textTable(["cost", ""], rows, [1])];
}

/** The hour with most waiting, where the run has hours that differ. */
function courseLines({ windows }: SimulateResult): string[] {
	const served = windows.filter(({ ttft_p99: p99 }) => p99 !== undefined);
	if (served.length < 3) return [];
	const worst = served.reduce((a, b) => ((b.ttft_p99 as number) > (a.ttft_p99 as number) ? b : a));
	const busiest = served.reduce((a, b) => (b.arrived > a.arrived ? b : a));
	// Stretches shorter than the minutes that a time is rounded to would begin and end at the same one.
	const isShort = busiest.to_seconds - busiest.from_seconds < 120;
	const at = (seconds: number): string =>
		isShort && seconds >= 120 ? `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s` : duration(seconds);
	return [
		`Busiest stretch: ${at(busiest.from_seconds)} to ${at(busiest.to_seconds)}, ${formatQuantity(busiest.arrived, "")} requests, ${percent(busiest.busy_share ?? 0)} busy; worst P99 of TTFT ${time(worst.ttft_p99 as number)}, from ${at(worst.from_seconds)}`,
	];
}

/** The figures of the table that are asked about most. */
const MERGED: readonly (readonly [string, string])[] = [
	["ttft.p50", "TTFT P50"],
	["ttft.p99", "TTFT P99"],
	["tpot.p50", "TPOT P50"],
	["tpot.p99", "TPOT P99"],
	["good_share", "inside the limits"],
	["load_share", "utilisation"],
	["utilization", "busy share of the time"],
	["unit_cost.total", "per M tokens of all kinds"],
	["unit_cost_goodput", "per M tokens inside the limits"],
];

function runLines({ runs }: SimulateResult): string[] {
	if (runs === undefined) return [];
	const { count, first_seed: first, saturated, figures } = runs;
	const rows = MERGED.flatMap(([name, words]) => {
		const of = figures.find(({ figure }) => figure === name);
		if (of === undefined) return [];
		const shown = (value: number): string => figureText(value, of.unit);
		return [[words, shown(of.mean), `${shown(of.low)} to ${shown(of.high)}`, shown(of.least), shown(of.largest)]];
	});
	const verdict = saturated === 0 ? "none saturated" : `${saturated} of them saturated`;
	return [
		"",
		`Over ${count} runs, seeds ${first} to ${first + count - 1}, ${verdict} (what stands above is the first of them):`,
		textTable(["", "mean", "95% of the mean", "least", "largest"], rows, [1, 2, 3, 4]),
		"",
	];
}

function figureText(value: number, unit: string): string {
	if (unit === "s") return time(value);
	if (unit === "" || unit === "fraction") return `${Number((value * 100).toPrecision(4))}%`;
	return formatQuantity(value, unit);
}

function percent(share: number): string {
	return `${(share * 100).toFixed(share < 0.1 && share > 0 ? 1 : 0)}%`;
}

function time(seconds: number): string {
	if (Number.isNaN(seconds)) return "–";
	if (seconds < 1) return `${(seconds * 1000).toFixed(seconds < 0.1 ? 1 : 0)} ms`;
	if (seconds < 120) return `${seconds.toFixed(2)} s`;
	return seconds < 7200 ? `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s` : duration(seconds);
}

function duration(seconds: number): string {
	if (seconds < 120) return `${seconds.toFixed(0)} s`;
	if (seconds < 7200) return `${(seconds / 60).toFixed(0)} min`;
	return seconds < 48 * 3600 ? `${(seconds / 3600).toFixed(1)} h` : `${(seconds / 86_400).toFixed(1)} days`;
}
