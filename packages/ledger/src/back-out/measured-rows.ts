/**
 * What deployments did, hour by hour, as rows that the calibration of `predict` reads. Of an hour
 *
 *   requests in flight = Σ duration of requests ÷ hour (Little's law),  per replica: × GPUs per replica ÷ GPUs held
 *   throughput per GPU = (input + output tokens) ÷ hour ÷ GPUs held
 *
 * Lengths are means. Latencies are medians; TPOT that no source tells is (mean duration − median TTFT) ÷ (output − 1).
 * What a ledger does not know, such as GPUs per replica, is asked for; an hour that lacks something is told, not guessed.
 */
import type { Span } from "../attribution/spans.ts";
import { formatInstant, instant, MICROS_PER_HOUR, MICROS_PER_SECOND, type Instant } from "../records/units.ts";
import type { SourceKind } from "../records/usage.ts";
import { quantileOfBuckets } from "../store/query/latency-bucket.ts";
import type { UsageSum } from "../store/query/usage-question.ts";
import type { LedgerStore } from "../store/store.ts";

type Reads = Pick<LedgerStore, "requests" | "capacity" | "latency">;

/** What the ledger does not record of a deployment. */
export interface ServedBy {
	readonly gpusPerReplica: number;
	/** Serving stack, as the catalogue names it. */
	readonly stack: string;
	/** Number format, where the records name none. */
	readonly precision?: string;
	/** Fewest requests of an hour that say something. */
	readonly leastRequests: number;
}

/** Members as the calibration reads them; times in seconds. */
export interface MeasuredRow {
	readonly model: string;
	readonly hardware: string;
	readonly framework: string;
	readonly precision?: string;
	readonly disagg: false;
	readonly tp: number;
	readonly isl: number;
	readonly osl: number;
	/** Lengths are what was served, not a nominal. */
	readonly length_share: 1;
	readonly conc: number;
	readonly tput_per_gpu: number;
	readonly median_ttft?: number;
	readonly median_tpot?: number;
	readonly mean_tpot?: number;
	readonly date: string;
	readonly deployment?: string;
	readonly hour: string;
	readonly requests: number;
}

export interface MeasuredRows {
	readonly rows: readonly MeasuredRow[];
	/** Hours of a deployment that give no row, by what they lack. */
	readonly gaps: readonly { readonly reason: string; readonly hours: number }[];
}

export async function measuredRows(store: Reads, window: Span, by: ServedBy): Promise<MeasuredRows> {
	const hours = (
		await store.requests({
			...window,
			by: ["source_kind", "served", "model", "precision", "deployment", "hardware", "role"],
			where: { status: ["ok", null] },
			step: "hour",
		})
	).filter(({ from, to }) => to - from === MICROS_PER_HOUR);
	const gpus = await gpusHeld(store, window, hours);
	const rows: MeasuredRow[] = [];
	const gaps = new Map<string, number>();
	for (const hour of nearestTheEngine(hours)) {
		const found = await rowOf(store, hour, gpus, by);
		if (typeof found === "string") gaps.set(found, (gaps.get(found) ?? 0) + 1);
		else rows.push(found);
	}
	return { rows, gaps: [...gaps].map(([reason, count]) => ({ reason, hours: count })) };
}

/** Several sources may tell of the same requests: the one that is nearest to the GPUs counts. */
function nearestTheEngine(hours: readonly UsageSum[]): UsageSum[] {
	const best = new Map<string, UsageSum>();
	for (const hour of hours) {
		const { source_kind: kind, ...rest } = hour.keys;
		const key = JSON.stringify([hour.from, rest]);
		const before = best.get(key);
		if (before === undefined || nearness(kind) < nearness(before.keys.source_kind)) best.set(key, hour);
	}
	return [...best.values()];
}

const NEAREST: readonly SourceKind[] = ["engine", "router", "gateway", "client", "provider", "benchmark"];

function nearness(kind: string | null | undefined): number {
	return NEAREST.indexOf(kind as SourceKind);
}

/** GPUs that were held, on average of an hour, by hour and deployment; absent where some time of it is not known. */
async function gpusHeld(store: Reads, window: Span, hours: readonly UsageSum[]): Promise<ReadonlyMap<string, number>> {
	const edges = [...new Set(hours.flatMap(({ from, to }) => [from, to]))];
	const sums = await store.capacity({ ...window, by: ["deployment", "held"], edges });
	const held = new Map<string, number>();
	for (const { keys, from, to, records, sums: of } of sums) {
		if (keys.held !== "true" || to - from !== MICROS_PER_HOUR || of.held_us.known < records) continue;
		held.set(placeOf(from, keys.deployment), Number(of.held_us.sum) / MICROS_PER_HOUR);
	}
	return held;
}

