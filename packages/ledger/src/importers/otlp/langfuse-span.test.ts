import { expect, it } from "vitest";
import { isLangfuseCall, isLangfuseError, langfuseFirstToken, langfuseTokens } from "./langfuse-span.ts";

const usage = (text: string) => new Map([["langfuse.observation.usage_details", text]]);

it("a span of another instrumentation is none of Langfuse", () => {
	const span = new Map([["gen_ai.request.model", "m"]]);
	expect([isLangfuseCall(span), langfuseTokens(span), langfuseFirstToken(span)]).toEqual([
		undefined,
		undefined,
		undefined,
	]);
	expect(isLangfuseCall(new Map([["langfuse.observation.type", "tool"]]))).toBe(false);
	expect(isLangfuseError(new Map([["langfuse.observation.level", "ERROR"]]))).toBe(true);
});

it("counts cached and reasoning tokens beside or within, by which names they have", () => {
	const beside = { input: 186, cache_read_input_tokens: 1024, output: 84, output_reasoning_tokens: 256 };
	const within = {
		prompt_tokens: 1210,
		completion_tokens: 340,
		prompt_tokens_details: { cached_tokens: 1024 },
		completion_tokens_details: { reasoning_tokens: 256 },
	};
	const counts = { in_total: 1210, in_computed: 186, in_cached_local: 1024, out_total: 340, out_reasoning: 256 };
	for (const details of [beside, within]) {
		expect(langfuseTokens(usage(JSON.stringify(details)))).toEqual({ counts: expect.objectContaining(counts) });
	}
	expect(langfuseTokens(usage("{"))).toEqual({ fault: expect.stringMatching(/no JSON/) });
	expect(langfuseTokens(usage('{"input": -1}'))).toEqual({ fault: expect.stringMatching(/-1/) });
});

it("takes the time of the first token as it is written, in quotes", () => {
	const at = new Map([["langfuse.observation.completion_start_time", '"2026-11-28T10:00:00.250Z"']]);
	expect(langfuseFirstToken(at)).toBe(Date.UTC(2026, 10, 28, 10, 0, 0, 250));
});
