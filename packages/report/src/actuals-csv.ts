/** Actuals as a table for spreadsheets: a line a row of the answer, then every other line; the column of costs adds up. */
import type { ActualsResult, ActualsRow, OtherLine } from "@farthing/ledger";
import { type CsvField, csvText } from "./csv.ts";

/** RFC 4180. Numbers are written in full, missing ones as empty fields. */
export function actualsCsv(result: Pick<ActualsResult, "rows" | "lines" | "by" | "currency" | "basis">): string {
	const { rows, lines, by, currency, basis } = result;
	const dimensions = [...new Set([...by, "model", "deployment"] as const)];
	const isByRequest = by.includes("request");
	const column = (name: string, of: (row: Either) => CsvField) => ({ name, of });
	const columns = [
		column("kind", ({ kind }) => kind ?? "serving"),
		...dimensions.map((name) => column(name, (row) => row[name])),
		...(isByRequest ? [column("at", ({ at }) => at), column("status", ({ status }) => status)] : []),
		column("label", ({ label }) => label),
		column("input_tokens", ({ tokens }) => tokens?.input.value),
		column("cached_input_tokens", ({ tokens }) => tokens?.cached_input?.value),
		column("output_tokens", ({ tokens }) => tokens?.output.value),
		column(`cost_${currency}`, ({ cost }) => cost.value),
		column(`cost_per_mtok_${currency}`, ({ unit_cost }) => unit_cost?.value),
		column(`input_per_mtok_${currency}`, ({ by_tokens }) => by_tokens?.input?.value),
		column(`output_per_mtok_${currency}`, ({ by_tokens }) => by_tokens?.output?.value),
		column("gpu_hours", ({ gpu_hours }) => gpu_hours?.value),
		column("energy_kWh", ({ energy }) => energy?.value),
		column("basis", () => basis),
		column("grade", ({ cost }) => cost.grade),
	];
	return csvText(
		columns.map(({ name }) => name),
		[...rows, ...lines].map((row) => columns.map(({ of }) => of(row))),
	);
}

type Either = Partial<ActualsRow> & Partial<OtherLine> & Pick<ActualsRow, "cost">;
