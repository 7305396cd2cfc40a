/** The parallelism law on a part and model of the catalogue: what it is asked with, and where it does not hold. */
import type { Figure, Hardware, Model } from "@farthing/catalogue";
import type {
	AnyExpr,
	BytesPerGpuSecond,
	Count,
	Expr,
	ModelShape,
	TokensPerGpuSecond,
	TrainingEfficiencies,
	TrainingLayoutInputs,
	TrainingMachine,
} from "@farthing/engine";
import {
	buildModel,
	divide,
	evaluate,
	fraction,
	gigabytesPerGpuSecond,
	one,
	scalarOf,
	trainingStep,
} from "@farthing/engine";
import { FarthingError } from "../farthing-error.ts";
import { modelNamed } from "../names.ts";
import type { TrainContext } from "./facts.ts";
import { askedOf, figureOf, modelCount, requiredPeak } from "./facts.ts";
import type { LayoutQuestion, Peak, ShapeQuestion, TrainQuestion } from "./question.ts";

export interface LayoutSpeed {
	readonly speed: Expr<TokensPerGpuSecond<"total">>;
	readonly shown: Readonly<Record<string, AnyExpr>>;
}

/** Part on which the law was fitted. */
const FITTED_ON = "a100-sxm-80";

export function layoutSpeed(
	context: TrainContext,
	question: TrainQuestion,
	layout: LayoutQuestion,
	part: Hardware,
): LayoutSpeed {
	const shape = layout.shape ?? shapeOfModel(context, question.model as string);
	const sequence = question.sequence;
	if (sequence === undefined) {
		throw new FarthingError(2, "missing-field", "a layout needs the length of a training sequence", {
			field: "--seq",
			expected: "tokens of a sequence, such as 4096",
		});
	}
	requireWhole(layout, shape, question.gpus);
	requireLink(layout, part);
	if (part.id !== FITTED_ON) {
		const message = `the parallelism law was fitted on ${FITTED_ON}; on ${part.id} nothing has been held against it`;
		context.warnings.push({ code: "outside-calibration", message });
	}
	const machine = machineOf(context, part, question.peak ?? "bf16");
	const inputs = layoutInputs(context, layout, sequence);
	const step = trainingStep("step.", shapeInputs(context, shape), inputs, machine);
	requireMemory(step.parametersPerGpu, layout, part);
	return { speed: step.speed, shown: { step_time: step.time, bubble: step.bubble } };
}

/** The rates of a part, and the shares of them that the law reckons with. Throws exit 3 for a rate that is not known. */
export function machineOf(context: TrainContext, part: Hardware, peak: Peak): TrainingMachine {
	const rate = (
		name: "memoryBandwidth" | "scaleUpBandwidth" | "networkBandwidth",
		label: string,
		factor: number,
	): Expr<BytesPerGpuSecond> => {
		const figure = part.figures[name];
		if (figure === undefined) {
			throw new FarthingError(3, "no-bandwidth", `the catalogue has no ${label} of ${part.id}`, {
				field: "--hardware",
				expected: "a part whose data sheet is whole",
				nearest: [FITTED_ON],
			});
		}
		return figureOf(
			context,
			`part.${name}`,
			gigabytesPerGpuSecond,
			figure,
			`${part.name}, ${label}`,
			`hardware/${part.id}/${name}`,
			factor,
		);
	};
	return {
		peak: requiredPeak(context, part, peak),
		memoryBandwidth: rate("memoryBandwidth", "memory bandwidth", 1e12),
		linkBandwidth: rate("scaleUpBandwidth", "scale-up bandwidth", 1e9),
		networkBandwidth: rate("networkBandwidth", "network bandwidth", 1e9 / 8),
		efficiencies: efficienciesOf(context),
	};
}

export function efficienciesOf(context: TrainContext): TrainingEfficiencies {
	const share = (id: keyof TrainingEfficiencies): Count => {
		const found = context.catalogue.trainingEfficiencies.find((each) => each.id === id);
		if (found === undefined) throw new TypeError(`the catalogue has no training efficiency ${id}`);
		return figureOf(context, `law.${id}`, fraction, found.figure, found.name, `training-law/${id}`);
	};
	return { matrix: share("matrix"), memory: share("memory"), link: share("link"), network: share("network") };
}

/** A number of the question, or a figure of the catalogue, for one member of a shape. */
type ShapeMembers = Readonly<Record<keyof ShapeQuestion, number>> & { readonly of?: Model };

/** Throws exit 3 for a mixture of experts, or a model whose shape is not whole. */
function shapeOfModel(context: TrainContext, name: string): ShapeMembers {
	const model = modelNamed(context.catalogue, name, { field: "--model" });
	const { figures } = model;
	const value = (figure: Figure | undefined): number | undefined => figure?.value;
	if ((value(figures.experts) ?? 0) > 0) {
		throw new FarthingError(
			3,
			"outside-law",
			`${model.id} is a mixture of experts; the parallelism law holds for dense models`,
			{
				field: "--layout",
				expected: "a dense model, or --mfu, --tokens-per-second or --row",
				hint: `farthing catalog list training-throughput ${model.id}`,
			},
		);
	}
	const members = {
		layers: figures.layers,
		hidden: figures.hidden,
		feedforward: figures.denseFfn,
		heads: figures.heads,
		keyValueHeads: figures.kvHeads,
		vocabulary: figures.vocabulary,
	};
	const lacking = Object.entries(members).flatMap(([member, figure]) => (figure === undefined ? [member] : []));
	if (lacking.length > 0) {
		throw new FarthingError(
			3,
			"no-shape",
			`the catalogue does not have all of the shape of ${model.id}: ${lacking.join(", ")}`,
			{ field: "--model", expected: "--shape with the whole shape" },
		);
	}
	const known = Object.fromEntries(
		Object.entries(members).map(([member, figure]) => [member, (figure as Figure).value]),
	) as Record<keyof typeof members, number>;
	// Every dense model of the catalogue gates its feed-forward part.
	return { ...known, feedforwardMatrices: 3, of: model };
}

