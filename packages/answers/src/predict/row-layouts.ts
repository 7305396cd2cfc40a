/**
 * Rows of other people's files as serving rows: the end-to-end sample of AIConfigurator (CSV), InferenceX rows as its
 * dashboard exports them, and medians of its database (JSON lines). A row that cannot be read gives a reason, never an
 * exception; the others are read all the same.
 *
 * What these layouts do not say outright:
 * - GPUs of an aggregated row are TP·PP. Rows that stem from the InferenceX database state TP·EP where EP > 1: then TP is
 *   the number over EP. "Aggregated" NVL72 rows of more GPUs than a host are whole disaggregated deployments, whose roles
 *   are not told.
 * - Concurrency stands in the text of the source. The 18 rows without one state a batch size, which is what a tool planned
 *   and not what ran: seven of them would beat the memory bandwidth of their GPUs. It answers a question, times attention
 *   groups or workers, and calibrates nothing.
 * - The sample states neither speculative decoding nor dates in columns. The number of the configuration in the database
 *   tells the first where the catalogue knows it; DeepSeek rows without one are `unknown`, since the sample mixes both.
 * - InferenceX draws lengths evenly from 80 to 100% of the nominal; a row may state another mean over nominal length.
 */
import type { Catalogue } from "@farthing/catalogue";
import {
	csvObjects,
	dayNumber,
	findHardware,
	findModel,
	findPrecisions,
	findStack,
	fold,
	isDay,
} from "@farthing/catalogue";
import type { BenchmarkPoint, ServingRow, WorkerLayout } from "@farthing/engine";
import { kinOf } from "./body.ts";

export type ReadRow =
	| {
			readonly ok: true;
			readonly row: ServingRow;
			readonly statistic: "mean" | "median";
			/** The row states no concurrency: its batch size stands for it, which is planned and not run. It calibrates nothing. */
			readonly isLoadAssumed?: true;
	  }
	| { readonly ok: false; readonly reason: string };

export type RowLayout = "aiconfigurator-sample" | "inferencex-rows" | "inferencex-medians";

/** Mean length over nominal length in InferenceX. */
export const INFERENCEX_LENGTH_SHARE = 0.9;

export function readRows(
	catalogue: Catalogue,
	text: string,
	file: string,
): { layout: RowLayout; rows: ReadRow[] } | undefined {
	const start = text.trimStart();
	if (start.startsWith("{") || start.startsWith("[")) return readJsonRows(catalogue, start, file);
	const { rows } = csvObjects(file, text);
	const columns = start.slice(0, start.search(/\n|$/)).split(",");
	if (!["silicon_data_source", "model_path"].every((column) => columns.includes(column))) return undefined;
	return {
		layout: "aiconfigurator-sample",
		rows: rows.map(({ cells, line }) => guarded(() => readSample(catalogue, cells, `line ${line}`))),
	};
}

/** A row of the catalogue's own tables. */
export function rowOfPoint(catalogue: Catalogue, point: BenchmarkPoint): ServingRow | undefined {
	const { decode, prefill, latency } = point;
	const kin = kinOf(catalogue, point.model, point.hardware);
	const tp = decode.tp ?? decode.gpus;
	if (kin === undefined || tp === undefined) return undefined;
	// a median over a period has no day of its own: it stands at the middle of the measured time
	const day = point.measuredOn;
	const heads = headsOf(catalogue, point.model);
	return {
		id: point.id,
		model: point.model,
		...kin,
		hardware: point.hardware,
		stack: point.stack,
		precision: point.precision,
		speculative: point.speculative,
		disaggregated: point.disaggregated,
		isl: point.isl,
		osl: point.osl,
		lengthShare: INFERENCEX_LENGTH_SHARE,
		concurrency: point.concurrency,
		decode: layoutOfGroup(point.disaggregated ? decode : engineOf(decode), heads),
		...(prefill !== undefined && { prefill: layoutOfGroup(prefill, heads) }),
		...(point.gpus !== undefined && { gpus: point.gpus }),
		...(day !== undefined && { day: dayNumber(day) }),
		measured: present({
			ttftMeanSeconds: latency.ttft?.mean,
			ttftMedianSeconds: latency.ttft?.median,
			tpotSeconds: latency.tpot?.median ?? latency.tpot?.mean ?? 1 / point.interactivityTokensPerSecond,
			tokensPerGpuSecond: point.tokensPerGpuSecond,
		}),
		source: point.source,
	};
}

class Unreadable extends Error {}

