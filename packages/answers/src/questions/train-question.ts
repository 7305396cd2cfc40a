/** `train`: a training run in words to compute, GPU-hours, cost, energy and carbon. */
import type { Catalogue } from "@farthing/catalogue";
import {
	failuresPerGpuYear,
	fraction,
	kilowattPerGpu,
	minute,
	ratio,
	token,
	tokensPerDay,
	tokensPerGpuSecond,
	usdPerGpuHour,
	year,
} from "@farthing/engine";
import type { Envelope } from "../envelope.ts";
import { FarthingError } from "../farthing-error.ts";
import { hardwareNamed } from "../names.ts";
import { rateBook } from "../rates.ts";
import { train, type TrainResult } from "../train.ts";
import { mlperfTraining, type MlperfTrainingAnswer } from "../train-mlperf.ts";
import { trainingValidation, type ValidationAnswer } from "../train-validation.ts";
import { trainingRunNamed } from "../train/facts.ts";
import { type Peak, PEAKS, type RateQuestion, type TrainQuestion } from "../train/question.ts";
import { asTyped } from "./command-line.ts";
import { cardOf, type CatalogueParts, type QuestionContext } from "./question-context.ts";
import { layoutFlag } from "./train-layout.ts";
import { parametersFlag } from "./train-parameters.ts";
import { choiceFlag, countFlag } from "./typed-words.ts";
import { flagError, flagLength, flagQuantity, flagVolume, refuseBeside } from "./words.ts";

export interface TrainWords {
	readonly run?: string;
	readonly model?: string;
	readonly params?: string;
	readonly tokens?: string;
	readonly seq?: string;
	readonly hardware?: string;
	readonly peak?: string;
	readonly mfu?: string;
	readonly tokensPerSecond?: string;
	readonly row?: string;
	readonly layout?: string;
	readonly shape?: string;
	readonly gpus?: string;
	readonly goodput?: string;
	readonly failures?: string;
	readonly restart?: string;
	readonly checkpoint?: string;
	readonly checkpointInterval?: string;
	readonly gpuHour?: string;
	readonly card?: string;
	readonly tier?: string;
	readonly buildUp?: string;
	readonly set?: readonly string[];
	readonly power?: string;
	readonly load?: string;
	readonly pue?: string;
	readonly region?: string;
	readonly served?: string;
	readonly life?: string;
	readonly mlperf?: boolean;
	readonly benchmark?: string;
	readonly validation?: boolean;
}

export type TrainReply =
	| { readonly of: "run"; readonly answer: Envelope<TrainResult> }
	| { readonly of: "mlperf"; readonly answer: Envelope<MlperfTrainingAnswer> }
	| { readonly of: "validation"; readonly answer: Envelope<ValidationAnswer> };

/** Throws exit 2 for words that contradict each other or cannot be read, exit 3 for names that are not known. */
export async function answerTrain(flags: TrainWords, context: QuestionContext): Promise<TrainReply> {
	const asking = asTyped("train", flags, context.asking("train", { ...flags }));
	const catalogue = catalogueFor(context.store, flags);
	if (flags.validation === true) {
		const { card, tier, mlperf } = flags;
		const others = { ...runFlags(flags), "--card": card, "--tier": tier, "--mlperf": mlperf };
		refuseBeside(others, "has no effect on --validation", "farthing train --validation");
		return { of: "validation", answer: trainingValidation(catalogue, asking) };
	}
	if (flags.mlperf === true) {
		refuseBeside(runFlags(flags), "has no effect on --mlperf", "farthing train --mlperf");
		const card = cardOf(flags, context, asking.asOf);
		const rates = rateBook(catalogue, { kind: "card", card, rates: {} }, asking.asOf);
		return { of: "mlperf", answer: mlperfTraining(catalogue, flags.benchmark, rates, asking) };
	}
	const hint = "farthing train --mlperf --benchmark llama31_405b";
	refuseBeside({ "--benchmark": flags.benchmark }, "belongs to --mlperf", hint);
	const question = await questionOf(catalogue, flags, context, asking.asOf);
	return { of: "run", answer: train(catalogue, question, asking) };
}

