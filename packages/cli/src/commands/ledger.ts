/** `farthing ledger`: what a ledger holds, copies of it, and dropping what is old. */
import { existsSync } from "node:fs";
import { envelope, FarthingError } from "@farthing/answers";
import { formatInstant, lastDayIn, parseWindow } from "@farthing/ledger";
import type { CommonFlags } from "../context.ts";
import { askingOf, catalogueStore, deliver } from "../context.ts";
import { inLedgerWords, ledgerPath, withLedger } from "../ledger-file.ts";
import { copiedText, exportedText, retainedText, statusText } from "../show/ledger.ts";

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
	await withLedger(from, (ledger) => ledger.backup(to), { create: false });
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
	await restoreBackup(from, to).catch((error: Error) => {
		throw inLedgerWords(error, to);
	});
	tell<LedgerCopied>("ledger restore", { from, to }, flags, copiedText);
}

export async function runLedgerExport(flags: LedgerFlags & { readonly parquet: string }): Promise<void> {
	const store = ledgerPath(flags.store);
	const folder = flags.parquet;
	const tables = await withLedger(store, (ledger) => ledger.exportParquet(folder), { create: false });
	tell<LedgerExported>("ledger export", { store, folder, tables }, flags, exportedText);
}

/** Counted back from the end of the last day with usage, so that the same ledger gives the same answer. */
export async function runLedgerRetain(flags: LedgerFlags & { readonly olderThan: string }): Promise<void> {
	const store = ledgerPath(flags.store);
	if (!/^\d{1,5}d$/.test(flags.olderThan) || Number.parseInt(flags.olderThan, 10) === 0) {
		throw new FarthingError(2, "wrong-type", `--older-than takes a number of days, not "${flags.olderThan}"`, {
			field: "--older-than",
			expected: "whole days such as 90d",
			hint: "--older-than 90d",
		});
	}
	const retained = await withLedger(
		store,
		async (ledger): Promise<LedgerRetained> => {
			const last = await lastDayIn(ledger);
			const kept = last === undefined ? undefined : parseWindow(flags.olderThan, () => last);
			if (kept === undefined) {
				throw new FarthingError(3, "no-usage", "the ledger knows of no usage to count days back from", {
					expected: "usage of engines, gateways or logs",
					hint: "farthing import FILE",
				});
			}
			return { store, kept_since: formatInstant(kept.from), ...(await ledger.retain(kept.from)) };
		},
		{ create: false },
	);
	tell("ledger retain", retained, flags, retainedText);
}

function tell<T extends object>(command: string, result: T, flags: LedgerFlags, text: (result: T) => string): void {
	deliver(envelope(askingOf(command, { ...flags, ...result }, flags, catalogueStore()), result, []), flags, text);
}
