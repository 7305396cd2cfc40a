/**
 * Step costs of a deployment that nobody measured, from the step-time law of `performance`: the law is tabulated over the
 * batch at the request's context, and for a prompt of the request's length. What the law calls interference, the share of a
 * prompt's time that decoding requests wait for, is the time that the prompt takes in a step here.
 */
import type { StepLaw } from "../performance/serving/step-law.ts";
import type { ServingLoad } from "../performance/serving/steady-state.ts";
import { PREFILL_STEP_TOKENS } from "../performance/serving/steady-state.ts";
import type { StepWork } from "../performance/serving/step-time.ts";
import { stepSeconds } from "../performance/serving/step-time.ts";
import type { StepCosts } from "./step-costs.ts";

export function modelledStepCosts(work: StepWork, law: StepLaw, load: ServingLoad, largestBatch: number): StepCosts {
	const { inputTokens, cachedTokens, outputTokens, tokensPerSequence } = load;
	const context = cachedTokens + inputTokens + outputTokens / 2;
	const at = (batch: number, prefill: number, of: number = context): number =>
		stepSeconds(work, law, {
			decodeSequences: batch,
			tokensPerSequence,
			decodeContext: of,
			prefillTokens: prefill,
			prefillContext: cachedTokens + prefill / 2,
		});
	const drafting = 1 + law.draftShare * (tokensPerSequence - 1);
	const middle = Math.max(1, largestBatch / 2);
	const contextSeconds =
		(Math.max(0, at(middle, 0, context * 1.1) - at(middle, 0, context * 0.9)) * drafting) / (0.2 * context * middle);
	const decodeSeconds = new Float64Array(largestBatch + 1);
	for (let batch = 1; batch <= largestBatch; batch++) {
		decodeSeconds[batch] = Math.max(0, at(batch, 0) * drafting - contextSeconds * context * batch);
	}
	const added = (at(middle, inputTokens) - at(middle, 0)) * law.interference;
	return {
		decodeSeconds,
		contextSeconds,
		prefillSeconds: added / inputTokens,
		prefillContextSeconds: 0,
		requestSeconds: law.admissionSeconds,
	};
}

/** Prefill on machines of its own: what a step costs whatever it computes, and what each token adds, from one prompt and a full step. */
export function modelledPrefillCosts(work: StepWork, law: StepLaw, load: ServingLoad, largestBatch: number): StepCosts {
	const { inputTokens, cachedTokens } = load;
	const at = (prompts: number): number =>
		stepSeconds(work, law, {
			decodeSequences: 0,
			decodeContext: 0,
			prefillTokens: prompts * inputTokens,
			prefillContext: cachedTokens + inputTokens / 2,
		});
	const full = Math.max(2, PREFILL_STEP_TOKENS / inputTokens);
	const prefillSeconds = (at(full) - at(1)) / ((full - 1) * inputTokens);
	const decodeSeconds = new Float64Array(largestBatch + 1);
	decodeSeconds[0] = Math.max(0, at(1) - prefillSeconds * inputTokens);
	return {
		decodeSeconds,
		contextSeconds: 0,
		prefillSeconds,
		prefillContextSeconds: 0,
		requestSeconds: law.admissionSeconds,
	};
}
