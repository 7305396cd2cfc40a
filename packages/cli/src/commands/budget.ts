/** `farthing budget`: what may be spent in a period, and how that stands. */
import { envelope, FarthingError } from "@farthing/answers";
import { canonicalJson, sha256Hex } from "@farthing/engine";
import type { Budget, BudgetStatus } from "@farthing/ledger";
import { answerBudgets, formatAmount, readBudgets, WHOLE_LEDGER } from "@farthing/ledger";
import {
	BudgetError,
	budgetFileOf,
	budgetJson,
	changeBudgets,
	isSame,
	readBudget,
	readBudgetFile,
} from "@farthing/ledger/budgets";
import type { CommonFlags } from "../context.ts";
import { askingOf, catalogueStore, deliver } from "../context.ts";
import { auditedAt, inLedgerWords, ledgerPath, withLedger } from "../ledger-file.ts";
import { budgetListText, budgetStatusText } from "../show/budget.ts";
import { modelledRunsOf, ratesOf, told } from "./actuals.ts";

export interface BudgetFlags extends CommonFlags {
	readonly store?: string;
	readonly tenant?: string;
}

export interface BudgetSetFlags extends BudgetFlags {
	readonly amount: string;
	readonly period: string;
	readonly model?: string;
	readonly team?: string;
	readonly user?: string;
	readonly thresholds?: readonly string[];
}

export interface BudgetStatusFlags extends BudgetFlags {
	readonly on?: string;
	readonly rates?: string;
	readonly forecast?: boolean;
}

export interface BudgetList {
	readonly store: string;
	readonly budgets: readonly object[];
}

export async function runBudgetSet(id: string, flags: BudgetSetFlags): Promise<void> {
	const store = ledgerPath(flags.store);
	const { model, team, user } = flags;
	const budget = refused(() =>
		readBudget({
			id,
			tenant: flags.tenant ?? WHOLE_LEDGER,
			amount: amountOf(flags.amount),
			period: flags.period,
			scope: {
				...(model === undefined ? {} : { model }),
				...(team === undefined ? {} : { team }),
				...(user === undefined ? {} : { user }),
			},
			thresholds: (flags.thresholds ?? ["80%", "100%"]).map(shareOf),
		}),
	);
	const detail = {
		amount: `${formatAmount(budget.amount)} ${budget.amount.currency}`,
		period: budget.period,
		...budget.scope,
	};
	const change = { action: "budget.set", of: id, tenant: budget.tenant, detail } as const;
	await changed(store, change, (budgets) => [...budgets.filter((each) => !isSame(each, budget)), budget]);
	tellList("budget set", { store, budgets: [budgetJson(budget)] }, flags);
}

export async function runBudgetDrop(id: string, flags: BudgetFlags): Promise<void> {
	const store = ledgerPath(flags.store);
	const tenant = flags.tenant ?? WHOLE_LEDGER;
	const budgets = budgetsIn(store).filter((each) => each.tenant === tenant);
	const found = budgets.find((each) => each.id === id);
	if (found === undefined) {
		throw new FarthingError(3, "unknown-budget", `the tenant ${tenant} has no budget "${id}"`, {
			nearest: budgets.map((each) => each.id),
			hint: "farthing budget list",
		});
	}
	const change = { action: "budget.dropped", of: id, tenant } as const;
	await changed(store, change, (all) => all.filter((each) => !isSame(each, found)));
	tellList("budget drop", { store, budgets: [budgetJson(found)] }, flags);
}

export function runBudgetList(flags: BudgetFlags): void {
	const store = ledgerPath(flags.store);
	tellList("budget list", { store, budgets: ofTenant(budgetsIn(store), flags.tenant).map(budgetJson) }, flags);
}

/** Exit 1 where more was spent than a budget allows; with --forecast also where that is to be expected. */
export async function runBudgetStatus(flags: BudgetStatusFlags): Promise<number> {
	const store = ledgerPath(flags.store);
	const budgets = ofTenant(budgetsIn(store), flags.tenant);
	if (budgets.length === 0) {
		throw new FarthingError(
			3,
			"no-budget",
			`${store} has no budget${flags.tenant === undefined ? "" : ` of ${flags.tenant}`}`,
			{
				expected: "a budget",
				hint: 'farthing budget set chat --amount "5000 USD" --model llama-3.3-70b',
			},
		);
	}
	const catalogue = catalogueStore();
	const asking = askingOf("budget status", {}, flags, catalogue);
	const beside = {
		seed: asking.seed,
		modelledRuns: modelledRunsOf(catalogue, asking.asOf),
		...(flags.rates === undefined ? {} : { rates: ratesOf(flags.rates) }),
	};
	const statuses = await told(() =>
		withLedger(
			store,
			async (ledger) => answerBudgets(await readBudgets(ledger, budgets, beside, flags.on), asking.seed),
			{
				create: false,
			},
		),
	);
	const result = { budgets: statuses };
	const named = { ...flags, ledger: sha256Hex(canonicalJson(result)) };
	deliver(envelope(askingOf("budget status", named, flags, catalogue), result, []), flags, budgetStatusText);
	return statuses.some((each) => isBroken(each, flags.forecast === true)) ? 1 : 0;
}

function isBroken({ state }: BudgetStatus, withForecast: boolean): boolean {
	return state === "over" || (withForecast && state === "heading-over");
}

async function changed(
	store: string,
	change: Parameters<typeof auditedAt>[1],
	work: (budgets: readonly Budget[]) => readonly Budget[],
): Promise<void> {
	refused(() => budgetsIn(store));
	await auditedAt(store, change, () =>
		changeBudgets(budgetFileOf(store), (budgets) => ({ budgets: work(budgets), result: undefined })),
	);
}

function budgetsIn(store: string): Budget[] {
	return refused(() => readBudgetFile(budgetFileOf(store)));
}

function ofTenant(budgets: readonly Budget[], tenant: string | undefined): readonly Budget[] {
	return budgets.filter((each) => tenant === undefined || each.tenant === tenant);
}

function refused<T>(work: () => T): T {
	try {
		return work();
	} catch (error) {
		if (!(error instanceof BudgetError)) throw inLedgerWords(error as Error, undefined);
		const { code, message, field, expected } = error;
		throw new FarthingError(2, code, message, { field: code === "malformed-budget" ? `--${field}` : field, expected });
	}
}

function amountOf(text: string): object {
	const [, value, currency] = /^(\d{1,15}(?:\.\d{1,9})?) ?([A-Z]{3})$/.exec(text.trim()) ?? [];
	if (value !== undefined && ["USD", "EUR", "GBP", "CNY", "JPY"].includes(currency ?? "")) return { value, currency };
	throw new FarthingError(2, "wrong-type", `--amount takes an amount with its currency, not "${text}"`, {
		field: "--amount",
		expected: "such as 5000 USD; currencies are USD, EUR, GBP, CNY, JPY",
		hint: '--amount "5000 USD"',
	});
}

function shareOf(text: string): number {
	const [, percent] = /^(\d{1,3}(?:\.\d{1,3})?)%$/.exec(text.trim()) ?? [];
	if (percent !== undefined) return Number(percent) / 100;
	throw new FarthingError(2, "wrong-type", `--thresholds takes shares of the amount, not "${text}"`, {
		field: "--thresholds",
		expected: "percentages such as 80%,100%",
		hint: "--thresholds 80%,100%",
	});
}

function tellList(command: string, result: BudgetList, flags: BudgetFlags): void {
	deliver(
		envelope(askingOf(command, { ...flags, ...result }, flags, catalogueStore()), result, []),
		flags,
		budgetListText,
	);
}
