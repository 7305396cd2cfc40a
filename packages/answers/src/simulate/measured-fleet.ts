/**
 * A measured deployment as a fleet of the simulator. Step costs come from the rows of the same deployment at all its
 * concurrencies and lengths; the batch is no larger than the concurrency of the row, and the KV memory no more than the row
 * shows there to be (its concurrency times its lengths): nothing is assumed of the machine beyond what was measured.
 */
import type { Catalogue } from "@farthing/catalogue";
import type {
	BenchmarkPoint,
	FittedStepCosts,
	FleetSpec,
	MeasuredRun,
	PreparedRow,
	StepCosts,
	TabulatedCosts,
} from "@farthing/engine";
import { configurationKey, fitStepCosts, latestRows } from "@farthing/engine";
import type { Warning } from "../envelope.ts";
import { FarthingError } from "../farthing-error.ts";
import { checkedPoint, mayAnswer, rowName } from "../rows.ts";
import { modelledPools } from "./modelled-fleet.ts";
import type { FleetChoice, PoolCosts, Pools, ReplicaSize } from "./pool-parts.ts";
import { poolOf, PREFILL_BATCH } from "./pool-parts.ts";
import { aboveFloor, heldBelow, lawOfRow, promptFloor, scaledDecode, scaledPrefill } from "./scaled-law.ts";

export interface MeasuredFleet {
	readonly fleet: FleetSpec;
	/** Decode and, where it has machines of its own, prefill. */
	readonly fits: readonly PoolCosts[];
	/** Rows the step costs come from. */
	readonly rows: readonly string[];
	/** Step costs of a measured deployment stand on one row and the law. */
	readonly isScaled: boolean;
	readonly warnings: readonly Warning[];
}

/** InferenceX draws both lengths uniformly from 80% to 100% of the nominal ones. */
export const MEAN_OF_NOMINAL = 0.9;

/** What vLLM takes as the token budget of a step on data-centre GPUs. */
const STEP_TOKENS = 8192;

export function measuredFleet(
	catalogue: Catalogue,
	point: BenchmarkPoint,
	asOf: string,
	choice: FleetChoice,
): MeasuredFleet {
	const { table } = choice;
	const modelled = table === undefined ? modelledPools(catalogue, point, choice) : undefined;
	const rows = table === undefined && modelled === undefined ? siblings(catalogue, point, asOf) : [];
	const measured = (): Pools =>
		table === undefined ? measuredPools(catalogue, point, rows, choice) : tabulatedPools(point, table, choice);
	const made = modelled ?? measured();
	return {
		fleet: {
			pools: made.pools,
			router: choice.router,
			priorities: choice.priorities,
			...(made.transfer === undefined ? {} : { transfer: made.transfer }),
		},
		fits: made.fits,
		rows: rows.map(({ id }) => id),
		isScaled: modelled === undefined && made.fits.some(({ prefillFrom }) => prefillFrom === "law"),
		warnings: modelled === undefined ? costWarnings(point, made.fits) : [],
	};
}

function costWarnings(point: BenchmarkPoint, fits: readonly PoolCosts[]): Warning[] {
	const scaled = fits.flatMap(({ prefillFrom }, i) =>
		prefillFrom !== "law" ? [] : [fits.length === 1 ? "steps" : i === 0 ? "decode steps" : "prefill steps"],
	);
	const warnings: Warning[] = [];
	if (scaled.length > 0) {
		const message = `${rowName(point)}: the measured rows of this deployment cannot tell the terms of ${scaled.join(" and ")} apart; the step-time law gives their ratios, scaled through the operating point of this one row (grade E away from it)`;
		warnings.push({ code: "steps-scaled-by-law", message });
	}
	if (fits.some(({ prefillFrom }) => prefillFrom === "assumption")) {
		const message = `${rowName(point)}: no row tells prefill from decode; an output token is taken to cost ten computed input tokens`;
		warnings.push({ code: "prefill-assumed", message });
	}
	return warnings;
}