function guarded(read: () => Omit<Extract<ReadRow, { ok: true }>, "ok">): ReadRow {
	try {
		const answer = read();
		const fault = faultOf(answer.row);
		return fault === undefined ? { ok: true, ...answer } : { ok: false, reason: `${answer.row.id}: ${fault}` };
	} catch (error) {
		if (error instanceof Unreadable) return { ok: false, reason: error.message };
		throw error;
	}
}

/** What no deployment can have, whatever the layout it is read from. */
function faultOf({ isl, osl, concurrency, gpus, decode, prefill }: ServingRow): string | undefined {
	const counts: Record<string, number | undefined> = {
		"input length": isl,
		"output length": osl,
		concurrency,
		"GPU count": gpus,
		"tensor-parallel size": decode.tp,
		"pipeline size": decode.pp,
		"expert-parallel size": decode.ep,
		"tensor-parallel size of prefill": prefill?.tp,
	};
	const wrong = Object.entries(counts).find(([, n]) => n !== undefined && !(Number.isInteger(n) && n > 0 && n < 1e9));
	return wrong === undefined ? undefined : `${wrong[0]} ${wrong[1]} is no whole number above 0`;
}

function readJsonRows(
	catalogue: Catalogue,
	text: string,
	file: string,
): { layout: RowLayout; rows: ReadRow[] } | undefined {
	const objects = jsonObjects(text);
	if (objects === undefined) return undefined;
	// the first row may be the broken one: any row that can be read names the layout
	const first = objects.find((each) => each !== undefined && "hardware" in each && "isl" in each);
	if (first === undefined) return undefined;
	const layout = "metrics" in first ? "inferencex-rows" : "inferencex-medians";
	const rows = objects.map((each, i) =>
		each === undefined
			? { ok: false as const, reason: `${file}, row ${i}: no JSON object` }
			: guarded(() => readInferenceX(catalogue, each, `row ${i}`)),
	);
	return { layout, rows };
}

function jsonObjects(text: string): (Record<string, unknown> | undefined)[] | undefined {
	const whole = parsed(text);
	if (Array.isArray(whole)) return whole.map(objectOf);
	if (whole !== undefined) {
		const list = Object.values(whole as object).find((value) => Array.isArray(value) && value.length > 0);
		return "isl" in (whole as object) ? [objectOf(whole)] : (list as unknown[] | undefined)?.map(objectOf);
	}
	return text
		.split("\n")
		.filter((line) => line.trim() !== "")
		.map((line) => objectOf(parsed(line)));
}

function parsed(text: string): unknown {
	try {
		return JSON.parse(text) as unknown;
	} catch {
		return undefined;
	}
}

function objectOf(value: unknown): Record<string, unknown> | undefined {
	return typeof value === "object" && value !== null && !Array.isArray(value)
		? (value as Record<string, unknown>)
		: undefined;
}

