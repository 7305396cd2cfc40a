/**
 * A deployment in its steady state under a closed loop of C requests, each of `in` prompt and `out` output tokens.
 *
 * Aggregated, B of the C requests decode at a time, the others wait for or run their prefill:
 *   TPOT = step(B) / a + w·(B / out)·Δ      Δ = step(B with one prompt) − step(B), the time one prefill adds
 *   TTFT = a0 + step(B)/2 + step(one prompt, B) + waiting
 *   B    = C_eff·out·TPOT / (TTFT + out·TPOT),  C_eff = min(C, sequences that the cache holds)
 *   rate = C / (TTFT + (out − 1)·TPOT), tokens/s/GPU = rate·(in + out) / GPUs
 * with a the tokens that a speculative step is expected to yield. What exceeds C_eff waits for a place (Little's law).
 *
 * Disaggregated, w_p prefill workers and w_d decode workers share the loop:
 *   rate = w_d·B·a / (out·step_d(B)) ≤ w_p / T_pf,   C = rate·(TTFT + transfer) + w_d·B
 * solved for B by bisection: where prefill is the bottleneck its queue takes what decode does not hold.
 * Assumes that requests are alike and prefills are served in order.
 */
import { pow } from "../../numerics/elementary.ts";
import type { StepLaw } from "./step-law.ts";
import { stepSeconds, type StepWork } from "./step-time.ts";

/** Mean lengths as they run, not as they are named: a harness may draw 80 to 100% of the nominal length. */
export interface ServingLoad {
	readonly concurrency: number;
	readonly inputTokens: number;
	readonly outputTokens: number;
	/** Prompt tokens whose cache entries exist already. */
	readonly cachedTokens: number;
	/** Tokens that a decoding sequence brings into a step: 1 + drafted. */
	readonly tokensPerSequence: number;
	/** Tokens a step is expected to yield for a sequence, 1 without speculative decoding. */
	readonly acceptedPerStep: number;
}

export interface SteadyState {
	readonly ttftSeconds: number;
	readonly tpotSeconds: number;
	readonly tokensPerGpuSecond: number;
	/** Sequences that decode at a time, over the deployment. */
	readonly decoding: number;
	/** Requests that wait because the cache is full. */
	readonly waiting: number;
}

export interface Role {
	readonly work: StepWork;
	readonly workers: number;
	readonly gpus: number;
	/** Sequences that the cache of one worker holds. */
	readonly sequences: number;
}

export interface Transfer {
	/** Cache bytes of one prompt over the bandwidth of the link, and the handshake. */
	readonly seconds: number;
}

const ROUNDS = 4;

export function aggregatedState(role: Role, law: StepLaw, load: ServingLoad): SteadyState {
	const { work } = role;
	const { concurrency, outputTokens: out, acceptedPerStep } = load;
	const admitted = Math.min(concurrency / role.workers, Math.max(1, role.sequences * law.overcommit));
	let decoding = admitted;
	let tpot = 0;
	let ttft = 0;
	for (let round = 0; round < ROUNDS; round++) {
		const step = decodeStep(work, law, load, decoding);
		const mixed = mixedStep(work, law, load, decoding);
		const added = mixed - step;
		tpot = (step * draftCost(law, load)) / acceptedPerStep + (law.interference * added * decoding) / out;
		const busy = Math.min(1, (added * decoding) / (out * tpot));
		const queue = law.queueing * busy * pow(admitted, 0.5) + law.burst * 0.5 * (admitted - 1);
		ttft = law.admissionSeconds + 0.5 * step + mixed + queue * added;
		decoding = Math.max(Math.min(1, admitted), (admitted * out * tpot) / (ttft + out * tpot));
	}
	const service = ttft + (out - 1) * tpot;
	const waiting = concurrency / role.workers - admitted;
	const waited = ttft + (law.waitShare * waiting * service) / admitted;
	return state(load, role.gpus, waited, tpot, decoding * role.workers, waiting * role.workers);
}

const BISECTIONS = 22;
/** Prompt tokens that a prefill worker takes in one step when requests wait: common default of the engines. */
export const PREFILL_STEP_TOKENS = 16_384;

