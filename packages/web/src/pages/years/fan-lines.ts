/** Fans of the answer as lines: a line for each way, a band for the one that is chosen. */
import type { FanResult } from "@farthing/answers";
import type { LineSeries } from "../../chart/line-chart.tsx";

const ORDER = ["own", "rent", "api", "hybrid"];

export function strategyIndex(strategy: string): number {
	return Math.max(0, ORDER.indexOf(strategy));
}

/** In the unit shown; months without a value, as before the first token, are gaps. */
export function fanLines(fans: readonly FanResult[], chosen: string, shown: (value: number) => number): LineSeries[] {
	return fans.map(({ strategy, p10, p50, p90 }) => {
		const months = p50.map((_, month) => month);
		const line: LineSeries = {
			key: strategy,
			index: strategyIndex(strategy),
			points: months.map((month) => ({ x: month, y: finite(p50[month], shown) })),
			isFaint: strategy !== chosen,
		};
		if (strategy !== chosen) return line;
		const band = months.flatMap((month) => {
			const [low, high] = [finite(p10[month], shown), finite(p90[month], shown)];
			return low === undefined || high === undefined ? [] : [{ x: month, low, high }];
		});
		return { ...line, band };
	});
}

/** First and last month with a value. */
export function ends(values: readonly number[]): { readonly first: number; readonly last: number } | undefined {
	const known = values.flatMap((value, month) => (Number.isFinite(value) ? [month] : []));
	const [first] = known;
	const last = known.at(-1);
	return first === undefined || last === undefined ? undefined : { first, last };
}

/** A month in which no token is served has no cost of a token: its fan holds NaN, or 0 where all draws agree on it. */
export function withGaps(fan: FanResult): FanResult {
	if (fan.of !== "unit_cost.delivered") return fan;
	const gaps = (values: readonly number[]): number[] => values.map((value) => (value === 0 ? Number.NaN : value));
	return { ...fan, p10: gaps(fan.p10), p50: gaps(fan.p50), p90: gaps(fan.p90) };
}

function finite(value: number | undefined, shown: (value: number) => number): number | undefined {
	return value === undefined || !Number.isFinite(value) ? undefined : shown(value);
}