function readInferenceX(
	catalogue: Catalogue,
	row: Record<string, unknown>,
	at: string,
): { row: ServingRow; statistic: "median" } {
	const text = (key: string): string => (typeof row[key] === "string" ? row[key] : "");
	const number = (key: string): number | undefined => numberOf(row[key]);
	const needed = (key: string): number => number(key) ?? fail(`${at}: "${key}" is no number`);
	const flag = (key: string): boolean | undefined =>
		row[key] === undefined || row[key] === null ? undefined : [true, "true", 1].includes(row[key] as never);
	const names = namesOf(catalogue, at, {
		model: text("model"),
		hardware: text("hardware"),
		stack: text("framework"),
		precision: text("precision"),
	});
	const disaggregated = flag("disagg") === true;
	const tp = number("decode_tp") ?? number("tp") ?? fail(`${at}: no tensor-parallel size`);
	if (!(tp > 0)) fail(`${at}: tensor-parallel size ${tp} is no whole number above 0`);
	const heads = headsOf(catalogue, names.model);
	const roles = [number("num_prefill_gpu"), number("num_decode_gpu")];
	const perWorker = (gpus: number | undefined, workers: number | undefined): number | undefined =>
		gpus === undefined || workers === undefined || workers === 0 ? undefined : gpus / workers;
	const decodeWorkers = disaggregated ? positive(number("decode_num_workers")) : undefined;
	const statedDecode = {
		tp,
		pp: number("pp") ?? number("decode_pp") ?? 1,
		...wideWorker(tp, number("decode_ep") ?? number("ep"), flag("decode_dp_attention") ?? flag("dp_attention")),
		...present({ workers: decodeWorkers }),
	};
	const decode = runnable(statedDecode, disaggregated ? perWorker(roles[1], decodeWorkers) : undefined, heads);
	const prefillTp = number("prefill_tp");
	const prefillWorkers = positive(number("prefill_num_workers"));
	const statedPrefill = {
		tp: prefillTp ?? tp,
		pp: number("prefill_pp") ?? 1,
		...wideWorker(prefillTp ?? tp, number("prefill_ep"), flag("prefill_dp_attention")),
		...present({ workers: prefillWorkers }),
	};
	const prefill = disaggregated ? runnable(statedPrefill, perWorker(roles[0], prefillWorkers), heads) : undefined;
	const metrics = objectOf(row["metrics"]) ?? row;
	const metric = (key: string): number | undefined => numberOf(metrics[key]);
	const interactivity = metric("median_intvty") ?? metric("interactivity");
	const derived = objectOf(row["derived"]);
	const date = text("date");
	// Rows of a ledger state what was served, not a nominal.
	const share = { lengthShare: positive(number("length_share")) ?? INFERENCEX_LENGTH_SHARE };
	const gpus = disaggregated ? (numberOf(derived?.["gpus"]) ?? number("gpus") ?? sum(roles)) : decode.tp * decode.pp;
	const spec = text("spec_method") || text("spec_decoding") || "none";
	return {
		statistic: "median",
		row: {
			id: at,
			...names,
			speculative: spec === "null" ? "none" : spec,
			disaggregated,
			isl: needed("isl"),
			osl: needed("osl"),
			...share,
			concurrency: needed("conc"),
			decode,
			...(prefill !== undefined && { prefill }),
			...present({ gpus }),
			...present({ day: isDay(date) ? dayNumber(date) : undefined }),
			measured: present({
				ttftMeanSeconds: metric("mean_ttft"),
				ttftMedianSeconds: metric("median_ttft"),
				tpotSeconds:
					metric("median_tpot") ?? metric("mean_tpot") ?? (interactivity === undefined ? undefined : 1 / interactivity),
				tokensPerGpuSecond: metric("tput_per_gpu"),
			}),
			source: "given",
		},
	};
}

function readSample(
	catalogue: Catalogue,
	cells: Readonly<Record<string, string>>,
	at: string,
): Omit<Extract<ReadRow, { ok: true }>, "ok"> {
	const number = (key: string): number | undefined => numberOf(cells[key]);
	const needed = (key: string): number => number(key) ?? fail(`${at}: "${key}" is no number`);
	const source = cells["silicon_data_source"] ?? "";
	const disaggregated = cells["mode"] === "disagg";
	const isPublic = source.startsWith("db-dump/") || /source_file=\d{4}-\d\d-\d\d/.test(source);
	const stated = (role: string): WorkerLayout | undefined => sampleLayout(cells, role, isPublic);
	const path = cells["model_path"] ?? "";
	const aggregated = disaggregated ? undefined : stated("");
	const isRack = /^gb[23]00/.test(cells["system"] ?? "");
	const isMisnamed =
		aggregated !== undefined && isPublic && (isRoleless(aggregated.tp) || (isRack && aggregated.tp > HOST_GPUS));
	const split = disaggregated || isMisnamed;
	const names = namesOf(catalogue, at, {
		model: modelName(path),
		hardware: (cells["system"] ?? "").replace(/_sxm$/, "-sxm"),
		stack: stackName(cells["backend"] ?? "", split),
		precision: precisionName(cells, path),
	});
	const heads = headsOf(catalogue, names.model);
	const isWhole = isMisnamed || isRoleless(stated("decode_")?.tp ?? 1);
	const isUntold = disaggregated && !holdsWeights(catalogue, names, stated("decode_"));
	const ran = (layout: WorkerLayout | undefined) => layout && runnable(layout, undefined, heads);
	const decode = isWhole || isUntold ? undefined : ran(disaggregated ? stated("decode_") : aggregated);
	const prefill = disaggregated && !isWhole && !isUntold ? ran(stated("prefill_")) : undefined;
	if (decode === undefined && !isWhole && !isUntold) fail(`${at}: no tensor-parallel size`);
	const worker = decode ?? UNTOLD_WORKER;
	const whole = (isMisnamed ? aggregated : stated("decode_"))?.tp;
	const groups = number("attention_dp_size") || 1;
	const batch = number("batch_size") ?? product(number("decode_batch_size"), number("decode_num_workers"), dpOf(cells));
	const statedConcurrency = numberOf(/silicon_concurrency=(\d+)/.exec(source)?.[1]);
	const concurrency =
		statedConcurrency ?? (batch === undefined ? undefined : batch * (!split && isPublic ? groups : 1));
	const date = /measured=(\d{4}-\d\d-\d\d)/.exec(source)?.[1];
	const configuration = /config_id=(\d+)/.exec(source)?.[1];
	const workers = [prefill, decode].map((layout) =>
		layout?.workers === undefined ? undefined : layout.workers * layout.tp * layout.pp,
	);
	// NVIDIA's own runs state the batch of a GPU: several replicas where the concurrency is more than one holds
	const share = number("batch_size");
	const several =
		!split &&
		!isPublic &&
		concurrency !== undefined &&
		share !== undefined &&
		(concurrency / share) % (worker.tp * worker.pp) === 0
			? concurrency / share
			: undefined;
	// a batch of one GPU with experts on each is attention of its own on each
	const isApart = several !== undefined && worker.ep > 1 && worker.ep === worker.tp;
	const gpus = isWhole
		? whole
		: isUntold
			? undefined
			: disaggregated
				? sum(workers)
				: (several ?? worker.tp * worker.pp);
	const isl = needed("isl");
	const osl = needed("osl");
	const ttft = number("silicon_ttft_ms");
	const tpot = number("silicon_tpot_ms");
	return {
		statistic: "mean",
		...(statedConcurrency === undefined && { isLoadAssumed: true as const }),
		row: {
			id: cells["id"] ?? at,
			...names,
			speculative: speculativeOf(catalogue, names.body, configuration, isPublic),
			disaggregated: split,
			isl,
			osl,
			lengthShare: isPublic ? INFERENCEX_LENGTH_SHARE : 1,
			concurrency: concurrency ?? fail(`${at}: no concurrency in the source text and no batch size`),
			decode: isApart ? { ...worker, dpAttention: true } : worker,
			...(split && { prefill: prefill ?? worker }),
			...present({ gpus }),
			...present({ day: date !== undefined && isDay(date) ? dayNumber(date) : undefined }),
			measured: present({
				ttftMeanSeconds: ttft === undefined ? undefined : ttft / 1000,
				tpotSeconds: tpot === undefined ? undefined : tpot / 1000,
			}),
			source: "given",
		},
	};
}

