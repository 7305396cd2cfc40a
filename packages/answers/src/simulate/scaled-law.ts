/**
 * Step costs of a measured deployment whose rows cannot tell them apart: one row is one equation for several unknowns. The law
 * of `predict` gives the terms their ratios (fixed, of a sequence, of its context, of a prompt), the row their size:
 *
 *   decode, machines of its own:   s·(d[B] + k·B·ctx) = TPOT,                        B = rate·OSL·TPOT / workers
 *   machines that do both:         s·(d[B] + k·B·ctx) + TPOT·rate·s·p·U = TPOT
 *   prefill, machines of its own:  admission + s·(d[0] + p·U)·(1 + queue) + transfer = TTFT,
 *                                  and s no more than lets the machines keep up with the row's rate
 *
 * with the law's own queue of a closed loop. No decode step is shorter than reading weights and cache at the peak of the data
 * sheet takes, with {@link MOST_TOKENS} tokens a step where tokens are drafted.
 *
 * Costs fitted to several rows are held below the smallest batch of these rows: the fitted line is drawn by all of them, and
 * where the large batches have it start at nothing, a step of one sequence would take next to no time. A smaller batch saves
 * what the law says it does, and no more: s(B) ≥ s(b)·L(B)/L(b), b being the smallest measured batch, L the law's step.
 */
import type { Catalogue } from "@farthing/catalogue";
import type { BenchmarkPoint, MeasuredRun, PreparedRow, Role, ServingFacts, StepCosts } from "@farthing/engine";
import {
	ceilingStep,
	modelledPrefillCosts,
	modelledStepCosts,
	PREFILL_STEP_TOKENS,
	prepareRow,
} from "@farthing/engine";
import { servingFacts } from "../predict/calibration-rows.ts";
import { rowOfPoint } from "../predict/row-layouts.ts";
import type { PoolCosts } from "./pool-parts.ts";
import { PREFILL_BATCH } from "./pool-parts.ts";

/** What the law knows of a measured row: undefined where the catalogue lacks a figure of its model or part. */
export function lawOfRow(catalogue: Catalogue, point: BenchmarkPoint): PreparedRow | undefined {
	const row = rowOfPoint(catalogue, point);
	if (row === undefined) return undefined;
	const prepared = prepareRow(row, factsOf(catalogue));
	return prepared.possible ? prepared.prepared : undefined;
}

/** Facts of a catalogue are the same each time, and a plan under traffic asks for each of its fleets. */
const FACTS = new WeakMap<Catalogue, ServingFacts>();

function factsOf(catalogue: Catalogue): ServingFacts {
	const known = FACTS.get(catalogue) ?? servingFacts(catalogue);
	FACTS.set(catalogue, known);
	return known;
}

/** Decode on machines of their own, or together with prefill, through the operating point of `own`, a run of one machine. */
export function scaledDecode(
	catalogue: Catalogue,
	{ load, decode }: PreparedRow,
	own: MeasuredRun,
	largestBatch: number,
	work: "decode" | "both",
): PoolCosts {
	const { law } = catalogue.servingLaw;
	const shape = modelledStepCosts(decode.work, law, load, largestBatch);
	const batch = Math.min(largestBatch, Math.max(1, own.requestsPerSecond * own.outputTokens * own.tpotSeconds));
	const prompts = work === "both" ? own.requestsPerSecond * shape.prefillSeconds * own.inputTokens : 0;
	const context = own.inputTokens + own.outputTokens / 2;
	const scale = own.tpotSeconds / (stepAt(shape, batch, context) + own.tpotSeconds * prompts);
	const costs = {
		decodeSeconds: shape.decodeSeconds.map((seconds) => seconds * scale),
		contextSeconds: shape.contextSeconds * scale,
		prefillSeconds: work === "both" ? shape.prefillSeconds * scale : 0,
		prefillContextSeconds: 0,
		requestSeconds: work === "both" ? shape.requestSeconds : 0,
	};
	return { costs, prefillFrom: "law", runs: 1 };
}

