/** Causes of a cost bridge laid end to end, from left to right. */
import type { CostBridge } from "@farthing/answers";

export interface CostStep {
	readonly cause: string;
	readonly label: string;
	readonly delta: number;
	readonly from: number;
	readonly to: number;
}

export function costSteps(start: number, causes: CostBridge["causes"]): CostStep[] {
	const steps: CostStep[] = [];
	for (const { cause, label, delta } of causes) {
		const from = steps.at(-1)?.to ?? start;
		steps.push({ cause, label, delta: delta.value as number, from, to: from + (delta.value as number) });
	}
	return steps;
}