/** Whether a worker of this size can be what ran: sizes of 1 stand where the source lost the real one. */
function holdsWeights(
	catalogue: Catalogue,
	{ model, hardware, precision }: Pick<ServingRow, "model" | "hardware" | "precision">,
	layout: WorkerLayout | undefined,
): boolean {
	const parameters = catalogue.models.find(({ id }) => id === model)?.figures.totalParameters?.value ?? 0;
	const bits = catalogue.precisions.find(({ id }) => id === precision)?.bits ?? 16;
	const memory = catalogue.hardware.find(({ id }) => id === hardware)?.figures.memory?.value ?? Infinity;
	return layout === undefined || (parameters * bits) / 8 <= memory * layout.tp * layout.pp;
}

/** Worker of a deployment whose roles are not told. */
const UNTOLD_WORKER: WorkerLayout = { tp: 8, pp: 1, ep: 8, dpAttention: true };

/** TP, PP, EP and attention groups of one role; see the head of the file. */
function sampleLayout(
	cells: Readonly<Record<string, string>>,
	role: string,
	isPublic: boolean,
): WorkerLayout | undefined {
	const number = (key: string): number => numberOf(cells[`${role}${key}`]) ?? 0;
	const tp = number("tp_size");
	if (tp < 1) return undefined;
	const groups = Math.max(1, number("attention_dp_size"));
	const ep = Math.max(1, number("moe_ep_size"));
	const moeTp = Math.max(1, number("moe_tp_size"));
	const pp = Math.max(1, number("pp_size"));
	const workers = positive(numberOf(cells[`${role}num_workers`]));
	const total = tp * groups;
	// TP·EP stated as the size: the other factor of the experts is the true TP
	const isProduct = isPublic && role === "" && ep > 1 && total === moeTp * ep && moeTp > 1;
	const isSquare = isPublic && role === "" && groups > 1 && tp > 1 && total === moeTp * ep && tp === groups;
	const spread = !isPublic && moeTp * ep > total ? moeTp * ep : total;
	const gpus = isProduct ? Math.max(total / ep, 1) : isSquare ? tp : spread;
	return {
		tp: gpus,
		pp,
		ep: Math.min(ep, gpus),
		dpAttention: groups > 1 || spread > total,
		...present({ workers }),
	};
}

