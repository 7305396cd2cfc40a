import type { BenchmarkFamily, BenchmarkPoint, LatencySeconds, WorkerGroup } from "@farthing/engine";
import { sha256Hex } from "@farthing/engine";
import type { AccuracyRun, MlperfResult } from "./catalogue.ts";
import type { CsvRow } from "./csv-table.ts";
import {
	cell,
	choiceCell,
	countCell,
	flagCell,
	noteId,
	numberCell,
	openCsv,
	optionalCountCell,
	optionalNumberCell,
	reportCell,
	textCell,
} from "./csv-table.ts";
import type { Reading } from "./read-figure.ts";
import { dayCell, optionalDayCell, referenceCell } from "./read-figure.ts";

/** What holds for a whole table, from the catalogue's head. */
export interface TableHead {
	readonly family: BenchmarkFamily;
	readonly kind: "dated" | "median" | "submission" | "evaluation";
	readonly asOf?: string;
}

/** Columns that say which configuration ran; they come first in the natural key. */
const CONFIGURATION = [
	"model",
	"hardware",
	"stack",
	"precision",
	"published_precision",
	"speculative",
	"disaggregated",
	"multinode",
];
const WORKERS = ["tp", "ep", "dp_attention", "workers", "gpus"];
const LATENCIES = ["ttft", "tpot", "itl", "e2e"] as const;
const STATISTICS = ["mean", "median", "p90", "p99", "p999", "std"] as const;

/** Natural key of a benchmark row: the configuration, its load, and the run or period. */
const POINT_KEY = [
	...CONFIGURATION,
	"isl",
	"osl",
	"concurrency",
	...WORKERS.map((name) => `prefill_${name}`),
	...WORKERS.map((name) => `decode_${name}`),
	"measured_on",
	"period_from",
	"period_to",
	"run",
	"attempt",
	"published_config",
];
const POINT_REQUIRED = [
	"id",
	...CONFIGURATION,
	"isl",
	"osl",
	"concurrency",
	"gpus",
	"tokens_per_gpu_s",
	"interactivity",
	"source",
];
const POINT_OPTIONAL = [
	...POINT_KEY.filter((name) => !POINT_REQUIRED.includes(name)),
	"published_gpus",
	"published_on",
	"image",
	"input_per_prefill_gpu_s",
	"output_per_decode_gpu_s",
	...LATENCIES.flatMap((name) => STATISTICS.map((statistic) => `${name}_${statistic}_s`)),
	"gpu_power_w",
	"prefill_gpu_power_w",
	"decode_gpu_power_w",
	"gpu_utilization_pct",
	"gpu_memory_mb",
	"j_per_output_token",
	"j_per_total_token",
	"j_per_input_token",
	"power_schema",
];

export function readPoints(
	file: string,
	text: string,
	head: TableHead,
	reading: Reading,
	seen: Set<string>,
): BenchmarkPoint[] {
	const columns = { required: POINT_REQUIRED, optional: POINT_OPTIONAL };
	return openCsv(file, text, reading.issues, columns).flatMap((row) => readPoint(row, head, reading, seen) ?? []);
}

const EVALUATION_KEY = [
	...CONFIGURATION,
	...WORKERS.slice(0, 4).map((name) => `prefill_${name}`),
	...WORKERS.slice(0, 4).map((name) => `decode_${name}`),
	"concurrency",
	"task",
	"measured_on",
	"run",
	"published_id",
];
const SCORES = ["score_strict", "score_strict_se", "score_flexible", "score_flexible_se"];

export function readAccuracyRuns(file: string, text: string, head: TableHead, reading: Reading): AccuracyRun[] {
	const required = ["id", ...EVALUATION_KEY, "n", ...SCORES, "source"];
	const seen = new Set<string>();
	return openCsv(file, text, reading.issues, { required }).flatMap((row) => {
		checkId(row, "ev-", `${head.family}/gsm8k`, EVALUATION_KEY, seen);
		const configuration = readConfiguration(row, reading);
		const measuredOn = dayCell(row, "measured_on");
		const [strict, strictError, flexible, flexibleError] = SCORES.map((column) => shareCell(row, column));
		const concurrency = countCell(row, "concurrency");
		const n = countCell(row, "n");
		const source = referenceCell(row, "source", "source", reading);
		const named = ["id", "task", "run", "published_id"].map((column) => textCell(row, column));
		const [id, task, run, publishedId] = named;
		if (configuration === undefined || measuredOn === undefined || source === undefined) return [];
		if (strict === undefined || strictError === undefined || flexible === undefined) return [];
		if (flexibleError === undefined || concurrency === undefined || n === undefined) return [];
		if (id === undefined || task === undefined || run === undefined || publishedId === undefined) return [];
		return [
			{
				id,
				family: head.family,
				task,
				...configuration,
				...readGroups(row, configuration.disaggregated),
				concurrency,
				measuredOn,
				n,
				scoreStrict: strict,
				scoreStrictError: strictError,
				scoreFlexible: flexible,
				scoreFlexibleError: flexibleError,
				run,
				publishedId,
				source,
			},
		];
	});
}

