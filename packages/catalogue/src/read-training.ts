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
import type { Figure } from "./figure.ts";
import { CONFIDENCES } from "./figure.ts";
import type { Evidence, Reading } from "./read-figure.ts";
import { evidenceCells, figureCell, referenceCell } from "./read-figure.ts";
import { rowId } from "./read-rows.ts";
import type {
	MlperfTrainingResult,
	TrainingEfficiency,
	TrainingRun,
	TrainingStep,
	TrainingThroughput,
} from "./training.ts";
import { RECOMPUTES } from "./training.ts";

const EVIDENCE = ["source", "as_of", "confidence"];

const RUN_NAMES = ["id", "name", "architecture", "hardware", "published_hardware", "training_format"];
const RUN_FIGURES = {
	parameters: ["parameters_g", "Gparam"],
	tokens: ["tokens_g", "Btok"],
	sequence: ["sequence", "tok"],
	gpuHours: ["gpu_hours", "GPU-hr"],
	publishedGpuHour: ["published_usd_per_gpu_hour", "USD/GPU-hr"],
	publishedCost: ["published_cost_usd", "USD"],
	publishedEnergy: ["published_energy_mwh", "MWh"],
	publishedCarbon: ["published_carbon_t", "tCO2"],
} as const;

export function readTrainingRuns(file: string, text: string, reading: Reading): TrainingRun[] {
	const figures = Object.values(RUN_FIGURES).map(([column]) => column);
	const required = [...RUN_NAMES, ...figures, "tokens_confidence", "country", "covers", "note", ...EVIDENCE];
	const seen = new Set<string>();
	return openCsv(file, text, reading.issues, { required }).flatMap((row) => {
		const [id, name, covers] = ["id", "name", "covers"].map((column) => textCell(row, column));
		const hardware = referenceCell(row, "hardware", "hardware", reading);
		const evidence = evidenceCells(row, reading);
		const read = (member: keyof typeof RUN_FIGURES, other?: Evidence): Figure | undefined =>
			figureCell(row, RUN_FIGURES[member][0], RUN_FIGURES[member][1], other ?? evidence);
		const optional = (member: keyof typeof RUN_FIGURES, other?: Evidence): Partial<TrainingRun> =>
			cell(row, RUN_FIGURES[member][0]) === "" ? {} : present(member, read(member, other));
		const gpuHours = read("gpuHours");
		if (id === undefined || name === undefined || covers === undefined) return [];
		if (hardware === undefined || gpuHours === undefined) return [];
		noteId(row, "id", id, seen);
		return [
			{
				id,
				name,
				...optionalReference(row, "architecture", "model", reading, "architecture"),
				hardware,
				...present("publishedHardware", cell(row, "published_hardware") || undefined),
				...present("trainingFormat", cell(row, "training_format") || undefined),
				...optional("parameters"),
				...optional("tokens", tokensEvidence(row, evidence)),
				...optional("sequence"),
				gpuHours,
				...optional("publishedGpuHour"),
				...optional("publishedCost"),
				...optional("publishedEnergy"),
				...optional("publishedCarbon"),
				...present("country", cell(row, "country") || undefined),
				covers,
				...present("note", cell(row, "note") || undefined),
			},
		];
	});
}

const MLPERF_KEY = ["round", "benchmark", "submitter", "system", "accelerator", "accelerators"];

