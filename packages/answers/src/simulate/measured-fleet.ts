/**
 * A measured deployment as a fleet of the simulator. Step costs come from the rows of the same deployment at all its
 * concurrencies and lengths; the batch is no larger than the concurrency of the row, and the KV memory no more than the row
 * shows there to be (its concurrency times its lengths): nothing is assumed of the machine beyond what was measured.
 */
import type { Catalogue } from "@farthing/catalogue";
import type { BenchmarkPoint, FittedStepCosts, FleetSpec, MeasuredRun, TabulatedCosts } from "@farthing/engine";
import { configurationKey, fitStepCosts, latestRows } from "@farthing/engine";
import type { Warning } from "../envelope.ts";
import { checkedPoint, mayAnswer, rowName } from "../rows.ts";
import { modelledPools } from "./modelled-fleet.ts";
import type { FleetChoice, PoolCosts, Pools, ReplicaSize } from "./pool-parts.ts";
import { poolOf, PREFILL_BATCH } from "./pool-parts.ts";

export interface MeasuredFleet {
	readonly fleet: FleetSpec;
	/** Decode and, where it has machines of its own, prefill. */
	readonly fits: readonly PoolCosts[];
	/** Rows the step costs come from. */
	readonly rows: readonly string[];
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
		table === undefined ? measuredPools(point, rows, choice) : tabulatedPools(point, table, choice);
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
		warnings: made.fits.some(({ prefillFrom }) => prefillFrom === "assumption")
			? [
					{
						code: "prefill-assumed",
						message: `${rowName(point)}: no row tells prefill from decode; an output token is taken to cost ten computed input tokens`,
					},
				]
			: [],
	};
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

function measuredPools(point: BenchmarkPoint, rows: readonly BenchmarkPoint[], choice: FleetChoice): Pools {
	return point.disaggregated ? splitPools(point, rows, choice) : onePool(point, rows, choice);
}

/** Machines of the row, steps of the table: no larger batch, no more memory and no longer step than a row of it shows. */
function tabulatedPools(point: BenchmarkPoint, table: TabulatedCosts, choice: FleetChoice): Pools {
	const { costs, medianError, rows: runs, largestBatch, kvTokens } = table;
	const fit: PoolCosts = { costs, prefillFrom: "table", medianError, runs };
	const size = { kvTokens, stepTokens: Math.max(table.stepTokens, largestBatch + 1) };
	if (!point.disaggregated) {
		const gpus = point.gpus as number;
		return {
			pools: [poolOf("serving", "both", choice.replicas, gpus, fit, largestBatch, size, choice)],
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
			poolOf(
				"prefill",
				"prefill",
				choice.replicas * before,
				gpus("prefill", before),
				prefill,
				PREFILL_BATCH,
				size,
				choice,
			),
			poolOf("decode", "decode", choice.replicas * after, gpus("decode", after), fit, largestBatch, size, choice),
		],
		fits: [fit, prefill],
	};
}

function onePool(point: BenchmarkPoint, rows: readonly BenchmarkPoint[], choice: FleetChoice): Pools {
	const batch = Math.max(1, point.concurrency);
	const runs = rows.map((row) => runOf(row, 1, "all"));
	const ownShape = runOf(point, 1, "all");
	const fit = fitStepCosts(
		runs,
		batch,
		(run) => run.inputTokens === ownShape.inputTokens && run.outputTokens === ownShape.outputTokens,
	);
	const size = sizeShown(point, batch);
	const pool = poolOf("serving", "both", choice.replicas, point.gpus as number, fit, batch, size, choice);
	return { pools: [pool], fits: [fit] };
}

/** Workers of each role; a source that states none has one. */
function splitPools(point: BenchmarkPoint, rows: readonly BenchmarkPoint[], choice: FleetChoice): Pools {
	const prefillWorkers = point.prefill?.workers ?? 1;
	const decodeWorkers = point.decode.workers ?? 1;
	const batch = Math.max(1, Math.ceil(point.concurrency / decodeWorkers));
	const own = runOf(point, decodeWorkers, "decode");
	const decode = fitStepCosts(
		rows.map((row) => runOf(row, decodeWorkers, "decode")),
		batch,
		(run) => run.inputTokens === own.inputTokens && run.outputTokens === own.outputTokens,
	);
	const prefill = prefillFit(point, rows, prefillWorkers);
	const gpus = (role: "prefill" | "decode", workers: number): number => (point[role]?.gpus as number) / workers;
	return {
		pools: [
			poolOf(
				"prefill",
				"prefill",
				choice.replicas * prefillWorkers,
				gpus("prefill", prefillWorkers),
				prefill,
				PREFILL_BATCH,
				sizeShown(point, PREFILL_BATCH),
				choice,
			),
			poolOf(
				"decode",
				"decode",
				choice.replicas * decodeWorkers,
				gpus("decode", decodeWorkers),
				decode,
				batch,
				sizeShown(point, batch),
				choice,
			),
		],
		fits: [decode, prefill],
	};
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
	const ttft = row.latency.ttft?.median;
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