const MLPERF_KEY = ["public_id", "system", "benchmark", "scenario"];
const MLPERF_COUNTS = ["accelerators_per_node", "accelerators", "nodes"];

export function readMlperf(file: string, text: string, head: TableHead, reading: Reading): MlperfResult[] {
	const names = ["submitter", "availability", "accelerator", "hardware", "model", "value", "unit", "source"];
	const required = ["id", ...MLPERF_KEY, ...names, ...MLPERF_COUNTS];
	const seen = new Set<string>();
	return openCsv(file, text, reading.issues, { required }).flatMap((row) => {
		checkId(row, "ml-", head.family, MLPERF_KEY, seen);
		const texts = ["id", ...MLPERF_KEY, "submitter", "unit"].map((column) => textCell(row, column));
		const [id, publicId, system, benchmark, scenario, submitter, unit] = texts;
		const availability = choiceCell(row, "availability", ["available", "preview", "rdi"]);
		const hardware = cell(row, "hardware") && referenceCell(row, "hardware", "hardware", reading);
		const model = cell(row, "model") && referenceCell(row, "model", "model", reading);
		const [perNode, accelerators, nodes] = MLPERF_COUNTS.map((column) => countCell(row, column));
		const value = numberCell(row, "value");
		const source = referenceCell(row, "source", "source", reading);
		if (id === undefined || publicId === undefined || system === undefined || benchmark === undefined) return [];
		if (scenario === undefined || submitter === undefined || unit === undefined || value === undefined) return [];
		if (perNode === undefined || accelerators === undefined || nodes === undefined) return [];
		if (availability === undefined || source === undefined || head.asOf === undefined) return [];
		return [
			{
				id,
				family: head.family,
				publicId,
				submitter,
				availability,
				system,
				accelerator: cell(row, "accelerator"),
				...(hardware && { hardware }),
				acceleratorsPerNode: perNode,
				accelerators,
				nodes,
				benchmark,
				...(model && { model }),
				scenario,
				value,
				unit,
				asOf: head.asOf,
				source,
				...throughputOrReason(value, unit, accelerators),
			},
		];
	});
}

/** Id of a row: a prefix and 8 hex digits of the SHA-256 of its natural key, cells as they stand in the file. */
export function rowId(prefix: string, family: string, key: readonly string[]): string {
	return prefix + sha256Hex([family, ...key].join("|")).slice(0, 8);
}

function readPoint(row: CsvRow, head: TableHead, reading: Reading, seen: Set<string>): BenchmarkPoint | undefined {
	checkId(row, "ix-", `${head.family}/${head.kind}`, POINT_KEY, seen);
	const configuration = readConfiguration(row, reading);
	const id = textCell(row, "id");
	const [isl, osl, concurrency] = ["isl", "osl", "concurrency"].map((column) => countCell(row, column));
	const tokensPerGpuSecond = numberCell(row, "tokens_per_gpu_s");
	const interactivityTokensPerSecond = numberCell(row, "interactivity");
	const source = referenceCell(row, "source", "source", reading);
	if (id === undefined || configuration === undefined || source === undefined) return undefined;
	if (isl === undefined || osl === undefined || concurrency === undefined) return undefined;
	if (tokensPerGpuSecond === undefined || interactivityTokensPerSecond === undefined) return undefined;
	return {
		id,
		family: head.family,
		kind: head.kind === "median" ? "median" : "dated",
		...configuration,
		isl,
		osl,
		concurrency,
		...present("gpus", optionalCountCell(row, "gpus")),
		...present("publishedGpus", optionalCountCell(row, "published_gpus")),
		...readGroups(row, configuration.disaggregated),
		...readDates(row, head),
		...present("run", cell(row, "run") || undefined),
		...present("attempt", optionalCountCell(row, "attempt")),
		...present("publishedConfiguration", cell(row, "published_config") || undefined),
		...present("image", cell(row, "image") || undefined),
		tokensPerGpuSecond,
		...present("inputTokensPerPrefillGpuSecond", optionalNumberCell(row, "input_per_prefill_gpu_s")),
		...present("outputTokensPerDecodeGpuSecond", optionalNumberCell(row, "output_per_decode_gpu_s")),
		interactivityTokensPerSecond,
		latency: readLatency(row),
		...present("averageGpuPowerWatts", optionalNumberCell(row, "gpu_power_w")),
		...present("averageGpuUtilization", scaled(optionalNumberCell(row, "gpu_utilization_pct"), 0.01)),
		...present("averageGpuMemoryBytes", scaled(optionalNumberCell(row, "gpu_memory_mb"), 1e6)),
		...present("joulesPerOutputToken", optionalNumberCell(row, "j_per_output_token")),
		...present("joulesPerTotalToken", optionalNumberCell(row, "j_per_total_token")),
		...present("joulesPerInputToken", optionalNumberCell(row, "j_per_input_token")),
		...present("powerSchemaVersion", optionalCountCell(row, "power_schema")),
		source,
	};
}

