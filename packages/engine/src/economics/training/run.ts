/**
 * What a training run takes and costs.
 *
 * FLOP `6·N·D` with N active parameters and D tokens (Kaplan and others, 2020): 2 forward, 4 backward. GPU-hours
 * `FLOP ÷ (peak · MFU · goodput)`, or `D ÷ (tokens/s/GPU · goodput)` where throughput was measured, or as published. MFU
 * over the whole run `6·N·D ÷ (GPU-hours · peak)` on a named peak of the data sheet. Cost `GPU-hours × rate`. Energy
 * `GPU-hours × power × load × PUE`, carbon `energy × grid intensity`.
 */
import type { AnyExpr, Expr } from "../../model/expression.ts";
import { add, constant, define, divide, multiply } from "../../model/expression.ts";
import type { Dimensionless } from "../../quantity/dimension.ts";
import type {
	Energy,
	Flop,
	Gpus,
	Mass,
	Money,
	Time,
	Tokens,
	TokensPerGpuSecond,
	TokensPerSecond,
	Unit,
	UsdPerGpuHour,
	UsdPerToken,
} from "../../quantity/unit.ts";
import {
	day,
	flop,
	fraction,
	gpuHour,
	kilowattHour,
	token,
	unit,
	usd,
	usdPerGpuHour,
	usdPerMtok,
} from "../../quantity/unit.ts";
import type { PowerPerGpu } from "../gpu-hour-build-up.ts";

/** Weights that a token passes. */
export type ParameterCount = { readonly param: 1 };
export type GpuTime = { readonly gpu: 1; readonly s: 1 };
export type FlopPerGpuSecond = { readonly FLOP: 1; readonly s: -1; readonly gpu: -1 };
export type MassPerEnergy = { readonly g: 1; readonly J: -1 };

export const parameter: Unit<ParameterCount> = unit("param", { param: 1 }, 1);
export const gigaparameter: Unit<ParameterCount> = unit("Gparam", { param: 1 }, 1e9);
export const gigatoken: Unit<Tokens<"total">> = unit("Btok", { "tok:total": 1 }, 1e9);
export const teraflopsPerGpu: Unit<FlopPerGpuSecond> = unit("TFLOP/s/GPU", { FLOP: 1, s: -1, gpu: -1 }, 1e12);
export const gramsPerKilowattHour: Unit<MassPerEnergy> = unit("gCO2/kWh", { g: 1, J: -1 }, 1 / 3.6e6);
export const tonne: Unit<Mass> = unit("tCO2", { g: 1 }, 1e6);
const flopPerParameterToken = unit("FLOP/param/tok", { FLOP: 1, param: -1, "tok:total": -1 }, 1);
const gpuHourPerMtok = unit("GPU-hr/Mtok", { gpu: 1, s: 1, "tok:total": -1 }, 3600 / 1e6);

/** All ids start with `prefix`: empty for a single run, the row's id and a dot in a list of runs. */
export function trainingFlop(
	prefix: string,
	parameters: Expr<ParameterCount>,
	tokens: Expr<Tokens<"total">>,
): Expr<Flop> {
	const flops = multiply(multiply(constant(6, flopPerParameterToken), parameters), tokens);
	return define(`${prefix}flop`, flop, flops as AnyExpr as Expr<Flop>, {
		label: "compute of the run, without attention over the sequence",
		formula: "6·N·D: Kaplan and others, Scaling Laws for Neural Language Models (2020), N active parameters",
	});
}

/** What attention over the sequence needs to know of a model. */
export interface AttentionShape {
	readonly heads: Expr<Dimensionless>;
	/** Width of a head in the product of queries and keys, and in that with the values. */
	readonly keyWidth: Expr<Dimensionless>;
	readonly valueWidth: Expr<Dimensionless>;
	/** Positions that a token attends to, summed over layers: layers · sequence, less where windows are shorter. */
	readonly span: Expr<Tokens<"total">>;
}

/** Compute of queries times keys and weights times values, which `6·N·D` leaves out. */
export function attentionFlop(prefix: string, of: AttentionShape, tokens: Expr<Tokens<"total">>): Expr<Flop> {
	const perPair = unit("FLOP/tok/tok", { FLOP: 1, "tok:total": -2 }, 1);
	const widths = multiply(of.heads, add(of.keyWidth, of.valueWidth));
	const flops = multiply(multiply(multiply(constant(6, perPair), widths), of.span), tokens);
	return define(`${prefix}flop_attention`, flop, flops as AnyExpr as Expr<Flop>, {
		label: "compute of attention over the sequence, on top of 6·N·D",
		formula:
			"12·L·H·Q·T a token: Chowdhery and others, PaLM (2022), appendix B; written 6·heads·(key width + value width)·span",
		note: "full attention, as published; a causal kernel does half of it",
	});
}

