import fc from "fast-check";
import { expect, test } from "vitest";
import { completeTokens, identityFaults, INPUT_PARTS, tokenBuckets, type TokenClasses } from "./token-classes.ts";
import { tokenCount } from "./units.ts";

const tokens = (figures: Record<string, number>): TokenClasses => figures as TokenClasses;

test("a prompt of 1,210 with 1,024 cached is 186 computed, each token in one bucket", () => {
	const given = tokens({
		in_total: 1210,
		in_cached_local: 1024,
		in_cached_remote: 0,
		in_transferred: 0,
		out_total: 340,
		out_reasoning: 256,
	});
	expect(tokenBuckets(given)).toEqual({
		input: 186,
		cached_input: 1024,
		transferred: 0,
		output: 84,
		reasoning: 256,
	});
});

test("what is unknown stays unknown", () => {
	expect(completeTokens(tokens({ in_total: 100, in_cached_local: 10 }))).toEqual({
		in_total: 100,
		in_cached_local: 10,
	});
	expect(tokenBuckets(tokens({ in_total: 100 }))).toEqual({});
	expect(tokenBuckets(tokens({ out_total: 5 }))).toEqual({ output: 5 });
});

test.each([
	[{ in_total: 10, in_computed: 5, in_cached_local: 4, in_cached_remote: 0, in_transferred: 0 }, "add up to 9"],
	[{ in_total: 10, in_cached_local: 11 }, "add up to 11"],
	[{ out_total: 10, out_reasoning: 11 }, "out_reasoning"],
	[{ in_computed: 1, cache_write: 2 }, "cache_write"],
	[{ draft_proposed: 1, draft_accepted: 2 }, "draft_accepted"],
])("%j breaks the identity", (figures, words) => {
	expect(identityFaults(tokens(figures)).join()).toContain(words);
	expect(() => completeTokens(tokens(figures))).toThrow(words);
});

test("buckets add up to the totals, whichever part was left out", () => {
	const n = fc.integer({ min: 0, max: 2 ** 40 });
	fc.assert(
		fc.property(n, n, n, n, n, n, fc.integer({ min: 0, max: 4 }), (a, b, c, d, visible, reasoning, left) => {
			const parts = { in_computed: a, in_cached_local: b, in_cached_remote: c, in_transferred: d };
			const known = Object.entries(parts).filter((_, i) => i !== left);
			const total = left === 4 ? {} : { in_total: tokenCount(a + b + c + d) };
			const out = { out_total: visible + reasoning, out_reasoning: reasoning };
			const found = tokenBuckets(tokens({ ...Object.fromEntries(known), ...total, ...out }));
			const { input = -1, cached_input = -1, transferred = -1, output = -1 } = found;
			expect(input + cached_input + transferred).toBe(a + b + c + d);
			expect(output + (found.reasoning ?? -1)).toBe(visible + reasoning);
			expect(INPUT_PARTS).toHaveLength(4);
		}),
	);
});