/** Rows of the same deployment that keep their checks, at any concurrency and length. */
function siblings(catalogue: Catalogue, point: BenchmarkPoint, asOf: string): BenchmarkPoint[] {
	const key = deploymentKey(point);
	const all = catalogue.benchmarks.filter((each) => deploymentKey(each) === key);
	const usable = latestRows(all, { asOf }).filter(
		(each) =>
			each.id === point.id ||
			mayAnswer(checkedPoint(each), ["tokensPerGpuSecond", "interactivityTokensPerSecond", "gpus"]).ok,
	);
	return usable.some(({ id }) => id === point.id) ? usable : [...usable, point];
}

function deploymentKey(point: BenchmarkPoint): string {
	return configurationKey({ ...point, isl: 0, osl: 0, concurrency: 0 });
}

function measuredPools(
	catalogue: Catalogue,
	point: BenchmarkPoint,
	rows: readonly BenchmarkPoint[],
	choice: FleetChoice,
): Pools {
	const law = lawOfRow(catalogue, point);
	return point.disaggregated
		? splitPools(catalogue, law, point, rows, choice)
		: onePool(catalogue, law, point, rows, choice);
}

/** Machines of the row, steps of the table: no larger batch, no more memory and no longer step than a row of it shows. */
function tabulatedPools(point: BenchmarkPoint, table: TabulatedCosts, choice: FleetChoice): Pools {
	const { costs, medianError, rows: runs, largestBatch, kvTokens } = table;
	const fit: PoolCosts = { costs, prefillFrom: "table", medianError, runs };
	const size = { kvTokens, stepTokens: Math.max(table.stepTokens, largestBatch + 1) };
	if (!point.disaggregated) {
		const gpus = point.gpus as number;
		return {
			pools: [poolOf("serving", "both", 1, gpus, fit, largestBatch, size, choice)],
			fits: [fit],
		};
	}
	const firsts = new Float64Array(PREFILL_BATCH + 1);
	firsts[0] = costs.decodeSeconds[0] as number;
	const prefill: PoolCosts = { ...fit, costs: { ...costs, decodeSeconds: firsts, contextSeconds: 0 } };
	const [before, after] = [point.prefill?.workers ?? 1, point.decode.workers ?? 1];
	const gpus = (role: "prefill" | "decode", workers: number): number => (point[role]?.gpus as number) / workers;
	return {
		pools: [
			poolOf("prefill", "prefill", before, gpus("prefill", before), prefill, PREFILL_BATCH, size, choice),
			poolOf("decode", "decode", after, gpus("decode", after), fit, largestBatch, size, choice),
		],
		fits: [fit, prefill],
	};
}

function onePool(
	catalogue: Catalogue,
	law: PreparedRow | undefined,
	point: BenchmarkPoint,
	rows: readonly BenchmarkPoint[],
	choice: FleetChoice,
): Pools {
	const batch = Math.max(1, point.concurrency);
	const runs = rows.map((row) => runOf(row, 1, "all"));
	const own = runOf(point, 1, "all");
	const fit = fittedOrScaled(
		law,
		point,
		tellsSteps(runs, own) ? fittedSteps(catalogue, law, runs, own, batch) : undefined,
		() => scaledDecode(catalogue, law as PreparedRow, own, batch, "both"),
	);
	const size = sizeShown(point, batch);
	const pool = poolOf("serving", "both", 1, point.gpus as number, fit, batch, size, choice);
	return { pools: [pool], fits: [fit] };
}

