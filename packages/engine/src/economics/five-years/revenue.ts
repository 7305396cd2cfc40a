/** Token revenue: `tokens served × share sold × Σ share of kind · price of kind`, prices moving by their path. */
import type { AnyExpr, Expr } from "../../model/expression.ts";
import { constant } from "../../model/expression.ts";
import type { Dimensionless } from "../../quantity/dimension.ts";
import type { UsdPerToken } from "../../quantity/unit.ts";
import { token, usd, usdPerMtok } from "../../quantity/unit.ts";
import type { Usd } from "./capital.ts";
import type { Calendar } from "./calendar.ts";
import type { AtMonth } from "./demand-path.ts";
import { minus, monthly, named, number, ONE_MONTH, over, plus, times } from "./formula.ts";

/** Input, cached input and output as shares of all tokens, and what each costs; cached input counts as input if unpriced. */
export interface TokenPrices {
	readonly input: Expr<UsdPerToken<"input">>;
	readonly cachedInput?: Expr<UsdPerToken<"cached_input">>;
	readonly output: Expr<UsdPerToken<"output">>;
}

export interface TokenMix {
	/** Output over all tokens. */
	readonly outputShare: Expr<Dimensionless>;
	/** Cached over all input tokens. */
	readonly cachedShare?: Expr<Dimensionless>;
}

/** Price of an average token at the opening; node `id`. */
export function blendedPrice(id: string, prices: TokenPrices, mix: TokenMix): Expr<UsdPerToken<"total">> {
	const inputShare = minus(number(1), mix.outputShare);
	const cached = prices.cachedInput === undefined ? undefined : mix.cachedShare;
	const fresh = cached === undefined ? inputShare : times(inputShare, minus(number(1), cached));
	const terms = [
		times(fresh, asTotal(prices.input, "input")),
		times(mix.outputShare, asTotal(prices.output, "output")),
		...(cached === undefined
			? []
			: [times(inputShare, cached, asTotal(prices.cachedInput as AnyExpr, "cached_input"))]),
	];
	return named(id, usdPerMtok("total"), plus(...terms), {
		label: "price of an average token",
		formula: "Σ share of kind × price of kind",
	});
}

/** One token of a kind is one token of all. */
function asTotal(price: AnyExpr, kind: "input" | "cached_input" | "output"): AnyExpr {
	return over(times(price, constant(1, token(kind))), constant(1, token("total")));
}

export interface RevenueInputs {
	readonly calendar: Calendar;
	readonly price: Expr<UsdPerToken<"total">>;
	/** Share of the tokens served that somebody pays for. */
	readonly sold: Expr<Dimensionless>;
	/** Price at a month over that at the opening. */
	readonly path?: AtMonth;
}

export interface Revenue {
	readonly revenue: Expr<Usd>;
	/** Tokens sold, each counted by what its price is over that at the opening. */
	readonly priceWeightedTokens: AnyExpr;
}

/** Node `<id>revenue`. `served` is the mean demand served by month. */
export function tokenRevenue(id: string, of: RevenueInputs, served: AnyExpr): Revenue {
	const index = of.path === undefined ? number(1) : of.path(of.calendar.month);
	const weighted = times(served, ONE_MONTH, of.sold, index);
	return {
		revenue: monthly(`${id}revenue`, usd, times(weighted, of.price), {
			label: "token revenue",
			formula: "tokens served × share sold × price",
		}),
		priceWeightedTokens: weighted,
	};
}
