/**
 * Modelled rows beside the measured ones, for questions asked with `--modelled`: the frontier of each part, stack and
 * format that has no measured row of the model at the asked lengths. Grade D, state `modelled`. A group that was measured
 * is left as it is: the model does not speak over a benchmark.
 */
import type { Catalogue } from "@farthing/catalogue";
import { dayNumber } from "@farthing/catalogue";
import type { BenchmarkPoint, Calibration, ServingRow, WorkerGroup, WorkerLayout } from "@farthing/engine";
import { centralValue } from "@farthing/engine";
import type { Scenario } from "@farthing/scenario";
import type { Warning } from "../envelope.ts";
import { groupedBy } from "../grouping.ts";
import { modelNamed } from "../names.ts";
import { calibratedLaw, servingFacts } from "./calibration-rows.ts";
import { INFERENCEX_LENGTH_SHARE } from "./row-layouts.ts";
import type { PlannedDemand } from "./leanest.ts";
import { leanest, plannedDemand } from "./leanest.ts";
import { splitSweepRows } from "./split-sweep.ts";
import type { PlannedPoint, SweptPoint } from "./sweep.ts";
import { sweep, sweepRows, sweptFrontier } from "./sweep.ts";

export interface ModelledQuestion {
	readonly model: string;
	readonly isl: number;
	readonly osl: number;
	/** Day for which the stacks are predicted, `YYYY-MM-DD`. */
	readonly asOf: string;
}

export const MODELLED_SOURCE = "predicted by farthing's step-time law and its measured rows";

/**
 * The catalogue with modelled rows behind its measured ones, prefill and decode on machines of their own among them: the
 * frontier of each group, and for a plan the deployments of it that serve the demand within the limits on the fewest GPUs.
 */
export function withModelledPoints(
	catalogue: Catalogue,
	question: ModelledQuestion,
	planned?: PlannedDemand,
): Catalogue {
	const { model, isl, osl, asOf } = question;
	const groupKey = (of: { hardware: string; stack: string; precision: string }): string =>
		[of.hardware, of.stack, of.precision].join("|");
	const taken = new Set(measuredAt(catalogue, question).map(groupKey));
	const { known, calibration } = calibratedLaw(catalogue);
	const facts = servingFacts(catalogue);
	const asked = { model, isl, osl, lengthShare: modelledLengthShare(catalogue, question), day: dayNumber(asOf) };
	const rows = [
		...sweepRows(catalogue, known, facts, asked),
		...splitSweepRows(catalogue, known, facts, calibration.law, asked),
	].filter(
		// a deployment whose requests wait for a place in the cache is overloaded, not an option
		({ row, decode }) =>
			!taken.has(groupKey(row)) && row.concurrency <= decode.sequences * decode.workers + prefilling(row),
	);
	const fronts = [...groupedBy(rows, ({ row }) => groupKey(row)).values()].flatMap((group) => {
		const points = sweep(calibration, group).map((point) => plannedPoint(calibration, point));
		return [...new Set([...sweptFrontier(points), ...(planned === undefined ? [] : leanest(points, planned))])];
	});
	return { ...catalogue, benchmarks: [...catalogue.benchmarks, ...fronts.map((point) => pointOf(point, asOf))] };
}

/** Mean over nominal lengths of modelled rows: as measured ones have them where there are any to stand beside. */
export function modelledLengthShare(catalogue: Catalogue, question: Omit<ModelledQuestion, "asOf">): number {
	return measuredAt(catalogue, question).length > 0 ? INFERENCEX_LENGTH_SHARE : 1;
}

function measuredAt({ benchmarks }: Catalogue, { model, isl, osl }: Omit<ModelledQuestion, "asOf">): BenchmarkPoint[] {
	return benchmarks.filter(
		(point) => point.isModelled !== true && point.model === model && point.isl === isl && point.osl === osl,
	);
}

/** Requests that prefill machines of their own have under way. */
function prefilling({ prefill }: ServingRow): number {
	return prefill?.workers ?? 0;
}

interface ModelledPoint extends PlannedPoint, SweptPoint {
	readonly ttftMedian: number | undefined;
}

function plannedPoint(calibration: Calibration, point: SweptPoint): ModelledPoint {
	const { ttftMedian } = calibration.means(point.prepared, ["ttftMedian"]);
	const gpus = point.prepared.row.gpus as number;
	return { ...point, gpus, ttftMedian, ttftMedianSeconds: ttftMedian ?? Number.POSITIVE_INFINITY };
}

function pointOf(
	{ prepared: { row }, interactivityTokensPerSecond, tokensPerGpuSecond, ttftMedian, gpus }: ModelledPoint,
	asOf: string,
): BenchmarkPoint {
	const { id, model, hardware, stack, precision, speculative, disaggregated, isl, osl, concurrency } = row;
	const { decode, prefill } = row;
	return {
		id,
		family: "inferencex",
		kind: "dated",
		isModelled: true,
		model,
		hardware,
		stack,
		precision,
		speculative,
		disaggregated,
		multinode: false,
		isl,
		osl,
		concurrency,
		gpus,
		...(prefill !== undefined && { prefill: groupOf(prefill) }),
		decode: disaggregated ? groupOf(decode) : { tp: decode.tp, ep: decode.ep, dpAttention: decode.dpAttention },
		measuredOn: asOf,
		interactivityTokensPerSecond,
		tokensPerGpuSecond,
		latency: {
			tpot: { median: 1 / interactivityTokensPerSecond },
			...(ttftMedian !== undefined && { ttft: { median: ttftMedian } }),
		},
		source: MODELLED_SOURCE,
	};
}

function groupOf({ tp, ep, dpAttention, workers = 1 }: WorkerLayout): WorkerGroup {
	return { tp, ep, dpAttention, workers, gpus: tp * workers };
}

/** Lengths within 5% of a measured pair are answered at that pair, where measured rows stand beside modelled ones. */
const NEAR = 0.05;

/** The same for a scenario: its model, at the measured lengths nearest to its own or at its own. */
export function withModelledPointsFor(catalogue: Catalogue, scenario: Scenario, asOf: string): Catalogue {
	const model = modelNamed(catalogue, scenario.model).id;
	const [input, output] = [scenario.workload.input, scenario.workload.output].map(({ distribution }) =>
		Math.max(1, Math.round(centralValue(distribution))),
	) as [number, number];
	const near = catalogue.benchmarks
		.filter((point) => point.model === model)
		.map(({ isl, osl }) => ({ isl, osl, off: Math.max(Math.abs(isl / input - 1), Math.abs(osl / output - 1)) }))
		.filter(({ off }) => off <= NEAR)
		.sort((a, b) => a.off - b.off)[0];
	const { isl, osl } = near ?? { isl: input, osl: output };
	return withModelledPoints(catalogue, { model, isl, osl, asOf }, plannedDemand(scenario));
}

export function modelledWarning(catalogue: Catalogue): Warning {
	const count = catalogue.benchmarks.filter(({ isModelled }) => isModelled === true).length;
	return {
		code: "modelled-rows",
		message: `${count} modelled rows (grade D) stand beside the measured ones: parts, stacks and formats that nobody measured for this model and these lengths`,
	};
}
