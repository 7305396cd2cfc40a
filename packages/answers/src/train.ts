/** `farthing train`: compute, GPU-hours, money, energy and carbon of a training run, published or asked about. */
import type { Catalogue, Hardware, TrainingRun } from "@farthing/catalogue";
import type { AnyExpr, Evaluation, QuantityJson } from "@farthing/engine";
import {
	amortisedCost,
	buildModel,
	costPerTrainedToken,
	evaluate,
	gpuHour,
	gpuHoursPerToken,
	input,
	megawattHour,
	ModelError,
	modelFlopUtilisation,
	modelToJson,
	quantityJson,
	runCost,
	runDuration,
	sample,
	scalarOf,
	tokensPerSecond,
	tonne,
	trainingSpeed,
	year,
} from "@farthing/engine";
import type { Asking, Envelope } from "./envelope.ts";
import { envelope } from "./envelope.ts";
import { figureInput } from "./evidence.ts";
import { FarthingError } from "./farthing-error.ts";
import { hardwareNamed, modelNamed } from "./names.ts";
import { computeOfQuestion, computeOfRun, type Compute } from "./train/compute.ts";
import { effortOf, gpusOf, throughputRow, type Effort } from "./train/effort.ts";
import { footprintOf } from "./train/energy.ts";
import { askedOf, figureOf, peakOf, type TrainContext, type TrainDefault, trainingRunNamed } from "./train/facts.ts";
import { publishedPrice, rateOf, type PublishedPrice } from "./train/price.ts";
import { requireOneQuestion, type TrainQuestion } from "./train/question.ts";

/** A member is absent where it is not known; `unknown` says why. */
export interface TrainResult {
	readonly run?: TrainedRun;
	readonly hardware?: string;
	readonly peak_of: string;
	readonly parameters?: QuantityJson;
	readonly tokens?: QuantityJson;
	/** 6·N·D. */
	readonly flop?: QuantityJson;
	readonly flop_attention?: QuantityJson;
	readonly gpu_hours: QuantityJson;
	readonly gpu_hours_per_mtok?: QuantityJson;
	readonly tokens_per_gpu_second?: QuantityJson;
	readonly achieved?: QuantityJson;
	/** Over the whole run, from 6·N·D. */
	readonly mfu?: QuantityJson;
	readonly goodput?: QuantityJson;
	readonly checkpoint_interval?: QuantityJson;
	readonly mean_time_to_failure?: QuantityJson;
	/** Of the parallelism law. */
	readonly step_time?: QuantityJson;
	readonly bubble?: QuantityJson;
	readonly gpu_hour?: QuantityJson;
	readonly cost?: QuantityJson;
	readonly cost_per_mtok?: QuantityJson;
	readonly implied_gpu_hour?: QuantityJson;
	readonly published_cost?: QuantityJson;
	readonly energy?: QuantityJson;
	readonly published_energy?: QuantityJson;
	readonly carbon?: QuantityJson;
	readonly published_carbon?: QuantityJson;
	readonly duration?: QuantityJson;
	/** Cost of training per token served. */
	readonly amortised?: QuantityJson;
	readonly unknown: Readonly<Record<string, string>>;
	readonly defaults: readonly TrainDefault[];
}

export interface TrainedRun {
	readonly id: string;
	readonly name: string;
	readonly covers: string;
	/** What the publisher calls the part, where the data sheet of another holds for it. */
	readonly published_hardware?: string;
	readonly training_format?: string;
	readonly note?: string;
}

export const TRAIN_DRAWS = 10_000;

/** Throws exit 2 for a question that contradicts itself, exit 3 for what is not known or impossible. */
export function train(catalogue: Catalogue, question: TrainQuestion, asking: Asking): Envelope<TrainResult> {
	requireOneQuestion(question);
	const context: TrainContext = { catalogue, asOf: asking.asOf, warnings: [], defaults: [], unknown: {} };
	const subject = question.run === undefined ? ownRun(context, question) : publishedRun(context, question.run);
	const members = membersOf(context, question, subject);
	const { evaluation, json } = finishing(question, () => evaluatedOf(members, asking));
	const quantities = Object.fromEntries(Object.entries(members).map(([name, node]) => [name, json(node)]));
	warnOfPeak(context, quantities["mfu"], question.peak ?? "bf16");
	const result = {
		...(subject.run && { run: describedRun(subject.run) }),
		...(subject.part && { hardware: subject.part.id }),
		peak_of: question.peak ?? "bf16",
		...quantities,
		unknown: context.unknown,
		defaults: context.defaults,
	} as unknown as TrainResult;
	return envelope(asking, result, context.warnings, modelToJson(evaluation));
}

