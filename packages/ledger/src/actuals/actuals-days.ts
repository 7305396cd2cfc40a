/** Cost and tokens of each day of a window, and of each seven days. */
import { quantiles } from "@farthing/engine";
import type { UsedWork } from "../attribution/attribute.ts";
import { shareWithin } from "../attribution/spans.ts";
import { formatInstant } from "../records/units.ts";
import type { ActualDay } from "./actuals.ts";
import type { ActualsResult, DayJson, WeekJson } from "./actuals-json.ts";
import type { Shower } from "./quantities-of-actuals.ts";
import { deliveredOf, standingOf } from "./quantities-of-actuals.ts";

export function daysAndWeeks(
	of: readonly ActualDay[],
	used: readonly UsedWork[],
	show: Shower,
): Pick<ActualsResult, "days" | "weeks"> {
	const days = of.map((day) => dayOf(day, used, show));
	const starts = days.flatMap((_, i) => (i % 7 === 0 ? [i] : []));
	return { days, weeks: starts.map((start) => weekOf(days.slice(start, start + 7), of.slice(start, start + 7), show)) };
}

function weekOf(days: readonly DayJson[], of: readonly ActualDay[], show: Shower): WeekJson {
	const currency = of[0]?.total.currency ?? "";
	const total = { currency, nano: of.reduce((sum, day) => sum + day.total.nano, 0n) };
	const tokens = days.reduce((sum, day) => sum + (day.tokens.value ?? 0), 0);
	const costs = Float64Array.from(days.flatMap(({ unit_cost }) => unit_cost?.value ?? []));
	const week = { from: days[0]?.day ?? "", to: days.at(-1)?.day ?? "", cost: show.money(total) };
	if (tokens < 1) return week;
	const [p10, p90] = quantiles(costs, [0.1, 0.9]) as [number, number];
	return {
		...week,
		unit_cost: { ...show.unitCost(total, tokens, "total"), ...standingOf(show.money(total)), p10, p90 },
	};
}

function dayOf({ from, to, total }: ActualDay, used: readonly UsedWork[], show: Shower): DayJson {
	const tokens = used.reduce((sum, each) => sum + shareWithin(each, { from, to }) * deliveredOf(each.tokens), 0);
	return {
		day: formatInstant(from).slice(0, 10),
		cost: show.money(total),
		tokens: { value: Math.round(tokens), unit: "tok", tokens: "total", grade: "A" },
		...(tokens < 1
			? {}
			: { unit_cost: { ...show.unitCost(total, tokens, "total"), ...standingOf(show.money(total)) } }),
	};
}
