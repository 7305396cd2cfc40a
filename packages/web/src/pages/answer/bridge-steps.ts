/** From the headline to the delivered cost as bars: the steps are those of the answer, added from left to right. */
import type { PlanOption } from "@farthing/answers";

export interface BridgeStep {
	readonly key: string;
	readonly cause: string;
	readonly from: number;
	readonly to: number;
	readonly delta: number;
	readonly role: "start" | "step" | "end";
	readonly node?: string;
}

export function bridgeSteps({
	headline,
	delivered,
	bridge,
}: Pick<PlanOption, "headline" | "delivered" | "bridge">): BridgeStep[] {
	const start = headline.value as number;
	const end = delivered.value as number;
	const steps: BridgeStep[] = [];
	let at = start;
	for (const { cause, delta, input } of bridge) {
		const to = at + (delta.value as number);
		steps.push({ key: cause, cause, from: at, to, delta: delta.value as number, role: "step", node: input });
		at = to;
	}
	return [
		{ key: "headline", cause: "headline", from: 0, to: start, delta: start, role: "start", ...nodeOf(headline) },
		...steps,
		{ key: "delivered", cause: "delivered", from: 0, to: end, delta: end, role: "end", ...nodeOf(delivered) },
	];
}

/** The step that adds most, and its share of what all add. */
export function largestStep(
	steps: readonly BridgeStep[],
): { readonly cause: string; readonly share: number } | undefined {
	const causes = steps.filter(({ role }) => role === "step");
	const whole = causes.reduce((sum, { delta }) => sum + delta, 0);
	const largest = causes.reduce<BridgeStep | undefined>(
		(best, each) => (best === undefined || each.delta > best.delta ? each : best),
		undefined,
	);
	if (largest === undefined || !(largest.delta > 0) || !(whole > 0)) return undefined;
	return { cause: largest.cause, share: largest.delta / whole };
}

function nodeOf({ node }: { readonly node?: string }): { readonly node?: string } {
	return node === undefined ? {} : { node };
}
