/** What the days of a window say of the month they are in, and which of them stand out. */
import { linesBy, sumOfLines } from "../attribution/line-sums.ts";
import type { AttributedLine } from "../attribution/attributed-line.ts";
import { costAnomalies, FEWEST_DAYS_BEFORE } from "../outlook/anomalies.ts";
import { FEWEST_DAYS_OF_FORECAST, forecastMonth } from "../outlook/forecast.ts";
import type { Amount } from "../records/money.ts";
import { formatInstant, MICROS_PER_DAY } from "../records/units.ts";
import type { ActualDay, Actuals } from "./actuals.ts";
import { actualDays, isKnownDay } from "./actuals.ts";
import type { OutlookOfActuals } from "./actuals-result.ts";

/** Forecast where the window ends within a month; anomalies of the whole, of each model and of each kind of other cost. */
export function outlookOf(found: Actuals, seed: number): OutlookOfActuals {
	const all = actualDays(found);
	const whole = all.filter(({ from, to }) => to - from === MICROS_PER_DAY);
	const forecast = monthForecast(whole, seed);
	// A day that no charge reaches is not known to have cost nothing: it is no history.
	const days = whole.filter(isKnownDay);
	const { currency } = found.question;
	const mean = days.reduce((sum, { total }) => sum + Number(total.nano), 0) / Math.max(1, days.length);
	const anomalies = seriesOf(days, currency).flatMap(({ of, start, amounts }) =>
		costAnomalies(amounts)
			.filter(({ amount, expected }) => Math.abs(Number(amount.nano - expected.nano)) >= LEAST_SHARE * Math.abs(mean))
			.map((anomaly) => ({
				...anomaly,
				of,
				day: start + anomaly.day,
				date: dayOf(days[start + anomaly.day] as ActualDay),
			})),
	);
	const gaps = [
		...(typeof forecast === "string" ? [{ of: "forecast" as const, reason: forecast }] : []),
		...(days.length > FEWEST_DAYS_BEFORE
			? []
			: [
					{
						of: "anomalies" as const,
						reason: `${daysWithCost(days.length)} in the window, and a day is held against at least ${FEWEST_DAYS_BEFORE} before it`,
					},
				]),
	];
	return { days: all, ...(typeof forecast === "string" ? {} : { forecast }), anomalies, gaps };
}

/** Of what a day costs: less than this in a part of it is not worth a reader's time. */
const LEAST_SHARE = 0.02;

/** The forecast, or why there is none. */
function monthForecast(days: readonly ActualDay[], seed: number): NonNullable<OutlookOfActuals["forecast"]> | string {
	const last = days.at(-1);
	if (last === undefined) return "the window has no whole day";
	const month = dayOf(last).slice(0, 7);
	const known = days.filter((day) => dayOf(day).startsWith(month));
	const length = daysInMonth(month);
	// Days of the month before the window are not known: a forecast without them would be of something else.
	if (known.length === length) return `all days of ${month} are in the window`;
	if (dayOf(known[0] as ActualDay) !== `${month}-01`) return `the window lacks the first days of ${month}`;
	const count = known.filter(isKnownDay).length;
	if (count < FEWEST_DAYS_OF_FORECAST) {
		return `${daysWithCost(count)} in ${month}, and a forecast takes at least ${FEWEST_DAYS_OF_FORECAST}`;
	}
	if (count < known.length)
		return `${known.length - count} of the ${known.length} days of ${month} so far have no cost on record`;
	const found = forecastMonth({ days: known.map(({ total }) => total), daysLeft: length - known.length, seed });
	return found === undefined ? `fewer than ${FEWEST_DAYS_OF_FORECAST} days are known` : { ...found, month };
}

function daysWithCost(count: number): string {
	return `${count} ${count === 1 ? "day" : "days"} with a cost on record`;
}

/** Amounts day by day, from the day that first knows of it. */
interface Series {
	readonly of: string;
	readonly start: number;
	readonly amounts: readonly Amount[];
}

/** Day by day: all, each model, each kind of line without an owner. */
function seriesOf(days: readonly ActualDay[], currency: string): Series[] {
	const names = new Set<string>();
	const byDay = days.map(({ lines }) => {
		const groups = new Map<string, AttributedLine[]>();
		for (const line of linesBy(lines, ["model"])) {
			const name = line.owner.model ?? line.kind;
			names.add(name);
			groups.set(name, [...(groups.get(name) ?? []), line]);
		}
		return groups;
	});
	const parts = [...names].sort().map((name): Series => {
		const start = byDay.findIndex((groups) => groups.has(name));
		const amounts = byDay.slice(start).map((groups) => sumOfLines(groups.get(name) ?? [], currency));
		return { of: name, start, amounts };
	});
	return [{ of: "all", start: 0, amounts: days.map(({ total }) => total) }, ...parts];
}

function dayOf({ from }: ActualDay): string {
	return formatInstant(from).slice(0, 10);
}

function daysInMonth(month: string): number {
	const [year, number] = month.split("-").map(Number) as [number, number];
	const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
	return [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][number - 1] ?? 30;
}