/** Prefill on machines of its own through the TTFT of the row, where it states one, and its rate. */
export function scaledPrefill(
	catalogue: Catalogue,
	{ load, prefill, transferSeconds }: PreparedRow,
	own: MeasuredRun,
): PoolCosts {
	const { law } = catalogue.servingLaw;
	const work = (prefill as Role).work;
	const shape = modelledPrefillCosts(work, law, load, PREFILL_BATCH);
	const alone = promptSeconds(shape, own.inputTokens);
	const waiting = load.concurrency / (prefill as Role).workers;
	const full = Math.max(1, Math.min(PREFILL_STEP_TOKENS / own.inputTokens, waiting));
	const fullSeconds = ((shape.decodeSeconds[0] as number) + shape.prefillSeconds * full * own.inputTokens) / full;
	const most = 1 / (own.requestsPerSecond * KEEPS_UP * fullSeconds);
	const least = Math.min(most, promptFloor(work, own.inputTokens) / alone);
	const ttftAt = (scale: number): number => {
		const busy = Math.min(0.999, own.requestsPerSecond * fullSeconds * scale);
		const queue = law.queueing * busy * Math.sqrt(waiting) + law.burst * 0.5 * Math.max(0, waiting - 1);
		return law.admissionSeconds + transferSeconds + alone * scale * (1 + queue);
	};
	const scale = own.ttftSeconds === undefined ? within(least, 1, most) : solved(ttftAt, own.ttftSeconds, least, most);
	return {
		costs: {
			decodeSeconds: shape.decodeSeconds.map((seconds) => seconds * scale),
			contextSeconds: 0,
			prefillSeconds: shape.prefillSeconds * scale,
			prefillContextSeconds: 0,
			requestSeconds: shape.requestSeconds,
		},
		prefillFrom: "law",
		runs: 1,
	};
}

/** No decode step below `leastBatch` shorter than the law makes it out of the one at it; without a law, than that one. */
export function heldBelow(
	catalogue: Catalogue,
	law: PreparedRow | undefined,
	costs: StepCosts,
	leastBatch: number,
	context: number,
): StepCosts {
	const last = costs.decodeSeconds.length - 1;
	const least = Math.min(Math.ceil(leastBatch), last);
	const shape =
		law === undefined ? undefined : modelledStepCosts(law.decode.work, catalogue.servingLaw.law, law.load, last);
	const share = (batch: number): number =>
		shape === undefined ? 1 : stepAt(shape, batch, context) / stepAt(shape, least, context);
	const measured = stepAt(costs, least, context);
	const decodeSeconds = costs.decodeSeconds.map((seconds, batch) =>
		batch === 0 || batch >= least
			? seconds
			: Math.max(seconds, measured * share(batch) - costs.contextSeconds * batch * context),
	);
	return { ...costs, decodeSeconds };
}

/** No decode step below the floor of the machine. */
export function aboveFloor<T extends { readonly costs: StepCosts }>({ load, decode, row }: PreparedRow, fit: T): T {
	const context = load.cachedTokens + load.inputTokens + load.outputTokens / 2;
	const tokensPerStep = row.speculative === "none" ? 1 : MOST_TOKENS;
	const at = { inputTokens: 0, outputTokens: load.outputTokens, cachedTokens: context - load.outputTokens / 2 };
	const decodeSeconds = fit.costs.decodeSeconds.map((seconds, batch) => {
		if (batch === 0) return seconds;
		const floor = ceilingStep(decode.work, { ...at, tokensPerStep }, batch).read / tokensPerStep;
		return Math.max(seconds, floor - fit.costs.contextSeconds * batch * context);
	});
	return { ...fit, costs: { ...fit.costs, decodeSeconds } };
}

/** Tokens that a step gives a sequence at most: three drafted ones, all of them accepted. */
const MOST_TOKENS = 4;
/** Machines that were seen to keep up with a rate have that much more, the least that leaves no endless queue. */
const KEEPS_UP = 1.02;
const BISECTIONS = 60;

/** Seconds of a prompt's products at the peak of the data sheet. */
export function promptFloor(work: Role["work"], tokens: number): number {
	const perToken = work.expertPerToken + (work.projectionPerToken + work.densePerToken) / work.tokenShards;
	return (perToken * tokens) / work.stages;
}

function promptSeconds(costs: StepCosts, tokens: number): number {
	return (costs.decodeSeconds[0] as number) + costs.prefillSeconds * tokens;
}

/** d at a batch between two whole ones. */
function decodeAt({ decodeSeconds }: StepCosts, batch: number): number {
	const low = Math.floor(batch);
	const base = decodeSeconds[low] as number;
	const next = decodeSeconds[Math.min(decodeSeconds.length - 1, low + 1)] as number;
	return base + (next - base) * (batch - low);
}

/** A decode step with so much context in each sequence. */
function stepAt(costs: StepCosts, batch: number, context: number): number {
	return decodeAt(costs, batch) + costs.contextSeconds * batch * context;
}

/** Where a rising function takes a value, between two bounds. */
function solved(of: (x: number) => number, value: number, least: number, most: number): number {
	let [low, high] = [least, most];
	for (let i = 0; i < BISECTIONS; i++) {
		const middle = (low + high) / 2;
		if (of(middle) < value) low = middle;
		else high = middle;
	}
	return (low + high) / 2;
}

function within(least: number, value: number, most: number): number {
	return Math.min(most, Math.max(least, value));
}
