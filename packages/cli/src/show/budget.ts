import type { BudgetStatus } from "@farthing/ledger";
import type { BudgetList } from "../commands/budget.ts";
import { bad, good, textTable } from "../print.ts";

export function budgetListText({ budgets }: BudgetList): string {
	if (budgets.length === 0) return "no budgets";
	const rows = (budgets as readonly BudgetJson[]).map(({ tenant, id, amount, period, scope, thresholds }) => [
		tenant,
		id,
		`${amount.value} ${amount.currency} a ${period}`,
		scopeText(scope),
		thresholds.map((at) => percent(at)).join(", "),
	]);
	return textTable(["tenant", "budget", "amount", "of", "thresholds"], rows);
}

interface BudgetJson extends Pick<BudgetStatus, "tenant" | "id" | "scope"> {
	readonly amount: { readonly value: string; readonly currency: string };
	readonly period: string;
	readonly thresholds: readonly number[];
}

export function budgetStatusText({ budgets }: { readonly budgets: readonly BudgetStatus[] }): string {
	const rows = budgets.map((each) => {
		const { tenant, id, scope, period, amount, spent, used, forecast, through, thresholds } = each;
		const last = thresholds.filter(({ passed }) => passed !== undefined).at(-1);
		return [
			tenant,
			id,
			scopeText(scope),
			`${period.from.slice(0, 10)} + a ${period.kind}`,
			money(amount.value, amount.unit),
			spent === undefined ? "unknown" : money(spent.value, amount.unit),
			used?.value === undefined ? "" : percent(used.value),
			through ?? "",
			forecast?.value === undefined
				? ""
				: `${money(forecast.value, amount.unit)} (${money(forecast.p10, amount.unit)} to ${money(forecast.p90, amount.unit)})`,
			last === undefined ? "" : `${percent(last.at)} on ${last.passed}`,
			`${STATE[each.state]}${each.reason === undefined ? "" : `: ${each.reason}`}`,
		];
	});
	const head = [
		"tenant",
		"budget",
		"of",
		"period",
		"amount",
		"spent",
		"used",
		"through",
		"forecast (P10 to P90)",
		"passed",
		"",
	];
	const table = textTable(head, rows, [4, 5, 6]);
	return `${table}\n\n${summaryOf(budgets)}`;
}

/** What is overspent, what will be, and of what nothing is known: none of them is said to be well. */
function summaryOf(budgets: readonly BudgetStatus[]): string {
	const counted = (asked: BudgetStatus["state"]): number => budgets.filter(({ state }) => state === asked).length;
	const [over, heading, unknown] = [counted("over"), counted("heading-over"), counted("unknown")];
	const of = ` of ${budgets.length}`;
	const parts = [
		over === 0 ? "no budget is overspent" : `${over}${of} overspent`,
		...(heading === 0 ? [] : [`${heading}${of} will be overspent by the forecast`]),
		...(unknown === 0 ? [] : [`${unknown}${of} unknown`]),
	];
	return (over + heading === 0 ? good : bad)(parts.join(", "));
}

const STATE: Readonly<Record<BudgetStatus["state"], string>> = {
	within: "within",
	warned: "threshold passed",
	"heading-over": "will be overspent",
	over: "overspent",
	unknown: "unknown",
};

function scopeText(scope: BudgetStatus["scope"]): string {
	const parts = Object.entries(scope).map(([name, value]) => `${name} ${value}`);
	return parts.length === 0 ? "all" : parts.join(", ");
}

function money(value: number | undefined, unit: string): string {
	return value === undefined ? "unknown" : `${value.toFixed(2)} ${unit}`;
}

function percent(share: number): string {
	return `${Number((share * 100).toFixed(1))}%`;
}
