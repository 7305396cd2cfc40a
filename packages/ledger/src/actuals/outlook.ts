/** What the days of a window say of the month they are in, and which of them stand out. */
import { linesBy, sumOfLines } from "../attribution/line-sums.ts";
import type { AttributedLine } from "../attribution/attributed-line.ts";
import { costAnomalies } from "../outlook/anomalies.ts";
import { forecastMonth } from "../outlook/forecast.ts";
import type { Amount } from "../records/money.ts";
import { formatInstant, MICROS_PER_DAY } from "../records/units.ts";
import type { ActualDay, Actuals } from "./actuals.ts";
import { actualDays } from "./actuals.ts";
import type { OutlookOfActuals } from "./actuals-result.ts";

/** Forecast where the window ends within a month; anomalies of the whole, of each model and of each kind of other cost. */
export function outlookOf(found: Actuals, seed: number): OutlookOfActuals {
	const all = actualDays(found);
	const days = all.filter(({ from, to }) => to - from === MICROS_PER_DAY);
	const forecast = monthForecast(days, seed);
	const { currency } = found.question;
	const mean = days.reduce((sum, { total }) => sum + Number(total.nano), 0) / Math.max(1, days.length);
	const anomalies = seriesOf(days, currency).flatMap(([of, amounts]) =>
		costAnomalies(amounts)
			.filter(({ amount, expected }) => Math.abs(Number(amount.nano - expected.nano)) >= LEAST_SHARE * Math.abs(mean))
			.map((anomaly) => ({ ...anomaly, of, date: dayOf(days[anomaly.day] as ActualDay) })),
	);
	return { days: all, ...(forecast === undefined ? {} : { forecast }), anomalies };
}

/** Of what a day costs: less than this in a part of it is not worth a reader's time. */
const LEAST_SHARE = 0.02;

function monthForecast(days: readonly ActualDay[], seed: number): OutlookOfActuals["forecast"] {
	const last = days.at(-1);
	if (last === undefined) return undefined;
	const month = dayOf(last).slice(0, 7);
	const known = days.filter((day) => dayOf(day).startsWith(month));
	const length = daysInMonth(month);
	// Days of the month before the window are not known: a forecast without them would be of something else.
	if (known.length === length || dayOf(known[0] as ActualDay) !== `${month}-01`) return undefined;
	const found = forecastMonth({ days: known.map(({ total }) => total), daysLeft: length - known.length, seed });
	return found === undefined ? undefined : { ...found, month };
}

/** Day by day: all, each model, each kind of line without an owner. */
function seriesOf(days: readonly ActualDay[], currency: string): [string, Amount[]][] {
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
	const parts = [...names]
		.sort()
		.map((name): [string, Amount[]] => [name, byDay.map((groups) => sumOfLines(groups.get(name) ?? [], currency))]);
	return [["all", days.map(({ total }) => total)], ...parts];
}

function dayOf({ from }: ActualDay): string {
	return formatInstant(from).slice(0, 10);
}

function daysInMonth(month: string): number {
	const [year, number] = month.split("-").map(Number) as [number, number];
	const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
	return [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][number - 1] ?? 30;
}
