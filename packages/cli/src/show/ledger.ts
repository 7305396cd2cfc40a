import type { LedgerCopied, LedgerExported, LedgerRetained, LedgerSchema, LedgerStatus } from "../commands/ledger.ts";
import type { LedgerMeasured } from "../commands/ledger-measured.ts";
import { bold, textTable } from "../print.ts";
import { counted } from "./words.ts";

const NAMES: Readonly<Record<keyof LedgerStatus["rows"], string>> = {
	usage_request: "requests",
	usage_window: "windows of usage",
	capacity: "windows of capacity",
	price: "prices",
	charge: "rows of bills",
};

export function statusText({ store, rows, usage_to: to }: LedgerStatus): string {
	const table = Object.entries(rows).map(([name, n]) => [NAMES[name as keyof typeof NAMES], String(n)]);
	return [
		bold(store),
		"",
		textTable(["", "rows"], table),
		"",
		to === undefined ? "no usage" : `usage up to ${to}`,
	].join("\n");
}

export function copiedText({ from, to }: LedgerCopied): string {
	return `${from} is in ${to}, whole`;
}

export function exportedText({ folder, tables }: LedgerExported): string {
	const rows = tables.reduce((sum, table) => sum + table.rows, 0);
	return `${counted(tables.length, "table")} with ${counted(rows, "row")} in ${folder}`;
}

export function schemaText({ statements }: LedgerSchema): string {
	return statements.map((statement) => `${statement};`).join("\n");
}

export function measuredText({ file, rows, gaps }: LedgerMeasured): string {
	return [
		`${counted(rows, "row")} for predict --fit in ${file}`,
		...gaps.map(({ reason, hours }) => `without a row: ${counted(hours, "hour")}, ${reason}`),
	].join("\n");
}

export function retainedText({ kept_since: since, dropped }: LedgerRetained): string {
	return `${counted(dropped, "event")} from before ${since} dropped; hours and days of requests stay`;
}
