/** `farthing predict`: what a configuration would do where nobody has measured it, and how sure that is. */
import type { Catalogue } from "@farthing/catalogue";
import type {
	Calibration,
	CalibratedValue,
	Impossible,
	LevelName,
	ModelJson,
	PredictedName,
	PreparedRow,
	PrepareOptions,
	QuantityJson,
	ServingRow,
} from "@farthing/engine";
import {
	buildModel,
	evaluate,
	exp,
	headlineCost,
	input,
	interactivity,
	intervalWidth,
	modelToJson,
	prepareRow,
	quantityJson,
	second,
	tokensPerGpuSecond,
	type Expr,
	type InputSpec,
} from "@farthing/engine";
import { calibratedLaw, checkpointOf, servingFacts } from "./predict/calibration-rows.ts";
import type { ReadRow } from "./predict/row-layouts.ts";
import type { Asking, Envelope, Warning } from "./envelope.ts";
import { envelope } from "./envelope.ts";
import { FarthingError } from "./farthing-error.ts";
import { narrowedBy, type Narrowing } from "./predict/narrowing.ts";
import type { RateBook } from "./rates.ts";

export interface PredictQuestion {
	readonly rows: readonly ReadRow[];
	/** Measured rows of one's own that calibrate beside the catalogue's. */
	readonly fit?: readonly ServingRow[];
	readonly rates: RateBook;
	readonly options?: PrepareOptions;
	/** One configuration asked about: what it cannot do ends the command instead of standing in a row. */
	readonly isSingle?: boolean;
}

export interface PredictResult {
	readonly rows: readonly PredictedRow[];
	/** Rows that the calibration rests on, and the newest of them. */
	readonly calibration: { readonly rows: number; readonly newest: string; readonly law: string };
	readonly prices: string;
}

export type PredictedRow =
	| PredictedValues
	| { readonly index: number; readonly infeasible: Infeasible }
	| { readonly index: number; readonly error: { readonly code: string; readonly message: string } };

export interface Infeasible {
	readonly code: string;
	readonly reason: string;
	/** Absent where no amount is missing. */
	readonly short_by?: { readonly value: number; readonly unit: string };
}

export interface PredictedValues {
	readonly index: number;
	readonly model: string;
	readonly hardware: string;
	readonly precision: string;
	/** The published checkpoint whose formats are taken; absent where none is known and they are assumed. */
	readonly checkpoint?: string;
	readonly stack: string;
	readonly speculative: string;
	readonly disaggregated: boolean;
	readonly isl: number;
	readonly osl: number;
	readonly concurrency: number;
	readonly gpus?: number;
	readonly ttft: QuantityJson;
	readonly ttft_statistic: "mean" | "median";
	/** Absent for a single output token, after which nothing follows. */
	readonly tpot?: QuantityJson;
	readonly interactivity?: QuantityJson;
	readonly tokens_per_gpu_second?: QuantityJson;
	readonly unit_cost?: QuantityJson;
	/** Narrowest level at which measured rows calibrate this one. */
	readonly level: LevelName;
	readonly calibration_rows: number;
	readonly newest_calibration?: string;
	/** The one measurement that would narrow the range most. */
	readonly narrowed_by?: Narrowing;
	/** Why a member is missing. */
	readonly unknown?: Readonly<Record<string, string>>;
}

