/** RFC 4180: fields in quotes where they need them, lines ended by CR LF. */

export type CsvField = string | number | boolean | undefined;

export function csvText(header: readonly string[], rows: readonly (readonly CsvField[])[]): string {
	return [header, ...rows].map((fields) => `${fields.map(csvField).join(",")}\r\n`).join("");
}

function csvField(field: CsvField): string {
	if (field === undefined) return "";
	if (typeof field !== "string") return String(field);
	const text = asText(field);
	return /[",\r\n]/.test(text) || text !== text.trim() ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * A spreadsheet would run a text that begins like a formula: an apostrophe before it makes it a text again. Control
 * characters are left out.
 */
function asText(text: string): string {
	const plain = text.replace(CONTROLS, "");
	if (AMOUNT.test(plain)) return plain;
	return /^\s*[=+\-@]|^[\t\r\n]/.test(plain) ? `'${plain}` : plain;
}

/** An amount below nothing with its unit, `-$2.48M` or `-0.136 USD/Mtok`: it calls nothing and refers to nothing. */
const AMOUNT = /^-\$?\d[\d,.]*[kMBTx%]?(?:[ /][A-Za-z¢%/ ]*)?$/;

/** All but tab, line feed and the carriage return before one; and marks that turn the direction of writing. */
const CONTROLS = /(?!\t|\n|\r\n)[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