function readConfiguration(row: CsvRow, reading: Reading) {
	const model = referenceCell(row, "model", "model", reading);
	const hardware = referenceCell(row, "hardware", "hardware", reading);
	const stack = referenceCell(row, "stack", "stack", reading);
	const precision = referenceCell(row, "precision", "precision", reading);
	const published = textCell(row, "published_precision");
	const speculative = referenceCell(row, "speculative", "speculative", reading);
	const disaggregated = flagCell(row, "disaggregated");
	const multinode = flagCell(row, "multinode");
	if (model === undefined || hardware === undefined || stack === undefined || precision === undefined) return undefined;
	if (published === undefined || speculative === undefined) return undefined;
	if (disaggregated === undefined || multinode === undefined) return undefined;
	const publishedPrecision = present("publishedPrecision", published === precision ? undefined : published);
	return { model, hardware, stack, precision, ...publishedPrecision, speculative, disaggregated, multinode };
}

function readGroups(row: CsvRow, disaggregated: boolean): { prefill?: WorkerGroup; decode: WorkerGroup } {
	const decode = readGroup(row, "decode");
	return disaggregated ? { prefill: readGroup(row, "prefill"), decode } : { decode };
}

function readGroup(row: CsvRow, role: "prefill" | "decode"): WorkerGroup {
	const dp = cell(row, `${role}_dp_attention`) === "" ? undefined : flagCell(row, `${role}_dp_attention`);
	return {
		...present("tp", optionalCountCell(row, `${role}_tp`)),
		...present("ep", optionalCountCell(row, `${role}_ep`)),
		...present("dpAttention", dp),
		...present("workers", optionalCountCell(row, `${role}_workers`)),
		...present("gpus", optionalCountCell(row, `${role}_gpus`)),
		...present("averageGpuPowerWatts", optionalNumberCell(row, `${role}_gpu_power_w`)),
	};
}

function readDates(row: CsvRow, head: TableHead): Pick<BenchmarkPoint, "measuredOn" | "publishedOn" | "period"> {
	const publishedOn = present("publishedOn", optionalDayCell(row, "published_on"));
	if (head.kind === "dated") return { ...present("measuredOn", dayCell(row, "measured_on")), ...publishedOn };
	const from = dayCell(row, "period_from");
	const to = dayCell(row, "period_to");
	return { ...publishedOn, ...(from !== undefined && to !== undefined && { period: [from, to] as const }) };
}

function readLatency(row: CsvRow): BenchmarkPoint["latency"] {
	const latency: { [N in (typeof LATENCIES)[number]]?: LatencySeconds } = {};
	for (const name of LATENCIES) {
		const seconds: { [S in (typeof STATISTICS)[number]]?: number } = {};
		for (const statistic of STATISTICS) {
			const value = optionalNumberCell(row, `${name}_${statistic}_s`);
			if (value !== undefined) seconds[statistic] = value;
		}
		if (Object.keys(seconds).length > 0) latency[name] = seconds;
	}
	return latency;
}

function throughputOrReason(
	value: number,
	unit: string,
	accelerators: number,
): Pick<MlperfResult, "tokensPerAcceleratorSecond" | "skipped"> {
	if (unit !== "Tokens/s")
		return { skipped: { code: "other-unit", reason: `the result is in ${unit}, not in tokens` } };
	if (accelerators === 0) return { skipped: { code: "no-accelerator", reason: "the system has no accelerator" } };
	return { tokensPerAcceleratorSecond: value / accelerators };
}

function checkId(row: CsvRow, prefix: string, family: string, columns: readonly string[], seen: Set<string>): void {
	const id = rowId(
		prefix,
		family,
		columns.map((column) => cell(row, column)),
	);
	if (cell(row, "id") !== id) reportCell(row, "id", "the id does not fit the row", `"${id}"`);
	noteId(row, "id", id, seen);
}

function shareCell(row: CsvRow, column: string): number | undefined {
	const value = numberCell(row, column);
	if (value === undefined || (value >= 0 && value <= 1)) return value;
	return reportCell(row, column, `found ${value}`, "a share from 0 to 1");
}

function scaled(value: number | undefined, factor: number): number | undefined {
	return value === undefined ? undefined : value * factor;
}

function present<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
	return (value === undefined ? {} : { [key]: value }) as { [P in K]?: V };
}