/** Throws exit 3 for a single configuration that is impossible or not known. */
export function predict(catalogue: Catalogue, question: PredictQuestion, asking: Asking): Envelope<PredictResult> {
	const { servingLaw } = catalogue;
	const facts = servingFacts(catalogue);
	const warnings: Warning[] = [];
	const { known, calibration } = calibratedLaw(catalogue, question.fit);
	const own = new Set(question.fit?.map(({ id }) => id));
	const silent = own.size - known.filter(({ row }) => own.has(row.id)).length;
	if (silent > 0) {
		warnings.push({
			code: "rows-left-out",
			message: `${silent} of your ${own.size} rows calibrate nothing: they cannot run as they say, are no steady state, or repeat another`,
		});
	}
	const nodes: Expr<never>[] = [];
	const rows = question.rows.map((read, index): PredictedRow => {
		if (!read.ok) return { index, error: { code: "unreadable-row", message: read.reason } };
		const prepared = prepareRow(read.row, facts, question.options);
		if (!prepared.possible) {
			if (question.isSingle === true) throw impossible(prepared);
			const { code, reason } = prepared;
			if (code === "unknown") return { index, error: { code, message: reason } };
			const { shortBy: short_by } = prepared;
			return { index, infeasible: { code, reason, ...(short_by !== undefined && { short_by }) } };
		}
		const held = prepared.prepared.decode.sequences * prepared.prepared.decode.workers;
		if (question.isSingle === true && read.row.concurrency > held) {
			warnings.push({
				code: "requests-wait",
				message: `the cache holds about ${Math.floor(held)} of the ${read.row.concurrency} requests in flight: the others wait, and TTFT is mostly that wait`,
			});
		}
		const ttftName = read.statistic === "mean" ? "ttftMean" : "ttftMedian";
		const hasGpus = read.row.gpus !== undefined;
		const names: PredictedName[] = ["tpot", ttftName, ...(hasGpus ? (["throughput"] as const) : [])];
		const values = calibration.predict(prepared.prepared, names);
		const { tpot, throughput } = values;
		const ttft = values[ttftName];
		const isFinite = Object.values(values).every(({ value }) => value > 0 && value < 1e12);
		if (!isFinite) return { index, error: { code: "out-of-range", message: "the model gives no finite time here" } };
		if (tpot === undefined || ttft === undefined)
			return { index, error: { code: "no-calibration", message: "no measured row calibrates this configuration" } };
		const standing = calibration.standing(read.row, "tpot");
		const context: RowContext = {
			catalogue,
			asking,
			rates: question.rates,
			calibration,
			index,
			row: read.row,
			level: standing.level,
		};
		const spec = (name: PredictedName, value: CalibratedValue, label: string): InputSpec =>
			inputSpec(context, name, value, label);
		const tpotNode = input(`predict.${index}.tpot`, second, spec("tpot", tpot, "time per output token"));
		const ttftNode = input(
			`predict.${index}.ttft`,
			second,
			spec(ttftName, ttft, `time to first token, ${read.statistic}`),
		);
		const widthAt = (level: LevelName): number =>
			intervalWidth(servingLaw.intervals, "tpot", { kind: standing.kind, level });
		const widths = { now: widthAt(standing.level), measured: widthAt("operating-point") };
		const checkpoint = checkpointOf(catalogue, read.row.model, read.row.precision);
		const unknown: Record<string, string> = {};
		const shown: Record<string, QuantityJson> = {};
		nodes.push(ttftNode as never);
		if (read.row.osl > 1) {
			nodes.push(tpotNode as never);
			const ofToken = ranged(context, "tpot", tpot, "s");
			shown["tpot"] = ofToken;
			shown["interactivity"] = inverted(ofToken, interactivity.symbol);
		} else {
			unknown["tpot"] = "after a single output token no other follows";
			unknown["interactivity"] = unknown["tpot"];
		}
		if (throughput !== undefined) {
			const speed = input(
				`predict.${index}.tokens_per_gpu_second`,
				tokensPerGpuSecond("total"),
				spec("throughput", throughput, "tokens per second and GPU"),
			);
			nodes.push(speed as never);
			shown["tokens_per_gpu_second"] = ranged(context, "throughput", throughput, "tok/s/GPU", "total");
			const rate = question.rates.rateOf(read.row.hardware);
			if (rate.known) {
				nodes.push(headlineCost(`predict.${index}.unit_cost`, "total", rate.rate, speed) as never);
			} else unknown["unit_cost"] = rate.reason;
		} else {
			unknown["tokens_per_gpu_second"] = "how many workers each role has is not told, so neither are the GPUs";
			unknown["unit_cost"] = unknown["tokens_per_gpu_second"];
		}
		return {
			index,
			...described(read.row),
			...(checkpoint !== undefined && { checkpoint: checkpoint.name }),
			ttft: ranged(context, ttftName, ttft, "s"),
			ttft_statistic: read.statistic,
			...shown,
			level: standing.level,
			calibration_rows: standing.rows,
			...(standing.newestDay !== undefined && { newest_calibration: dayText(standing.newestDay) }),
			...(question.rows.length <= NARROWED_ROWS &&
				read.row.osl > 1 && { narrowed_by: narrowedBy(calibration, read.row, tpot.deviation, widths) }),
			...(Object.keys(unknown).length > 0 && { unknown }),
		} as PredictedValues;
	});
	const evaluation = evaluate(buildModel(nodes));
	const priced = rows.map((row) => withCost(row, evaluation, question.rates.currencyDate));
	warnings.push(...question.rates.warnings());
	const result: PredictResult = {
		rows: priced,
		calibration: { rows: known.length, newest: newestDay(known) ?? servingLaw.asOf, law: servingLaw.madeBy },
		prices: question.rates.describe,
	};
	const graph: ModelJson | undefined = question.isSingle === true ? modelToJson(evaluation) : undefined;
	return envelope(asking, result, warnings, graph);
}

/** More rows than that are a table to compare, and the hint costs more than the prediction. */
const NARROWED_ROWS = 50;

interface RowContext {
	readonly catalogue: Catalogue;
	readonly asking: Asking;
	readonly rates: RateBook;
	readonly calibration: Calibration;
	readonly index: number;
	readonly row: ServingRow;
	readonly level: LevelName;
}

/** Half-width of the 80% interval of ln value. */
function halfWidth({ catalogue, calibration, row }: RowContext, name: PredictedName, deviation: number): number {
	return intervalWidth(catalogue.servingLaw.intervals, name, calibration.standing(row, name)) * deviation;
}

function inputSpec(
	context: RowContext,
	name: PredictedName,
	{ value, deviation }: CalibratedValue,
	label: string,
): InputSpec {
	const half = halfWidth(context, name, deviation);
	// a lognormal whose P10 and P90 are the ends of the interval: its P5 and P95 lie 1.6449/1.2816 as far out
	const wide = half * 1.28345;
	return {
		label,
		source: `step-time law and ${context.calibration.rows.length} measured rows, level ${context.level}`,
		asOf: context.catalogue.servingLaw.asOf,
		grade: "D",
		state: "modelled",
		value: { kind: "lognormal", p5: value * exp(-wide), p95: value * exp(wide) },
	};
}

