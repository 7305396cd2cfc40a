/**
 * Step time of a serving engine, as the simulator reads it:
 *
 *   step = d[B] + k·K + p·P + a·A   seconds
 *
 * B sequences decode with K tokens of context between them; P tokens are prefilled, A is the sum over them of the tokens
 * that each one follows. d[B] holds weights, kernel launches and what each sequence costs, for every B from 0 (a step of
 * prefill alone); k is the reading of the KV cache, p the prefill compute, a its attention. The law is data: however it
 * was found (a frontier, a fit to runs, a step table, the roofline of `performance`), the simulator sees no difference.
 *
 * With B unchanged, K grows by a constant each step, so that the time of n steps is a quadratic in n: the simulator takes
 * them at once, exactly.
 */

export interface StepCosts {
	/** d[B] in seconds, for B = 0 … the largest batch. */
	readonly decodeSeconds: Float64Array;
	/** k: seconds per token of context of the decoding sequences. */
	readonly contextSeconds: number;
	/** p: seconds per prefilled token. */
	readonly prefillSeconds: number;
	/** a: seconds per prefilled token and token before it. */
	readonly prefillContextSeconds: number;
	/** Seconds of a request outside the GPUs (HTTP, tokenising): part of TTFT, of no GPU-second. */
	readonly requestSeconds: number;
}

/** Seconds of one step. */
export function secondsOfStep(
	law: StepCosts,
	batch: number,
	context: number,
	prefill: number,
	prefillBefore: number,
): number {
	return (
		(law.decodeSeconds[batch] as number) +
		law.contextSeconds * context +
		law.prefillSeconds * prefill +
		law.prefillContextSeconds * prefillBefore
	);
}

/** Seconds of `steps` decode steps in which the context grows by `growth` tokens a step. */
export function decodeRunSeconds(
	law: StepCosts,
	batch: number,
	context: number,
	growth: number,
	steps: number,
): number {
	const first = (law.decodeSeconds[batch] as number) + law.contextSeconds * context;
	return steps * first + law.contextSeconds * growth * ((steps * (steps - 1)) / 2);
}

/** The fewest decode steps that take at least `seconds`. */
export function decodeStepsWithin(
	law: StepCosts,
	batch: number,
	context: number,
	growth: number,
	seconds: number,
): number {
	const a = (law.contextSeconds * growth) / 2;
	const b = (law.decodeSeconds[batch] as number) + law.contextSeconds * context - a;
	let steps = Math.max(1, Math.ceil((2 * seconds) / (b + Math.sqrt(b * b + 4 * a * seconds))));
	while (decodeRunSeconds(law, batch, context, growth, steps) < seconds) steps++;
	while (steps > 1 && decodeRunSeconds(law, batch, context, growth, steps - 1) >= seconds) steps--;
	return steps;
}

export interface LinearStep {
	/** Every step: launches, weights. */
	readonly stepSeconds: number;
	/** Per decoding sequence. */
	readonly sequenceSeconds: number;
	readonly contextSeconds?: number;
	readonly prefillSeconds: number;
	readonly prefillContextSeconds?: number;
	readonly requestSeconds?: number;
	readonly largestBatch: number;
}

/** d[B] = stepSeconds + B · sequenceSeconds. */
export function linearStepCosts(of: LinearStep): StepCosts {
	const decodeSeconds = new Float64Array(of.largestBatch + 1);
	for (let batch = 0; batch <= of.largestBatch; batch++) {
		decodeSeconds[batch] = of.stepSeconds + batch * of.sequenceSeconds;
	}
	return {
		decodeSeconds,
		contextSeconds: of.contextSeconds ?? 0,
		prefillSeconds: of.prefillSeconds,
		prefillContextSeconds: of.prefillContextSeconds ?? 0,
		requestSeconds: of.requestSeconds ?? 0,
	};
}

/**
 * A law that is a function of the step, such as a roofline, as the table the simulator reads: d and k from the law at
 * each batch and two contexts, p and a from prefill at two depths. `typicalContext` is the context of one sequence at
 * which k is taken; the law may bend there, the table does not.
 */
export function tabulatedStepCosts(
	seconds: (batch: number, context: number, prefill: number, prefillBefore: number) => number,
	at: {
		readonly largestBatch: number;
		readonly typicalContext: number;
		readonly typicalPrefill: number;
		readonly requestSeconds: number;
	},
): StepCosts {
	const { largestBatch, typicalContext, typicalPrefill } = at;
	const full = largestBatch * typicalContext;
	const contextSeconds =
		(seconds(largestBatch, full * 1.25, 0, 0) - seconds(largestBatch, full * 0.75, 0, 0)) / (full / 2);
	const decodeSeconds = new Float64Array(largestBatch + 1);
	for (let batch = 1; batch <= largestBatch; batch++) {
		decodeSeconds[batch] = seconds(batch, batch * typicalContext, 0, 0) - contextSeconds * batch * typicalContext;
	}
	const half = typicalPrefill / 2;
	const shallow = seconds(0, 0, typicalPrefill, typicalPrefill * half);
	const deep = seconds(0, 0, typicalPrefill, typicalPrefill * (half + typicalContext));
	const prefillContextSeconds = (deep - shallow) / (typicalPrefill * typicalContext);
	const small = seconds(0, 0, half, (half * half) / 2) - prefillContextSeconds * ((half * half) / 2);
	const large = shallow - prefillContextSeconds * typicalPrefill * half;
	const prefillSeconds = (large - small) / half;
	decodeSeconds[0] = Math.max(0, large - prefillSeconds * typicalPrefill);
	return { decodeSeconds, contextSeconds, prefillSeconds, prefillContextSeconds, requestSeconds: at.requestSeconds };
}

/** What is wrong with a law, in words; undefined where nothing is. */
export function stepCostsFault(law: StepCosts): string | undefined {
	const { decodeSeconds, ...rates } = law;
	if (decodeSeconds.length < 2) return "the step law knows no batch above 0";
	for (const [name, value] of Object.entries(rates)) {
		if (!(value >= 0 && Number.isFinite(value))) return `${name} is ${value}: a time is not negative`;
	}
	for (let batch = 0; batch < decodeSeconds.length; batch++) {
		const value = decodeSeconds[batch] as number;
		if (!(value >= 0 && Number.isFinite(value))) return `a step of ${batch} sequences takes ${value} s`;
	}
	return undefined;
}
