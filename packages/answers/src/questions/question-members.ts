/** Every question with its members, in the order of help. Readers of the words stand in the file of each question. */
import type { CheckWords } from "./check-question.ts";
import type { ClaimWords } from "./claim-question.ts";
import type { CompareWords } from "./compare-question.ts";
import type { DiffWords } from "./diff-question.ts";
import type { FrontierWords } from "./frontier-question.ts";
import type { ImportWords } from "./import-words.ts";
import type { Member, MembersOf } from "./member.ts";
import type { PlanWords } from "./plan-question.ts";
import type { PredictWords } from "./predict-question.ts";
import type { PriceWords } from "./price-question.ts";
import type { RowWords } from "./row-words.ts";
import type { SizingWords } from "./scenario-words.ts";
import type { SensitivityWords } from "./sensitivity-question.ts";
import type { SimulateWords } from "./simulate-question.ts";
import type { TrainWords } from "./train-question.ts";

/** Members that every question takes. */
export interface CommonWords {
	readonly asOf?: string;
	readonly seed?: string;
}

export const COMMON_MEMBERS: MembersOf<CommonWords> = {
	asOf: { kind: "date", takes: "date", says: "count ages of facts at this date" },
	seed: { kind: "number", takes: "n", says: "seed of the draws" },
};

const card: Member<"text"> = { kind: "text", takes: "id", says: "rate card, by id or date" };
const tier: Member<"text"> = { kind: "text", takes: "tier", says: "own_hyperscaler, own_neocloud or rent_3yr" };
const tokens: Member<"choice"> = {
	kind: "choice",
	takes: "kind",
	says: "which tokens that counts",
	of: ["total", "input", "output"],
	otherwise: "total",
};
const scenario: Member<"file"> = {
	kind: "file",
	takes: "scenario",
	says: "a scenario file (YAML or JSON)",
	isPositional: true,
	isRequired: true,
};
const demand: Member<"quantity"> = {
	kind: "quantity",
	takes: "tokens per day",
	unit: "tok/day",
	says: "instead of the scenario's",
};
const peak: Member<"quantity"> = {
	kind: "quantity",
	takes: "ratio",
	says: "busiest hour over mean, instead of the scenario's",
};
const interactivity: Member<"quantity"> = {
	kind: "quantity",
	takes: "rate|any",
	unit: "tok/s/user",
	says: "tok/s/user, instead of the scenario's",
};
const buildUp: Member<"text"> = {
	kind: "text",
	takes: "set",
	says: "build the GPU-hour up from this set of assumptions",
};
const set: Member<"settings"> = {
	kind: "settings",
	takes: "member=value",
	says: "change a member of the build-up, such as life=5y (repeatable)",
};

const ROW_MEMBERS: MembersOf<RowWords> = {
	hardware: { kind: "names", takes: "ids", says: "only these parts, comma-separated" },
	precision: { kind: "names", takes: "ids", says: "only these number formats (fp4 means nvfp4 and mxfp4)" },
	stack: { kind: "names", takes: "ids", says: "only these serving stacks" },
	speculative: { kind: "names", takes: "ids", says: "only these speculative methods (none, mtp)" },
	disaggregated: {
		kind: "on-off",
		takes: "on|off",
		says: "only deployments with, or without, separate prefill GPUs",
	},
	rowsBetween: {
		kind: "text",
		takes: "from,to",
		says: "all dated rows of these days instead of the latest of each configuration",
	},
	row: { kind: "names", takes: "id", says: "only this benchmark row (repeatable)" },
	card,
	tier,
	ttft: { kind: "quantity", takes: "time|any", unit: "s", says: "limit on TTFT, default 5 s" },
	ttftStatistic: {
		kind: "choice",
		takes: "which",
		says: "which TTFT is held to it",
		of: ["median", "p90", "p99", "mean"],
	},
	ttftUnknown: { kind: "choice", takes: "what", says: "rows that publish no TTFT", of: ["exclude", "accept"] },
};

const SIZING_MEMBERS: MembersOf<SizingWords> = {
	util: {
		kind: "quantity",
		takes: "share",
		says: "state the utilisation instead of deriving it (the result says so)",
	},
	wholeReplicas: { kind: "on-off", takes: "on|off", says: "round up to whole replicas" },
	spare: { kind: "number", takes: "n", says: "spare replicas" },
	wholeHosts: { kind: "on-off", takes: "on|off", says: "round up to whole servers or racks" },
	availability: { kind: "quantity", takes: "share", says: "availability of a replica" },
};