export function readMlperfTraining(file: string, text: string, reading: Reading): MlperfTrainingResult[] {
	const measured = ["hardware", "model", "minutes", "runs", "global_batch", "tokens_g", "note"];
	const required = ["id", ...MLPERF_KEY, ...measured, ...EVIDENCE];
	const seen = new Set<string>();
	return openCsv(file, text, reading.issues, { required }).flatMap((row) => {
		checkId(row, "mt-", "mlperf-training", MLPERF_KEY, seen);
		const texts = ["id", "round", "benchmark", "accelerator"].map((column) => textCell(row, column));
		const [id, round, benchmark, accelerator] = texts;
		const accelerators = positiveCountCell(row, "accelerators");
		const minutes = positiveCell(row, "minutes");
		const evidence = evidenceCells(row, reading);
		if (id === undefined || round === undefined || benchmark === undefined || accelerator === undefined) return [];
		if (accelerators === undefined || minutes === undefined || evidence === undefined) return [];
		return [
			{
				id,
				round,
				benchmark,
				...present("submitter", cell(row, "submitter") || undefined),
				...present("system", cell(row, "system") || undefined),
				accelerator,
				...optionalReference(row, "hardware", "hardware", reading, "hardware"),
				...optionalReference(row, "model", "model", reading, "model"),
				accelerators,
				minutes,
				...present("runs", optionalCountCell(row, "runs")),
				...present("globalBatch", optionalCountCell(row, "global_batch")),
				...present("gigaTokens", optionalNumberCell(row, "tokens_g")),
				...present("note", cell(row, "note") || undefined),
				...evidence,
			},
		];
	});
}

const LAYOUT = ["tp", "pp", "cp", "ep"];
const THROUGHPUT_KEY = [
	"release",
	"task",
	"published_model",
	"system",
	"training_format",
	"gpus",
	"global_batch",
	"sequence",
	...LAYOUT,
];

export function readTrainingThroughput(file: string, text: string, reading: Reading): TrainingThroughput[] {
	const measured = ["architecture", "hardware", "tokens_per_gpu_s", "model_tflops_per_gpu"];
	const required = ["id", ...THROUGHPUT_KEY, ...measured, ...EVIDENCE];
	const seen = new Set<string>();
	return openCsv(file, text, reading.issues, { required }).flatMap((row) => {
		checkId(row, "tt-", "megatron-bridge", THROUGHPUT_KEY, seen);
		const texts = ["id", "release", "published_model", "system", "training_format"].map((c) => textCell(row, c));
		const [id, release, publishedModel, system, trainingFormat] = texts;
		const task = choiceCell(row, "task", ["pre-training", "fine-tuning", "lora"]);
		const hardware = referenceCell(row, "hardware", "hardware", reading);
		const counts = ["gpus", "global_batch", "sequence", "tp", "pp", "cp"].map((c) => positiveCountCell(row, c));
		const [gpus, globalBatch, sequence, tp, pp, cp] = counts;
		const tokensPerGpuSecond = positiveCell(row, "tokens_per_gpu_s");
		const evidence = evidenceCells(row, reading);
		if (id === undefined || release === undefined || publishedModel === undefined || system === undefined) return [];
		if (trainingFormat === undefined || task === undefined || hardware === undefined || evidence === undefined)
			return [];
		if (gpus === undefined || globalBatch === undefined || sequence === undefined) return [];
		if (tp === undefined || pp === undefined || cp === undefined || tokensPerGpuSecond === undefined) return [];
		return [
			{
				id,
				release,
				task,
				publishedModel,
				...optionalReference(row, "architecture", "model", reading, "architecture"),
				system,
				hardware,
				trainingFormat,
				gpus,
				globalBatch,
				sequence,
				layout: { tp, pp, cp, ...present("ep", optionalCountCell(row, "ep")) },
				tokensPerGpuSecond,
				...present("modelTeraflopsPerGpu", optionalNumberCell(row, "model_tflops_per_gpu")),
				...evidence,
			},
		];
	});
}

const STEP_SHAPE = ["layers", "hidden", "feedforward", "heads", "vocabulary", "sequence"] as const;
const STEP_LAYOUT = ["gpus", "tp", "pp", "dp", "interleave", "batch", "microbatch"] as const;