/** Workers of each role; a source that states none has one. */
function splitPools(
	catalogue: Catalogue,
	law: PreparedRow | undefined,
	point: BenchmarkPoint,
	rows: readonly BenchmarkPoint[],
	choice: FleetChoice,
): Pools {
	const prefillWorkers = point.prefill?.workers ?? 1;
	const decodeWorkers = point.decode.workers ?? 1;
	const batch = Math.max(1, Math.ceil(point.concurrency / decodeWorkers));
	const decode = splitDecode(catalogue, law, point, rows, decodeWorkers, batch);
	const prefill = splitPrefill(catalogue, law, point, rows, prefillWorkers);
	const gpus = (role: "prefill" | "decode", workers: number): number => (point[role]?.gpus as number) / workers;
	const isScaled = prefill.prefillFrom === "law";
	return {
		pools: [
			poolOf(
				"prefill",
				"prefill",
				prefillWorkers,
				gpus("prefill", prefillWorkers),
				prefill,
				PREFILL_BATCH,
				sizeShown(point, PREFILL_BATCH),
				choice,
			),
			poolOf(
				"decode",
				"decode",
				decodeWorkers,
				gpus("decode", decodeWorkers),
				decode,
				batch,
				sizeShown(point, batch),
				choice,
			),
		],
		fits: [decode, prefill],
		...(isScaled
			? { transfer: { bytesPerToken: 0, bytesPerSecond: 1, setUpSeconds: (law as PreparedRow).transferSeconds } }
			: {}),
	};
}

function splitDecode(
	catalogue: Catalogue,
	law: PreparedRow | undefined,
	point: BenchmarkPoint,
	rows: readonly BenchmarkPoint[],
	workers: number,
	batch: number,
): PoolCosts {
	const own = runOf(point, workers, "decode");
	const runs = rows.map((row) => runOf(row, workers, "decode"));
	const fit = tellsSteps(runs, own) ? decodeAlone(fittedSteps(catalogue, law, runs, own, batch)) : undefined;
	return fittedOrScaled(law, point, fit, () => scaledDecode(catalogue, law as PreparedRow, own, batch, "decode"));
}

/** The fit to the rows, held below the smallest batch that they have at the lengths of `own`. */
function fittedSteps(
	catalogue: Catalogue,
	law: PreparedRow | undefined,
	runs: readonly MeasuredRun[],
	own: MeasuredRun,
	largestBatch: number,
): FittedStepCosts & { readonly leastBatch: number } {
	const fit = fitStepCosts(runs, largestBatch, isOfShape(own));
	const leastBatch = Math.max(1, Math.min(...runs.filter(isOfShape(own)).map(decodingOf)));
	const context = own.inputTokens + own.outputTokens / 2;
	return { ...fit, costs: heldBelow(catalogue, law, fit.costs, leastBatch, context), leastBatch };
}

/** The fit to the rows, unless they tell nothing or it has a machine decode faster than it can read. */
function fittedOrScaled(
	law: PreparedRow | undefined,
	point: BenchmarkPoint,
	fit: PoolCosts | undefined,
	scaled: () => PoolCosts,
): PoolCosts {
	if (law === undefined) {
		if (fit === undefined) throw noCosts(point);
		return fit;
	}
	const isAbove = fit !== undefined && oneSequence(aboveFloor(law, fit).costs) === oneSequence(fit.costs);
	return aboveFloor(law, isAbove ? fit : scaled());
}

/** Machines without prefill tell nothing of it. */
function decodeAlone(fit: PoolCosts): PoolCosts {
	return { ...fit, prefillFrom: "shapes" };
}

function splitPrefill(
	catalogue: Catalogue,
	law: PreparedRow | undefined,
	point: BenchmarkPoint,
	rows: readonly BenchmarkPoint[],
	workers: number,
): PoolCosts {
	const own = runOf(point, workers, "all");
	const isTold = new Set(rows.map(({ isl }) => isl)).size > 1;
	const fit = isTold ? prefillFit(point, rows, workers) : undefined;
	if (law?.prefill === undefined) {
		if (fit === undefined) throw noCosts(point);
		return fit;
	}
	const isAbove =
		fit !== undefined && fit.costs.prefillSeconds * own.inputTokens >= promptFloor(law.prefill.work, own.inputTokens);
	return isAbove ? fit : scaledPrefill(catalogue, law, own);
}

function oneSequence({ decodeSeconds }: StepCosts): number {
	return decodeSeconds[1] as number;
}

