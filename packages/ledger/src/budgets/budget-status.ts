/**
 * How a budget stands: spent so far, what the period will come to, which thresholds were passed and when. Spent is the
 * sum of what the days of the period cost those that the budget is of; the forecast is that of actuals, over the days
 * that are left.
 */
import type { QuantityJson } from "@farthing/engine";
import type { AttributedLine } from "../attribution/attributed-line.ts";
import { sumOfLines } from "../attribution/line-sums.ts";
import type { Span } from "../attribution/spans.ts";
import { type ActualDay, type Actuals, actualDays, isKnownDay } from "../actuals/actuals.ts";
import { actualsOf, type ReadActuals } from "../actuals/ask-actuals.ts";
import { costModelled } from "../actuals/by-modelled-law.ts";
import { coverageOf } from "../actuals/actuals-result.ts";
import { shower, unitsOf } from "../actuals/quantities-of-actuals.ts";
import { forecastMonth } from "../outlook/forecast.ts";
import { type Amount, formatAmount } from "../records/money.ts";
import { formatInstant, type Instant, MICROS_PER_DAY } from "../records/units.ts";
import { type Budget, type BudgetPeriod, type BudgetScope, WHOLE_LEDGER } from "./budget.ts";

export interface BudgetStatus {
	readonly id: string;
	readonly tenant: string;
	readonly scope: BudgetScope;
	readonly period: { readonly kind: BudgetPeriod; readonly from: string; readonly to: string };
	readonly amount: QuantityJson;
	/** `over`: spent more than the amount; `heading-over`: the forecast's median is more; `unknown`: with the `reason`. */
	readonly state: BudgetState;
	/** Why it is `unknown`, or what of the days so far is not known: then `spent` is the least that it can be. */
	readonly reason?: string;
	/** Up to the end of this day, the last one with a cost on record. */
	readonly through?: string;
	readonly spent?: QuantityJson;
	/** Of the amount. */
	readonly used?: QuantityJson;
	readonly forecast?: QuantityJson;
	readonly thresholds: readonly { readonly at: number; readonly passed?: string }[];
}

export const BUDGET_STATES = ["within", "warned", "heading-over", "over", "unknown"] as const;
export type BudgetState = (typeof BUDGET_STATES)[number];

/** `read`: the period up to what is known, by tenant and by what budgets are of. */
export function budgetStatus(budget: Budget, period: Span, read: ReadActuals, seed: number): BudgetStatus {
	const found = actualsOf(read);
	const { amount, thresholds } = budget;
	const { lines, question } = found;
	const own = lines.filter(isOf(budget));
	// Who used nothing that is on record may be named otherwise there, or be of another meter: no line is not a cost of zero.
	if (own.length === 0) {
		return unknownStatus(budget, period, found.used.some(isOf(budget)) ? "no charge reaches what it used" : undefined);
	}
	const spent = sumOfLines(own, amount.currency);
	const { days, unknown } = daysUpTo(spent, found, isOf(budget));
	const show = shower(found);
	const byModel = costModelled(found, found.used)(found.used.filter(isOf(budget)), question.basis);
	const coverage = coverageOf(found);
	// What bills do not reach yet is to come, not nothing.
	const through = days.at(-1)?.to ?? question.window.to;
	const daysLeft = Math.round((period.to - through) / MICROS_PER_DAY);
	const isWhole = days.every(({ from, to }) => to - from === MICROS_PER_DAY);
	const forecast =
		daysLeft > 0 && isWhole && unknown === 0
			? forecastMonth({ days: days.map(({ cost }) => cost), daysLeft, seed })
			: undefined;
	const passed = thresholds.map((at) => ({ at, ...passedOn(days, Number(amount.nano) * at) }));
	const isWarned = passed.some(({ at, passed: on }) => at < 1 && on !== undefined);
	const isOver = spent.nano > amount.nano;
	const isHeading = forecast !== undefined && forecast.p50.nano > amount.nano;
	return {
		...headOf(budget, period),
		state: isOver ? "over" : isHeading ? "heading-over" : isWarned ? "warned" : unknown > 0 ? "unknown" : "within",
		...(unknown === 0
			? {}
			: {
					reason: `${unknown} of the ${days.length + unknown} days so far have no cost on record: more may have been spent`,
				}),
		through: formatInstant((through - 1) as Instant).slice(0, 10),
		spent: show.shared(spent, byModel, { coverage }),
		used: show.share(Number(spent.nano) / Number(amount.nano), show.shared(spent, byModel).grade),
		...(forecast === undefined
			? {}
			: {
					forecast: show.shared(forecast.p50, byModel, {
						state: "modelled",
						p10: unitsOf(forecast.p10.nano),
						p50: unitsOf(forecast.p50.nano),
						p90: unitsOf(forecast.p90.nano),
					}),
				}),
		thresholds: passed,
	};
}

