/** How cells look: inputs blue on pale yellow, formulas black, what only helps or stands still grey; number formats by unit. */
import type { WorkbookCell } from "@farthing/engine";
import type { CellStyle } from "hucre/xlsx";

/** The same object for the same look: a workbook has a hundred thousand cells and a few dozen looks. */
export function styleOf({ role }: WorkbookCell, numFmt: string | undefined): CellStyle {
	if (numFmt === undefined) return STYLES[role];
	const known = FORMATTED.get(role) ?? new Map<string, CellStyle>();
	FORMATTED.set(role, known);
	const style = known.get(numFmt) ?? { ...STYLES[role], numFmt };
	known.set(numFmt, style);
	return style;
}

const FORMATTED = new Map<WorkbookCell["role"], Map<string, CellStyle>>();

/** One format for all numbers of a unit in a row, so that a row reads as one. */
export function rowFormat(row: readonly (WorkbookCell | undefined)[]): (cell: WorkbookCell) => string | undefined {
	const byUnit = new Map<string, number[]>();
	for (const cell of row) {
		const number = numberOf(cell);
		if (cell?.unit === undefined || number === undefined) continue;
		const numbers = byUnit.get(cell.unit);
		if (numbers === undefined) byUnit.set(cell.unit, [number]);
		else numbers.push(number);
	}
	const formats = new Map([...byUnit].map(([unit, numbers]) => [unit, numberFormat(unit, numbers)]));
	return ({ unit, formula, content }) =>
		unit === undefined || (formula === undefined && typeof content === "string") ? undefined : formats.get(unit);
}

/** Format code for numbers of a unit: at least four digits that count, whole things whole, no scientific notation. */
export function numberFormat(unit: string, numbers: readonly number[]): string {
	const factor = unit === "fraction" ? 100 : 1;
	const after = unit === "fraction" ? "%" : "";
	const sizes = numbers.filter((n) => n !== 0).map((n) => Math.abs(n) * factor);
	const whole = sizes.every(Number.isInteger);
	const most = Math.max(...sizes, 0);
	if (isMoney(unit) && (whole || most >= 1)) return most >= 1e5 ? `#,##0${after}` : `#,##0.00${after}`;
	if (whole) return `#,##0${after}`;
	const decimals = Math.min(12, Math.max(0, 3 - Math.floor(Math.log10(most))));
	return decimals === 0 ? `#,##0${after}` : `#,##0.${"0".repeat(decimals)}${after}`;
}

const CURRENCY = /^(USD|EUR|GBP|CNY|JPY)\b/;

function isMoney(unit: string): boolean {
	return CURRENCY.test(unit);
}

function numberOf(cell: WorkbookCell | undefined): number | undefined {
	const number = cell?.formula === undefined ? cell?.content : cell.value;
	return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}

const GREY = { rgb: "7F7F7F" };
const LINE = { style: "thin", color: { rgb: "BFBFBF" } } as const;
const TOP = { vertical: "top" } as const;

function font(more: NonNullable<CellStyle["font"]> = {}): { font: NonNullable<CellStyle["font"]> } {
	return { font: { name: "Calibri", size: 11, ...more } };
}

function filled(rgb: string): { fill: NonNullable<CellStyle["fill"]> } {
	return { fill: { type: "pattern", pattern: "solid", fgColor: { rgb } } };
}

const HEAD: CellStyle = { ...font({ bold: true }), ...filled("F2F2F2"), border: { bottom: LINE } };

const STYLES: Readonly<Record<WorkbookCell["role"], CellStyle>> = {
	title: font({ bold: true, size: 14 }),
	note: font({ italic: true, color: GREY }),
	section: font({ bold: true, size: 12 }),
	header: { ...HEAD, alignment: { wrapText: true, vertical: "bottom" } },
	month: { ...HEAD, alignment: { horizontal: "right", vertical: "bottom" } },
	id: { ...font({ color: GREY }), alignment: TOP },
	text: { ...font(), alignment: TOP },
	unit: { ...font(), alignment: { horizontal: "left", indent: 1, ...TOP } },
	input: { ...font({ color: { rgb: "0033CC" } }), ...filled("FFFBE6"), alignment: TOP },
	formula: { ...font({ color: { rgb: "000000" } }), alignment: TOP },
	helper: { ...font({ color: GREY }), alignment: TOP },
	static: { ...font({ italic: true, color: GREY }), ...filled("F7F7F7"), alignment: TOP },
	verdict: { ...font({ bold: true }), alignment: { horizontal: "left", ...TOP } },
};