function runFlags({
	run,
	params,
	tokens,
	model,
	mfu,
	row,
	layout,
	gpuHour,
	hardware,
}: TrainWords): Record<string, unknown> {
	return {
		"--run": run,
		"--params": params,
		"--tokens": tokens,
		"--model": model,
		"--mfu": mfu,
		"--row": row,
		"--layout": layout,
		"--gpu-hour": gpuHour,
		"--hardware": hardware,
	};
}

/** Without the long tables that no run needs. */
function catalogueFor(store: CatalogueParts, { row, mlperf }: TrainWords): Catalogue {
	const facts = { ...store.manifest(), ...store.facts() };
	if (row === undefined && mlperf !== true) return facts as Catalogue;
	const rows = { mlperfTraining: store.mlperfTraining(), trainingThroughput: store.trainingThroughput() };
	return { ...facts, ...rows } as Catalogue;
}

async function questionOf(
	catalogue: Catalogue,
	flags: TrainWords,
	context: QuestionContext,
	asOf: string,
): Promise<TrainQuestion> {
	const share = { bounds: { above: 0, max: 1 }, fraction: true };
	const above = { bounds: { above: 0 } };
	const asked = await rateOf(catalogue, flags, context, asOf);
	const card = cardOf({}, context, asOf);
	return {
		...present("run", flags.run),
		...present("model", flags.model),
		...present("parameters", flags.params && parametersFlag(flags.params)),
		...present("tokens", flags.tokens && flagQuantity("--tokens", flags.tokens, token("total"), above)),
		...present("sequence", flags.seq && flagLength("--seq", flags.seq)),
		...present("hardware", flags.hardware),
		...present("peak", flags.peak && choiceFlag<Peak>("--peak", flags.peak, PEAKS)),
		...present("mfu", flags.mfu && flagQuantity("--mfu", flags.mfu, fraction, share)),
		...present(
			"tokensPerGpuSecond",
			flags.tokensPerSecond &&
				flagQuantity("--tokens-per-second", flags.tokensPerSecond, tokensPerGpuSecond("total"), above),
		),
		...present("row", flags.row),
		...present("layout", layoutFlag(flags.layout, flags.shape)),
		...present("gpus", flags.gpus && countFlag("--gpus", flags.gpus)),
		...present("goodput", flags.goodput && flagQuantity("--goodput", flags.goodput, fraction, share)),
		...present("failures", failuresOf(flags)),
		...present("rate", asked),
		fallbackRate: { kind: "book", cost: { kind: "card", card, rates: {} }, tier: card.tier, asked: false },
		...present("power", flags.power && flagQuantity("--power", perGpu(flags.power), kilowattPerGpu, above)),
		...present("load", flags.load && flagQuantity("--load", flags.load, fraction, share)),
		...present("pue", flags.pue && flagQuantity("--pue", flags.pue, ratio, { bounds: { min: 1 } })),
		...present("region", flags.region),
		...present("served", servedOf(flags)),
	};
}