function isOfShape(own: MeasuredRun): (run: MeasuredRun) => boolean {
	return (run) => run.inputTokens === own.inputTokens && run.outputTokens === own.outputTokens;
}

/** Runs apart by half or more in how many sequences decode at a time tell what a step costs from what a sequence adds. */
const APART = 1.5;
/** Of other shapes it takes as many runs as decode has terms (a step, a sequence, a context), and one for prefill. */
const OF_ALL_SHAPES = 4;

function tellsSteps(runs: readonly MeasuredRun[], own: MeasuredRun): boolean {
	const areApart = (of: readonly MeasuredRun[]): boolean => {
		const batches = of.map(decodingOf);
		return Math.max(...batches) >= APART * Math.min(...batches);
	};
	return areApart(runs.filter(isOfShape(own))) || (runs.length >= OF_ALL_SHAPES && areApart(runs));
}

/** Sequences that decode at a time: Little's law. */
function decodingOf({ requestsPerSecond, outputTokens, tpotSeconds }: MeasuredRun): number {
	return requestsPerSecond * outputTokens * tpotSeconds;
}

/** Rows that tell nothing, of a model or part that the law does not know. */
function noCosts(point: BenchmarkPoint): FarthingError {
	const message = `${rowName(point)}: one operating point does not tell what a step, a sequence and a prompt cost, and the catalogue lacks what the step-time law needs of ${point.model} on ${point.hardware}`;
	return new FarthingError(3, "no-step-costs", message, {
		expected: "a deployment measured at several concurrencies, or step times of one's own",
		hint: "--steps FILE",
	});
}

/**
 * Prefill machines: what their TTFT says at light load, but never slower than the throughput that they were seen to keep
 * up with.
 */
function prefillFit(point: BenchmarkPoint, rows: readonly BenchmarkPoint[], workers: number): FittedStepCosts {
	const runs = rows.map((row) => runOf(row, workers, "all"));
	const fit = fitStepCosts(runs, 1);
	const seen = runs.reduce((most, run) => Math.max(most, run.requestsPerSecond * run.inputTokens), 0);
	const fastest = 1 / (seen * 1.02);
	const own = runOf(point, workers, "all");
	const perToken = fit.costs.prefillSeconds + fit.costs.prefillContextSeconds * (own.inputTokens / 2);
	const prefillSeconds = Math.min(perToken, fastest);
	return {
		...fit,
		costs: {
			decodeSeconds: new Float64Array(PREFILL_BATCH + 1),
			contextSeconds: 0,
			prefillSeconds,
			prefillContextSeconds: 0,
			requestSeconds: fit.prefillFrom === "ttft" ? fit.costs.requestSeconds : 0,
		},
	};
}

/** Memory for the row's concurrency at its lengths. */
function sizeShown({ isl, osl }: BenchmarkPoint, largestBatch: number): ReplicaSize {
	const kvTokens = Math.max(largestBatch * (isl + osl) * 1.02, 1.02 * (isl + osl) * 16);
	return { kvTokens, stepTokens: Math.max(STEP_TOKENS, largestBatch + 1024) };
}

/** A row as a run of one of `workers` machines. Speculation is inside the measured TPOT: a token is a step here. */
function runOf(row: BenchmarkPoint, workers: number, work: "all" | "decode"): MeasuredRun {
	const inputTokens = row.isl * MEAN_OF_NOMINAL;
	const outputTokens = row.osl * MEAN_OF_NOMINAL;
	const ttft = row.latency.ttft?.median ?? row.latency.ttft?.mean;
	return {
		inputTokens,
		cachedTokens: work === "decode" ? inputTokens : 0,
		outputTokens,
		requestsPerSecond: (row.tokensPerGpuSecond * (row.gpus as number)) / (inputTokens + outputTokens) / workers,
		tpotSeconds: 1 / row.interactivityTokensPerSecond,
		...(ttft === undefined || work === "decode" ? {} : { ttftSeconds: ttft }),
		loop: "closed",
		tokensPerStep: 1,
	};
}