export function readTrainingSteps(file: string, text: string, reading: Reading): TrainingStep[] {
	const names = ["id", "name", "hardware", "training_format", "recompute", "sequence_parallel", "step_s"];
	const required = [...names, ...STEP_SHAPE, ...STEP_LAYOUT, ...EVIDENCE];
	const seen = new Set<string>();
	return openCsv(file, text, reading.issues, { required }).flatMap((row) => {
		const [id, name, trainingFormat] = ["id", "name", "training_format"].map((column) => textCell(row, column));
		const hardware = referenceCell(row, "hardware", "hardware", reading);
		const counts = [...STEP_SHAPE, ...STEP_LAYOUT].map((column) => [column, positiveCountCell(row, column)] as const);
		const recompute = choiceCell(row, "recompute", RECOMPUTES);
		const sequenceParallel = flagCell(row, "sequence_parallel");
		const step = figureCell(row, "step_s", "s", evidenceCells(row, reading));
		if (id === undefined || name === undefined || trainingFormat === undefined || hardware === undefined) return [];
		if (recompute === undefined || sequenceParallel === undefined || step === undefined) return [];
		if (counts.some(([, count]) => count === undefined)) return [];
		noteId(row, "id", id, seen);
		const known = Object.fromEntries(counts) as Record<(typeof STEP_SHAPE | typeof STEP_LAYOUT)[number], number>;
		checkGpus(row, known);
		return [{ id, name, hardware, trainingFormat, ...known, recompute, sequenceParallel, step }];
	});
}

export function readTrainingEfficiencies(file: string, text: string, reading: Reading): TrainingEfficiency[] {
	const required = ["id", "name", "value", "unit", "low", "high", "note", ...EVIDENCE];
	const seen = new Set<string>();
	return openCsv(file, text, reading.issues, { required }).flatMap((row) => {
		const [id, name, unit] = ["id", "name", "unit"].map((column) => textCell(row, column));
		const more = { low: "low", high: "high", note: "note" };
		const figure = figureCell(row, "value", unit ?? "", evidenceCells(row, reading), more);
		if (id === undefined || name === undefined || unit === undefined || figure === undefined) return [];
		noteId(row, "id", id, seen);
		return [{ id, name, figure }];
	});
}

/** Tokens that were not published but derived from other figures of the row say so in a column of their own. */
function tokensEvidence(row: CsvRow, base: Evidence | undefined): Evidence | undefined {
	if (cell(row, "tokens_confidence") === "" || base === undefined) return base;
	const confidence = choiceCell(row, "tokens_confidence", CONFIDENCES);
	return confidence === undefined ? undefined : { ...base, confidence };
}

function checkGpus(row: CsvRow, { gpus, tp, pp, dp }: Record<"gpus" | "tp" | "pp" | "dp", number>): void {
	if (gpus !== tp * pp * dp) reportCell(row, "gpus", `found ${gpus}`, `tp × pp × dp = ${tp * pp * dp}`);
}

function checkId(row: CsvRow, prefix: string, family: string, columns: readonly string[], seen: Set<string>): void {
	const key = columns.map((column) => cell(row, column));
	const id = rowId(prefix, family, key);
	if (cell(row, "id") !== id) reportCell(row, "id", "the id does not fit the row", `"${id}"`);
	noteId(row, "id", id, seen);
}

function optionalReference<Member extends string>(
	row: CsvRow,
	column: string,
	kind: "hardware" | "model",
	reading: Reading,
	member: Member,
): { [P in Member]?: string } {
	return present(member, cell(row, column) === "" ? undefined : referenceCell(row, column, kind, reading));
}

function positiveCell(row: CsvRow, column: string): number | undefined {
	const value = numberCell(row, column);
	return value === undefined || value > 0 ? value : reportCell(row, column, `found ${value}`, "a number above 0");
}

function positiveCountCell(row: CsvRow, column: string): number | undefined {
	const value = countCell(row, column);
	return value === undefined || value > 0 ? value : reportCell(row, column, `found ${value}`, "a whole number above 0");
}

function present<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
	return (value === undefined ? {} : { [key]: value }) as { [P in K]?: V };
}
