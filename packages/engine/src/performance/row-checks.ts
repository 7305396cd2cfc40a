/**
 * Checks of a benchmark row against itself. Each compares published members that must agree by arithmetic; a member that
 * is absent leaves a check `unchecked`. A failed check names the members it taints, and a row is left out only of
 * answers that need one of those.
 *
 * Identities, with P prefill and D decode GPUs:
 *   GPUs                 gpus = TP·PP (aggregated), P + D (disaggregated)
 *   throughput           total = (in·P + out·D) / (P + D) (disaggregated)
 *   token kinds          total = in + out (aggregated); input share = ISL / (ISL + OSL)
 *   Little's law         concurrency = output tokens/s · mean end-to-end time / (0.9·OSL); lengths are drawn from 80 to
 *                        100% of OSL, 90% on average
 *   mean and median      |mean − median| ≤ standard deviation, true of every distribution
 *   interactivity        1 / median TPOT
 *   energy               J per token = W per GPU / tokens per second and GPU
 */
import type { BenchmarkPoint, LatencySeconds, WorkerGroup } from "./benchmark-point.ts";

export type RowCheckName =
	| "gpu-count"
	| "published-gpu-count"
	| "throughput-identity"
	| "token-kinds"
	| "littles-law"
	| "mean-against-median"
	| "quantile-order"
	| "interactivity"
	| "power-schema"
	| "energy-identity"
	| "dates";

export interface RowCheck {
	readonly check: RowCheckName;
	readonly state: "passed" | "failed" | "unchecked";
	/** Members that cannot be used; empty unless the check failed. */
	readonly taints: readonly PointField[];
	/** Names the row and the numbers. */
	readonly message: string;
}

/** Members of a point that a check can taint and an answer can need. */
export type PointField =
	| "gpus"
	| "publishedGpus"
	| "prefill.gpus"
	| "decode.gpus"
	| "concurrency"
	| "measuredOn"
	| "tokensPerGpuSecond"
	| "inputTokensPerPrefillGpuSecond"
	| "outputTokensPerDecodeGpuSecond"
	| "interactivityTokensPerSecond"
	| "latency.ttft"
	| "latency.tpot"
	| "latency.itl"
	| "latency.e2e"
	| "averageGpuPowerWatts"
	| "joulesPerOutputToken"
	| "joulesPerTotalToken"
	| "joulesPerInputToken";

export type Usability =
	| { readonly usable: true }
	| {
			readonly usable: false;
			/** Needed members that the source did not publish. */
			readonly missing: readonly PointField[];
			/** Failed checks that taint a needed member. */
			readonly failed: readonly RowCheck[];
	  };

/** Rows as published keep 3 decimals at worst; the largest deviation in 1,534 sound rows is 5e-5. */
export const IDENTITY_TOLERANCE = 1e-3;
/** Random lengths move the input share by −1.3 to +1.9% in the same rows. */
export const SHARE_TOLERANCE = 0.05;
/**
 * With the mean end-to-end time, sound rows reach 0.89 to 1.01 of their concurrency: ramp-up and ramp-down cost up to
 * 11%. One row reaches 0.02.
 */
export const LITTLE_MEAN_BAND: readonly [number, number] = [0.85, 1.05];
/** With the median in its place sound rows reach at most 1.09. Below, a few stalled requests hide most of the load. */
export const LITTLE_MEDIAN_MAXIMUM = 1.15;

export function checkRow(point: BenchmarkPoint): RowCheck[] {
	return [
		checkGpuCount(point),
		checkPublishedGpuCount(point),
		checkThroughputIdentity(point),
		checkTokenKinds(point),
		checkLittlesLaw(point),
		checkMeanAgainstMedian(point),
		checkQuantileOrder(point),
		checkInteractivity(point),
		checkPowerSchema(point),
		checkEnergyIdentity(point),
		checkDates(point),
	];
}

/** Whether a row may answer a question that needs these members. */
export function usable(point: BenchmarkPoint, checks: readonly RowCheck[], needed: readonly PointField[]): Usability {
	const missing = needed.filter((field) => fieldOf(point, field) === undefined);
	const failed = checks.filter((check) => check.state === "failed" && check.taints.some((f) => needed.includes(f)));
	return missing.length === 0 && failed.length === 0 ? { usable: true } : { usable: false, missing, failed };
}

export interface RowCheckSummary {
	readonly rows: number;
	readonly checks: Readonly<Record<RowCheckName, { passed: number; failed: number; unchecked: number }>>;
	/** Rows with at least one failed check, by what they lost. */
	readonly flagged: readonly { readonly id: string; readonly failed: readonly RowCheck[] }[];
}

