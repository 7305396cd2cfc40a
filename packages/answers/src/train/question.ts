/** What one can ask about a training run, and the rules by which a question contradicts itself. */
import type { Distribution } from "@farthing/engine";
import type { Cost } from "@farthing/scenario";
import { FarthingError } from "../farthing-error.ts";

/** Peaks of the data sheet that an MFU can be counted on. */
export const PEAKS = ["bf16", "fp8", "fp4"] as const;
export type Peak = (typeof PEAKS)[number];

/** Quantities are in coherent base units. */
export interface TrainQuestion {
	/** A published run, by id: its GPU-hours stand. */
	readonly run?: string;
	/** A model of the catalogue: its active parameters, and its shape. */
	readonly model?: string;
	readonly parameters?: Distribution;
	readonly tokens?: Distribution;
	/** Tokens of a training sequence, for the compute of attention. */
	readonly sequence?: number;
	readonly hardware?: string;
	/** BF16 unless said. */
	readonly peak?: Peak;
	/** Share of the peak in steady state. */
	readonly mfu?: Distribution;
	/** Measured: tokens a second and GPU, in steady state. */
	readonly tokensPerGpuSecond?: Distribution;
	/** A row of the catalogue's training throughput or MLPerf Training results. */
	readonly row?: string;
	/** A layout of a dense model, for the parallelism law. */
	readonly layout?: LayoutQuestion;
	readonly gpus?: number;
	/** Share of the time that moves the run forward. */
	readonly goodput?: Distribution;
	readonly failures?: FailureQuestion;
	/** Absent: what the publisher reckons with. */
	readonly rate?: RateQuestion;
	/** Where nothing else prices the run. */
	readonly fallbackRate: RateQuestion;
	readonly power?: Distribution;
	readonly load?: Distribution;
	readonly pue?: Distribution;
	readonly region?: string;
	/** What the model will serve a second, and how long, to spread the cost over it. */
	readonly served?: { readonly rate: Distribution; readonly life: Distribution };
}

/** `asked`: by the user rather than by default, so that a part without a price is an error. */
export type RateQuestion =
	| { readonly kind: "given"; readonly value: Distribution }
	| { readonly kind: "book"; readonly cost: Cost; readonly tier: string; readonly asked: boolean };

export interface FailureQuestion {
	/** Per GPU and second; absent: as measured on H100 in the catalogue. */
	readonly rate?: Distribution;
	readonly restart: Distribution;
	readonly checkpoint: Distribution;
	/** Absent: by Young's optimum. */
	readonly interval?: Distribution;
}

export interface LayoutQuestion {
	readonly tensor: number;
	readonly pipeline: number;
	readonly data: number;
	readonly interleave: number;
	readonly microbatch: number;
	readonly batch: number;
	readonly recompute: "none" | "selective" | "full";
	readonly sequenceParallel: boolean;
	readonly fusedAttention: boolean;
	/** Of a model that the catalogue does not have. */
	readonly shape?: ShapeQuestion;
}

export interface ShapeQuestion {
	readonly layers: number;
	readonly hidden: number;
	readonly feedforward: number;
	readonly feedforwardMatrices: number;
	readonly heads: number;
	readonly keyValueHeads: number;
	readonly vocabulary: number;
}

/** Throws exit 2 where parts of the question exclude each other, or something is missing. */
export function requireOneQuestion(question: TrainQuestion): void {
	const exclusive = question.run === undefined ? exclusiveOfOwn(question) : exclusiveOfRun(question);
	if (exclusive.length > 1) {
		const [first, second] = exclusive as [string, string];
		throw new FarthingError(2, "contradiction", `${first} and ${second} both say how long the run takes`, {
			field: second,
			expected: "one of them",
		});
	}
	if (question.goodput !== undefined && question.failures !== undefined) {
		throw contradiction("--goodput", "--restart", "both say what failures take");
	}
	if (question.run === undefined) requireOwn(question, exclusive);
	else requirePublished(question);
}

function exclusiveOfOwn({ mfu, tokensPerGpuSecond, row, layout }: TrainQuestion): string[] {
	return given({ "--mfu": mfu, "--tokens-per-second": tokensPerGpuSecond, "--row": row, "--layout": layout });
}

function exclusiveOfRun(question: TrainQuestion): string[] {
	return ["--run", ...exclusiveOfOwn(question)];
}

function requireOwn(
	{ tokens, hardware, row, model, parameters, layout, failures, gpus }: TrainQuestion,
	ways: readonly string[],
): void {
	const hint = 'farthing train --params 70B --tokens 15T --hardware h100 --mfu "35% to 45%"';
	if (ways.length === 0) {
		const expected = "--run, or --tokens with --mfu, --tokens-per-second, --row or --layout";
		throw new FarthingError(2, "missing-field", "train needs a run, or a way to tell how long one takes", {
			field: "--run",
			expected,
			hint,
		});
	}
	if (tokens === undefined) throw missing("--tokens", "how many tokens the run trains on", hint);
	const counted = ways[0] === "--mfu";
	if (counted && hardware === undefined) throw missing("--hardware", "the part whose peak the MFU is of", hint);
	if (counted && parameters === undefined && model === undefined)
		throw missing("--params", "active parameters, or a model", hint);
	if (layout !== undefined && hardware === undefined)
		throw missing("--hardware", "the part that the layout runs on", hint);
	if (layout !== undefined && model === undefined && layout.shape === undefined) {
		throw missing("--model", "a model of the catalogue, or --shape", hint);
	}
	if (layout?.shape !== undefined && model !== undefined)
		throw contradiction("--model", "--shape", "both say the shape");
	if (row !== undefined && hardware !== undefined) throw contradiction("--row", "--hardware", "both name the part");
	if (failures !== undefined && gpus === undefined && layout === undefined) {
		throw missing("--gpus", "how many GPUs can fail", hint);
	}
}

/** What a published run says itself cannot be asked otherwise. */
function requirePublished(question: TrainQuestion): void {
	const { model, parameters, tokens, hardware, goodput, failures, sequence } = question;
	const own = given({
		"--model": model,
		"--params": parameters,
		"--tokens": tokens,
		"--seq": sequence,
		"--hardware": hardware,
		"--goodput": goodput,
		"--restart": failures,
	});
	if (own.length > 0) throw contradiction("--run", own[0] as string, "cannot stand together: the run brings its own");
}

function given(flags: Readonly<Record<string, unknown>>): string[] {
	return Object.entries(flags).flatMap(([flag, value]) => (value === undefined ? [] : [flag]));
}

function contradiction(first: string, second: string, why: string): FarthingError {
	return new FarthingError(2, "contradiction", `${first} and ${second} ${why}`, {
		field: second,
		expected: "one of them",
	});
}

function missing(field: string, expected: string, hint: string): FarthingError {
	return new FarthingError(2, "missing-field", `train needs ${field}`, { field, expected, hint });
}