function dpOf(cells: Readonly<Record<string, string>>): number {
	return Math.max(1, numberOf(cells["decode_attention_dp_size"]) ?? 1);
}

/** Sizes that no tensor-parallel group has: the GPUs of a whole deployment. */
function isRoleless(tp: number): boolean {
	return tp > 8 && tp !== 16 && tp !== 32 && tp !== 64;
}

function namesOf(
	catalogue: Catalogue,
	at: string,
	given: { model: string; hardware: string; stack: string; precision: string },
): Pick<ServingRow, "model" | "body" | "hardware" | "family" | "isMixture" | "stack" | "precision"> {
	const missing = (["model", "hardware", "stack"] as const).find((name) => given[name] === "");
	if (missing !== undefined) return fail(`${at}: the row names no ${missing}`);
	const model = modelOrVariant(catalogue, given.model);
	if (!model.found) return fail(`${at}: ${model.reason}`);
	const hardware = findHardware(catalogue, given.hardware);
	if (!hardware.found) return fail(`${at}: ${hardware.reason}`);
	const stack = findStack(catalogue, given.stack);
	if (!stack.found) return fail(`${at}: ${stack.reason}`);
	const native = nativeFormat(model.value.nativePrecision);
	const precisions = findPrecisions(catalogue, given.precision === "" ? native : given.precision);
	if (!precisions.found) return fail(`${at}: ${precisions.reason}`);
	const kin = kinOf(catalogue, model.value.id, hardware.value.id);
	if (kin === undefined) return fail(`${at}: the catalogue does not describe the architecture of ${model.value.id}`);
	const ids = precisions.value.map(({ id }) => id);
	return {
		model: model.value.id,
		...kin,
		hardware: hardware.value.id,
		stack: stack.value.id,
		precision: chosenFormat(ids, model.value.nativePrecision, hardware.value.vendor),
	};
}

/** A release with the body of an entry counts as that entry. */
export function modelOrVariant(catalogue: Catalogue, name: string): ReturnType<typeof findModel> {
	const found = findModel(catalogue, name);
	if (found.found) return found;
	const body = catalogue.models.find(({ variants }) => variants.some((variant) => fold(variant) === fold(name)));
	return body === undefined ? found : { found: true, value: body };
}

/** `fp4` names two formats: the one of the checkpoint, else the one of the vendor. */
export function chosenFormat(ids: readonly string[], nativePrecision: string, vendor: string): string {
	if (ids.length === 1) return ids[0] as string;
	const native = nativePrecision.toLowerCase();
	const named = ids.find((id) => native.startsWith(id));
	if (named !== undefined) return named;
	return (vendor === "amd" ? ids.find((id) => id === "mxfp4") : ids.find((id) => id === "nvfp4")) ?? (ids[0] as string);
}

function nativeFormat(nativePrecision: string): string {
	const text = nativePrecision.toLowerCase();
	return ["mxfp4", "nvfp4", "fp8", "int4"].find((format) => text.startsWith(format)) ?? "bf16";
}

function modelName(path: string): string {
	const name = path.slice(path.lastIndexOf("/") + 1);
	return name.replace(/-(NVFP4|FP4|FP8|MXFP4|BF16|INT4|AWQ)$/i, "").replace(/-(Instruct|Base|Chat)$/i, "");
}

function precisionName(cells: Readonly<Record<string, string>>, path: string): string {
	const named = /-(NVFP4|FP8|MXFP4|INT4|BF16)$/i.exec(path)?.[1]?.toLowerCase();
	const stated = cells["precision"] ?? "";
	const quantised = (cells["gemm_quant_mode"] ?? "").replace(/_(block|static|wo)$/, "");
	return stated || (quantised === "bfloat16" ? "bf16" : quantised) || named || "";
}

const ENGINES: Readonly<Record<string, string>> = { trtllm: "tensorrt-llm", sglang: "sglang", vllm: "vllm" };

function stackName(backend: string, disaggregated: boolean): string {
	const engine = ENGINES[backend.toLowerCase()] ?? backend;
	return disaggregated && engine in { "tensorrt-llm": 1, sglang: 1, vllm: 1 } ? `dynamo-${engine}` : engine;
}