/** Every row checked, none dropped. */
export function summariseChecks(points: readonly BenchmarkPoint[]): RowCheckSummary {
	const checks: Partial<Record<RowCheckName, { passed: number; failed: number; unchecked: number }>> = {};
	const flagged: { id: string; failed: readonly RowCheck[] }[] = [];
	for (const point of points) {
		const results = checkRow(point);
		for (const { check, state } of results) {
			const count = checks[check] ?? { passed: 0, failed: 0, unchecked: 0 };
			count[state]++;
			checks[check] = count;
		}
		const failed = results.filter((result) => result.state === "failed");
		if (failed.length > 0) flagged.push({ id: point.id, failed });
	}
	return { rows: points.length, checks: checks as RowCheckSummary["checks"], flagged };
}

function checkGpuCount(point: BenchmarkPoint): RowCheck {
	const report = reporter(point, "gpu-count", ["gpus"]);
	const { gpus, decode, prefill } = point;
	const expected = point.disaggregated ? sum(prefill?.gpus, decode.gpus) : product(decode);
	if (gpus === undefined || expected === undefined) return report.unchecked("GPUs or parallelism not published");
	const formula = point.disaggregated
		? `${prefill?.gpus} prefill + ${decode.gpus} decode`
		: `TP·PP = ${decode.tp}·${decode.pp ?? 1}`;
	return report.when(gpus === expected, `${gpus} GPUs against ${formula}`);
}

/** Of use only for those who compare with the source: no answer needs the published count. */
function checkPublishedGpuCount(point: BenchmarkPoint): RowCheck {
	const report = reporter(point, "published-gpu-count", ["publishedGpus"]);
	const { gpus, publishedGpus, decode } = point;
	if (gpus === undefined) return report.unchecked("GPUs not known");
	if (publishedGpus === undefined) return report.when(true, `published as ${gpus} GPUs`);
	const isTpEp = decode.tp !== undefined && decode.ep !== undefined && publishedGpus === decode.tp * decode.ep;
	const why = isTpEp ? `, which is TP·EP = ${decode.tp}·${decode.ep}` : "";
	return report.when(publishedGpus === gpus, `published as ${publishedGpus} GPUs${why}, not ${gpus}`);
}

function checkThroughputIdentity(point: BenchmarkPoint): RowCheck {
	const report = reporter(point, "throughput-identity", [
		"gpus",
		"prefill.gpus",
		"decode.gpus",
		"inputTokensPerPrefillGpuSecond",
		"outputTokensPerDecodeGpuSecond",
	]);
	if (!point.disaggregated) return report.unchecked("holds for disaggregated rows");
	const parts = roleRates(point);
	if (parts === undefined) return report.unchecked("role counts or the input/output split not published");
	const { input, output, p, d } = parts;
	const total = point.tokensPerGpuSecond;
	const expected = (input * p + output * d) / (p + d);
	const share = (total - output) / (input - output);
	const hint = share > 0 && share < 1 ? `; it would hold with ${shown(share * 100)}% of the GPUs in prefill` : "";
	const numbers = `${shown(total)} tok/s/GPU against (${shown(input)}·${p} + ${shown(output)}·${d})/${p + d}`;
	return report.when(near(total, expected, IDENTITY_TOLERANCE), `${numbers} = ${shown(expected)}`, hint);
}

function checkTokenKinds(point: BenchmarkPoint): RowCheck {
	const report = reporter(point, "token-kinds", ["inputTokensPerPrefillGpuSecond", "outputTokensPerDecodeGpuSecond"]);
	const parts = roleRates(point);
	if (parts === undefined) return report.unchecked("the input/output split is not published");
	const { input, output, p, d } = parts;
	const total = point.tokensPerGpuSecond;
	if (!point.disaggregated && !near(total, input + output, IDENTITY_TOLERANCE)) {
		return report.when(false, `${shown(input)} in + ${shown(output)} out against ${shown(total)} tok/s/GPU in total`);
	}
	const share = (input * p) / (input * p + output * d);
	const nominal = point.isl / (point.isl + point.osl);
	const numbers = `input share ${shown(share * 100)}% against ${shown(nominal * 100)}% of ${point.isl}/${point.osl}`;
	return report.when(near(share, nominal, SHARE_TOLERANCE), numbers);
}

/**
 * A row that fails is not one steady state, so its throughput and its latencies do not belong together. Without the mean
 * time, the row fails where the largest mean that its quantiles allow is still too short.
 */
