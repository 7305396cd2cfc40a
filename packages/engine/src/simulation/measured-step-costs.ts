/**
 * Step costs from measured runs. While a request decodes, each of its tokens takes a step of the sequences that decode
 * beside it, and the prefills that come meanwhile take their share of the time:
 *
 *   TPOT · (1 − N·(p·U + a·A)) = d0 + B·(d1 + k·ctx),     B = N·OSL·TPOT (closed loop), 1 + N·OSL·TPOT (open)
 *   TTFT of a run with hardly any load = r + d0 + p·U + a·A
 *
 * N requests a second of one replica, U computed tokens of a prompt, A = U·(cached + U/2), ctx = ISL + OSL/2. The first is
 * Little's law on the decoding requests; at saturation it says that the GPUs are busy all the time. Both are linear in the
 * six costs, which are fitted by least squares on relative errors, none below 0. One shape alone does not tell prefill
 * from decode (B and N·U rise together): then TTFT has to, or else an assumption, and the result says which.
 */
import { nonNegativeLeastSquares } from "../numerics/non-negative-least-squares.ts";
import type { StepCosts } from "./step-costs.ts";

export interface MeasuredRun {
	readonly inputTokens: number;
	/** Of them, read from a prefix cache. */
	readonly cachedTokens: number;
	readonly outputTokens: number;
	/** Of one replica. */
	readonly requestsPerSecond: number;
	readonly tpotSeconds: number;
	readonly ttftSeconds?: number;
	readonly loop: "open" | "closed";
	/** Output tokens per step and sequence. */
	readonly tokensPerStep: number;
}

export interface FittedStepCosts {
	readonly costs: StepCosts;
	/** What told prefill from decode. */
	readonly prefillFrom: "ttft" | "shapes" | "assumption";
	/** Relative errors of TPOT on the runs it was fitted to. */
	readonly medianError: number;
	readonly runs: number;
}

/** An output token costs about as much GPU time as this many computed input tokens: the assumption where nothing tells. */
export const OUTPUT_OVER_INPUT_COST = 10;

/** A run whose prefills take less than this share of the time has no queue to speak of. */
const LIGHT_LOAD = 0.15;

/** Needs one run at least. `reference` names the runs through whose points d[B] is drawn; none: d is a straight line. */
export function fitStepCosts(
	runs: readonly MeasuredRun[],
	largestBatch: number,
	reference: (run: MeasuredRun) => boolean = () => false,
): FittedStepCosts {
	const light = lightRuns(runs);
	const shapes = new Set(
		runs.map(({ inputTokens, cachedTokens, outputTokens }) => `${inputTokens}/${cachedTokens}/${outputTokens}`),
	);
	const prefillFrom = light.length > 0 ? "ttft" : shapes.size > 2 ? "shapes" : "assumption";
	const equations = [
		...runs.map(decodeEquation),
		...light.map(firstTokenEquation),
		...(prefillFrom === "assumption" ? runs.map(assumedShare) : []),
	];
	const fitted = nonNegativeLeastSquares(
		equations.map(({ left, right }) => left.map((value) => value / right)),
		equations.map(() => 1),
	);
	const [d0, d1, k, p, a, r] = fitted as [number, number, number, number, number, number];
	const common = { contextSeconds: k, prefillSeconds: p, prefillContextSeconds: a, requestSeconds: r };
	const knots = runs.filter(reference).map((run) => knotOf(run, k, p, a));
	const costs = { decodeSeconds: decodeTable(knots, d0, d1, largestBatch), ...common };
	const errors = runs.map((run) => Math.abs(tpotOf(costs, run) / run.tpotSeconds - 1)).sort((x, y) => x - y);
	return { costs, prefillFrom, medianError: errors[Math.floor(errors.length / 2)] as number, runs: runs.length };
}

interface Equation {
	/** Coefficients of d0, d1, k, p, a, r. */
	readonly left: readonly number[];
	readonly right: number;
}

function decodeEquation(run: MeasuredRun): Equation {
	const { requestsPerSecond: rate, tpotSeconds } = run;
	const step = tpotSeconds * run.tokensPerStep;
	const batch = batchOf(run);
	const { computed, before } = prefillOf(run);
	return {
		left: [1, batch, batch * contextOf(run), step * rate * computed, step * rate * before, 0],
		right: step,
	};
}

function firstTokenEquation(run: MeasuredRun): Equation {
	const { computed, before } = prefillOf(run);
	return { left: [1, 0, 0, computed, before, 1], right: run.ttftSeconds as number };
}

/** Prefill takes the share that its tokens have when an output token costs as much as so many of them. */
function assumedShare(run: MeasuredRun): Equation {
	const { computed, before: _ } = prefillOf(run);
	const share = computed / (computed + OUTPUT_OVER_INPUT_COST * run.outputTokens);
	return { left: [0, 0, 0, run.requestsPerSecond * computed, 0, 0], right: share };
}

