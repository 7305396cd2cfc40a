/**
 * MLPerf Inference results as a benchmark family of their own: output tokens per second and accelerator of a submitted
 * system, and what that costs at full load. Never merged with other families: scenarios, lengths and the token counted
 * (output alone) differ. MLCommons does not verify what is derived from its results, and each number says so.
 */
import type { Catalogue, MlperfResult } from "@farthing/catalogue";
import { ageInDays } from "@farthing/catalogue";
import type { Expr, QuantityJson, TokensPerGpuSecond } from "@farthing/engine";
import {
	buildModel,
	evaluate,
	headlineCost,
	input,
	modelToJson,
	quantityJson,
	tokensPerGpuSecond,
} from "@farthing/engine";
import { nearestNames } from "@farthing/scenario";
import type { Asking, Envelope } from "./envelope.ts";
import { envelope } from "./envelope.ts";
import { citation } from "./evidence.ts";
import { FarthingError } from "./farthing-error.ts";
import { shortened } from "./names.ts";
import type { RateBook } from "./rates.ts";

export interface MlperfQuestion {
	/** Benchmark as MLPerf names it, or the catalogue id of its model. */
	readonly benchmark: string;
	/** `offline`, `server` or `interactive`; absent: all. */
	readonly scenario?: string;
	/** Catalogue ids; absent: any. */
	readonly hardware?: readonly string[];
}

export interface MlperfRow {
	readonly id: string;
	readonly public_id: string;
	readonly submitter: string;
	readonly availability: string;
	readonly system: string;
	readonly hardware: string;
	readonly accelerators: number;
	readonly benchmark: string;
	readonly scenario: string;
	readonly tokens_per_gpu_second: QuantityJson;
	readonly gpu_hour: QuantityJson;
	readonly unit_cost: { readonly output: QuantityJson };
	readonly label: string;
}

export interface MlperfAnswer {
	readonly family: "mlperf-inference-v6.0";
	readonly rate: string;
	readonly rows: readonly MlperfRow[];
	readonly unranked: readonly {
		readonly id: string;
		readonly public_id: string;
		readonly system: string;
		readonly code: string;
		readonly reason: string;
	}[];
	readonly attribution: string;
}

const LABEL = "not verified by MLCommons";

/** Throws exit 3 where no result of the round fits. */
export function mlperf(
	catalogue: Catalogue,
	question: MlperfQuestion,
	rates: RateBook,
	asking: Asking,
): Envelope<MlperfAnswer> {
	const fitting = catalogue.mlperf.filter((result) => fits(result, question));
	const found = fitting.filter((result) => ageInDays(result.asOf, asking.asOf) >= 0);
	if (found.length === 0) throw notYet(fitting, asking.asOf) ?? noResult(catalogue, question);
	const unranked: MlperfAnswer["unranked"][number][] = [];
	const built = found.flatMap((result) => {
		const made = nodesOf(catalogue, result, rates);
		if ("reason" in made) {
			const { id, publicId, system } = result;
			unranked.push({ id, public_id: publicId, system, code: made.code, reason: made.reason });
			return [];
		}
		return [{ result, ...made }];
	});
	const evaluation = evaluate(buildModel(built.map(({ cost }) => cost)));
	const json = (id: string): QuantityJson => quantityJson(evaluation, id, { currencyDate: rates.currencyDate });
	const rows = built.map(({ result, ids }) => rowOf(result, json(ids.speed), json(ids.rate), json(ids.cost)));
	rows.sort((a, b) => (a.unit_cost.output.value ?? 0) - (b.unit_cost.output.value ?? 0) || (a.id < b.id ? -1 : 1));
	const attribution = `${citation(catalogue.sources, (found[0] as MlperfResult).source)}; costs derived from it here are ${LABEL}`;
	return envelope(
		asking,
		{ family: "mlperf-inference-v6.0", rate: rates.describe, rows, unranked, attribution },
		rates.warnings(),
		modelToJson(evaluation),
	);
}

function fits(result: MlperfResult, { benchmark, scenario, hardware }: MlperfQuestion): boolean {
	return (
		(result.benchmark === benchmark || result.model === benchmark) &&
		(scenario === undefined || result.scenario === scenario) &&
		(hardware === undefined || (result.hardware !== undefined && hardware.includes(result.hardware)))
	);
}

