/** What tokens of each model cost, so that whatever bills by the token charges what the window cost: `Σ tokens × price = serving`. */
import type { Actuals } from "../actuals/actuals.ts";
import { addTokens } from "../actuals/used-work.ts";
import { linesBy } from "../attribution/line-sums.ts";
import type { TokenBucket } from "../records/token-classes.ts";
import type { TokenCount } from "../records/units.ts";

export interface TokenPrice {
	readonly model: string;
	/** Names that it is served under. */
	readonly served: readonly string[];
	/** In the currency of the report, per token; absent where none was made or nothing of it has a price. */
	readonly perInputToken?: number;
	readonly perOutputToken?: number;
}

/** Of every model that served tokens; input is what was computed, and what comes from a cache costs nothing. */
export function tokenPrices(found: Actuals): TokenPrice[] {
	const tokens = new Map<string, Partial<Record<TokenBucket, TokenCount>>>();
	for (const { owner, tokens: own } of found.used) {
		const model = owner.model ?? "";
		tokens.set(model, addTokens(tokens.get(model) ?? {}, own));
	}
	const serving = linesBy(
		found.lines.filter(({ kind }) => kind === "serving"),
		["model"],
	);
	return serving.flatMap(({ owner, input, output }): TokenPrice[] => {
		const { model } = owner;
		if (model === undefined) return [];
		const own = tokens.get(model) ?? {};
		const [computed, made] = [(own.input ?? 0) + (own.cache_write ?? 0), (own.output ?? 0) + (own.reasoning ?? 0)];
		return [
			{
				model,
				served: found.servedAs.get(model) ?? [model],
				...(input === undefined || computed === 0 ? {} : { perInputToken: Number(input.nano) / 1e9 / computed }),
				...(output === undefined || made === 0 ? {} : { perOutputToken: Number(output.nano) / 1e9 / made }),
			},
		];
	});
}

/** A price map as LiteLLM reads it, in USD: its `model_cost` entries. Models without both prices are left out. */
export function litellmPrices(prices: readonly TokenPrice[]): Record<string, unknown> {
	return Object.fromEntries(
		prices.flatMap(({ served, perInputToken, perOutputToken }) =>
			perInputToken === undefined || perOutputToken === undefined
				? []
				: served.map((name): [string, unknown] => [
						name,
						{
							litellm_provider: "hosted_vllm",
							mode: "chat",
							input_cost_per_token: perInputToken,
							output_cost_per_token: perOutputToken,
							cache_read_input_token_cost: 0,
						},
					]),
		),
	);
}