/** A run that loses work faster than it does any has no GPU-hours. */
function finishing<T extends { readonly evaluation: Evaluation }>({ failures, gpus }: TrainQuestion, run: () => T): T {
	if (failures === undefined) return run();
	try {
		const found = run();
		if (scalarOf(found.evaluation, "goodput") >= LEAST_GOODPUT) return found;
	} catch (error) {
		if (!(error instanceof ModelError) || error.code !== "not-finite") throw error;
	}
	throw new FarthingError(3, "never-finishes", "the run never finishes: failures come faster than restarts", {
		field: gpus === undefined ? "--layout" : "--gpus",
		expected:
			"a mean time between failures, 1 ÷ (failures per GPU · GPUs), that is not far below --restart and --checkpoint",
		hint: "fewer --gpus, a shorter --restart, or more frequent checkpoints (--checkpoint-interval)",
	});
}

/** Below it a day of work takes 2,700 years. */
const LEAST_GOODPUT = 1e-6;

function evaluatedOf(members: Members, asking: Asking) {
	const evaluation = evaluate(buildModel(Object.values(members)));
	return { evaluation, json: jsonOf(evaluation, asking) };
}

/** What stands before money and energy: how much is computed, on what, and how long it takes. */
interface Subject {
	readonly run?: TrainingRun;
	readonly part?: Hardware;
	readonly compute: Compute;
	readonly effort: Effort;
	readonly price: PublishedPrice;
}

type Members = Record<string, AnyExpr>;

function publishedRun(context: TrainContext, name: string): Subject {
	const run = trainingRunNamed(context.catalogue, name);
	const part = hardwareNamed(context.catalogue, run.hardware);
	const gpuHours = figureOf(
		context,
		"gpu_hours",
		gpuHour,
		run.gpuHours,
		"GPU-hours of the run, as published",
		`training-runs/${run.id}/gpuHours`,
	);
	const price = publishedPrice(context, run, gpuHours);
	return { run, part, compute: computeOfRun(context, run), effort: { gpuHours, shown: {} }, price };
}

function ownRun(context: TrainContext, question: TrainQuestion): Subject {
	const { catalogue } = context;
	const row = question.row === undefined ? undefined : throughputRow(context, question.row);
	const body =
		row === undefined ? undefined : "architecture" in row ? row.architecture : "model" in row ? row.model : undefined;
	const ofRow = question.parameters === undefined ? body : undefined;
	const name = question.model ?? ofRow;
	const model = name === undefined ? undefined : modelNamed(catalogue, name, { field: "--model" });
	const partName = question.hardware ?? row?.hardware;
	const part = partName === undefined ? undefined : hardwareNamed(catalogue, partName, { field: "--hardware" });
	const compute = computeOfQuestion(context, question, model);
	return { ...(part && { part }), compute, effort: effortOf(context, question, compute, part), price: {} };
}

function membersOf(context: TrainContext, question: TrainQuestion, subject: Subject): Members {
	const { compute, effort, part, run, price } = subject;
	const { gpuHours } = effort;
	const { tokens } = compute;
	return {
		...present({ parameters: compute.parameters, tokens, flop: compute.flop, flop_attention: compute.attention }),
		gpu_hours: gpuHours,
		...(tokens && {
			gpu_hours_per_mtok: gpuHoursPerToken("", tokens, gpuHours),
			tokens_per_gpu_second: trainingSpeed("", tokens, gpuHours),
		}),
		...utilisation(context, question, subject),
		...present({ goodput: effort.goodput }),
		...effort.shown,
		...moneyOf(context, question, subject),
		...present({ implied_gpu_hour: price.implied, published_cost: price.cost }),
		...present({ ...footprintOf(context, question, part, gpuHours, run) }),
		...(run && publishedFootprint(context, run)),
		...durationOf(context, question, effort),
	};
}

