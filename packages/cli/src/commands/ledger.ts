/** `farthing ledger`: what a ledger holds, copies of it, and dropping what is old. */
import { existsSync } from "node:fs";
import { envelope, FarthingError } from "@farthing/answers";
import { formatInstant, instant, lastDayIn, MICROS_PER_DAY } from "@farthing/ledger";
import type { CommonFlags } from "../context.ts";
import { askingOf, givenAsOf, catalogueStore, deliver } from "../context.ts";
import { auditedAt, inLedgerWords, ledgerPath, makingOwnFiles, withLedger } from "../ledger-file.ts";
import { copiedText, exportedText, retainedText, schemaText, statusText } from "../show/ledger.ts";

export interface LedgerFlags extends CommonFlags {
	readonly store?: string;
}

/** Rows by kind of event, and where usage ends. */
export interface LedgerStatus {
	readonly store: string;
	readonly rows: Readonly<Record<(typeof TABLES)[number], number>>;
	/** End of the last day with usage; absent where there is none. */
	readonly usage_to?: string;
}

export interface LedgerCopied {
	readonly from: string;
	readonly to: string;
}

export interface LedgerExported {
	readonly store: string;
	readonly folder: string;
	readonly tables: readonly { readonly table: string; readonly file: string; readonly rows: number }[];
}

export interface LedgerSchema {
	readonly store: string;
	readonly statements: readonly string[];
}

export interface LedgerRetained {
	readonly store: string;
	/** Events of days before it are gone. */
	readonly kept_since: string;
	readonly dropped: number;
}

const TABLES = ["usage_request", "usage_window", "capacity", "price", "charge"] as const;

export async function runLedgerStatus(flags: LedgerFlags): Promise<void> {
	const store = ledgerPath(flags.store);
	const status = await withLedger(
		store,
		async (ledger): Promise<LedgerStatus> => {
			const counts = await Promise.all(TABLES.map(async (table) => [table, await ledger.rowCount(table)] as const));
			const last = await lastDayIn(ledger);
			return {
				store,
				rows: Object.fromEntries(counts) as LedgerStatus["rows"],
				...(last === undefined ? {} : { usage_to: formatInstant(last) }),
			};
		},
		{ create: false },
	);
	tell("ledger status", status, flags, statusText);
}

export async function runLedgerBackup(to: string, flags: LedgerFlags): Promise<void> {
	const from = ledgerPath(flags.store);
	const { budgetFileOf, copyBudgets } = await import("@farthing/ledger/budgets");
	await withLedger(
		from,
		async (ledger) => {
			await ledger.backup(to);
			copyBudgets(budgetFileOf(from), budgetFileOf(to));
		},
		{ create: false },
	);
	tell<LedgerCopied>("ledger backup", { from, to }, flags, copiedText);
}

/** The ledger that is restored to must not be there yet. */
export async function runLedgerRestore(from: string, flags: LedgerFlags): Promise<void> {
	const to = ledgerPath(flags.store);
	if (!existsSync(from)) {
		throw new FarthingError(2, "unreadable", `cannot read ${from}: there is no such file`, {
			file: from,
			expected: "a file that farthing ledger backup has written",
			hint: "farthing ledger backup FILE",
		});
	}
	const { restoreBackup } = await import("@farthing/ledger/store");
	const change = { action: "ledger.restored", of: to, detail: { from } } as const;
	await makingOwnFiles(() => auditedAt(to, change, () => restoreBackup(from, to))).catch(
		(error: Error & { readonly code?: string }) => {
			throw inLedgerWords(error, error.code === "store-unreadable" ? from : to);
		},
	);
	tell<LedgerCopied>("ledger restore", { from, to }, flags, copiedText);
}

export async function runLedgerExport(flags: LedgerFlags & { readonly parquet: string }): Promise<void> {
	const store = ledgerPath(flags.store);
	const folder = flags.parquet;
	const tables = await withLedger(store, (ledger) => ledger.exportParquet(folder), { create: false });
	tell<LedgerExported>("ledger export", { store, folder, tables }, flags, exportedText);
}

export async function runLedgerSchema(flags: LedgerFlags & { readonly replicated?: boolean }): Promise<void> {
	const store = ledgerPath(flags.store);
	const { clickHouseSchema } = await import("@farthing/ledger/store");
	try {
		const statements = clickHouseSchema(store, flags.replicated === true);
		tell<LedgerSchema>("ledger schema", { store, statements }, flags, schemaText);
	} catch (error) {
		throw inLedgerWords(error as Error, store);
	}
}

/** Counted back from the day of the run, or from `--as-of`: what a ledger holds does not say how old it is. */
export async function runLedgerRetain(flags: LedgerFlags & { readonly olderThan: string }): Promise<void> {
	const store = ledgerPath(flags.store);
	if (!/^\d{1,5}d$/.test(flags.olderThan) || Number.parseInt(flags.olderThan, 10) === 0) {
		throw new FarthingError(2, "wrong-type", `--older-than takes a number of days, not "${flags.olderThan}"`, {
			field: "--older-than",
			expected: "whole days such as 90d",
			hint: "--older-than 90d",
		});
	}
	const before = instant(Math.max(0, todayOf(flags) * 1000 - Number.parseInt(flags.olderThan, 10) * MICROS_PER_DAY));
	const retained = await withLedger(
		store,
		async (ledger): Promise<LedgerRetained> => {
			if ((await lastDayIn(ledger)) === undefined) {
				throw new FarthingError(3, "no-usage", "the ledger knows of no usage that could be old", {
					expected: "usage of engines, gateways or logs",
					hint: "farthing import FILE",
				});
			}
			const since = { kept_since: formatInstant(before) };
			const change = { action: "ledger.retained", of: store, detail: since } as const;
			const retained = await auditedAt(
				store,
				change,
				() => ledger.retain(before),
				({ dropped }) => ({ dropped }),
			);
			return { store, ...since, ...retained };
		},
		{ create: false },
	);
	tell("ledger retain", retained, flags, retainedText);
}

/** Milliseconds at which the day of the run began. */
function todayOf(flags: LedgerFlags): number {
	const asked = givenAsOf(flags);
	return asked === undefined ? Math.floor(Date.now() / 86_400_000) * 86_400_000 : Date.parse(asked);
}

function tell<T extends object>(command: string, result: T, flags: LedgerFlags, text: (result: T) => string): void {
	deliver(envelope(askingOf(command, { ...flags, ...result }, flags, catalogueStore()), result, []), flags, text);
}
