/** Series of the answer as lines over months, and what a sentence says of them. */
import type { MonthSeries, PricedResult, StrategyResult } from "@farthing/answers";
import type { Point } from "../../chart/line-chart.tsx";

export type EarningWay = PricedResult & Required<Pick<PricedResult, "by_month">>;

/** Ways with a price that sell tokens. */
export function earningWays(strategies: readonly StrategyResult[]): EarningWay[] {
	return strategies.filter((each): each is EarningWay => each.priced && each.by_month !== undefined);
}

/** In the unit shown; a month without a value is a gap. */
export function monthPoints({ values }: MonthSeries, shown: (value: number) => number): Point[] {
	return values.map((value, x) => ({ x, y: value === null ? undefined : shown(value) }));
}

export interface Serving {
	/** First and last month that serve. */
	readonly first: number;
	readonly last: number;
	readonly months: number;
	/** Of them with a margin above 0. */
	readonly positive: number;
}

/** Nothing where no month serves. */
export function servingMonths({ by_month: { earned, margin } }: Pick<EarningWay, "by_month">): Serving | undefined {
	const months = earned.values.flatMap((value, month) => (value === null ? [] : [month]));
	const [first] = months;
	const last = months.at(-1);
	if (first === undefined || last === undefined) return undefined;
	const positive = months.filter((month) => (margin.values[month] ?? 0) > 0).length;
	return { first, last, months: months.length, positive };
}

/** Ends of years, and the last month where it is none. */
export function yearEnds(months: number): number[] {
	const ends = Array.from({ length: Math.floor(months / 12) }, (_, year) => 12 * (year + 1));
	return months % 12 === 0 ? ends : [...ends, months];
}