async function rateOf(
	catalogue: Catalogue,
	flags: TrainWords,
	context: QuestionContext,
	asOf: string,
): Promise<RateQuestion | undefined> {
	const { gpuHour, buildUp, card, tier } = flags;
	if (gpuHour !== undefined) {
		const hint = "farthing train --run deepseek-v3 --gpu-hour 2.00";
		refuseBeside(
			{ "--card": card, "--tier": tier, "--build-up": buildUp, "--set": flags.set },
			"and --gpu-hour both price the hour",
			hint,
		);
		return { kind: "given", value: flagQuantity("--gpu-hour", gpuHour, usdPerGpuHour, { bounds: { above: 0 } }) };
	}
	if (buildUp !== undefined) {
		refuseBeside(
			{ "--card": card, "--tier": tier },
			"and --build-up both price the hour",
			"farthing train --run deepseek-v3 --build-up neocloud",
		);
		const { buildUpOf } = await import("./build-up-words.ts");
		try {
			const cost = {
				kind: "build-up",
				buildUp: buildUpOf(buildUp, partOf(catalogue, flags), flags.set ?? []),
			} as const;
			return { kind: "book", cost, tier: `own_${buildUp}`, asked: true };
		} catch (error) {
			throw flagError(error);
		}
	}
	refuseBeside(
		{ "--set": flags.set },
		"changes a member of --build-up",
		"farthing train --run deepseek-v3 --build-up neocloud --set life=5y",
	);
	if (card === undefined && tier === undefined) return undefined;
	const asked = cardOf(flags, context, asOf);
	return { kind: "book", cost: { kind: "card", card: asked, rates: {} }, tier: asked.tier, asked: true };
}

/** The part whose hour is built up. */
function partOf(catalogue: Catalogue, { hardware, run, row }: TrainWords): string {
	if (hardware !== undefined) return hardwareNamed(catalogue, hardware, { field: "--hardware" }).id;
	if (run !== undefined) return trainingRunNamed(catalogue, run).hardware;
	const rows = row === undefined ? [] : [...catalogue.trainingThroughput, ...catalogue.mlperfTraining];
	const part = rows.find(({ id }) => id === row)?.hardware;
	if (part !== undefined) return part;
	throw new FarthingError(2, "missing-field", "--build-up needs to know the part", {
		field: "--hardware",
		expected: "the id of a part",
	});
}

function failuresOf({ failures, restart, checkpoint, checkpointInterval }: TrainWords): TrainQuestion["failures"] {
	if (restart === undefined && checkpoint === undefined) {
		const hint = 'farthing train … --gpus 16384 --restart "10 min" --checkpoint "1 min"';
		refuseBeside(
			{ "--failures": failures, "--checkpoint-interval": checkpointInterval },
			"needs --restart and --checkpoint",
			hint,
		);
		return undefined;
	}
	if (restart === undefined || checkpoint === undefined) {
		const field = restart === undefined ? "--restart" : "--checkpoint";
		throw new FarthingError(2, "missing-field", "--restart and --checkpoint go together", {
			field,
			expected: "both times",
		});
	}
	const time = (flag: string, text: string): ReturnType<typeof flagQuantity> =>
		flagQuantity(flag, text, minute, { bounds: { above: 0 } });
	const best = checkpointInterval === undefined || checkpointInterval === "optimal";
	return {
		...present("rate", failures && flagQuantity("--failures", failures, failuresPerGpuYear, { bounds: { above: 0 } })),
		restart: time("--restart", restart),
		checkpoint: time("--checkpoint", checkpoint),
		...(best ? {} : { interval: time("--checkpoint-interval", checkpointInterval) }),
	};
}

function servedOf({ served, life }: TrainWords): TrainQuestion["served"] {
	if (served === undefined && life === undefined) return undefined;
	if (served === undefined || life === undefined) {
		const field = served === undefined ? "--served" : "--life";
		throw new FarthingError(2, "missing-field", "--served and --life go together", {
			field,
			expected: "tokens a day, and how long",
			hint: 'farthing train --run deepseek-v3 --served "50B tokens/day" --life "1 year"',
		});
	}
	return {
		rate: flagQuantity("--served", flagVolume(served), tokensPerDay("total"), { bounds: { above: 0 } }),
		life: flagQuantity("--life", life, year, { bounds: { above: 0 } }),
	};
}

/** `700 W` is per GPU here. */
function perGpu(text: string): string {
	return text.replace(/(\d\s*[kM]?W)\s*$/, "$1/GPU");
}

function present<K extends string, V>(key: K, value: V | undefined | ""): { [P in K]?: V } {
	return (value === undefined || value === "" ? {} : { [key]: value }) as { [P in K]?: V };
}
