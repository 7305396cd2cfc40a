/** The tree under any number of an answer that has a graph. */
import type { SavedResult } from "@farthing/answers";
import { whyNode } from "@farthing/answers";
import type { WhyNode } from "@farthing/engine";
import type { Host } from "../host.ts";
import { explained, type ExplainedKind } from "./explained.ts";

export interface WhyWords {
	readonly of: ExplainedKind;
	/** Words of the question that was answered. */
	readonly words: unknown;
	readonly node: string;
	readonly month?: number;
}

export async function answer({ of, words, node, month }: WhyWords, host: Host): Promise<WhyNode> {
	const saved = await (explained[of] as (words: unknown, host: Host) => Promise<SavedResult>)(words, host);
	return whyNode(saved, node, month);
}