/** Of each shape the run with the lowest load, if it has a TTFT and its prefills are few. */
function lightRuns(runs: readonly MeasuredRun[]): MeasuredRun[] {
	const lowest = new Map<string, MeasuredRun>();
	for (const run of runs) {
		if (run.ttftSeconds === undefined) continue;
		const shape = `${run.inputTokens}/${run.cachedTokens}/${run.outputTokens}`;
		const rival = lowest.get(shape);
		if (rival === undefined || run.requestsPerSecond < rival.requestsPerSecond) lowest.set(shape, run);
	}
	const all = [...lowest.values()];
	const light = all.filter((run) => run.requestsPerSecond * (run.ttftSeconds as number) < LIGHT_LOAD);
	return light.length > 0 || all.length === 0 ? light : [all.reduce((x, y) => (loadOf(x) <= loadOf(y) ? x : y))];
}

function loadOf(run: MeasuredRun): number {
	return run.requestsPerSecond * (run.ttftSeconds as number);
}

function batchOf({ requestsPerSecond, outputTokens, tpotSeconds, loop }: MeasuredRun): number {
	const decoding = requestsPerSecond * outputTokens * tpotSeconds;
	return loop === "open" ? 1 + decoding : Math.max(1, decoding);
}

function contextOf({ inputTokens, outputTokens }: MeasuredRun): number {
	return inputTokens + outputTokens / 2;
}

function prefillOf({ inputTokens, cachedTokens }: MeasuredRun): { readonly computed: number; readonly before: number } {
	const computed = inputTokens - cachedTokens;
	return { computed, before: computed * (cachedTokens + computed / 2) };
}

interface Knot {
	readonly batch: number;
	readonly seconds: number;
}

/** What a step of a run takes without its prefills and contexts. */
function knotOf(run: MeasuredRun, k: number, p: number, a: number): Knot {
	const { computed, before } = prefillOf(run);
	const batch = batchOf(run);
	const share = Math.min(0.95, run.requestsPerSecond * (p * computed + a * before));
	const step = run.tpotSeconds * run.tokensPerStep * (1 - share);
	return { batch, seconds: Math.max(0, step - k * batch * contextOf(run)) };
}

/** d[B] through the knots, never falling; before the first and behind the last with the fitted line's slope. */
function decodeTable(knots: readonly Knot[], d0: number, d1: number, largestBatch: number): Float64Array {
	const table = new Float64Array(largestBatch + 1);
	const rising = risingKnots(knots);
	for (let batch = 0; batch <= largestBatch; batch++) table[batch] = secondsAt(rising, batch, d0, d1);
	return table;
}

/** By batch; knots of about the same batch are one, their mean; a fall becomes level. */
function risingKnots(knots: readonly Knot[]): Knot[] {
	const sorted = [...knots].sort((x, y) => x.batch - y.batch);
	const rising: Knot[] = [];
	for (const knot of sorted) {
		const last = rising.at(-1);
		if (last !== undefined && knot.batch < last.batch * 1.02) continue;
		rising.push(last === undefined ? knot : { batch: knot.batch, seconds: Math.max(knot.seconds, last.seconds) });
	}
	return rising;
}

function secondsAt(knots: readonly Knot[], batch: number, d0: number, d1: number): number {
	const first = knots[0];
	if (first === undefined) return d0 + d1 * batch;
	if (batch <= first.batch) {
		const floor = Math.min(d0, first.seconds);
		return first.batch === 0 ? first.seconds : floor + ((first.seconds - floor) * batch) / first.batch;
	}
	for (let i = 1; i < knots.length; i++) {
		const low = knots[i - 1] as Knot;
		const high = knots[i] as Knot;
		if (batch > high.batch) continue;
		return low.seconds + ((high.seconds - low.seconds) * (batch - low.batch)) / (high.batch - low.batch);
	}
	const last = knots.at(-1) as Knot;
	const before = knots.at(-2);
	const slope = before === undefined ? d1 : (last.seconds - before.seconds) / (last.batch - before.batch);
	return last.seconds + slope * (batch - last.batch);
}

/** TPOT that the costs give at the load of a run. */
function tpotOf(costs: StepCosts, run: MeasuredRun): number {
	const { computed, before } = prefillOf(run);
	const batch = batchOf(run);
	const share = run.requestsPerSecond * (costs.prefillSeconds * computed + costs.prefillContextSeconds * before);
	const low = Math.min(costs.decodeSeconds.length - 1, Math.floor(batch));
	const high = Math.min(costs.decodeSeconds.length - 1, low + 1);
	const base = costs.decodeSeconds[low] as number;
	const step = base + ((costs.decodeSeconds[high] as number) - base) * (batch - low);
	return (step + costs.contextSeconds * batch * contextOf(run)) / (run.tokensPerStep * Math.max(0.05, 1 - share));
}
