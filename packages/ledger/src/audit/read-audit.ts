/** The log of a tenant, read and held against its hashes. */
import { createReadStream, existsSync, readdirSync } from "node:fs";
import { createInterface } from "node:readline";
import { type AuditAction, type AuditEntry, hashOf, NO_ENTRY } from "./audit-entry.ts";
import { auditFileOf } from "./audit-log.ts";

export interface AuditQuestion {
	/** Only what happened at it or later, and before `to`: instants as ISO 8601. */
	readonly from?: string;
	readonly to?: string;
	readonly actions?: readonly AuditAction[];
	/** The newest of them. */
	readonly limit: number;
}

export interface AuditAnswer {
	/** Newest first. */
	readonly entries: readonly AuditEntry[];
	/** Those asked for, of which the newest are in `entries`. */
	readonly matching: number;
	/** All in the file, and the hash of the last: noted elsewhere, it tells whether the end was cut off. */
	readonly total: number;
	readonly head: string;
	/** The first line that does not follow from those before it. */
	readonly fault?: { readonly line: number; readonly reason: string };
	/** Changes that began and of which nothing says how they ended: the process died. */
	readonly unfinished: readonly number[];
}

export function auditTenants(folder: string): string[] {
	if (!existsSync(folder)) return [];
	return readdirSync(folder)
		.filter((name) => name.endsWith(".jsonl"))
		.map((name) => name.slice(0, -".jsonl".length))
		.sort();
}

export async function readAudit(folder: string, tenant: string, question: AuditQuestion): Promise<AuditAnswer> {
	const file = auditFileOf(folder, tenant);
	const kept: AuditEntry[] = [];
	const open = new Set<number>();
	let fault: AuditAnswer["fault"];
	let [line, matching, total, head] = [0, 0, 0, NO_ENTRY];
	if (existsSync(file)) {
		for await (const text of createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY })) {
			line++;
			const entry = entryIn(text);
			if (entry === undefined) {
				fault ??= { line, reason: "no entry of an audit log" };
				continue;
			}
			const reason = faultOf(entry, total, head);
			if (reason !== undefined) fault ??= { line, reason };
			head = entry.hash;
			total = entry.seq;
			if (entry.state === "begun") open.add(entry.seq);
			if (entry.begun !== undefined) open.delete(entry.begun);
			if (!isAsked(entry, question)) continue;
			matching++;
			kept.push(entry);
			if (kept.length > 2 * question.limit) kept.splice(0, kept.length - question.limit);
		}
	}
	return {
		entries: kept.slice(-question.limit).reverse(),
		matching,
		total,
		head,
		...(fault === undefined ? {} : { fault }),
		unfinished: [...open],
	};
}

function faultOf(entry: AuditEntry, seq: number, head: string): string | undefined {
	const { hash, ...open } = entry;
	if (hashOf(open) !== hash) return "its content does not have its hash: it was changed";
	if (entry.before !== head || entry.seq !== seq + 1)
		return "it does not follow the line before: one is missing or added";
	return undefined;
}

function isAsked({ at, action }: AuditEntry, { from, to, actions }: AuditQuestion): boolean {
	return (from === undefined || at >= from) && (to === undefined || at < to) && (actions?.includes(action) ?? true);
}

function entryIn(text: string): AuditEntry | undefined {
	try {
		const entry = JSON.parse(text) as AuditEntry;
		return entry?.v === 1 && typeof entry.hash === "string" && Number.isInteger(entry.seq) ? entry : undefined;
	} catch {
		return undefined;
	}
}
