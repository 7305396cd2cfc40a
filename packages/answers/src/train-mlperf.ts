/**
 * MLPerf Training results as GPU-hours and money per million tokens trained. A family of its own, never merged with other
 * runs: time to a target quality, on one data set. MLCommons does not verify what is derived from its results.
 */
import type { Catalogue, MlperfTrainingResult } from "@farthing/catalogue";
import { findId } from "@farthing/catalogue";
import type { AnyExpr, Evaluation, Provenance, QuantityJson } from "@farthing/engine";
import {
	buildModel,
	costPerTrainedToken,
	evaluate,
	gigatoken,
	gpu,
	gpuHoursFromTime,
	gpuHoursPerToken,
	input,
	minute,
	modelToJson,
	quantityJson,
	runCost,
	trainingSpeed,
} from "@farthing/engine";
import type { Asking, Envelope } from "./envelope.ts";
import { envelope } from "./envelope.ts";
import { citation, gradeOf } from "./evidence.ts";
import { FarthingError } from "./farthing-error.ts";
import { pointOf } from "./given.ts";
import type { RateBook } from "./rates.ts";

export interface MlperfTrainingRow {
	readonly id: string;
	readonly round: string;
	readonly benchmark: string;
	readonly submitter?: string;
	readonly system?: string;
	readonly accelerator: string;
	readonly hardware?: string;
	readonly gpus: number;
	readonly time: QuantityJson;
	readonly gpu_hours: QuantityJson;
	readonly tokens?: QuantityJson;
	readonly tokens_per_gpu_second?: QuantityJson;
	readonly gpu_hours_per_mtok?: QuantityJson;
	readonly gpu_hour?: QuantityJson;
	readonly cost?: QuantityJson;
	readonly cost_per_mtok?: QuantityJson;
	/** Why cost or tokens are absent. */
	readonly unknown: Readonly<Record<string, string>>;
	readonly label: string;
}

export interface MlperfTrainingAnswer {
	readonly benchmark: string;
	readonly rate: string;
	/** By GPU-hours per token; those without tokens last. */
	readonly rows: readonly MlperfTrainingRow[];
	readonly attribution: string;
}

const LABEL = "not verified by MLCommons";
const DEFAULT_BENCHMARK = "llama31_405b";

/** Results of one benchmark, by its name or by the catalogue id of its model. Throws exit 3 for an unknown one. */
export function mlperfTraining(
	catalogue: Catalogue,
	benchmark: string | undefined,
	rates: RateBook,
	asking: Asking,
): Envelope<MlperfTrainingAnswer> {
	const name = benchmarkNamed(catalogue, benchmark ?? DEFAULT_BENCHMARK);
	const results = catalogue.mlperfTraining.filter((result) => result.benchmark === name);
	const built = results.map((result) => nodesOf(catalogue, result, rates));
	const evaluation = evaluate(buildModel(built.flatMap(({ members }) => Object.values(members))));
	const rows = built.map((each) => rowOf(evaluation, each)).sort(byHoursPerToken);
	const cited = catalogue.sources.filter(({ id }) => results.some(({ source }) => source === id));
	const answer = {
		benchmark: name,
		rate: rates.describe,
		rows,
		attribution: `${cited.map(({ attribution, citation: text }) => attribution ?? text).join(" ")} Costs are ${LABEL}.`,
	};
	return envelope(asking, answer, rates.warnings(), modelToJson(evaluation));
}

interface Built {
	readonly result: MlperfTrainingResult;
	readonly members: Readonly<Record<string, AnyExpr>>;
	readonly unknown: Readonly<Record<string, string>>;
}

function benchmarkNamed({ mlperfTraining: all }: Catalogue, asked: string): string {
	const names = [...new Set(all.map(({ benchmark }) => benchmark))];
	const byModel = all.find(({ model }) => model === asked)?.benchmark;
	const found = byModel === undefined ? findId("benchmark", names, asked) : { found: true as const, value: byModel };
	if (found.found) return found.value;
	throw new FarthingError(
		3,
		"unknown-benchmark",
		`no MLPerf Training benchmark "${asked.slice(0, 60)}" in the catalogue`,
		{
			field: "--benchmark",
			expected: names.join(", "),
			nearest: found.nearest,
		},
	);
}

function nodesOf(catalogue: Catalogue, result: MlperfTrainingResult, rates: RateBook): Built {
	const prefix = `${result.id}.`;
	const spec: Provenance = {
		source: citation(catalogue.sources, result.source),
		asOf: result.asOf,
		grade: gradeOf(result.confidence),
		at: `mlperf-training/${result.id}`,
		state: "measured",
		...(result.note === undefined ? {} : { note: result.note }),
	};
	const gpus = input(`${prefix}gpus`, gpu, {
		...spec,
		label: "accelerators",
		value: pointOf(result.accelerators, gpu),
	});
	const time = input(`${prefix}time`, minute, {
		...spec,
		label: "time to the target quality",
		value: pointOf(result.minutes, minute),
	});
	const gpuHours = gpuHoursFromTime(prefix, gpus, time);
	const tokens =
		result.gigaTokens === undefined
			? undefined
			: input(`${prefix}tokens`, gigatoken, {
					...spec,
					label: "tokens until the target",
					value: pointOf(result.gigaTokens, gigatoken),
				});
	const rate = result.hardware === undefined ? undefined : rates.rateOf(result.hardware);
	const cost = rate?.known === true ? runCost(prefix, gpuHours, rate.rate) : undefined;
	const members = {
		time,
		gpu_hours: gpuHours,
		...(tokens && {
			tokens,
			tokens_per_gpu_second: trainingSpeed(prefix, tokens, gpuHours),
			gpu_hours_per_mtok: gpuHoursPerToken(prefix, tokens, gpuHours),
		}),
		...(rate?.known === true && { gpu_hour: rate.rate }),
		...(cost && { cost }),
		...(cost && tokens && { cost_per_mtok: costPerTrainedToken(prefix, cost, tokens, "headline") }),
	};
	const unknown = {
		...(tokens === undefined && { tokens: "the logs that were read do not say how many" }),
		...(rate === undefined && { cost: `${result.accelerator} is not one of the catalogue's parts` }),
		...(rate?.known === false && { cost: rate.reason }),
	};
	return { result, members, unknown };
}

function rowOf(evaluation: Evaluation, { result, members, unknown }: Built): MlperfTrainingRow {
	const { id, round, benchmark, submitter, system, accelerator, hardware, accelerators } = result;
	const quantities = Object.fromEntries(
		Object.entries(members).map(([name, { data }]) => [name, quantityJson(evaluation, (data as { id: string }).id)]),
	);
	return {
		id,
		round,
		benchmark,
		...(submitter !== undefined && { submitter }),
		...(system !== undefined && { system }),
		accelerator,
		...(hardware !== undefined && { hardware }),
		gpus: accelerators,
		...(quantities as unknown as Pick<MlperfTrainingRow, "time" | "gpu_hours">),
		unknown,
		label: LABEL,
	};
}

function byHoursPerToken(a: MlperfTrainingRow, b: MlperfTrainingRow): number {
	const hours = ({ gpu_hours_per_mtok: of }: MlperfTrainingRow): number => of?.value ?? Number.POSITIVE_INFINITY;
	const [left, right] = [hours(a), hours(b)];
	return left === right ? (a.id < b.id ? -1 : 1) : left - right;
}