const modelled: Member<"switch"> = {
	kind: "switch",
	says: "add modelled rows (grade D) for parts, stacks and formats that were not measured",
};

export const PRICE_MEMBERS: MembersOf<PriceWords> = {
	gpuHour: {
		kind: "quantity",
		takes: "price",
		unit: "USD/GPU-hr",
		says: 'price of a GPU-hour, "2.07" or "1.85 to 2.60"',
	},
	hardware: { kind: "text", takes: "id", says: "take the price of this part from a rate card or build-up" },
	card,
	tier,
	buildUp,
	set,
	tokensPerSecond: { kind: "quantity", takes: "rate", unit: "tok/s/GPU", says: "tokens per second and GPU" },
	tokens,
	bench: { kind: "file", takes: "file", says: "read throughput from a benchmark result (- for stdin)" },
	gpus: { kind: "count", takes: "n", says: "GPUs behind the benchmark result" },
	isl: { kind: "count", takes: "n", says: "input tokens per request, to split the cost by token kind" },
	osl: { kind: "count", takes: "n", says: "output tokens per request" },
	util: { kind: "quantity", takes: "share", says: "share of the throughput that is delivered" },
};

export const FRONTIER_MEMBERS: MembersOf<FrontierWords> = {
	...ROW_MEMBERS,
	model: { kind: "text", takes: "id", says: "model, by id or alias", isRequired: true },
	isl: { kind: "count", takes: "n", says: "input tokens per request of the benchmark" },
	osl: { kind: "count", takes: "n", says: "output tokens per request of the benchmark" },
	family: {
		kind: "choice",
		takes: "name",
		says: "benchmark family",
		of: ["inferencex", "mlperf"],
		otherwise: "inferencex",
	},
	scenario: { kind: "text", takes: "name", says: "MLPerf scenario: offline, server or interactive" },
	at: {
		kind: "quantity",
		takes: "rate",
		unit: "tok/s/user",
		says: "read every frontier at this interactivity, tok/s/user",
	},
	unitCost: {
		kind: "quantity",
		takes: "price",
		unit: "USD/Mtok",
		says: "limit on the cost of a million total tokens; what costs more is not ranked",
	},
	modelled,
};

export const PLAN_MEMBERS: MembersOf<PlanWords> = {
	...ROW_MEMBERS,
	scenario,
	demand,
	peak,
	interactivity,
	rows: { kind: "file", takes: "file", says: "rank only the benchmark rows of this list" },
	modelled,
	...SIZING_MEMBERS,
};

export const SIMULATE_MEMBERS: MembersOf<SimulateWords> = {
	...ROW_MEMBERS,
	scenario,
	modelled,
	trace: {
		kind: "file",
		takes: "file",
		says: "replay a request trace: Azure or BurstGPT CSV, Mooncake JSON lines (- for stdin)",
	},
	traceRate: { kind: "number", takes: "factor", says: "so many times the requests of the trace" },
	traceLength: { kind: "number", takes: "factor", says: "so many times the tokens of its requests" },
	shape: {
		kind: "text",
		takes: "id",
		says: "generate requests as a traffic shape of the catalogue, or of a file of farthing shape, has them",
	},
	steps: {
		kind: "file",
		takes: "file",
		says: "step times of your own engine (CSV: batch, context, prefill_tokens, seconds) instead of the measured rows",
	},
	hours: {
		kind: "number",
		takes: "n",
		unit: "h",
		says: "virtual time; a day or the stated week of generated requests, the whole trace otherwise",
	},
	replicas: { kind: "count", takes: "n", says: "replicas instead of the plan's" },
	instances: {
		kind: "text",
		takes: "p:d",
		says: "prefill and decode machines of a split deployment, in any ratio such as 3:2, instead of replicas",
	},
	router: {
		kind: "choice",
		takes: "name",
		says: "which replica a request goes to; by prefixes where requests share any, else by load",
		of: ["least-loaded", "round-robin", "prefix-aware", "central"],
	},
	runs: {
		kind: "count",
		takes: "n",
		says: "so many runs with a seed each: the mean of every figure with its interval",
	},
	exact: { kind: "switch", says: "one decode step at a time, to check the steps that are taken at once" },
	demand,
	peak,
	interactivity,
};

