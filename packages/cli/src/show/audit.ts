import type { AuditEntry, AuditResult } from "@farthing/ledger/audit";
import { bad, bold, dim, textTable } from "../print.ts";
import { counted } from "./words.ts";

export function auditText({ logs, entries, matching }: AuditResult): string {
	const rows = entries.map((entry) => [
		entry.at.slice(0, 19).replace("T", " "),
		entry.tenant,
		entry.who.name ?? entry.who.id,
		entry.action,
		entry.state,
		entry.of ?? "",
		detailOf(entry),
	]);
	return [
		textTable(["at (UTC)", "tenant", "who", "action", "state", "of", ""], rows),
		...(matching > entries.length ? [dim(`… the newest ${entries.length} of ${matching}`)] : []),
		"",
		...logs.map(({ tenant, total, head, fault, unfinished }) => {
			const whole = fault === undefined ? `whole, last hash ${head.slice(0, 16)}…` : "";
			const broken = fault === undefined ? "" : bad(`line ${fault.line}: ${fault.reason}`);
			const open = unfinished.length === 0 ? "" : `; no end is known of ${unfinished.join(", ")}`;
			return `${bold(tenant)}  ${counted(total, "entry", "entries")}, ${whole}${broken}${open}`;
		}),
	].join("\n");
}

function detailOf({ detail }: AuditEntry): string {
	return Object.entries(detail ?? {})
		.map(([name, value]) => `${name} ${String(value)}`)
		.join(", ");
}
