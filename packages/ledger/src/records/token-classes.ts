import { RecordError } from "./record-error.ts";
import type { TokenCount } from "./units.ts";

/**
 * What a meter says about tokens. An absent member is unknown, never zero. Each token sits in one part of its total:
 *
 *   in_total  = in_computed + in_cached_local + in_cached_remote + in_transferred
 *   out_total ⊇ out_reasoning,  in_computed ⊇ cache_write
 *
 * A source that knows "cached" without its place counts it as `in_cached_local` and writes 0 for the parts that it
 * cannot tell apart from it. Drafts of speculative decoding are work, not delivered tokens.
 */
export interface TokenClasses {
	readonly in_total?: TokenCount;
	readonly in_computed?: TokenCount;
	readonly in_cached_local?: TokenCount;
	readonly in_cached_remote?: TokenCount;
	/** KV cache of the prompt taken over from another role of the same deployment: computed there, not here. */
	readonly in_transferred?: TokenCount;
	/** The part of `in_computed` that was also written to a cache which is sold as such. */
	readonly cache_write?: TokenCount;
	/** Reasoning included. */
	readonly out_total?: TokenCount;
	readonly out_reasoning?: TokenCount;
	readonly draft_proposed?: TokenCount;
	readonly draft_accepted?: TokenCount;
}
export type TokenClass = keyof TokenClasses;

export const TOKEN_CLASSES: readonly TokenClass[] = [
	"in_total",
	"in_computed",
	"in_cached_local",
	"in_cached_remote",
	"in_transferred",
	"cache_write",
	"out_total",
	"out_reasoning",
	"draft_proposed",
	"draft_accepted",
];

export const INPUT_PARTS = ["in_computed", "in_cached_local", "in_cached_remote", "in_transferred"] as const;

/** Where a token is priced: each delivered token is in exactly one bucket. */
export const TOKEN_BUCKETS = ["input", "cache_write", "cached_input", "transferred", "output", "reasoning"] as const;
export type TokenBucket = (typeof TOKEN_BUCKETS)[number];

/** What breaks the identities, in words with the figures; empty where nothing does. */
export function identityFaults(tokens: TokenClasses): string[] {
	const faults: string[] = [];
	const known = INPUT_PARTS.flatMap((part) => tokens[part] ?? []);
	const sum = known.reduce((total, n) => total + n, 0);
	const { in_total, in_computed, cache_write, out_total, out_reasoning, draft_proposed, draft_accepted } = tokens;
	if (in_total !== undefined && (known.length === INPUT_PARTS.length ? sum !== in_total : sum > in_total)) {
		faults.push(`the parts of in_total add up to ${sum}, not to ${in_total}`);
	}
	const contained = (part: number | undefined, whole: number | undefined, words: string): void => {
		if (part !== undefined && whole !== undefined && part > whole) faults.push(`${words}: ${part} of ${whole}`);
	};
	contained(cache_write, in_computed, "cache_write is more than in_computed");
	contained(out_reasoning, out_total, "out_reasoning is more than out_total");
	contained(draft_accepted, draft_proposed, "draft_accepted is more than draft_proposed");
	return faults;
}

/**
 * The same with what follows from the identity: a total from its four parts, or the one part that is missing. Throws
 * `identity-broken` where the figures contradict each other.
 */
export function completeTokens(tokens: TokenClasses): TokenClasses {
	const faults = identityFaults(tokens);
	if (faults.length > 0) throw new RecordError("identity-broken", faults.join("; "), tokens);
	const missing = INPUT_PARTS.filter((part) => tokens[part] === undefined);
	const sum = INPUT_PARTS.reduce((total, part) => total + (tokens[part] ?? 0), 0);
	const [only] = missing;
	if (tokens.in_total === undefined) {
		return missing.length === 0 ? { ...tokens, in_total: sum as TokenCount } : tokens;
	}
	return missing.length === 1 && only !== undefined
		? { ...tokens, [only]: (tokens.in_total - sum) as TokenCount }
		: tokens;
}

/**
 * Delivered tokens by bucket; a bucket that does not follow from what is known is absent. Where every input bucket is
 * present they add up to `in_total`, and the two of output to `out_total`.
 */
export function tokenBuckets(given: TokenClasses): Partial<Record<TokenBucket, TokenCount>> {
	const tokens = completeTokens(given);
	const { in_computed, in_cached_local, in_cached_remote, in_transferred, out_total } = tokens;
	const cacheWrite = tokens.cache_write ?? 0;
	const cached =
		in_cached_local === undefined || in_cached_remote === undefined ? undefined : in_cached_local + in_cached_remote;
	const figures: [TokenBucket, number | undefined][] = [
		["input", in_computed === undefined ? undefined : in_computed - cacheWrite],
		["cache_write", tokens.cache_write],
		["cached_input", cached],
		["transferred", in_transferred],
		["output", out_total === undefined ? undefined : out_total - (tokens.out_reasoning ?? 0)],
		["reasoning", tokens.out_reasoning],
	];
	return Object.fromEntries(figures.filter(([, n]) => n !== undefined)) as Partial<Record<TokenBucket, TokenCount>>;
}
