import { plainText } from "../plain-text.ts";
import type { Column, Table, Text } from "../report-model.ts";
import { escapeHtml } from "./escape.ts";
import { textHtml } from "./text-html.ts";

/** A table in a box of its own: it scrolls where it is wider than the page, never the page. */
export function tableHtml({ caption, columns, rows, apart, stacks }: Table): string {
	const role = stacks === true ? (name: string) => ` role="${name}"` : () => "";
	const head = columns.map(
		(column) => `<th scope="col"${role("columnheader")}${classOf(column)}>${textHtml([column.heading])}</th>`,
	);
	const body = rows.map(
		(cells, i) => `<tr${role("row")}${i === apart ? ' class="apart"' : ""}>${rowHtml(cells, columns, role)}</tr>`,
	);
	return [
		`<div class="scroll" role="region" aria-label="${escapeHtml(plainText(caption))}" tabindex="0">`,
		`<table${role("table")}${stacks === true ? ' class="stacks"' : ""}>`,
		`<caption><span>${textHtml(caption)}</span></caption>`,
		`<thead${role("rowgroup")}><tr${role("row")}>${head.join("")}</tr></thead>`,
		`<tbody${role("rowgroup")}>\n${body.join("\n")}\n</tbody>`,
		`</table>`,
		`</div>`,
	].join("\n");
}

/** Roles are written out where the look is changed: browsers forget what a table is once its parts are blocks. */
function rowHtml(cells: readonly Text[], columns: readonly Column[], role: (name: string) => string): string {
	return cells
		.map((cell, i) => {
			const kind = classOf(columns[i] as Column);
			return i === 0
				? `<th scope="row"${role("rowheader")}${kind}>${textHtml(cell)}</th>`
				: `<td${role("cell")}${kind}>${textHtml(cell)}</td>`;
		})
		.join("");
}

function classOf({ align, room }: Column): string {
	const classes = [...(align === "end" ? ["number"] : []), ...(room === undefined ? [] : [room])];
	return classes.length === 0 ? "" : ` class="${classes.join(" ")}"`;
}