/** The database's number of a configuration tells; without one, the sample does not say. */
function speculativeOf(
	catalogue: Catalogue,
	body: string,
	configuration: string | undefined,
	isPublic: boolean,
): string {
	if (!isPublic) return "none";
	if (configuration !== undefined) {
		const known = speculativeByConfiguration(catalogue).get(configuration);
		if (known !== undefined) return known;
	}
	return body.startsWith("deepseek") ? "unknown" : "none";
}

const configurations = new WeakMap<Catalogue, ReadonlyMap<string, string>>();

function speculativeByConfiguration(catalogue: Catalogue): ReadonlyMap<string, string> {
	const known = configurations.get(catalogue);
	if (known !== undefined) return known;
	const made = new Map(
		catalogue.benchmarks.flatMap(({ publishedConfiguration, speculative }) =>
			publishedConfiguration === undefined ? [] : [[publishedConfiguration, speculative] as const],
		),
	);
	configurations.set(catalogue, made);
	return made;
}

/** An aggregated deployment is one engine, whatever is published as its workers or GPUs. */
function engineOf({ tp, pp, ep, dpAttention }: BenchmarkPoint["decode"]): BenchmarkPoint["decode"] {
	return present({ tp, pp, ep, dpAttention });
}

/** As published; see {@link runnable}. */
function layoutOfGroup(group: BenchmarkPoint["decode"], heads: number): WorkerLayout {
	const perWorker = group.gpus !== undefined && group.workers !== undefined ? group.gpus / group.workers : undefined;
	const tp = group.tp ?? perWorker ?? 1;
	const layout = {
		tp,
		pp: group.pp ?? 1,
		...wideWorker(tp, group.ep, group.dpAttention),
		...present({ workers: positive(group.workers) }),
	};
	return runnable(layout, perWorker, heads);
}

/** GPUs of one host: no tensor-parallel group of the published rows is larger, where they tell. */
const HOST_GPUS = 8;

/**
 * How experts and attention are spread. A worker of more GPUs than a host that tells neither runs as every one of its kind
 * that does: each GPU attends to its own sequences, experts spread over all. With attention split over 16 or 32 GPUs, each
 * of which reads the whole latent cache, three of those rows would be up to 1.7 times faster than the memory can be read.
 */
function wideWorker(
	tp: number,
	ep: number | undefined,
	dpAttention: boolean | undefined,
): Pick<WorkerLayout, "ep" | "dpAttention"> {
	if (tp > HOST_GPUS && ep === undefined && dpAttention === undefined) return { ep: tp, dpAttention: true };
	return { ep: Math.max(1, ep ?? 1), dpAttention: dpAttention ?? false };
}

/**
 * A worker that really ran, from the sizes published of it. Where the worker has more GPUs than TP·PP, or experts are
 * spread over more than TP, or TP does not divide the heads, each GPU attends to its own sequences.
 */
function runnable(layout: WorkerLayout, perWorker: number | undefined, heads: number): WorkerLayout {
	const stated = layout.tp * layout.pp;
	const gpus = perWorker !== undefined && Number.isInteger(perWorker) && perWorker > stated ? perWorker : undefined;
	const wide = gpus ?? (layout.ep > layout.tp ? layout.ep : undefined);
	if (wide !== undefined) return { ...layout, tp: Math.max(1, wide / layout.pp), dpAttention: true };
	return heads % layout.tp === 0 ? layout : { ...layout, dpAttention: true };
}

function headsOf(catalogue: Catalogue, model: string): number {
	return catalogue.models.find(({ id }) => id === model)?.figures.heads?.value ?? 1;
}

function numberOf(value: unknown): number | undefined {
	if (typeof value === "number") return Number.isFinite(value) ? value : undefined;
	if (typeof value !== "string" || value.trim() === "") return undefined;
	const number = Number(value);
	return Number.isFinite(number) ? number : undefined;
}

function positive(value: number | undefined): number | undefined {
	return value !== undefined && value > 0 ? value : undefined;
}

function sum(values: readonly (number | undefined)[]): number | undefined {
	return values.reduce<number | undefined>(
		(total, value) => (total === undefined || value === undefined ? undefined : total + value),
		0,
	);
}

function product(...values: (number | undefined)[]): number | undefined {
	return values.reduce<number | undefined>(
		(total, value) => (total === undefined || value === undefined ? undefined : total * value),
		1,
	);
}

function present<T extends object>(of: T): { [K in keyof T]?: NonNullable<T[K]> } {
	return Object.fromEntries(Object.entries(of).filter(([, value]) => value !== undefined)) as {
		[K in keyof T]?: NonNullable<T[K]>;
	};
}

function fail(reason: string): never {
	throw new Unreadable(reason);
}