interface BuiltResult {
	readonly cost: Expr<never>;
	readonly ids: { readonly speed: string; readonly rate: string; readonly cost: string };
}

function nodesOf(
	catalogue: Catalogue,
	result: MlperfResult,
	rates: RateBook,
): BuiltResult | { readonly code: string; readonly reason: string } {
	const { id, hardware, tokensPerAcceleratorSecond: value, skipped } = result;
	if (skipped !== undefined || value === undefined) {
		return { code: skipped?.code ?? "no-throughput", reason: skipped?.reason ?? "no tokens per second" };
	}
	if (hardware === undefined)
		return { code: "unknown-hardware", reason: `${result.accelerator} is not in the catalogue` };
	const answer = rates.rateOf(hardware);
	if (!answer.known) return { code: "no-rate", reason: answer.reason };
	const speed: Expr<TokensPerGpuSecond<"output">> = input(
		`${id}.tokens_per_gpu_second.output`,
		tokensPerGpuSecond("output"),
		{
			label: `${result.publicId}, ${result.scenario}, over ${result.accelerators} accelerators`,
			value: { kind: "point", value },
			source: `${citation(catalogue.sources, result.source)}, ${result.publicId}`,
			asOf: result.asOf,
			grade: "B",
			at: id,
			note: `divided by the accelerator count here: ${LABEL}`,
			state: "measured",
		},
	);
	const cost = headlineCost(`${id}.unit_cost.headline.output`, "output", answer.rate, speed) as unknown as Expr<never>;
	const { data } = answer.rate;
	const rate = data.op === "input" || data.op === "node" ? data.id : "";
	return { cost, ids: { speed: `${id}.tokens_per_gpu_second.output`, rate, cost: `${id}.unit_cost.headline.output` } };
}

function rowOf(result: MlperfResult, speed: QuantityJson, rate: QuantityJson, cost: QuantityJson): MlperfRow {
	const { id, publicId, submitter, availability, system, hardware, accelerators, benchmark, scenario } = result;
	return {
		id,
		public_id: publicId,
		submitter,
		availability,
		system,
		hardware: hardware as string,
		accelerators,
		benchmark,
		scenario,
		tokens_per_gpu_second: speed,
		gpu_hour: rate,
		unit_cost: { output: cost },
		label: LABEL,
	};
}

function notYet([first]: readonly MlperfResult[], asOf: string): FarthingError | undefined {
	if (first === undefined) return undefined;
	return new FarthingError(3, "no-data", `the results of MLPerf v6.0 are of ${first.asOf}, after ${asOf}`, {
		field: "--as-of",
		expected: `a day from ${first.asOf} on`,
	});
}

/** The part of the question that no result has, with what there is of it. */
function noResult(catalogue: Catalogue, { benchmark, scenario, hardware }: MlperfQuestion): FarthingError {
	const sorted = (names: readonly string[]): string[] => [...new Set(names)].sort();
	const ofBenchmark = catalogue.mlperf.filter((result) => fits(result, { benchmark }));
	if (ofBenchmark.length === 0) {
		return new FarthingError(3, "no-data", `no MLPerf v6.0 result of "${shortened(benchmark)}" in the catalogue`, {
			field: "--model",
			expected: "a benchmark of the round",
			nearest: sorted(catalogue.mlperf.map((result) => result.benchmark)),
		});
	}
	const ofScenario = ofBenchmark.filter((result) => scenario === undefined || result.scenario === scenario);
	if (ofScenario.length === 0) {
		const names = sorted(ofBenchmark.map((result) => result.scenario));
		const message = `no MLPerf v6.0 result of ${benchmark} has the scenario "${shortened(scenario as string)}"`;
		return new FarthingError(3, "no-data", message, {
			field: "--scenario",
			expected: names.join(", "),
			nearest: nearestNames(scenario as string, names),
		});
	}
	const of = `${benchmark}${scenario === undefined ? "" : `, ${scenario},`}`;
	const message = `no MLPerf v6.0 result of ${of} is on ${hardware?.join(", ") ?? "any part"}`;
	return new FarthingError(3, "no-data", message, {
		field: "--hardware",
		expected: "a part with results in the round",
		nearest: sorted(ofScenario.flatMap((result) => result.hardware ?? [])),
	});
}
