/**
 * How a budget stands: spent so far, what the period will come to, which thresholds were passed and when. Spent is the
 * sum of what the days of the period cost those that the budget is of; the forecast is that of actuals, over the days
 * that are left.
 */
import type { QuantityJson } from "@farthing/engine";
import type { AttributedLine } from "../attribution/attributed-line.ts";
import { sumOfLines } from "../attribution/line-sums.ts";
import type { Span } from "../attribution/spans.ts";
import { actualDays, type Actuals } from "../actuals/actuals.ts";
import { coverageOf } from "../actuals/actuals-result.ts";
import { shower, unitsOf } from "../actuals/quantities-of-actuals.ts";
import { forecastMonth } from "../outlook/forecast.ts";
import { formatAmount } from "../records/money.ts";
import { formatInstant, type Instant, MICROS_PER_DAY } from "../records/units.ts";
import { type Budget, type BudgetPeriod, type BudgetScope, WHOLE_LEDGER } from "./budget.ts";

export interface BudgetStatus {
	readonly id: string;
	readonly tenant: string;
	readonly scope: BudgetScope;
	readonly period: { readonly kind: BudgetPeriod; readonly from: string; readonly to: string };
	readonly amount: QuantityJson;
	/** `over`: spent more than the amount; `heading-over`: the forecast's median is more; `unknown`: no usage is known. */
	readonly state: BudgetState;
	/** Up to the end of this day. */
	readonly through?: string;
	readonly spent?: QuantityJson;
	/** Of the amount. */
	readonly used?: QuantityJson;
	readonly forecast?: QuantityJson;
	readonly thresholds: readonly { readonly at: number; readonly passed?: string }[];
}

export const BUDGET_STATES = ["within", "warned", "heading-over", "over", "unknown"] as const;
export type BudgetState = (typeof BUDGET_STATES)[number];

/** `found`: the period up to what is known, by tenant and by what budgets are of. */
export function budgetStatus(budget: Budget, period: Span, found: Actuals, seed: number): BudgetStatus {
	const { amount, thresholds } = budget;
	const days = actualDays(found).map(({ from, to, lines }) => ({
		from,
		to,
		cost: sumOfLines(lines.filter(isOf(budget)), amount.currency),
	}));
	const show = shower(found);
	const coverage = coverageOf(found);
	const spent = { currency: amount.currency, nano: days.reduce((sum, { cost }) => sum + cost.nano, 0n) };
	const daysLeft = Math.round((period.to - found.question.window.to) / MICROS_PER_DAY);
	const isWhole = days.every(({ from, to }) => to - from === MICROS_PER_DAY);
	const forecast =
		daysLeft > 0 && isWhole ? forecastMonth({ days: days.map(({ cost }) => cost), daysLeft, seed }) : undefined;
	const passed = thresholds.map((at) => ({ at, ...passedOn(days, Number(amount.nano) * at) }));
	const isWarned = passed.some(({ at, passed: on }) => at < 1 && on !== undefined);
	const isOver = spent.nano > amount.nano;
	const isHeading = forecast !== undefined && forecast.p50.nano > amount.nano;
	return {
		...headOf(budget, period),
		state: isOver ? "over" : isHeading ? "heading-over" : isWarned ? "warned" : "within",
		through: formatInstant((found.question.window.to - 1) as Instant).slice(0, 10),
		spent: show.shared(spent, { coverage }),
		used: show.share(Number(spent.nano) / Number(amount.nano)),
		...(forecast === undefined
			? {}
			: {
					forecast: show.shared(forecast.p50, {
						state: "modelled",
						p10: unitsOf(forecast.p10.nano),
						p50: unitsOf(forecast.p50.nano),
						p90: unitsOf(forecast.p90.nano),
					}),
				}),
		thresholds: passed,
	};
}

/** No usage of the period is known: that is not zero. */
export function unknownStatus(budget: Budget, period: Span): BudgetStatus {
	return { ...headOf(budget, period), state: "unknown", thresholds: budget.thresholds.map((at) => ({ at })) };
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

function isOf({ tenant, scope }: Budget): (line: AttributedLine) => boolean {
	const asked = Object.entries(scope) as [keyof BudgetScope, string][];
	return ({ owner }) =>
		(tenant === WHOLE_LEDGER || owner.org === tenant) && asked.every(([name, value]) => owner[name] === value);
}

interface DayCost extends Span {
	readonly cost: { readonly nano: bigint };
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
