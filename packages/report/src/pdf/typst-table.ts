/** A table in Typst: its head repeats on every page, columns of words share what the numbers leave. */
import type { Column, Table, Text } from "../report-model.ts";
import { lettersWide, plainText } from "../plain-text.ts";
import { numbersIn } from "../report-parts.ts";
import { typstWords } from "./typst-text.ts";

export function typstTable({ caption, columns, rows, apart }: Table, write: (text: Text) => string): string {
	const wide = columns.map((column, c) => widthOf(column, c, rows));
	const size = columns.length > 8 ? "6.6pt" : columns.length > 6 ? "7.2pt" : "7.8pt";
	const head = columns.map(({ heading }) => `[${typstWords(heading)}]`).join(", ");
	const body = rows.map((cells, r) => {
		const line = r === apart ? "table.hline(stroke: 0.8pt + muted), " : "";
		return `${line}${cells.map((cell) => `[${write(cell)}]`).join(", ")}`;
	});
	const parts = [
		`columns: (${wide.join(", ")},)`,
		`align: (${columns.map(({ align }) => (align === "end" ? "right" : "left")).join(", ")},)`,
		`table.header(${head})`,
		"table.hline(stroke: 0.6pt + muted)",
		...body,
	];
	const set = `#set text(size: ${size})\n#show table.cell.where(y: 0): set text(weight: 600, fill: muted)\n#set table(stroke: (x, y) => if y > 0 { (bottom: 0.4pt + rule) })`;
	const words = caption.length === 0 ? "" : `, caption: [#text(weight: 400, fill: muted)[${write(caption)}]]`;
	const letters = rows.flat().reduce((sum, cell) => sum + lettersWide(plainText(cell)), 0);
	return `#block(breakable: ${letters > WHOLE})[${set}\n#figure(kind: table, table(${parts.join(",\n")})${words})]`;
}

/** Letters up to which a table stays on one page. */
const WHOLE = 1200;

/** Words get a share of the page, by how long most of them are; numbers and short words what they need. */
function widthOf({ align, room }: Column, c: number, rows: Table["rows"]): string {
	const lengths = rows.map((cells) => longestLine(cells[c] as Text)).sort((a, b) => a - b);
	const longest = lengths.at(-1) ?? 0;
	const most = lengths[Math.floor(MOST * (lengths.length - 1))] ?? 0;
	if (longest <= (align === "end" ? 24 : 16) || room === "short") return "auto";
	if (align === "end") return `${Math.max(70, Math.ceil(longestPiece(c, rows) * LETTER + 8))}pt`;
	return `${Math.min(room === "wide" ? 4 : 2, Math.max(1.2, most / 25)).toFixed(1)}fr`;
}

/** Share of the rows whose lengths are counted: a few long ones may take lines. */
const MOST = 0.8;

/** Points a letter takes at most at the size of a table. */
const LETTER = 4.6;

/** What does not break: a number, or a word. */
function longestPiece(c: number, rows: Table["rows"]): number {
	const pieces = rows.flatMap((cells) => {
		const cell = cells[c] as Text;
		return [...numbersIn([cell]).map(({ text }) => text), ...plainText(cell).split(" ")];
	});
	return Math.max(0, ...pieces.map((piece) => piece.length));
}

function longestLine(text: Text): number {
	const [first] = text;
	const lines = typeof first === "object" && first.kind === "lines" ? first.lines : [text];
	return Math.max(0, ...lines.map((line) => lettersWide(plainText(line))));
}
