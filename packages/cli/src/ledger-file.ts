/** The ledger that commands write to and read from, and its errors in the words of the command line. */
import { existsSync, statSync } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import { FarthingError } from "@farthing/answers";
import type { AuditDetail, AuditLog, AuditNote } from "@farthing/ledger/audit";
import type { BudgetError } from "@farthing/ledger/budgets";
import { contentHash } from "@farthing/ledger/source";
import type { LedgerStore, StoreError, StoreOptions } from "@farthing/ledger/store";

/** Flag, then FARTHING_STORE, then `.farthing/ledger.duckdb` in this folder. */
export function ledgerPath(flag: string | undefined): string {
	return flag ?? process.env["FARTHING_STORE"] ?? join(".farthing", "ledger.duckdb");
}

/** Opens the ledger, and closes it whatever happens. `create` false: exit 3 where there is none. */
export async function withLedger<T>(
	path: string,
	work: (store: LedgerStore) => Promise<T>,
	{ create = true, ...options }: Partial<StoreOptions> & { readonly create?: boolean } = {},
): Promise<T> {
	if (!create) requireLedger(path);
	const settings = { memory: "1GB", ...options };
	const { makeFolderOf, openLedger, openStore, spoolFolderOf } = await import("@farthing/ledger/store");
	const opened = async (): Promise<T> => {
		makeFolderOf(path);
		const spool = spoolFolderOf(path);
		// A server that was killed has left what it acknowledged: it is loaded first.
		const live = existsSync(spool)
			? await openLedger(path, spool, { store: settings }).catch((error: StoreError) => {
					// A running server loads its own, and lets others into a store that is not a file.
					if (!/^clickhouse:/i.test(path) || error.code !== "store-locked") throw error;
					return undefined;
				})
			: undefined;
		const store = live?.store ?? (await openStore(path, settings));
		try {
			await live?.store.dropRepeated();
			return await work(store);
		} finally {
			await (live ?? store).close();
		}
	};
	try {
		return await makingOwnFiles(opened);
	} catch (error) {
		throw inLedgerWords(error as Error, path);
	}
}

/** Files and folders made meanwhile are this user's alone: a ledger says who asked what, and what it cost. */
export async function makingOwnFiles<T>(work: () => Promise<T>): Promise<T> {
	const before = process.umask(OWN_ALONE);
	try {
		return await work();
	} finally {
		process.umask(before);
	}
}

const OWN_ALONE = 0o077;

/**
 * A change by somebody at this machine, written down beside what is changed before it is made and when it is done. Exit 2
 * where it cannot be written down: then nothing is changed.
 */
export async function auditedAt<T>(
	path: string,
	change: Pick<AuditNote, "action" | "of" | "detail"> & { readonly tenant?: string; readonly log?: string | undefined },
	work: () => Promise<T>,
	told?: (result: T) => AuditDetail,
): Promise<T> {
	const { auditFolderOf, auditLog, AuditError } = await import("@farthing/ledger/audit");
	const { tenant = LOCAL_TENANT, log, ...rest } = change;
	const audit: AuditLog = auditLog(log ?? auditFolderOf(path));
	try {
		return await audit.during({ tenant, who: { kind: "user", id: userName() }, ...rest }, work, told);
	} catch (error) {
		if (!(error instanceof AuditError)) throw error;
		throw new FarthingError(2, error.code, error.message, {
			file: audit.folder,
			...(error.hint === undefined ? {} : { hint: error.hint }),
		});
	}
}

/** Whose log holds what concerns a ledger as a whole. */
const LOCAL_TENANT = "local";

/** A container may run as a number that no name belongs to. */
function userName(): string {
	try {
		return userInfo().username;
	} catch {
		return `uid ${process.getuid?.() ?? "unknown"}`;
	}
}

/** An empty file is what a kill leaves while a ledger is made, or what something else made of one: there is nothing to read. */
function requireLedger(path: string): void {
	if (/^[a-z][a-z0-9+.-]+:/i.test(path)) return;
	const size = sizeOf(path);
	if (size !== undefined && size > 0) return;
	const message = size === 0 ? "the file is empty: there is no ledger in it" : `there is no ledger at ${path}`;
	throw new FarthingError(3, "no-ledger", message, {
		file: path,
		expected: "a ledger that farthing import has written to",
		hint: "farthing import FILE",
	});
}

/** A warning where a ledger begins in a file that was there, which nobody should take for an older one. */
export function beginningIn(path: string): readonly { readonly code: string; readonly message: string }[] {
	if (sizeOf(path) !== 0) return [];
	return [{ code: "empty-ledger-file", message: `${path} was empty: a new ledger begins in it` }];
}

function sizeOf(path: string): number | undefined {
	return existsSync(path) ? statSync(path).size : undefined;
}

/** What the store refuses, in the words of the command line; other errors as they are. */
export function inLedgerWords<E extends Error>(error: E, path: string | undefined): E | FarthingError {
	if (error.name === "BudgetError") {
		const { code, field, expected } = error as unknown as BudgetError;
		return new FarthingError(2, code, error.message, { field, expected });
	}
	if (error.name !== "StoreError") return error;
	const { code, hint } = error as unknown as StoreError;
	// The file is told before the message, which may begin with it too.
	const message =
		path !== undefined && error.message.startsWith(`${path}: `) ? error.message.slice(path.length + 2) : error.message;
	return new FarthingError(code === "beyond-retention" ? 3 : 2, code, message, {
		...(path === undefined ? {} : { file: withoutPassword(path) }),
		hint,
	});
}

/** What tells whether a file was imported before; standard input is new each time. */
export async function contentOfFile(file: string): Promise<string> {
	return file === "-" ? `standard input ${process.pid} ${process.hrtime.bigint()}` : contentHash(file);
}
/** What was typed into a URL by mistake is not told to a log. */
export function withoutPassword(path: string): string {
	if (!/^\w+:\/\//.test(path)) return path;
	const masked = path.replace(/^(\w+:\/\/[^:@/]*):[^@/]*@/, "$1:…@");
	return masked.replace(/([?&])(?!(?:cluster|tls)=)([^=&]*)=[^&]*/g, "$1$2=…");
}
