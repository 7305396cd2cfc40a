/** `farthing audit`: who changed what, and whether the log is whole. */
import { existsSync } from "node:fs";
import { choiceFlag, countFlag, envelope, FarthingError } from "@farthing/answers";
import type { AuditAction } from "@farthing/ledger/audit";
import { AUDIT_ACTIONS, askAudit, auditFolderOf } from "@farthing/ledger/audit";
import type { CommonFlags } from "../context.ts";
import { askingOf, catalogueStore, deliver } from "../context.ts";
import { ledgerPath } from "../ledger-file.ts";
import { printText } from "../print.ts";
import { auditText } from "../show/audit.ts";

export interface AuditFlags extends CommonFlags {
	readonly log?: string;
	readonly store?: string;
	readonly tenant?: string;
	readonly from?: string;
	readonly to?: string;
	readonly action?: readonly string[];
	readonly limit: string;
	readonly csv?: boolean;
}

/** Exit 1 where a line of the log does not follow from those before it. */
export async function runAudit(flags: AuditFlags): Promise<number> {
	const log = flags.log ?? auditFolderOf(ledgerPath(flags.store));
	if (!existsSync(log)) {
		throw new FarthingError(3, "no-log", `there is no audit log at ${log}`, {
			file: log,
			expected: "a log of changes to a ledger or to keys",
			hint: "farthing audit --log keys.json.audit",
		});
	}
	const actions = flags.action?.map((each) => choiceFlag<AuditAction>("--action", each, AUDIT_ACTIONS));
	const result = await askAudit(log, {
		limit: countFlag("--limit", flags.limit),
		...(flags.tenant === undefined ? {} : { tenant: flags.tenant }),
		...(flags.from === undefined ? {} : { from: instantFlag("--from", flags.from) }),
		...(flags.to === undefined ? {} : { to: instantFlag("--to", flags.to) }),
		...(actions === undefined ? {} : { actions }),
	});
	if (flags.csv === true) {
		const { auditCsv } = await import("@farthing/report");
		printText(auditCsv(result.entries));
	} else {
		deliver(envelope(askingOf("audit", { ...flags, log }, flags, catalogueStore()), result, []), flags, auditText);
	}
	return result.logs.some(({ fault }) => fault !== undefined) ? 1 : 0;
}

function instantFlag(field: string, text: string): string {
	const at = /^\d{4}-\d{2}-\d{2}(?:T[\d:.]+Z)?$/.test(text) ? Date.parse(text) : Number.NaN;
	if (!Number.isNaN(at)) return new Date(at).toISOString();
	throw new FarthingError(2, "wrong-type", `${field} takes a day or an instant, not "${text}"`, {
		field,
		expected: "such as 2026-11-28 or 2026-11-28T10:00:00Z",
		hint: `${field} 2026-11-28`,
	});
}