function checkLittlesLaw(point: BenchmarkPoint): RowCheck {
	const report = reporter(point, "littles-law", [
		"concurrency",
		"tokensPerGpuSecond",
		"inputTokensPerPrefillGpuSecond",
		"outputTokensPerDecodeGpuSecond",
	]);
	const { e2e } = point.latency;
	const output = outputTokensPerSecond(point);
	if (output === undefined) return report.unchecked("GPUs or the output rate not known");
	if (e2e?.mean === undefined && e2e?.median === undefined) return report.unchecked("no end-to-end time published");
	const reached = (seconds: number) => (output * seconds) / (0.9 * point.osl) / point.concurrency;
	const [low, high] = LITTLE_MEAN_BAND;
	if (e2e.mean !== undefined) {
		const ratio = reached(e2e.mean);
		const numbers = `mean end-to-end time of ${shown(e2e.mean)} s makes ${shown(ratio * point.concurrency)} in flight`;
		return report.when(ratio >= low && ratio <= high, `${numbers} of ${point.concurrency}`);
	}
	const median = e2e.median as number;
	const longest = largestMean(median, e2e);
	const isSound = reached(median) <= LITTLE_MEDIAN_MAXIMUM && (longest === undefined || reached(longest) >= low);
	const bound =
		longest === undefined ? "" : `, at most ${shown(reached(longest) * point.concurrency)} by its quantiles`;
	const numbers = `median end-to-end time of ${shown(median)} s makes ${shown(reached(median) * point.concurrency)}`;
	return report.when(isSound, `${numbers} in flight${bound}, of ${point.concurrency}`);
}

function checkMeanAgainstMedian(point: BenchmarkPoint): RowCheck {
	const known = latencies(point).filter(
		([, s]) => s.mean !== undefined && s.median !== undefined && s.std !== undefined,
	);
	const wrong = known.filter(([, { mean = 0, median = 0, std = 0 }]) => Math.abs(mean - median) > std * (1 + 1e-6));
	const report = reporter(
		point,
		"mean-against-median",
		wrong.map(([name]) => name),
	);
	if (known.length === 0) return report.unchecked("mean, median and standard deviation are not all published");
	const texts = wrong.map(([name, s]) => `${name}: mean ${s.mean} s, median ${s.median} s, deviation ${s.std} s`);
	return report.when(wrong.length === 0, texts.join("; ") || "mean and median lie within one deviation");
}

function checkQuantileOrder(point: BenchmarkPoint): RowCheck {
	const quantiles = (s: LatencySeconds) => [s.median, s.p90, s.p99, s.p999].filter((q) => q !== undefined);
	const known = latencies(point).filter(([, s]) => quantiles(s).length > 1);
	const wrong = known.filter(([, s]) => quantiles(s).some((q, i, all) => i > 0 && q < (all[i - 1] as number)));
	const report = reporter(
		point,
		"quantile-order",
		wrong.map(([name]) => name),
	);
	if (known.length === 0) return report.unchecked("no two quantiles of a latency published");
	const texts = wrong.map(([name, s]) => `${name}: ${quantiles(s).join(", ")} s do not rise`);
	return report.when(wrong.length === 0, texts.join("; ") || "quantiles rise");
}

function checkInteractivity(point: BenchmarkPoint): RowCheck {
	const report = reporter(point, "interactivity", ["interactivityTokensPerSecond"]);
	const tpot = point.latency.tpot;
	const interactivity = point.interactivityTokensPerSecond;
	if (tpot?.median === undefined) return report.unchecked("no median TPOT published");
	const isMean = tpot.mean !== undefined && near(interactivity * tpot.mean, 1, 1e-6);
	const hint = isMean ? "; it is 1 / mean TPOT" : "";
	const numbers = `${shown(interactivity)} tok/s/user against 1 / ${tpot.median} s`;
	return report.when(near(interactivity * tpot.median, 1, IDENTITY_TOLERANCE), numbers, hint);
}

function checkPowerSchema(point: BenchmarkPoint): RowCheck {
	const fields = (["joulesPerOutputToken", "joulesPerTotalToken", "joulesPerInputToken"] as const).filter(
		(field) => point[field] !== undefined,
	);
	const report = reporter(point, "power-schema", fields);
	if (fields.length === 0) return report.unchecked("no energy published");
	if (!point.disaggregated) return report.when(true, "one role: energy covers all GPUs");
	const version = point.powerSchemaVersion;
	const stated = version === undefined ? "no power schema version" : `power schema version ${version}`;
	return report.when(version === 2, `${stated}: joules per token may cover one role only`);
}

