/** Buying the tokens: the same open model's own price at a host, with the share that can wait at the batch price. */
import type { AnyExpr, Expr } from "../../model/expression.ts";
import type { Dimensionless } from "../../quantity/dimension.ts";
import type { UsdPerToken } from "../../quantity/unit.ts";
import { tokensPerSecond } from "../../quantity/unit.ts";
import type { Calendar } from "./calendar.ts";
import type { AtMonth } from "./demand-path.ts";
import { minus, monthly, number, ONE_MONTH, times } from "./formula.ts";
import type { Flows } from "./measures.ts";
import { demandServed } from "./owned-fleet.ts";
import type { RunningItem, RunningPrices } from "./running-cost.ts";
import { operatingCost, runningItem } from "./running-cost.ts";

export interface TokenOffer {
	/** Of an average token at the opening. */
	readonly price: Expr<UsdPerToken<"total">>;
	readonly path?: AtMonth;
	/** Share that can wait, and what it pays of the full price. */
	readonly batch?: { readonly share: Expr<Dimensionless>; readonly factor: Expr<Dimensionless> };
}

export interface BoughtTokensInputs {
	readonly calendar: Calendar;
	readonly demand: AtMonth;
	readonly offer: TokenOffer;
	/** What is paid beside the tokens: people who are committed. */
	readonly running: Pick<RunningPrices, "team" | "egress">;
	readonly committed: ReadonlySet<RunningItem>;
	readonly lens: Expr<Dimensionless>;
}

export function boughtTokens(prefix: string, of: BoughtTokensInputs): Flows {
	const { calendar } = of;
	const demand = demandServed(`${prefix}demand`, of.demand, calendar);
	return {
		demand,
		served: demand,
		shortfall: monthly(`${prefix}shortfall`, tokensPerSecond("total"), minus(demand, demand), {
			label: "demand not served",
		}),
		assets: [],
		running: {
			api: runningItem(
				prefix,
				"api",
				times(demand, ONE_MONTH, offerPrice(of.offer, calendar.month)),
				"tokens × price",
				of,
			),
			...operatingCost(prefix, { ...of, prices: of.running, served: demand }),
		},
	};
}

/** Price of an average token at a month. */
export function offerPrice({ price, path, batch }: TokenOffer, month: AnyExpr): AnyExpr {
	const now = path === undefined ? price : times(price, path(month));
	if (batch === undefined) return now;
	return times(now, minus(number(1), times(batch.share, minus(number(1), batch.factor))));
}
