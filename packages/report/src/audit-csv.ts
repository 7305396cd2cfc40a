/** The audit log as a table for spreadsheets: a line an entry. */
import type { AuditEntry } from "@farthing/ledger/audit";
import { csvText } from "./csv.ts";

export function auditCsv(entries: readonly AuditEntry[]): string {
	const header = ["at", "tenant", "seq", "who_kind", "who", "name", "action", "of", "state", "detail", "hash"];
	return csvText(
		header,
		entries.map(({ at, tenant, seq, who, action, of, state, detail, hash }) => [
			at,
			tenant,
			seq,
			who.kind,
			who.id,
			who.name,
			action,
			of,
			state,
			detail === undefined ? undefined : JSON.stringify(detail),
			hash,
		]),
	);
}
