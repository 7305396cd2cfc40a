/** The log as an answer: of one tenant or of all, newest first, with whether each chain holds. */
import { join } from "node:path";
import type { AuditEntry } from "./audit-entry.ts";
import { type AuditAnswer, type AuditQuestion, auditTenants, readAudit } from "./read-audit.ts";

export interface AuditResult {
	readonly logs: readonly ({ readonly tenant: string } & Pick<
		AuditAnswer,
		"total" | "head" | "fault" | "unfinished"
	>)[];
	/** Those asked for, of which the newest are in `entries`. */
	readonly matching: number;
	readonly entries: readonly AuditEntry[];
}

/** `tenant` undefined: all of them. */
export async function askAudit(
	folder: string,
	{ tenant, from, to, ...rest }: AuditQuestion & { readonly tenant?: string },
): Promise<AuditResult> {
	const question = {
		...rest,
		...(from === undefined ? {} : { from: asInstant(from) }),
		...(to === undefined ? {} : { to: asInstant(to) }),
	};
	const tenants = auditTenants(folder).filter((each) => tenant === undefined || each === tenant);
	const answers: (AuditAnswer & { readonly tenant: string })[] = [];
	for (const each of tenants) answers.push({ tenant: each, ...(await readAudit(folder, each, question)) });
	const entries = answers
		.flatMap((answer) => answer.entries)
		.sort((a, b) => (a.at === b.at ? b.seq - a.seq : a.at < b.at ? 1 : -1));
	return {
		logs: answers.map(({ tenant: of, total, head, fault, unfinished }) => ({
			tenant: of,
			total,
			head,
			...(fault === undefined ? {} : { fault }),
			unfinished,
		})),
		matching: answers.reduce((sum, { matching }) => sum + matching, 0),
		entries: entries.slice(0, question.limit),
	};
}

/** As entries have it, so that texts compare as times do. */
function asInstant(text: string): string {
	return new Date(text).toISOString();
}

/** Where the log of a ledger, a file of keys or another file stands unless it is named: beside it. */
export function auditFolderOf(path: string): string {
	const file = path.replace(/^duckdb:(\/\/(?=\/))?/i, "");
	return /^[a-z][a-z0-9+.-]+:/i.test(file) ? join(".farthing", "audit") : `${file}.audit`;
}