/** Fails where power was metered on other GPUs than those that served. */
function checkEnergyIdentity(point: BenchmarkPoint): RowCheck {
	const report = reporter(point, "energy-identity", [
		"averageGpuPowerWatts",
		"joulesPerTotalToken",
		"joulesPerInputToken",
		"joulesPerOutputToken",
	]);
	const { averageGpuPowerWatts: watts, joulesPerTotalToken: joules } = point;
	if (watts === undefined || joules === undefined) return report.unchecked("power or energy per token not published");
	const expected = watts / point.tokensPerGpuSecond;
	const numbers = `${shown(joules)} J/token against ${shown(watts)} W / ${shown(point.tokensPerGpuSecond)} tok/s`;
	return report.when(near(joules, expected, IDENTITY_TOLERANCE), `${numbers} = ${shown(expected)}`);
}

/** A median has a period and no day of its own. */
function checkDates(point: BenchmarkPoint): RowCheck {
	const report = reporter(point, "dates", ["measuredOn"]);
	const { kind, measuredOn, publishedOn, period } = point;
	const measured = kind === "median" ? period?.[1] : measuredOn;
	if (kind === "median" && measuredOn !== undefined) return report.when(false, `a median dated ${measuredOn}`);
	if (measured === undefined || publishedOn === undefined)
		return report.unchecked("measured or published when, not known");
	return report.when(measured <= publishedOn, `measured ${measured}, published ${publishedOn}`);
}

type LatencyField = "latency.ttft" | "latency.tpot" | "latency.itl" | "latency.e2e";

function latencies(point: BenchmarkPoint): [LatencyField, LatencySeconds][] {
	const { ttft, tpot, itl, e2e } = point.latency;
	const all: [LatencyField, LatencySeconds | undefined][] = [
		["latency.ttft", ttft],
		["latency.tpot", tpot],
		["latency.itl", itl],
		["latency.e2e", e2e],
	];
	return all.filter((entry): entry is [LatencyField, LatencySeconds] => entry[1] !== undefined);
}

/** Rates and GPUs of the two roles; in an aggregated row every GPU has both. */
function roleRates(point: BenchmarkPoint): { input: number; output: number; p: number; d: number } | undefined {
	const { inputTokensPerPrefillGpuSecond: input, outputTokensPerDecodeGpuSecond: output } = point;
	if (input === undefined || output === undefined) return undefined;
	if (!point.disaggregated) return { input, output, p: 1, d: 1 };
	const p = point.prefill?.gpus;
	const d = point.decode.gpus;
	return p === undefined || d === undefined ? undefined : { input, output, p, d };
}

/** Of the whole deployment; unknown where its GPUs are. */
function outputTokensPerSecond(point: BenchmarkPoint): number | undefined {
	const rate = point.outputTokensPerDecodeGpuSecond;
	const gpus = point.disaggregated ? point.decode.gpus : point.gpus;
	return rate === undefined || gpus === undefined || point.gpus === undefined ? undefined : rate * gpus;
}

/** Each request as slow as the next quantile above it; the last one in a hundred or thousand as that quantile. */
function largestMean(median: number, { p90, p99, p999 }: LatencySeconds): number | undefined {
	if (p99 === undefined) return undefined;
	const tail = 0.09 * p99 + 0.01 * (p999 ?? p99);
	return 0.5 * median + 0.4 * (p90 ?? p99) + tail;
}

function product(group: WorkerGroup): number | undefined {
	return group.tp === undefined ? undefined : group.tp * (group.pp ?? 1);
}

function sum(a: number | undefined, b: number | undefined): number | undefined {
	return a === undefined || b === undefined ? undefined : a + b;
}

function near(value: number, expected: number, tolerance: number): boolean {
	return Math.abs(value - expected) <= tolerance * Math.abs(expected);
}

function fieldOf(point: BenchmarkPoint, field: PointField): unknown {
	const [first, second] = field.split(".") as [keyof BenchmarkPoint, string?];
	const member: unknown = point[first];
	if (second === undefined) return member;
	return (member as Record<string, unknown> | undefined)?.[second];
}

function reporter(point: BenchmarkPoint, check: RowCheckName, taints: readonly PointField[]) {
	const message = (text: string) => `${point.id}: ${text}`;
	return {
		unchecked: (reason: string): RowCheck => ({ check, state: "unchecked", taints: [], message: message(reason) }),
		/** `hint` is said only where the check fails. */
		when: (isSound: boolean, text: string, hint = ""): RowCheck =>
			isSound
				? { check, state: "passed", taints: [], message: message(text) }
				: { check, state: "failed", taints, message: message(text + hint) },
	};
}

/** Five significant digits, for messages. */
function shown(value: number): string {
	return String(Number(value.toPrecision(5)));
}
