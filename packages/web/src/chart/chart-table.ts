/** The numbers of a chart as a table: what is shown beside it, saved as CSV, and described in its metadata. */

export interface ChartColumn {
	readonly name: string;
	/** Unit of a column of numbers; empty for counts. */
	readonly unit?: string;
}

export interface ChartTable {
	readonly columns: readonly ChartColumn[];
	readonly rows: readonly (readonly (string | number | undefined)[])[];
}

/** RFC 4180. Numbers are written in full: what a cell holds is what the answer holds. */
export function csvText({ columns, rows }: ChartTable): string {
	const head = columns.map(({ name, unit }) => cell(unit === undefined || unit === "" ? name : `${name} [${unit}]`));
	const lines = rows.map((row) => row.map(cell).join(","));
	return `${[head.join(","), ...lines].join("\r\n")}\r\n`;
}

function cell(value: string | number | undefined): string {
	if (value === undefined) return "";
	if (typeof value === "number") return plainNumber(value);
	// A spreadsheet would run it.
	const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
	return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Never in scientific notation. */
function plainNumber(value: number): string {
	const text = String(value);
	const [, sign = "", whole = "", decimals = "", exponent] = /^(-?)(\d+)(?:\.(\d+))?e([+-]\d+)$/.exec(text) ?? [];
	if (exponent === undefined) return text;
	const digits = whole + decimals;
	const point = whole.length + Number(exponent);
	if (point <= 0) return `${sign}0.${"0".repeat(-point)}${digits}`;
	if (point >= digits.length) return sign + digits + "0".repeat(point - digits.length);
	return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}
