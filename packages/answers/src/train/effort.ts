/** GPU-hours of a run: from its MFU, from measured throughput, from a row of the catalogue, or from a layout. */
import type { Hardware, MlperfTrainingResult, TrainingThroughput } from "@farthing/catalogue";
import { findId } from "@farthing/catalogue";
import type { AnyExpr, Dimensionless, Expr, GpuTime, Gpus, Time, TokensPerGpuSecond } from "@farthing/engine";
import {
	checkpointGoodput,
	define,
	divide,
	failuresPerGpuYear,
	fraction,
	gigatoken,
	gpu,
	gpuHoursFromMfu,
	gpuHoursFromThroughput,
	input,
	minute,
	multiply,
	tokensPerGpuSecond,
} from "@farthing/engine";
import { citation, gradeOf } from "../evidence.ts";
import { FarthingError } from "../farthing-error.ts";
import { pointOf } from "../given.ts";
import type { Compute } from "./compute.ts";
import type { TrainContext } from "./facts.ts";
import { askedOf, claimedOf, figureOf, requiredPeak } from "./facts.ts";
import { layoutSpeed } from "./layout.ts";
import type { FailureQuestion, TrainQuestion } from "./question.ts";

export interface Effort {
	readonly gpuHours: Expr<GpuTime>;
	readonly goodput?: Expr<Dimensionless>;
	/** Named nodes of the way there that the result shows, by name of the member. */
	readonly shown: Readonly<Record<string, AnyExpr>>;
}

export function effortOf(
	context: TrainContext,
	question: TrainQuestion,
	compute: Compute,
	part: Hardware | undefined,
): Effort {
	const tokens = compute.tokens as NonNullable<Compute["tokens"]>;
	const lost = lostTime(context, question);
	const goodput = lost.goodput ?? nothingLost(context);
	const known = lost.goodput === undefined ? {} : { goodput: lost.goodput };
	if (question.mfu !== undefined) {
		const { flop } = compute;
		if (part === undefined || flop === undefined) throw new TypeError("an MFU needs a part and a count of FLOP");
		const peak = requiredPeak(context, part, question.peak ?? "bf16");
		const mfu = claimedOf(context, "mfu_steady", fraction, question.mfu, "share of the peak, in steady state", "--mfu");
		return { gpuHours: gpuHoursFromMfu("", { flop, peak, mfu, goodput }), ...known, shown: lost.shown };
	}
	const { speed, shown } = speedOf(context, question, part);
	return {
		gpuHours: gpuHoursFromThroughput("", { tokens, speed, goodput }),
		...known,
		shown: { ...lost.shown, ...shown },
	};
}

/** A row of MLPerf Training or of the training throughput. Throws exit 3 with the nearest ids. */
export function throughputRow({ catalogue }: TrainContext, id: string): MlperfTrainingResult | TrainingThroughput {
	const rows = [...catalogue.trainingThroughput, ...catalogue.mlperfTraining];
	const row = rows.find((each) => each.id === id);
	if (row !== undefined) return row;
	const found = findId(
		"training row",
		rows.map((each) => each.id),
		id,
	);
	throw new FarthingError(3, "unknown-row", `no training row "${id.slice(0, 60)}" in the catalogue`, {
		field: "--row",
		expected: "the id of a row of training-throughput or mlperf-training",
		hint: "farthing catalog list training-throughput llama-3.1-405b",
		nearest: found.found ? [found.value] : found.nearest,
	});
}

interface Speed {
	readonly speed: Expr<TokensPerGpuSecond<"total">>;
	readonly shown: Readonly<Record<string, AnyExpr>>;
}

function speedOf(context: TrainContext, question: TrainQuestion, part: Hardware | undefined): Speed {
	const { tokensPerGpuSecond: measured, row, layout } = question;
	if (measured !== undefined) {
		const label = "tokens trained per second and GPU, in steady state";
		const speed = claimedOf(
			context,
			"tokens_per_gpu_second_steady",
			tokensPerGpuSecond("total"),
			measured,
			label,
			"--tokens-per-second",
		);
		return { speed, shown: {} };
	}
	if (row !== undefined) return { speed: rowSpeed(context, throughputRow(context, row)), shown: {} };
	if (layout === undefined || part === undefined) throw new TypeError("no way to tell how long the run takes");
	return layoutSpeed(context, question, layout, part);
}

