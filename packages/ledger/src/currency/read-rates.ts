import type { ExchangeRate } from "./exchange.ts";

/** What is wrong with a line of a file of rates. */
export interface RateFault {
	readonly line: number;
	readonly column: string;
	readonly message: string;
	readonly expected: string;
}

const COLUMNS = ["day", "from", "to", "rate"] as const;

/** CSV with the columns `day,from,to,rate` and, if it is there, `source`. All faults, or all rates. */
export function readRates(
	text: string,
):
	| { readonly ok: true; readonly rates: readonly ExchangeRate[] }
	| { readonly ok: false; readonly faults: RateFault[] } {
	const [heading = "", ...lines] = text.replace(/^\uFEFF/, "").split(/\r?\n/);
	const names = heading.split(",").map((name) => name.trim());
	const missing = COLUMNS.find((name) => !names.includes(name));
	if (missing !== undefined) {
		const message = `the heading has no column ${missing}`;
		return { ok: false, faults: [{ line: 1, column: missing, message, expected: "day,from,to,rate,source" }] };
	}
	const faults: RateFault[] = [];
	const rates = lines.flatMap((line, i): ExchangeRate[] => {
		if (line.trim() === "") return [];
		const cells = line.split(",").map((cell) => cell.trim());
		const cell = (name: string): string => cells[names.indexOf(name)] ?? "";
		const check = (column: string, pattern: RegExp, expected: string): void => {
			if (pattern.test(cell(column))) return;
			faults.push({ line: i + 2, column, message: `${column} is "${cell(column)}"`, expected });
		};
		check("day", /^\d{4}-\d{2}-\d{2}$/, "a day such as 2026-10-05");
		check("from", /^[A-Z]{3}$/, "a currency such as EUR");
		check("to", /^[A-Z]{3}$/, "a currency such as USD");
		check("rate", /^(?=.*[1-9])\d+(\.\d+)?$/, "a positive decimal such as 1.1042");
		const [day, from, to, rate, source] = ["day", "from", "to", "rate", "source"].map(cell) as [
			string,
			string,
			string,
			string,
			string,
		];
		return [{ day, from, to, rate, source }];
	});
	return faults.length > 0 ? { ok: false, faults } : { ok: true, rates };
}
