/** Budgets against a ledger: what is read is one window for each period and currency, however many budgets there are. */
import type { Dimension } from "../attribution/attributed-line.ts";
import type { Span } from "../attribution/spans.ts";
import { ActualsError } from "../actuals/actuals-error.ts";
import { type BesideLedger, type LedgerReads, type ReadActuals, readActuals } from "../actuals/ask-actuals.ts";
import { lastDayIn } from "../actuals/facts-from-store.ts";
import { formatInstant, type Instant, MICROS_PER_DAY, parseInstant } from "../records/units.ts";
import { type Budget, periodAround } from "./budget.ts";
import { type BudgetStatus, budgetStatus, unknownStatus } from "./budget-status.ts";

/** Plain data, to be worked on elsewhere. */
export interface ReadBudgets {
	readonly groups: readonly {
		readonly budgets: readonly Budget[];
		readonly period: Span;
		/** Nothing where no usage of the period is known. */
		readonly read?: ReadActuals;
	}[];
}

/** `on`: as things stood at the end of that day; at the end of the last day served unless given. Throws ActualsError. */
export async function readBudgets(
	store: LedgerReads,
	budgets: readonly Budget[],
	beside: BesideLedger,
	on?: string,
): Promise<ReadBudgets> {
	if (budgets.length === 0) return { groups: [] };
	const last = await lastDayIn(store);
	const end = endOf(on) ?? last;
	if (end === undefined) {
		throw new ActualsError("no-usage", "the ledger knows of no token served", {
			expected: "usage of engines, gateways or logs",
			hint: "farthing import FILE",
		});
	}
	const groups = new Map<string, { budgets: Budget[]; period: Span; currency: string }>();
	for (const budget of budgets) {
		const period = periodAround(budget.period, (end - 1) as Instant);
		const { currency } = budget.amount;
		const key = `${period.from} ${period.to} ${currency}`;
		const group = groups.get(key) ?? { budgets: [], period, currency };
		group.budgets.push(budget);
		groups.set(key, group);
	}
	const read: ReadBudgets["groups"][number][] = [];
	for (const { budgets: own, period, currency } of groups.values()) {
		const to = Math.min(period.to, end, last ?? 0);
		if (to <= period.from) {
			read.push({ budgets: own, period });
			continue;
		}
		const window = `${formatInstant(period.from)}..${formatInstant(to as Instant)}`;
		const by = [
			...new Set<Dimension>(["model", "org", ...own.flatMap(({ scope }) => Object.keys(scope) as Dimension[])]),
		];
		read.push({ budgets: own, period, read: await readActuals(store, { window, by, currency }, beside) });
	}
	return { groups: read };
}

/** In the order of their names; what cannot be worked out is `unknown`, with the reason. */
export function answerBudgets({ groups }: ReadBudgets, seed: number): BudgetStatus[] {
	return groups
		.flatMap(({ budgets, period, read }) => {
			if (read === undefined) return budgets.map((budget) => unknownStatus(budget, period));
			return budgets.map((budget) => statusOrUnknown(budget, period, read, seed));
		})
		.sort((a, b) => (`${a.tenant} ${a.id}` < `${b.tenant} ${b.id}` ? -1 : 1));
}

/** What cannot be worked out for one budget, as where its currency has no rate, keeps no other from its answer. */
function statusOrUnknown(budget: Budget, period: Span, read: ReadActuals, seed: number): BudgetStatus {
	try {
		return budgetStatus(budget, period, read, seed);
	} catch (error) {
		if (!(error instanceof ActualsError) || !UNKNOWN.includes(error.code)) throw error;
		return unknownStatus(budget, period, error.message);
	}
}

const UNKNOWN: readonly string[] = ["unknown-rate", "no-usage", "no-price"];

function endOf(on: string | undefined): Instant | undefined {
	if (on === undefined) return undefined;
	const at = /^\d{4}-\d{2}-\d{2}$/.test(on) ? parseInstant(`${on}T00:00:00Z`) : undefined;
	if (at !== undefined) return (at + MICROS_PER_DAY) as Instant;
	throw new ActualsError("wrong-type", `on is a day, not "${on}"`, {
		field: "on",
		expected: "a day such as 2026-10-31",
		hint: "2026-10-31",
	});
}
