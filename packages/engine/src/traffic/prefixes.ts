/**
 * Which prompts begin alike: a number of shared beginnings (system prompts, documents) of which some are asked for more
 * often than others, each of the same share of a prompt.
 */
import { pow } from "../numerics/elementary.ts";
import { Draws } from "./draws.ts";

export interface PrefixSpec {
	/** Tokens that one id stands for. */
	readonly blockTokens: number;
	/** Share of the prompt, from its start, that is one of the shared beginnings. */
	readonly share: number;
	/** How many beginnings there are. */
	readonly groups: number;
	/** The n-th is asked for in proportion to 1/n^skew: 0 is all alike. */
	readonly skew: number;
}

export interface Prefixes {
	/** Ids of the whole blocks of a prompt: those of its beginning, then some that nobody else has. */
	draw(inputTokens: number): Float64Array;
}

export function prefixes(spec: PrefixSpec, seed: number): Prefixes {
	const draws = new Draws(seed, "prefixes");
	const upTo = cumulativeWeights(spec.groups, spec.skew);
	let own = spec.groups;
	return {
		draw(inputTokens) {
			const blocks = Math.floor(inputTokens / spec.blockTokens);
			const shared = Math.min(blocks, Math.floor((inputTokens * spec.share) / spec.blockTokens + 0.5));
			const group = groupAt(upTo, draws.uniform());
			const ids = new Float64Array(blocks);
			for (let i = 0; i < shared; i++) ids[i] = group * STRIDE + i;
			const mine = own++;
			for (let i = shared; i < blocks; i++) ids[i] = mine * STRIDE + i;
			return ids;
		},
	};
}

/** Blocks of one beginning at most: ids stay whole numbers below 2⁵³ for 10¹¹ requests. */
const STRIDE = 65_536;

function cumulativeWeights(groups: number, skew: number): Float64Array {
	const upTo = new Float64Array(groups);
	let sum = 0;
	for (let i = 0; i < groups; i++) {
		sum += 1 / pow(i + 1, skew);
		upTo[i] = sum;
	}
	for (let i = 0; i < groups; i++) upTo[i] = (upTo[i] as number) / sum;
	return upTo;
}

function groupAt(upTo: Float64Array, p: number): number {
	let low = 0;
	let high = upTo.length - 1;
	while (low < high) {
		const middle = (low + high) >> 1;
		if ((upTo[middle] as number) < p) low = middle + 1;
		else high = middle;
	}
	return low;
}