/** What was spent is not known: that is not zero. */
export function unknownStatus(
	budget: Budget,
	period: Span,
	reason = `the ledger knows of no token served ${namedIn(budget)}in the period`,
): BudgetStatus {
	return { ...headOf(budget, period), state: "unknown", reason, thresholds: budget.thresholds.map((at) => ({ at })) };
}

function headOf({ id, tenant, scope, amount, period: kind }: Budget, period: Span) {
	return {
		id,
		tenant,
		scope,
		period: { kind, from: formatInstant(period.from), to: formatInstant(period.to) },
		amount: { value: Number(formatAmount(amount)), unit: amount.currency },
	};
}

/** Whose tokens are missing, where not all count: "for tenant a, team search ". */
function namedIn({ tenant, scope }: Budget): string {
	const all = Object.entries(tenant === WHOLE_LEDGER ? scope : { tenant, ...scope });
	return all.length === 0 ? "" : `for ${all.map(([name, value]) => `${name} ${value}`).join(", ")} `;
}

function isOf({ tenant, scope }: Budget): (line: Pick<AttributedLine, "owner">) => boolean {
	const asked = Object.entries(scope) as [keyof BudgetScope, string][];
	return ({ owner }) =>
		(tenant === WHOLE_LEDGER || owner.org === tenant) && asked.every(([name, value]) => owner[name] === value);
}

interface DayCost extends Span {
	readonly cost: Amount;
}

/**
 * Day by day, each reckoned by itself; then in proportion, so that the days add up to what was spent: over a window held
 * time is shared out by the work of all its days. Days that no charge reaches are not known: those after the last that one
 * does are left out, those before it counted. Days before the ledger has any record are none of its own.
 */
function daysUpTo(
	{ currency, nano }: Amount,
	found: Actuals,
	isOwn: (line: AttributedLine) => boolean,
): { readonly days: readonly DayCost[]; readonly unknown: number } {
	const all = actualDays(found);
	const isOnRecord = (day: ActualDay): boolean =>
		isKnownDay(day) || [...found.used, ...found.held].some(({ from, to }) => from < day.to && to > day.from);
	const reached = all.slice(0, all.findLastIndex(isKnownDay) + 1).slice(Math.max(0, all.findIndex(isOnRecord)));
	const known = reached
		.filter(isKnownDay)
		.map(({ from, to, lines }) => ({ from, to, cost: sumOfLines(lines.filter(isOwn), currency) }));
	const sum = known.reduce((total, { cost }) => total + cost.nano, 0n);
	const scaled = known.map((day) => ({
		...day,
		cost: { currency, nano: sum === 0n ? 0n : (day.cost.nano * nano) / sum },
	}));
	const left = nano - scaled.reduce((total, { cost }) => total + cost.nano, 0n);
	const days = scaled.map((day, i) =>
		i === scaled.length - 1 ? { ...day, cost: { currency, nano: day.cost.nano + left } } : day,
	);
	return { days, unknown: reached.length - known.length };
}

/** The first day at whose end the sum was there. */
function passedOn(days: readonly DayCost[], limit: number): { passed?: string } {
	let sum = 0n;
	for (const { from, cost } of days) {
		sum += cost.nano;
		if (Number(sum) >= limit) return { passed: formatInstant(from).slice(0, 10) };
	}
	return {};
}