function placeOf(hour: Instant, deployment: string | null | undefined): string {
	return JSON.stringify([hour, deployment ?? null]);
}

/** A row, or what it lacks. */
async function rowOf(
	store: Reads,
	{ keys, from, to, records, sums }: UsageSum,
	gpus: ReadonlyMap<string, number>,
	{ gpusPerReplica, stack, precision: given, leastRequests }: ServedBy,
): Promise<MeasuredRow | string> {
	const { in_total: input, out_total: output, dur_us: duration } = sums;
	const requests = Number(records);
	if (requests < leastRequests) return `fewer than ${leastRequests} requests`;
	if (keys.role === "prefill" || keys.role === "decode") return "prefill and decode apart: requests of one role only";
	if (typeof keys.hardware !== "string") return "the records do not say on which hardware";
	if (input.known < records || output.known < records) return "tokens of some requests are not known";
	const cached = sums.in_cached_local.sum + sums.in_cached_remote.sum;
	if (Number(cached) > MOST_CACHED * Number(input.sum))
		return "prompts were found in a cache: prefill was not all computed";
	const held = gpus.get(placeOf(from, keys.deployment));
	if (held === undefined || held === 0) return "no GPU time of the deployment: import its capacity";
	const seconds = MICROS_PER_HOUR / MICROS_PER_SECOND;
	const concurrency = (Number(duration.sum) / MICROS_PER_HOUR) * (gpusPerReplica / held);
	if (concurrency < 0.5) return "less than half a request in flight per replica";
	const [isl, osl] = [Number(input.sum) / requests, Number(output.sum) / requests];
	const times = await timesOf(store, { keys, from, to }, Number(duration.sum) / requests, osl);
	if (times.median_tpot === undefined && times.mean_tpot === undefined) return "neither TPOT nor TTFT is known";
	const precision = keys.precision ?? given;
	return {
		model: keys.model ?? keys.served ?? "",
		hardware: keys.hardware,
		framework: stack,
		...(precision === undefined ? {} : { precision }),
		disagg: false,
		tp: gpusPerReplica,
		isl: Math.round(isl),
		osl: Math.round(osl),
		length_share: 1,
		conc: Math.round(concurrency),
		tput_per_gpu: (Number(input.sum) + Number(output.sum)) / seconds / held,
		...times,
		date: formatInstant(from).slice(0, 10),
		...(typeof keys.deployment === "string" ? { deployment: keys.deployment } : {}),
		hour: formatInstant(from),
		requests,
	};
}

/** Share of prompt tokens from a cache up to which prefill counts as computed. */
const MOST_CACHED = 0.05;

async function timesOf(
	store: Reads,
	{ keys, from, to }: Pick<UsageSum, "keys" | "from" | "to">,
	meanDuration: number,
	osl: number,
): Promise<Pick<MeasuredRow, "median_ttft" | "median_tpot" | "mean_tpot">> {
	const median = async (metric: "ttft" | "tpot" | "itl"): Promise<number | undefined> => {
		const by = ["served", "model", "deployment", "hardware", "source_kind"] as const;
		const spreads = await store.latency({ from, to, metric, by });
		const spread = spreads.find((each) => by.every((name) => each.keys[name] === keys[name]));
		const middle = spread === undefined ? undefined : quantileOfBuckets(spread.counts, 0.5);
		return middle === undefined ? undefined : middle / MICROS_PER_SECOND;
	};
	const ttft = await median("ttft");
	const tpot = (await median("tpot")) ?? (await median("itl"));
	const rest = ttft === undefined || osl <= 1 ? undefined : (meanDuration / MICROS_PER_SECOND - ttft) / (osl - 1);
	return {
		...(ttft === undefined ? {} : { median_ttft: ttft }),
		...(tpot !== undefined ? { median_tpot: tpot } : rest !== undefined && rest > 0 ? { mean_tpot: rest } : {}),
	};
}

/** The window cut to whole hours. */
export function wholeHours({ from, to }: Span): Span {
	return {
		from: instant(Math.ceil(from / MICROS_PER_HOUR) * MICROS_PER_HOUR),
		to: instant(Math.floor(to / MICROS_PER_HOUR) * MICROS_PER_HOUR),
	};
}
