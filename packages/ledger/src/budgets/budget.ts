/** What somebody may spend in a period: a record as it is kept, with everything that is wrong with one that is not. */
import type { Amount } from "../records/money.ts";
import {
	amountOf,
	fault,
	finite,
	label,
	listOf,
	members,
	oneOf,
	optional,
	type RecordShape,
} from "../records/record-shape.ts";
import { type Instant, parseInstant } from "../records/units.ts";
import type { Span } from "../attribution/spans.ts";

export const BUDGET_PERIODS = ["month", "quarter", "year"] as const;
export type BudgetPeriod = (typeof BUDGET_PERIODS)[number];

/** Of a tenant, or `local`: of the ledger as a whole, idle time and shared cost included. */
export const WHOLE_LEDGER = "local";

export interface BudgetScope {
	readonly model?: string;
	readonly team?: string;
	readonly user?: string;
}

export interface Budget {
	readonly id: string;
	readonly tenant: string;
	readonly amount: Amount;
	readonly period: BudgetPeriod;
	readonly scope: BudgetScope;
	/** Shares of the amount at which somebody wants to know, in ascending order. */
	readonly thresholds: readonly number[];
}

export const THRESHOLDS: readonly number[] = [0.8, 1];

export const budgetShape: RecordShape<Budget> = members<Budget>(
	"What may be spent in a period",
	{
		id: label("Name of the budget", 64),
		tenant: label("Whose it is; local: of the whole ledger", 64),
		amount: amountOf("What may be spent in a period"),
		period: oneOf("Calendar period, UTC", BUDGET_PERIODS),
		scope: members<BudgetScope>("What counts; an absent member: all", {
			model: optional(label("Model")),
			team: optional(label("Team")),
			user: optional(label("User")),
		}),
		thresholds: listOf(finite("Share of the amount", 0, 10), 20),
	},
	({ id, tenant, amount, thresholds }, path, issues) => {
		const at = (member: string): string => (path === "" ? member : `${path}.${member}`);
		for (const [member, name] of [
			["id", id],
			["tenant", tenant],
		] as const) {
			if (/^[\w.-]{1,64}$/.test(name)) continue;
			fault(issues, "unknown-value", at(member), `${member} cannot be "${name}"`, "letters, digits, - _ and .");
		}
		if (amount.nano <= 0n) {
			fault(issues, "out-of-bounds", at("amount"), "a budget is more than nothing", "an amount above 0");
		}
		const isRising = thresholds.every((each, i) => each > (thresholds[i - 1] ?? 0));
		if (thresholds.length === 0 || !isRising) {
			fault(issues, "contradiction", at("thresholds"), "thresholds do not rise", "shares above 0, such as [0.8, 1]");
		}
	},
);

/** The calendar period that holds an instant. */
export function periodAround(period: BudgetPeriod, at: Instant): Span {
	const date = new Date(at / 1000);
	const year = date.getUTCFullYear();
	const months = { month: 1, quarter: 3, year: 12 }[period];
	const first = date.getUTCMonth() - (date.getUTCMonth() % months);
	return { from: monthStart(year, first), to: monthStart(year, first + months) };
}

function monthStart(year: number, month: number): Instant {
	return parseInstant(new Date(Date.UTC(year, month, 1)).toISOString()) as Instant;
}