export const COMPARE_MEMBERS: MembersOf<CompareWords> = {
	scenario,
	by: {
		kind: "names",
		takes: "what",
		says: "only these: hardware, precision, stack, api, strategy; comma-separated",
	},
	artificialAnalysis: {
		kind: "file",
		takes: "file",
		says: "rows of its load test, keyed in as CSV: a family of their own",
	},
	demand,
	interactivity,
	ttft: { kind: "quantity", takes: "time|any", unit: "s", says: "limit on TTFT, instead of the scenario's" },
	card,
	tier,
};

export const SENSITIVITY_MEMBERS: MembersOf<SensitivityWords> = {
	of: {
		kind: "text",
		takes: "node",
		says: "which number, named as for why; that by which the options are ranked unless given",
	},
	rows: { kind: "count", takes: "n", says: "rows of each Sobol design, a power of 2", otherwise: "1024" },
};

export const DIFF_MEMBERS: MembersOf<DiffWords> = { of: SENSITIVITY_MEMBERS.of };

export const CHECK_MEMBERS: MembersOf<CheckWords> = {
	policy: { kind: "files", takes: "file", says: "policies of a file, beside those of the scenario (repeatable)" },
};

export const CLAIM_MEMBERS: MembersOf<ClaimWords> = {
	id: { kind: "text", takes: "id", says: "a headline of the catalogue", isPositional: true },
	usdPerMtok: {
		kind: "quantity",
		takes: "price",
		unit: "USD/Mtok",
		says: "test a claim of your own: this cost per million tokens",
	},
	tokens,
	hardware: { kind: "text", takes: "id", says: "on this part" },
	model: { kind: "text", takes: "id", says: "serving this model" },
	isl: { kind: "count", takes: "n", says: "only rows with this input length" },
	osl: { kind: "count", takes: "n", says: "only rows with this output length" },
	card,
};

export const TRAIN_MEMBERS: MembersOf<TrainWords> = {
	run: { kind: "text", takes: "id", says: "a published run of the catalogue" },
	params: { kind: "quantity", takes: "n", unit: "parameter", says: "active parameters, such as 37B" },
	model: {
		kind: "text",
		takes: "id",
		says: "a model of the catalogue instead: its active parameters and shape",
	},
	tokens: { kind: "quantity", takes: "n", unit: "tok", says: "tokens of the run, such as 15T" },
	seq: { kind: "count", takes: "n", says: "tokens of a training sequence, to count attention" },
	hardware: { kind: "text", takes: "id", says: "the part" },
	peak: { kind: "choice", takes: "format", says: "peak that the MFU is of", of: ["bf16", "fp8", "fp4"] },
	mfu: { kind: "quantity", takes: "share", says: 'share of the peak in steady state, "40%" or "35% to 45%"' },
	tokensPerSecond: {
		kind: "quantity",
		takes: "rate",
		unit: "tok/s/GPU",
		says: "measured instead: tokens per second and GPU",
	},
	row: { kind: "text", takes: "id", says: "measured instead: a row of training-throughput or mlperf-training" },
	layout: {
		kind: "text",
		takes: "members",
		says: 'modelled instead: "tp=8 pp=8 dp=16 batch=1024", also interleave, microbatch, recompute',
	},
	shape: {
		kind: "text",
		takes: "members",
		says: 'of a model for --layout: "layers=96 hidden=12288 ffn=49152 heads=96 vocab=51200"',
	},
	gpus: { kind: "count", takes: "n", says: "GPUs of the run" },
	goodput: { kind: "quantity", takes: "share", says: "share of the time that moves the run forward" },
	restart: {
		kind: "quantity",
		takes: "time",
		unit: "min",
		says: "instead of --goodput: from a failure until the run goes on",
	},
	checkpoint: { kind: "quantity", takes: "time", unit: "min", says: "time that a checkpoint stops the work" },
	checkpointInterval: {
		kind: "quantity",
		takes: "time|optimal",
		unit: "min",
		says: "work between checkpoints; Young's optimum unless given",
	},
	failures: {
		kind: "quantity",
		takes: "rate",
		unit: "failures/GPU/year",
		says: 'failures that stop the run, "0.17/GPU/year"',
	},
	gpuHour: {
		kind: "quantity",
		takes: "price",
		unit: "USD/GPU-hr",
		says: 'price of a GPU-hour, "2.00" or "1.85 to 2.60"',
	},
	card,
	tier,
	buildUp,
	set,
	power: { kind: "quantity", takes: "power", unit: "kW/GPU", says: "IT power per GPU, such as 1.1kW" },
	load: { kind: "quantity", takes: "share", says: "average over provisioned power" },
	pue: { kind: "quantity", takes: "ratio", says: "PUE of the site" },
	region: { kind: "text", takes: "name", says: "grid: a country (USA) or cloud region (us-east4)" },
	served: {
		kind: "quantity",
		takes: "tokens per day",
		unit: "tok/day",
		says: "with --life: spread the cost over what the model serves",
	},
	life: { kind: "quantity", takes: "time", unit: "year", says: "time until the model is replaced" },
	mlperf: { kind: "switch", says: "MLPerf Training results as GPU-hours and cost per M tokens" },
	benchmark: { kind: "text", takes: "name", says: "which of them, default llama31_405b" },
	validation: { kind: "switch", says: "the parallelism law against measured steps" },
};

