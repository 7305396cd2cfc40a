/** From the headline to the delivered cost, step by step. */
import type { Bridge, Inputs, Model, QuantityJson } from "@farthing/engine";
import { bridge, closedCauses, usdPerMtok } from "@farthing/engine";
import type { SizingStep } from "./plan-fleet.ts";

export interface BridgeCause {
	readonly cause: string;
	/** Node of the input that this step moves from the headline's value to the plan's. */
	readonly input: string;
	readonly delta: QuantityJson;
}

/**
 * Each step of the sizing as a cause; a step that is switched off is left out. Added to the headline from left to right
 * they give the delivered cost to the last bit: see {@link bridgeEnd}.
 */
export function bridgeCauses(
	model: Model,
	output: string,
	steps: readonly SizingStep[],
	headline: QuantityJson,
	delivered: QuantityJson,
): BridgeCause[] {
	const { causes } = headlineToDelivered(model, output, steps);
	const { p10: _, p50: __, p90: ___, node: ____, ...common } = delivered;
	const unit = usdPerMtok("total").factor;
	const values = causes.map(({ delta }) => delta / unit);
	const closed = closedCauses(headline.value as number, delivered.value as number, values);
	return causes.map(({ cause }, i) => ({
		cause,
		input: (steps[i] as SizingStep).input,
		delta: { ...common, value: closed[i] as number },
	}));
}

/**
 * What the causes add up to: the delivered cost itself, or, where the way leads through more than twice as much (spares
 * that an autoscaler switches off again) and no doubles add up to its last bit, the nearest number that they do.
 */
export function bridgeEnd(headline: QuantityJson, causes: readonly BridgeCause[]): number {
	return causes.reduce((sum, { delta }) => sum + (delta.value as number), headline.value as number);
}

/** The causes of delivered − headline in base units; added to the start from left to right they give the end to the last bit. */
export function headlineToDelivered(model: Model, output: string, steps: readonly SizingStep[]): Bridge {
	const from: Inputs = new Map(steps.map(({ input, headline }) => [input, headline]));
	const moved = steps.map(({ cause, input, planned }) => ({ cause, inputs: new Map([[input, planned]]) }));
	return bridge(model, { output, from, steps: moved, method: "ordered" });
}
