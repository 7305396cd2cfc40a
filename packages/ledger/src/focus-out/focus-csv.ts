import type { FocusRow } from "./focus-check.ts";
import { FOCUS_RULES } from "./focus-rules.ts";

/** Columns of rows: all that are mandatory, and those that any row fills, in the order of the rules, own columns last. */
export function focusColumns(rows: readonly FocusRow[]): string[] {
	const filled = new Set(rows.flatMap((row) => Object.keys(row)));
	const known = [...FOCUS_RULES.values()].filter(({ id, level }) => level === "Mandatory" || filled.has(id));
	const own = [...filled].filter((id) => !FOCUS_RULES.has(id)).sort();
	return [...known.map(({ id }) => id), ...own];
}

/** CSV after RFC 4180 with LF; null is an empty cell. */
export function focusCsv(rows: readonly FocusRow[]): string {
	const columns = focusColumns(rows);
	const lines = rows.map((row) => columns.map((column) => cellText(row[column] ?? "")).join(","));
	return `${[columns.join(","), ...lines].join("\n")}\n`;
}

function cellText(cell: string): string {
	return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
