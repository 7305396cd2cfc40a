/**
 * A deployment that nobody measured as a fleet of the simulator: steps by the step-time law, stretched so that a token takes what
 * the modelled row says of it (the law as measured rows correct it), prefill by as much as its throughput differs. KV memory is
 * what the law finds free beside the weights.
 */
import type { Catalogue } from "@farthing/catalogue";
import type { BenchmarkPoint, PreparedRow, Role, StepCosts } from "@farthing/engine";
import {
	modelledPrefillCosts,
	modelledState,
	modelledStepCosts,
	PREFILL_STEP_TOKENS,
	prepareRow,
} from "@farthing/engine";
import { servingFacts } from "../predict/calibration-rows.ts";
import { modelledLengthShare } from "../predict/modelled-points.ts";
import { rowOfPoint } from "../predict/row-layouts.ts";
import type { FleetChoice, PoolCosts, Pools } from "./pool-parts.ts";
import { poolOf, PREFILL_BATCH } from "./pool-parts.ts";

/** Undefined of a measured row. */
export function modelledPools(catalogue: Catalogue, point: BenchmarkPoint, choice: FleetChoice): Pools | undefined {
	if (point.isModelled !== true) return undefined;
	const { law } = catalogue.servingLaw;
	const row = preparedPoint(catalogue, point);
	const { load, decode, prefill } = row;
	const steady = modelledState(row, law);
	const slower = 1 / point.interactivityTokensPerSecond / steady.tpotSeconds;
	const batch = Math.max(1, Math.min(Math.ceil(load.concurrency / decode.workers), Math.floor(decode.sequences)));
	const decodeFit = costsOf(stretched(modelledStepCosts(decode.work, law, load, batch), slower, slower));
	const places = { largestBatch: batch, stepTokens: batch * 2 + 8192 };
	const pool = (name: "serving" | "prefill" | "decode", role: Role, fit: PoolCosts, of: typeof places) => {
		const gpus = role.gpus / role.workers;
		const kvTokens = role.sequences * (load.inputTokens + load.cachedTokens + load.outputTokens / 2);
		const size = { kvTokens, stepTokens: of.stepTokens };
		return poolOf(name, name === "serving" ? "both" : name, role.workers, gpus, fit, of.largestBatch, size, choice);
	};
	if (prefill === undefined) return { pools: [pool("serving", decode, decodeFit, places)], fits: [decodeFit] };
	const dearer = steady.tokensPerGpuSecond / point.tokensPerGpuSecond;
	const first = modelledPrefillCosts(prefill.work, law, load, PREFILL_BATCH);
	const prefillFit = costsOf(stretched(first, dearer, dearer));
	return {
		pools: [
			pool("prefill", prefill, prefillFit, { largestBatch: PREFILL_BATCH, stepTokens: PREFILL_STEP_TOKENS }),
			pool("decode", decode, decodeFit, places),
		],
		fits: [decodeFit, prefillFit],
		transfer: { bytesPerToken: 0, bytesPerSecond: 1, setUpSeconds: row.transferSeconds },
	};
}

function costsOf(costs: StepCosts): PoolCosts {
	return { costs, prefillFrom: "law", runs: 0 };
}

function stretched(costs: StepCosts, decode: number, prefill: number): StepCosts {
	return {
		decodeSeconds: costs.decodeSeconds.map((seconds) => seconds * decode),
		contextSeconds: costs.contextSeconds * decode,
		prefillSeconds: costs.prefillSeconds * prefill,
		prefillContextSeconds: costs.prefillContextSeconds * prefill,
		requestSeconds: costs.requestSeconds,
	};
}

/** The row that the point was modelled from. */
function preparedPoint(catalogue: Catalogue, point: BenchmarkPoint): PreparedRow {
	const row = rowOfPoint(catalogue, point);
	if (row === undefined) throw new TypeError(`a modelled row has a layout: ${point.id}`);
	const prepared = prepareRow({ ...row, lengthShare: modelledLengthShare(catalogue, point) }, servingFacts(catalogue));
	if (!prepared.possible) throw new TypeError(`a modelled row can run: ${prepared.reason}`);
	return prepared.prepared;
}