function rowSpeed(
	context: TrainContext,
	row: MlperfTrainingResult | TrainingThroughput,
): Expr<TokensPerGpuSecond<"total">> {
	const evidence = {
		source: citation(context.catalogue.sources, row.source),
		asOf: row.asOf,
		grade: gradeOf(row.confidence),
		state: "measured",
	} as const;
	if ("tokensPerGpuSecond" in row) {
		const label = `tokens per second and GPU, ${row.publishedModel} on ${row.gpus} ${row.system}, ${row.trainingFormat}`;
		const value = pointOf(row.tokensPerGpuSecond, tokensPerGpuSecond("total"));
		return input("tokens_per_gpu_second_steady", tokensPerGpuSecond("total"), {
			...evidence,
			label,
			value,
			at: `training-throughput/${row.id}`,
		});
	}
	if (row.gigaTokens === undefined) {
		throw new FarthingError(3, "no-tokens", `${row.id} (${row.benchmark}) does not say how many tokens it trained on`, {
			field: "--row",
			expected: "a row with tokens, such as those of llama31_405b",
			hint: "farthing train --mlperf",
		});
	}
	const spec = { ...evidence, at: `mlperf-training/${row.id}` };
	const tokens = input("row.tokens", gigatoken, {
		...spec,
		label: "tokens of the benchmark run",
		value: pointOf(row.gigaTokens, gigatoken),
	});
	const gpus = input("row.gpus", gpu, {
		...spec,
		label: "accelerators of the benchmark run",
		value: pointOf(row.accelerators, gpu),
	});
	const time = input("row.time", minute, {
		...spec,
		label: "time to the target quality",
		value: pointOf(row.minutes, minute),
	});
	const rate = divide(tokens, multiply(gpus, time)) as AnyExpr as Expr<TokensPerGpuSecond<"total">>;
	const derived = context.catalogue.sources.find(({ id }) => id === row.source)?.derivedLabel;
	return define("tokens_per_gpu_second_steady", tokensPerGpuSecond("total"), rate, {
		label: "tokens trained per second and GPU of the benchmark run",
		formula: "tokens ÷ (accelerators · time)",
		...(derived === undefined ? {} : { note: derived }),
	});
}

interface Lost {
	readonly goodput?: Expr<Dimensionless>;
	readonly shown: Readonly<Record<string, AnyExpr>>;
}

/** GPUs of the run, as asked or as its layout needs. */
export function gpusOf(context: TrainContext, { gpus, layout }: TrainQuestion): Expr<Gpus> | undefined {
	const count = gpus ?? (layout && layout.tensor * layout.pipeline * layout.data);
	const flag = gpus === undefined ? "--layout" : "--gpus";
	return count === undefined ? undefined : askedOf(context, "gpus", gpu, pointOf(count, gpu), "GPUs of the run", flag);
}

function lostTime(context: TrainContext, question: TrainQuestion): Lost {
	const { goodput, failures } = question;
	if (goodput !== undefined) {
		const label = "share of the time that moves the run forward";
		return { goodput: claimedOf(context, "goodput", fraction, goodput, label, "--goodput"), shown: {} };
	}
	return failures === undefined
		? { shown: {} }
		: fromFailures(context, failures, gpusOf(context, question) as Expr<Gpus>);
}

const FAILURES = "failure.h100-all";

function fromFailures(
	context: TrainContext,
	{ rate, restart, checkpoint, interval }: FailureQuestion,
	gpus: Expr<Gpus>,
): Lost {
	const time = (id: string, value: FailureQuestion["restart"], label: string, flag: string): Expr<Time> =>
		claimedOf(context, id, minute, value, label, flag);
	const of = checkpointGoodput("", {
		failures:
			rate === undefined
				? measuredFailures(context)
				: claimedOf(context, "failures", failuresPerGpuYear, rate, "failures that stop the run", "--failures"),
		gpus,
		restart: time("restart", restart, "from a failure until the run goes on", "--restart"),
		checkpoint: time("checkpoint", checkpoint, "time that a checkpoint stops the work", "--checkpoint"),
		...(interval === undefined
			? {}
			: { interval: time("checkpoint_interval", interval, "work between checkpoints", "--checkpoint-interval") }),
	});
	return {
		goodput: of.goodput,
		shown: { checkpoint_interval: of.interval, mean_time_to_failure: of.meanTimeToFailure },
	};
}

function measuredFailures(context: TrainContext): ReturnType<typeof figureOf<typeof failuresPerGpuYear.dims>> {
	const fact = context.catalogue.facility.find(({ id }) => id === FAILURES);
	if (fact === undefined) throw new TypeError(`the catalogue has no ${FAILURES}`);
	context.defaults.push({ path: "--failures", value: `${fact.figure.value}${fact.figure.unit}`, source: fact.name });
	return figureOf(context, "failures", failuresPerGpuYear, fact.figure, fact.name, `facility/${FAILURES}`);
}

function nothingLost(context: TrainContext): Expr<Dimensionless> {
	const message =
		"failures, restarts and checkpoints are left out; --goodput, or --restart and --checkpoint, count them";
	context.warnings.push({ code: "no-goodput", message });
	context.defaults.push({ path: "--goodput", value: "100%", source: "nothing said: no time is lost" });
	const spec = {
		label: "share of the time that moves the run forward",
		source: "nothing said: no time is lost",
		asOf: context.asOf,
	} as const;
	return input("goodput", fraction, { ...spec, grade: "E", role: "condition", value: { kind: "point", value: 1 } });
}
