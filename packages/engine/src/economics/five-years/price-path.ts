/**
 * Prices over time as regimes, not one slope: from a month on a price moves at a rate a year, and at the start of a regime
 * it may jump. The rental price of an H100 fell, stood and rose again: a V that no single rate gives.
 */
import type { AnyExpr, Expr } from "../../model/expression.ts";
import type { Dimensionless } from "../../quantity/dimension.ts";
import type { PerYear } from "../gpu-hour-build-up.ts";
import { growthPerYear, raised } from "./calendar.ts";
import type { AtMonth } from "./demand-path.ts";
import { choose, least, minus, number, over, positive, times } from "./formula.ts";

export interface PriceRegime {
	/** First month it holds, from 1. The first regime holds from the opening. */
	readonly fromMonth: number;
	/** Change a year, compounded by month. */
	readonly changePerYear?: Expr<PerYear>;
	/** Factor at the start: 1.38 for a rise of 38% at once. */
	readonly jump?: Expr<Dimensionless>;
}

/** Price at a month over the price at the opening. */
export function pricePath(regimes: readonly PriceRegime[]): AtMonth {
	return (month) =>
		regimes.reduce<AnyExpr>(
			(index, regime, i) => times(index, effectOf(regime, regimes[i + 1], month, i === 0)),
			number(1),
		);
}

/** What a regime has done to the price by a month: grows while the regime holds, then stays. */
function effectOf(regime: PriceRegime, next: PriceRegime | undefined, month: AnyExpr, isFirst: boolean): AnyExpr {
	const from = isFirst ? 0 : regime.fromMonth;
	const until = next === undefined ? month : least(month, number(next.fromMonth));
	const elapsed = positive(minus(until, number(from)));
	const drift =
		regime.changePerYear === undefined
			? number(1)
			: raised(growthPerYear(regime.changePerYear), over(elapsed, number(12)));
	if (regime.jump === undefined) return drift;
	return times(choose(month, ">=", number(from), regime.jump, number(1)), drift);
}
