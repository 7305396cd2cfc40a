/** From the headline to the delivered cost, step by step. */
import type { Bridge, Inputs, Model, QuantityJson } from "@farthing/engine";
import { bridge, usdPerMtok } from "@farthing/engine";
import type { SizingStep } from "./plan-fleet.ts";

export interface BridgeCause {
	readonly cause: string;
	/** Node of the input that this step moves from the headline's value to the plan's. */
	readonly input: string;
	readonly delta: QuantityJson;
}

/**
 * Each step of the sizing as a cause; a step that is switched off is left out. Each cause leads from the sum so far to
 * the next step's cost, so that rounding does not pile up: all of them added to the headline give the delivered cost.
 */
export function bridgeCauses(
	model: Model,
	output: string,
	steps: readonly SizingStep[],
	headline: QuantityJson,
	delivered: QuantityJson,
): BridgeCause[] {
	const { from, causes } = headlineToDelivered(model, output, steps);
	const { p10: _, p50: __, p90: ___, node: ____, ...common } = delivered;
	let exact = from;
	let shown = headline.value as number;
	return causes.map(({ cause, delta }, i) => {
		exact += delta;
		const to = i === causes.length - 1 ? (delivered.value as number) : exact / usdPerMtok("total").factor;
		const value = to - shown;
		shown += value;
		return { cause, input: (steps[i] as SizingStep).input, delta: { ...common, value } };
	});
}

/** The causes of delivered − headline in base units; added to the start from left to right they give the end to the last bit. */
export function headlineToDelivered(model: Model, output: string, steps: readonly SizingStep[]): Bridge {
	const from: Inputs = new Map(steps.map(({ input, headline }) => [input, headline]));
	const moved = steps.map(({ cause, input, planned }) => ({ cause, inputs: new Map([[input, planned]]) }));
	return bridge(model, { output, from, steps: moved, method: "ordered" });
}
