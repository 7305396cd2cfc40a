/** Demand by month: levels that hold from one month to the next step, each with growth of its own. */
import type { AnyExpr, Expr } from "../../model/expression.ts";
import type { Dimensionless } from "../../quantity/dimension.ts";
import type { TokensPerSecond } from "../../quantity/unit.ts";
import { raised } from "./calendar.ts";
import { choose, minus, number, plus, times, zeroOf } from "./formula.ts";

export interface DemandStep {
	/** First month it holds, from 1. */
	readonly fromMonth: number;
	/** Mean demand in that month. */
	readonly level: Expr<TokensPerSecond<"total">>;
	/** Growth a month until the next step, compounded. */
	readonly growthPerMonth?: Expr<Dimensionless>;
}

/** A quantity at a month: a formula that can be asked for the month that is, and for one to come. */
export type AtMonth = (month: AnyExpr) => AnyExpr;

/** Mean demand at a month; 0 before the first step. Throws `RangeError` for steps that do not rise in time. */
export function demandPath(steps: readonly DemandStep[]): AtMonth {
	steps.forEach(({ fromMonth }, i) => {
		const before = steps[i - 1]?.fromMonth ?? 0;
		if (!Number.isInteger(fromMonth) || fromMonth <= before) {
			throw new RangeError(`demand steps must rise in whole months from 1, not ${before} then ${fromMonth}`);
		}
	});
	return (month) => {
		const first = (steps[0] as DemandStep).level;
		return steps.reduce<AnyExpr>(
			(before, step) => choose(month, ">=", number(step.fromMonth), levelAt(step, month), before),
			zeroOf(first),
		);
	};
}

/** Demand of several models on one fleet, in tokens of the one it is sized for. */
export function sumOfPaths(paths: readonly AtMonth[]): AtMonth {
	return (month) => plus(...paths.map((path) => path(month)));
}

function levelAt({ fromMonth, level, growthPerMonth }: DemandStep, month: AnyExpr): AnyExpr {
	if (growthPerMonth === undefined) return level;
	return times(level, raised(plus(number(1), growthPerMonth), minus(month, number(fromMonth))));
}