function utilisation(context: TrainContext, question: TrainQuestion, { part, compute, effort }: Subject): Members {
	const { flop } = compute;
	const peakName = question.peak ?? "bf16";
	const peak = part && peakOf(context, part, peakName);
	if (flop === undefined || part === undefined || peak === undefined) {
		const reason =
			flop === undefined
				? context.unknown["flop"]
				: part === undefined
					? "no part is named"
					: `the catalogue has no ${peakName.toUpperCase()} peak of ${part.id}`;
		context.unknown["mfu"] = reason ?? "not known";
		return {};
	}
	return { ...modelFlopUtilisation("", { flop, gpuHours: effort.gpuHours, peak }, peakName.toUpperCase()) };
}

function moneyOf(
	context: TrainContext,
	question: TrainQuestion,
	{ run, compute, effort, part, price }: Subject,
): Members {
	const rate = rateOf(context, question.rate, price.rate, question.fallbackRate, part?.id);
	if (rate === undefined) return {};
	const cost = runCost("", effort.gpuHours, rate);
	const { tokens } = compute;
	const { served } = question;
	const basis = run === undefined && effort.goodput === undefined ? "headline" : "delivered";
	return {
		gpu_hour: rate,
		cost,
		...(tokens && { cost_per_mtok: costPerTrainedToken("", cost, tokens, basis) }),
		...(served && {
			amortised: amortisedCost(
				"",
				cost,
				askedOf(context, "served", tokensPerSecond("total"), served.rate, "tokens served", "--served"),
				askedOf(context, "life", year, served.life, "time until the model is replaced", "--life"),
				basis,
			),
		}),
	};
}

function publishedFootprint(
	{ catalogue }: TrainContext,
	{ id, publishedEnergy, publishedCarbon }: TrainingRun,
): Members {
	const at = (member: string): string => `training-runs/${id}/${member}`;
	const energy =
		publishedEnergy &&
		input(
			"published_energy",
			megawattHour,
			figureInput(catalogue, publishedEnergy, "energy, as published", megawattHour.factor, at("publishedEnergy")),
		);
	const carbon =
		publishedCarbon &&
		input(
			"published_carbon",
			tonne,
			figureInput(catalogue, publishedCarbon, "emissions, as published", tonne.factor, at("publishedCarbon")),
		);
	return present({ published_energy: energy, published_carbon: carbon });
}

function durationOf(context: TrainContext, question: TrainQuestion, { gpuHours }: Effort): Members {
	const gpus = gpusOf(context, question);
	return gpus === undefined ? {} : { duration: runDuration("", gpuHours, gpus) };
}

function describedRun({ id, name, covers, publishedHardware, trainingFormat, note }: TrainingRun): TrainedRun {
	return {
		id,
		name,
		covers,
		...(publishedHardware !== undefined && { published_hardware: publishedHardware }),
		...(trainingFormat !== undefined && { training_format: trainingFormat }),
		...(note !== undefined && { note }),
	};
}

/** Formats with fewer bits pass the peak of BF16; otherwise an input is wrong. */
function warnOfPeak(context: TrainContext, mfu: QuantityJson | undefined, peak: string): void {
	if (mfu?.value === undefined || mfu.value <= 1) return;
	const message = `that is more than the ${peak.toUpperCase()} peak of the part: it was trained in a smaller format (--peak fp8), or an input is wrong`;
	context.warnings.push({ code: "above-peak", message });
}

function jsonOf(evaluation: Evaluation, { seed }: Asking): (node: AnyExpr) => QuantityJson {
	const { model } = evaluation;
	const ranged = model.nodes.some(({ spec }) => spec !== undefined && spec.value.kind !== "point");
	const draws = ranged ? sample(model, { draws: TRAIN_DRAWS, seed, keep: [...model.byId.keys()] }) : undefined;
	return ({ data }) => {
		if (data.op !== "input" && data.op !== "node") throw new TypeError(`a ${data.op} has no name`);
		return quantityJson(evaluation, data.id, draws === undefined ? {} : { draws });
	};
}

function present(of: Readonly<Record<string, AnyExpr | undefined>>): Members {
	return Object.fromEntries(Object.entries(of).filter((entry): entry is [string, AnyExpr] => entry[1] !== undefined));
}