export function gpuHoursFromMfu(
	prefix: string,
	of: {
		readonly flop: Expr<Flop>;
		readonly peak: Expr<FlopPerGpuSecond>;
		readonly mfu: Expr<Dimensionless>;
		readonly goodput: Expr<Dimensionless>;
	},
): Expr<GpuTime> {
	const useful = multiply(multiply(of.peak, of.mfu), of.goodput);
	return hours(prefix, divide(of.flop, useful), "FLOP ÷ (peak · MFU in steady state · goodput)");
}

export function gpuHoursFromThroughput(
	prefix: string,
	of: {
		readonly tokens: Expr<Tokens<"total">>;
		readonly speed: Expr<TokensPerGpuSecond<"total">>;
		readonly goodput: Expr<Dimensionless>;
	},
): Expr<GpuTime> {
	const useful = multiply(
		of.speed as AnyExpr as Expr<{ readonly "tok:total": 1; readonly gpu: -1; readonly s: -1 }>,
		of.goodput,
	);
	return hours(prefix, divide(of.tokens, useful), "tokens ÷ (tokens/s/GPU · goodput)");
}

/** GPU-hours of `gpus` over a time, such as that to a benchmark's target. */
export function gpuHoursFromTime(prefix: string, gpus: Expr<Gpus>, time: Expr<Time>): Expr<GpuTime> {
	return hours(prefix, multiply(gpus, time), "GPUs × time");
}

export function trainingSpeed(
	prefix: string,
	tokens: Expr<Tokens<"total">>,
	gpuHours: Expr<GpuTime>,
): Expr<TokensPerGpuSecond<"total">> {
	const unitOf = unit("tok/s/GPU", { "tok:total": 1, gpu: -1, s: -1 }, 1);
	return define(
		`${prefix}tokens_per_gpu_second`,
		unitOf,
		divide(tokens, gpuHours) as AnyExpr as Expr<typeof unitOf.dims>,
		{
			label: "tokens trained per second and GPU, over the whole run",
			formula: "tokens ÷ GPU-hours",
		},
	) as AnyExpr as Expr<TokensPerGpuSecond<"total">>;
}

export function gpuHoursPerToken(prefix: string, tokens: Expr<Tokens<"total">>, gpuHours: Expr<GpuTime>): AnyExpr {
	return define(
		`${prefix}gpu_hours_per_mtok`,
		gpuHourPerMtok,
		divide(gpuHours, tokens) as AnyExpr as Expr<typeof gpuHourPerMtok.dims>,
		{ label: "GPU-hours per million tokens trained", formula: "GPU-hours ÷ tokens" },
	);
}

/** Compute done per GPU and second, and its share of a peak. */
export function modelFlopUtilisation(
	prefix: string,
	of: { readonly flop: Expr<Flop>; readonly gpuHours: Expr<GpuTime>; readonly peak: Expr<FlopPerGpuSecond> },
	peakName: string,
): { readonly achieved: Expr<FlopPerGpuSecond>; readonly mfu: Expr<Dimensionless> } {
	const achieved = achievedRate(prefix, of.flop, of.gpuHours);
	const mfu = define(`${prefix}mfu`, fraction, divide(achieved, of.peak) as AnyExpr as Expr<Dimensionless>, {
		label: `share of the ${peakName} peak, over the whole run`,
		formula: "MFU = 6·N·D ÷ (GPU-hours · peak): Chowdhery and others, PaLM (2022), without the attention term",
	});
	return { achieved, mfu };
}

export function achievedRate(prefix: string, flops: Expr<Flop>, gpuHours: Expr<GpuTime>): Expr<FlopPerGpuSecond> {
	return define(`${prefix}achieved`, teraflopsPerGpu, divide(flops, gpuHours) as AnyExpr as Expr<FlopPerGpuSecond>, {
		label: "useful compute per second and GPU",
		formula: "FLOP ÷ GPU-hours",
	});
}

