/** The tree under any number of an answer that has a graph. */
import type { SavedResult } from "@farthing/answers";
import { whyNode } from "@farthing/answers";
import type { WhyNode } from "@farthing/engine";
import type { why } from "./actuals.ts";
import type { Host } from "../host.ts";
import { explained, type ExplainedKind } from "./explained.ts";

type WordsOfActuals = Parameters<typeof why>[0];

export interface WhyWords {
	readonly of: ExplainedKind | "actuals" | "actuals-plan";
	/** Words of the question that was answered. */
	readonly words: unknown;
	readonly node: string;
	readonly month?: number;
}

export async function answer({ of, words, node, month }: WhyWords, host: Host): Promise<WhyNode> {
	if (of === "actuals" || of === "actuals-plan")
		return (await import("./actuals.ts")).why(words as WordsOfActuals, node, host);
	const save = (await explained[of]()) as (words: unknown, host: Host) => Promise<SavedResult>;
	const saved = await save(words, host);
	return whyNode(saved, node, month);
}