export function disaggregatedState(
	prefill: Role,
	decode: Role,
	transfer: Transfer,
	law: StepLaw,
	load: ServingLoad,
): SteadyState {
	const { concurrency, outputTokens: out, acceptedPerStep } = load;
	const alone = prefillStep(prefill.work, law, load, 1);
	const prefillRate = prefill.workers * promptsPerSecond(prefill.work, law, load, concurrency / prefill.workers);
	const most = Math.min(concurrency / decode.workers, Math.max(1, decode.sequences * law.overcommit));
	const at = (decoding: number) => {
		const tpot = (decodeStep(decode.work, law, load, decoding) * draftCost(law, load)) / acceptedPerStep;
		const rate = (decode.workers * decoding) / (out * tpot);
		const busy = Math.min(0.999, rate / prefillRate);
		const perWorker = concurrency / prefill.workers;
		const queue = law.queueing * busy * pow(perWorker, 0.5) + law.burst * 0.5 * Math.max(0, perWorker - 1);
		return { tpot, rate, ttft: law.admissionSeconds + alone * (1 + queue) + transfer.seconds };
	};
	let low = Math.min(1, most) * 0.01;
	let high = most;
	for (let round = 0; round < BISECTIONS; round++) {
		const middle = 0.5 * (low + high);
		const { rate, ttft } = at(middle);
		const isTooMany = rate > prefillRate || rate * ttft + decode.workers * middle > concurrency;
		if (isTooMany) high = middle;
		else low = middle;
	}
	const decoding = 0.5 * (low + high);
	const { tpot, rate, ttft } = at(decoding);
	const waiting = Math.max(0, concurrency - decode.workers * decoding - rate * ttft);
	const bound = ttft + (law.waitShare * waiting) / rate;
	return state(load, prefill.gpus + decode.gpus, bound, tpot, decoding * decode.workers, waiting);
}

/** Prompts a second of one prefill worker, with so many at most in a step. */
export function promptsPerSecond(work: StepWork, law: StepLaw, load: ServingLoad, waiting: number): number {
	const batch = Math.max(1, Math.min(PREFILL_STEP_TOKENS / load.inputTokens, waiting));
	return batch / prefillStep(work, law, load, batch);
}

/** Requests a second that one decode worker ends with so many sequences in its batch. */
export function decodedPerSecond(work: StepWork, law: StepLaw, load: ServingLoad, decoding: number): number {
	const tpot = (decodeStep(work, law, load, decoding) * draftCost(law, load)) / load.acceptedPerStep;
	return decoding / (load.outputTokens * tpot);
}

function decodeStep(work: StepWork, law: StepLaw, load: ServingLoad, decoding: number): number {
	return stepSeconds(work, law, {
		decodeSequences: decoding,
		tokensPerSequence: load.tokensPerSequence,
		decodeContext: load.cachedTokens + load.inputTokens + load.outputTokens / 2,
		prefillTokens: 0,
		prefillContext: 0,
	});
}

function mixedStep(work: StepWork, law: StepLaw, load: ServingLoad, decoding: number): number {
	return stepSeconds(work, law, {
		decodeSequences: decoding,
		tokensPerSequence: load.tokensPerSequence,
		decodeContext: load.cachedTokens + load.inputTokens + load.outputTokens / 2,
		prefillTokens: load.inputTokens,
		prefillContext: load.cachedTokens + load.inputTokens / 2,
	});
}

function prefillStep(work: StepWork, law: StepLaw, load: ServingLoad, prompts: number): number {
	return stepSeconds(work, law, {
		decodeSequences: 0,
		decodeContext: 0,
		prefillTokens: prompts * load.inputTokens,
		prefillContext: load.cachedTokens + load.inputTokens / 2,
	});
}

function draftCost(law: StepLaw, load: ServingLoad): number {
	return 1 + law.draftShare * (load.tokensPerSequence - 1);
}

function state(
	load: ServingLoad,
	gpus: number,
	ttft: number,
	tpot: number,
	decoding: number,
	waiting: number,
): SteadyState {
	const { concurrency, inputTokens, cachedTokens, outputTokens } = load;
	const rate = concurrency / (ttft + (outputTokens - 1) * tpot);
	return {
		ttftSeconds: ttft,
		tpotSeconds: tpot,
		tokensPerGpuSecond: (rate * (inputTokens + cachedTokens + outputTokens)) / gpus,
		decoding,
		waiting,
	};
}
