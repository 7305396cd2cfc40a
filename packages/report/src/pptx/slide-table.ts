/** Tables on slides: how wide each column is, how high each row, and where a table must go on to the next slide. */
import type { BorderProps, TableCell, TableRow } from "./library.ts";
import type { Table, Text } from "../report-model.ts";
import { FONT, INK, linesHeight, linesOf, longestLine, longestWord, MUTED, runsOf, SAFE } from "./slide-text.ts";

export const TABLE_POINTS = 10.5;
const MARGIN = 0.06;
/** Bold letters are wider. */
const BOLD = 1.1;

export interface SizedTable {
	readonly table: Table;
	readonly widths: readonly number[];
	readonly points: number;
	readonly head: number;
	/** Heights of the rows in inches. */
	readonly heights: readonly number[];
}

/** Columns get what their longest cell needs, up to a share; all together the room there is. */
export function sized(table: Table, room: number): SizedTable {
	const points = table.columns.length > 8 ? 9 : TABLE_POINTS;
	const wanted = table.columns.map((column, c) => {
		const head = headOf(column);
		const cells = table.rows.map((row) => longestLine(row[c] as Text, points));
		// a heading takes two lines sooner than a wide column
		const widest = Math.max(longestWord(head, points) * BOLD, 0.6 * longestLine(head, points), ...cells);
		return widest / SAFE + 2 * MARGIN + 0.05;
	});
	const least = table.columns.map((column, c) => {
		const words = table.rows.map((row) => longestWord(row[c] as Text, points));
		return (
			Math.min(2.2, Math.max(0.5, longestWord(headOf(column), points) * BOLD, ...words) / SAFE) + 2 * MARGIN + 0.05
		);
	});
	const widths = shared(wanted, least, room);
	const height = (cells: readonly Text[]): number =>
		linesHeight(
			Math.max(1, ...cells.map((cell, c) => linesOf(cell, points, (widths[c] as number) - 2 * MARGIN))),
			points,
		) + 0.09;
	return {
		table,
		widths,
		points,
		head: height(table.columns.map(headOf)),
		heights: table.rows.map(height),
	};
}

function headOf({ heading }: Table["columns"][number]): Text {
	return [{ kind: "strong", text: [heading] }];
}

export function tableRows({ table, points }: SizedTable, from: number, to: number): TableRow[] {
	const head = table.columns.map(
		({ heading, align }): TableCell => ({
			text: heading,
			options: { bold: true, color: MUTED, align: align === "end" ? "right" : "left", border: borders("7A8696", 1) },
		}),
	);
	const rows = table.rows.slice(from, to).map((cells) =>
		cells.map(
			(cell, c): TableCell => ({
				text: runsOf(cell) as TableCell[],
				options: {
					align: table.columns[c]?.align === "end" ? "right" : "left",
					color: INK,
					border: borders("D5DAE1", 0.75),
				},
			}),
		),
	);
	return [head, ...rows].map((row) =>
		row.map((cell) => ({
			...cell,
			options: {
				...cell.options,
				fontFace: FONT,
				fontSize: points,
				margin: [0.03, MARGIN, 0.03, MARGIN],
				valign: "top",
			},
		})),
	);
}

type Borders = [BorderProps, BorderProps, BorderProps, BorderProps];

function borders(color: string, pt: number): Borders {
	const none = { type: "none" } as const;
	return [none, none, { type: "solid", color, pt }, none];
}

/** What is wanted where it fits, else each column its least and a share of the rest by what it lacks. */
function shared(wanted: readonly number[], least: readonly number[], room: number): number[] {
	const sum = (of: readonly number[]): number => of.reduce((a, b) => a + b, 0);
	if (sum(wanted) <= room) return [...wanted];
	const lacks = wanted.map((want, c) => Math.max(0, want - (least[c] as number)));
	const left = room - sum(least);
	if (left <= 0) return least.map((each) => (each * room) / sum(least));
	return least.map((each, c) => each + (left * (lacks[c] as number)) / (sum(lacks) || 1));
}