export const PREDICT_MEMBERS: MembersOf<PredictWords> = {
	model: { kind: "text", takes: "id", says: "model of the catalogue" },
	hardware: { kind: "text", takes: "id", says: "the part" },
	precision: {
		kind: "text",
		takes: "format",
		says: "format of the weights: bf16, fp8, fp4, nvfp4, mxfp4, int4",
	},
	stack: { kind: "text", takes: "id", says: "serving stack" },
	isl: { kind: "count", takes: "n", says: "input tokens of a request" },
	osl: { kind: "count", takes: "n", says: "output tokens of a request" },
	concurrency: { kind: "count", takes: "n", says: "requests in flight over the deployment" },
	tp: { kind: "count", takes: "n", says: "tensor-parallel GPUs of a replica, or of each decode worker" },
	pp: { kind: "count", takes: "n", says: "pipeline stages" },
	ep: { kind: "count", takes: "n", says: "expert-parallel GPUs" },
	dpAttention: { kind: "switch", says: "each GPU attends to its own sequences" },
	disagg: { kind: "text", takes: "p:d", says: "prefill and decode workers apart, such as 1:3" },
	prefillTp: { kind: "count", takes: "n", says: "GPUs of each prefill worker, as --tp unless given" },
	speculative: { kind: "choice", takes: "method", says: "draft tokens ahead", of: ["none", "mtp"] },
	drafted: { kind: "count", takes: "n", says: "tokens drafted for each step" },
	accepted: { kind: "number", takes: "n", says: "tokens that a step yields, the verified one included" },
	cached: { kind: "quantity", takes: "share", says: "share of the prompt whose cache entries exist already" },
	memoryShare: { kind: "quantity", takes: "share", says: "share of the memory that the engine takes" },
	rows: {
		kind: "file",
		takes: "file",
		says: "rows of a file instead: AIConfigurator sample, InferenceX rows or medians (- for stdin)",
	},
	fit: {
		kind: "file",
		takes: "file",
		says: "measured rows of your own that calibrate this run: the same layouts, or a benchmark result that import reads",
	},
	suspicious: {
		kind: "switch",
		says: "list measured rows that the others contradict, of all or of --model and --hardware",
	},
	card,
	tier,
};

export const IMPORT_MEMBERS: MembersOf<ImportWords> = {
	from: { kind: "text", takes: "time", says: "start of what a source without times covers" },
	to: { kind: "text", takes: "time", says: "its end" },
	zone: { kind: "text", takes: "offset", says: "zone of times that say none, such as +02:00; UTC unless given" },
	gpus: { kind: "count", takes: "n", says: "GPUs behind a source that does not say them" },
	model: { kind: "text", takes: "name", says: "model of a source that does not name it" },
	kind: { kind: "text", takes: "format", says: "the format, where the beginning of the file does not show it" },
	strict: { kind: "switch", says: "end at the first record that cannot be read, and keep nothing" },
};