function shapeInputs(context: TrainContext, shape: ShapeMembers | ShapeQuestion): ModelShape {
	const count = (member: keyof ShapeQuestion, label: string): Count => {
		const model = "of" in shape ? shape.of : undefined;
		const known =
			model === undefined || member === "feedforwardMatrices"
				? undefined
				: modelCount(context, model, FIGURES[member], `shape.${member}`, label);
		const flag = model === undefined ? "--shape" : "--model";
		return known ?? askedOf(context, `shape.${member}`, one, { kind: "point", value: shape[member] }, label, flag);
	};
	const heads = count("heads", "attention heads");
	return {
		layers: count("layers", "layers"),
		hidden: count("hidden", "hidden size"),
		feedforward: count("feedforward", "feed-forward size"),
		feedforwardMatrices: count("feedforwardMatrices", "matrices of the feed-forward part"),
		heads,
		keyValueShare: divide(count("keyValueHeads", "key-value heads"), heads) as Count,
		vocabulary: count("vocabulary", "vocabulary"),
	};
}

const FIGURES = {
	layers: "layers",
	hidden: "hidden",
	feedforward: "denseFfn",
	heads: "heads",
	keyValueHeads: "kvHeads",
	vocabulary: "vocabulary",
} as const;

function layoutInputs(context: TrainContext, layout: LayoutQuestion, sequence: number): TrainingLayoutInputs {
	const count = (member: string, value: number, label: string): Count =>
		askedOf(context, `layout.${member}`, one, { kind: "point", value }, label, "--layout");
	const { recompute, sequenceParallel, fusedAttention } = layout;
	return {
		sequence: count("sequence", sequence, "tokens of a training sequence"),
		microbatch: count("microbatch", layout.microbatch, "sequences in a micro-batch"),
		batch: count("batch", layout.batch, "sequences in an optimiser step"),
		tensor: count("tp", layout.tensor, "tensor-parallel GPUs"),
		pipeline: count("pp", layout.pipeline, "pipeline stages"),
		data: count("dp", layout.data, "replicas"),
		interleave: count("interleave", layout.interleave, "pieces of the model in a stage"),
		recompute,
		sequenceParallel,
		fusedAttention,
	};
}

/** A layout that does not come out even contradicts itself. */
function requireWhole(layout: LayoutQuestion, shape: ShapeMembers | ShapeQuestion, gpus: number | undefined): void {
	const { tensor, pipeline, data, interleave, microbatch, batch } = layout;
	const faults: [boolean, string, string][] = [
		[
			batch % (data * microbatch) !== 0,
			`${batch} sequences do not spread over ${data} replicas in micro-batches of ${microbatch}`,
			"batch",
		],
		[
			shape.layers % (pipeline * interleave) !== 0,
			`${shape.layers} layers do not spread over ${pipeline} stages of ${interleave} pieces`,
			"pp",
		],
		[shape.heads % tensor !== 0, `${shape.heads} heads do not spread over ${tensor} GPUs`, "tp"],
		[pipeline === 1 && interleave > 1, "one stage has nothing to interleave", "interleave"],
		[
			gpus !== undefined && gpus !== tensor * pipeline * data,
			`tp · pp · dp is ${tensor * pipeline * data}, --gpus says ${gpus}`,
			"gpus",
		],
	];
	const fault = faults.find(([wrong]) => wrong);
	if (fault !== undefined)
		throw new FarthingError(2, "contradiction", fault[1], {
			field: `--layout ${fault[2]}`,
			expected: "a layout that comes out even",
		});
}

function requireLink({ tensor }: LayoutQuestion, part: Hardware): void {
	const domain = part.figures.scaleUpDomain?.value;
	if (domain === undefined || tensor <= domain) return;
	throw new FarthingError(3, "outside-law", `tp ${tensor} reaches beyond the ${domain} GPUs that ${part.id} links`, {
		field: "--layout tp",
		expected: `at most ${domain}`,
	});
}

/** Weights and gradients at 2 bytes, state of the optimiser at 12 and split over replicas: less than this no run needs. */
function requireMemory(parameters: Count, { data }: LayoutQuestion, part: Hardware): void {
	const memory = part.figures.usableMemory ?? part.figures.memory;
	if (memory === undefined) return;
	const count = scalarOf(evaluate(buildModel([parameters])), "step.parameters_per_gpu");
	const gigabytes = (count * (4 + 12 / data)) / 1e9;
	if (gigabytes <= memory.value) return;
	const message = `${(count / 1e9).toFixed(1)}B parameters a GPU need ${gigabytes.toFixed(0)} GB before activations, ${part.id} has ${memory.value} GB`;
	throw new FarthingError(3, "exceeds-memory", message, {
		field: "--layout",
		expected: "more tp or pp, or more replicas",
	});
}
