/**
 * Cost of a token at full load: `$/Mtok = $/GPU-hr ÷ (tokens/s/GPU × 3600) × 10⁶`, and under load ÷ utilisation.
 * Source of the formula: the cost view of InferenceX (v1 article, October 2025), restated with the load it leaves out.
 */
import type { Expr } from "../model/expression.ts";
import { define, divide, multiply } from "../model/expression.ts";
import type { Dimensionless, Quotient, TokenKind } from "../quantity/dimension.ts";
import type { Requests, TokensPerGpuSecond, UsdPerGpuHour, UsdPerToken } from "../quantity/unit.ts";
import { per, request, usd, usdPerMtok } from "../quantity/unit.ts";

const FORMULA = "InferenceX v1 article, 2025-10-09: cost per million tokens = $/GPU-hr ÷ tokens per GPU-hour";

/** Cost per token of one kind when every GPU is always at the benchmarked point. `id` must be new in the model. */
export function headlineCost<K extends TokenKind>(
	id: string,
	kind: K,
	rate: Expr<UsdPerGpuHour>,
	speed: Expr<TokensPerGpuSecond<K>>,
): Expr<UsdPerToken<K>> {
	return define(id, usdPerMtok(kind), divide(rate, speed) as unknown as Expr<UsdPerToken<K>>, {
		label: `cost per ${kind} token at full load`,
		formula: FORMULA,
		tags: { basis: "headline" },
	});
}

/** Cost per token of one kind when GPUs deliver only the share `load` of the benchmarked throughput. */
export function loadedCost<K extends TokenKind>(
	id: string,
	kind: K,
	rate: Expr<UsdPerGpuHour>,
	speed: Expr<TokensPerGpuSecond<K>>,
	load: Expr<Dimensionless>,
): Expr<UsdPerToken<K>> {
	const perToken = divide(rate, multiply(speed, load)) as unknown as Expr<UsdPerToken<K>>;
	return define(id, usdPerMtok(kind), perToken, {
		label: `cost per ${kind} token at the stated load`,
		formula: `${FORMULA}; ÷ utilisation`,
		tags: { basis: "delivered" },
	});
}

export type UsdPerRequest = Quotient<{ readonly USD: 1 }, Requests>;
export type TokensPerRequest = { readonly "tok:total": 1; readonly req: -1 };

/** Cost of one request of a given length, all its tokens at the cost per total token. */
export function requestCost(
	id: string,
	perToken: Expr<UsdPerToken<"total">>,
	length: Expr<TokensPerRequest>,
	basis: string,
): Expr<UsdPerRequest> {
	return define(id, per(usd, request), multiply(perToken, length), {
		label: "cost per request",
		formula: "cost per total token × tokens per request",
		tags: { basis },
	});
}