export function runCost(prefix: string, gpuHours: Expr<GpuTime>, rate: Expr<UsdPerGpuHour>): Expr<Money<"USD">> {
	return define(`${prefix}cost`, usd, multiply(gpuHours, rate) as AnyExpr as Expr<Money<"USD">>, {
		label: "cost of the GPU-hours",
		formula: "GPU-hours × $/GPU-hr; people, data and trials before the run are not in it",
	});
}

/** `headline`: as if no time were lost; `delivered`: over all hours of the run, lost ones included. */
export type TrainingBasis = "headline" | "delivered";

export function costPerTrainedToken(
	prefix: string,
	cost: Expr<Money<"USD">>,
	tokens: Expr<Tokens<"total">>,
	basis: TrainingBasis,
): Expr<UsdPerToken<"total">> {
	const perToken = divide(cost, tokens) as AnyExpr as Expr<UsdPerToken<"total">>;
	return define(`${prefix}cost_per_mtok`, usdPerMtok("total"), perToken, {
		label: "cost per million tokens trained",
		formula: "cost ÷ tokens of the run",
		tags: { basis },
	});
}

/** The price of a GPU-hour that a published cost stands for. */
export function impliedRate(
	prefix: string,
	published: Expr<Money<"USD">>,
	gpuHours: Expr<GpuTime>,
): Expr<UsdPerGpuHour> {
	const rate = divide(published, gpuHours) as AnyExpr as Expr<UsdPerGpuHour>;
	return define(`${prefix}implied_gpu_hour`, usdPerGpuHour, rate, {
		label: "price of a GPU-hour that the published cost implies",
		formula: "published cost ÷ published GPU-hours",
	});
}

/** GPU-hours · power · load · PUE. `power` is provisioned per GPU, `load` its average share. */
export function runEnergy(
	prefix: string,
	of: {
		readonly gpuHours: Expr<GpuTime>;
		readonly power: Expr<PowerPerGpu>;
		readonly load: Expr<Dimensionless>;
		readonly pue: Expr<Dimensionless>;
	},
): Expr<Energy> {
	const drawn = multiply(multiply(of.power, of.load), of.pue);
	return define(`${prefix}energy`, kilowattHour, multiply(of.gpuHours, drawn) as AnyExpr as Expr<Energy>, {
		label: "energy at the meter of the site",
		formula: "GPU-hours · power per GPU · load · PUE",
	});
}

export function runCarbon(prefix: string, energy: Expr<Energy>, intensity: Expr<MassPerEnergy>): Expr<Mass> {
	return define(`${prefix}carbon`, tonne, multiply(energy, intensity) as AnyExpr as Expr<Mass>, {
		label: "emissions by the grid's average",
		formula: "energy × grid intensity, location-based",
	});
}

/** Wall time of a run on `gpus`. */
export function runDuration(prefix: string, gpuHours: Expr<GpuTime>, gpus: Expr<Gpus>): Expr<Time> {
	return define(`${prefix}duration`, day, divide(gpuHours, gpus) as AnyExpr as Expr<Time>, {
		label: "time of the run on these GPUs",
		formula: "GPU-hours ÷ GPUs",
	});
}

/** Cost of training in the unit of inference: spread over what the model serves until it is replaced. */
export function amortisedCost(
	prefix: string,
	cost: Expr<Money<"USD">>,
	served: Expr<TokensPerSecond<"total">>,
	life: Expr<Time>,
	basis: TrainingBasis,
): Expr<UsdPerToken<"total">> {
	const tokens = define(
		`${prefix}served_tokens`,
		token("total"),
		multiply(served as AnyExpr as Expr<{ readonly "tok:total": 1; readonly s: -1 }>, life) as AnyExpr as Expr<
			Tokens<"total">
		>,
		{ label: "tokens served until the model is replaced", formula: "served a day × life" },
	);
	const perToken = divide(cost, tokens) as AnyExpr as Expr<UsdPerToken<"total">>;
	return define(`${prefix}amortised`, usdPerMtok("total"), perToken, {
		label: "cost of training per million tokens served",
		formula: "cost ÷ tokens served; stands beside the cost of serving a token",
		tags: { basis },
	});
}

function hours(prefix: string, of: AnyExpr, formula: string): Expr<GpuTime> {
	return define(`${prefix}gpu_hours`, gpuHour, of as Expr<GpuTime>, { label: "GPU-hours of the run", formula });
}