function ranged(
	context: RowContext,
	name: PredictedName,
	{ value, deviation }: CalibratedValue,
	unit: string,
	tokens?: string,
): QuantityJson {
	const half = halfWidth(context, name, deviation);
	const member = name === "throughput" ? "tokens_per_gpu_second" : name === "tpot" ? "tpot" : "ttft";
	return {
		value,
		unit,
		...(tokens !== undefined && { tokens }),
		p10: value * exp(-half),
		p50: value,
		p90: value * exp(half),
		grade: "D",
		as_of: context.catalogue.servingLaw.asOf,
		node: `predict.${context.index}.${member}`,
		state: "modelled",
	};
}

function inverted({ value, p10, p90, node: _node, ...rest }: QuantityJson, unit: string): QuantityJson {
	return {
		...rest,
		unit,
		...(value !== undefined && { value: 1 / value, p50: 1 / value }),
		...(p10 !== undefined && { p90: 1 / p10 }),
		...(p90 !== undefined && { p10: 1 / p90 }),
	};
}

/** The cost node as JSON; its range is that of the throughput, turned over. */
function withCost(row: PredictedRow, evaluation: ReturnType<typeof evaluate>, currencyDate: string): PredictedRow {
	if (!("tokens_per_gpu_second" in row) || row.unknown?.["unit_cost"] !== undefined) return row;
	const cost = quantityJson(evaluation, `predict.${row.index}.unit_cost`, { currencyDate });
	const speed = row.tokens_per_gpu_second;
	const scale = (of: number | undefined): number | undefined =>
		of === undefined || cost.value === undefined || speed?.value === undefined
			? undefined
			: (cost.value * speed.value) / of;
	const [p10, p90] = [scale(speed?.p90), scale(speed?.p10)];
	const unit_cost = {
		...cost,
		...(p10 !== undefined && { p10 }),
		...(cost.value !== undefined && { p50: cost.value }),
		...(p90 !== undefined && { p90 }),
	};
	return { ...row, unit_cost };
}

function described(
	row: ServingRow,
): Omit<
	PredictedValues,
	"index" | "ttft" | "ttft_statistic" | "tpot" | "interactivity" | "level" | "calibration_rows"
> {
	const { model, hardware, precision, stack, speculative, disaggregated, isl, osl, concurrency, gpus } = row;
	return {
		model,
		hardware,
		precision,
		stack,
		speculative,
		disaggregated,
		isl,
		osl,
		concurrency,
		...(gpus !== undefined && { gpus }),
	};
}

function impossible(no: Impossible | { readonly code: string; readonly reason: string }): FarthingError {
	const short = "shortBy" in no ? no.shortBy : undefined;
	const amount = short === undefined ? "" : `; short by ${Number(short.value.toPrecision(3))} ${short.unit}`;
	return new FarthingError(3, no.code, `${no.reason}${amount}`, {
		field: FIELDS[no.code],
		expected: "a configuration that can run",
		hint: HINTS[no.code],
	});
}

const FIELDS: Readonly<Record<string, string>> = {
	"precision-not-supported": "--precision",
	"heads-not-divisible": "--tp",
	"experts-not-divisible": "--ep",
	"experts-exceed-replica": "--ep",
	"no-experts": "--ep",
	"stages-exceed-layers": "--pp",
	"stack-not-for-hardware": "--stack",
	"no-mtp-modules": "--speculative",
	"weights-exceed-memory": "--tp",
	"cache-exceeds-memory": "--tp",
	"context-exceeded": "--isl",
};

const HINTS: Readonly<Record<string, string>> = {
	"precision-not-supported": "another --precision, or a part that has the units: farthing catalog list hardware",
	"heads-not-divisible": "a TP that divides the heads, or --dp-attention",
	"experts-not-divisible": "an EP that divides the experts, or --dp-attention, with which redundant experts fill up",
	"experts-exceed-replica": "--ep up to --tp times --pp",
	"no-experts": "leave --ep out",
	"stages-exceed-layers": "--pp up to the layers of the model",
	"stack-not-for-hardware": "another --stack, such as vllm or sglang",
	"no-mtp-modules": "--speculative none, or a model that drafts",
	"context-exceeded": "shorter --isl and --osl, or a model with a longer context",
	"weights-exceed-memory": "more GPUs to a replica (--tp), a narrower --precision, or a part with more memory",
	"cache-exceeds-memory": "more GPUs to a replica (--tp), or shorter --isl and --osl",
};

function newestDay(rows: readonly PreparedRow[]): string | undefined {
	const newest = rows.reduce((last, { row }) => Math.max(last, row.day ?? 0), 0);
	return newest === 0 ? undefined : dayText(newest);
}

function dayText(day: number): string {
	return new Date(day * 86_400_000).toISOString().slice(0, 10);
}
