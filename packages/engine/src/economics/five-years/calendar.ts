/**
 * Time in the money model. A horizon of N months has N + 1 points: point 0 is the opening, where the first machines are
 * paid and nothing is served; point t is the end of month t, where all cash of the month is counted. So the present value
 * of a series is `Σ cash[t] / (1+i)^t` with `i = (1+r)^(1/12) − 1` for a rate `r` a year.
 *
 * The yearly convention of cost formulas (CRF, textbook tables) counts a year's cash at the end of that year:
 * `Σ cash[t] / (1+r)^⌈t/12⌉`, and that of a last year cut short at the end of the horizon. Both hold the same cash. They meet in the capital recovery factor: a year of monthly
 * payments `k` is worth `12·k·r/(12·i)` at its end, so the yearly charge on capital is `r/(12·i)` times the monthly one
 * (3.6% more at 8%).
 */
import type { AnyExpr, Expr } from "../../model/expression.ts";
import { constant, minimum, monthIndex, power, presentValue, sumOverMonths } from "../../model/expression.ts";
import type { Dimensionless, Dims } from "../../quantity/dimension.ts";
import { one, year } from "../../quantity/unit.ts";
import type { PerYear } from "../gpu-hour-build-up.ts";
import { choose, minus, monthly, named, number, over, plus, times, upTo } from "./formula.ts";

export interface Calendar {
	/** Months of the horizon, the opening not counted. */
	readonly months: number;
	/** Number of the point, 0 to `months`. */
	readonly month: Expr<Dimensionless>;
}

export function calendar(months: number): Calendar {
	return { months, month: monthIndex() };
}

/** How many points every series of a horizon has: what `evaluate` and `sample` are told. */
export function pointsOf(months: number): number {
	return months + 1;
}

/** 1 + a rate a year, as a plain number. */
export function growthPerYear(rate: Expr<PerYear>): AnyExpr {
	return plus(number(1), times(rate, constant(1, year)));
}

/** `a` to the power `b`. */
export function raised(a: AnyExpr, b: AnyExpr): AnyExpr {
	return power(a as Expr<Dimensionless>, b as Expr<Dimensionless>);
}

export interface Discounting {
	readonly yearly: Expr<PerYear>;
	/** Rate a month with the same yield in a year. */
	readonly perMonth: Expr<Dimensionless>;
	/** What one USD at the end of the point's year is worth at the opening. */
	readonly yearEnd: Expr<Dimensionless>;
}

/** Nodes `<id>.per_month` and `<id>.year_end`. */
export function discounting(id: string, rate: Expr<PerYear>, { month, months }: Calendar): Discounting {
	const growth = growthPerYear(rate);
	const wholeYear = upTo(over(month, number(12)), number(1));
	// The last year of a horizon such as 30 months ends with the horizon.
	const isWhole = months % 12 === 0;
	const end = isWhole
		? wholeYear
		: minimum(wholeYear as Expr<Dimensionless>, number(months / 12) as Expr<Dimensionless>);
	return {
		yearly: rate,
		perMonth: named(`${id}.per_month`, one, minus(raised(growth, number(1 / 12)), number(1)), {
			label: "discount rate a month",
			formula: "(1 + r)^(1/12) − 1",
		}),
		yearEnd: monthly(`${id}.year_end`, one, raised(growth, minus(number(0), end)), {
			label: "worth at the opening, counted at the end of the year",
			formula: isWhole ? "(1 + r)^−⌈t/12⌉" : `(1 + r)^−min(⌈t/12⌉, ${months}/12)`,
		}),
	};
}

/** Present value by month. */
export function presentByMonth(of: AnyExpr, { perMonth }: Discounting): AnyExpr {
	return presentValue(of as Expr<Dims>, perMonth);
}

/** Present value where each year's cash counts at the end of the year. */
export function presentByYear(of: AnyExpr, { yearEnd }: Discounting): AnyExpr {
	return sumOverMonths(times(of, yearEnd) as Expr<Dims>);
}

/** Total of one year, 1 for the first; year 0 is the opening. */
export function inYear(of: AnyExpr, wanted: number, { month }: Calendar): AnyExpr {
	const yearOf = upTo(over(month, number(12)), number(1));
	const flag = choose(yearOf, "=", number(wanted), number(1), number(0));
	return sumOverMonths(times(of, flag) as Expr<Dims>);
}
