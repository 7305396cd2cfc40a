/** A report as Markdown for pull requests and wikis: tables behind the charts in place of the charts, sources as footnotes. */
import { harmless, plainText } from "../plain-text.ts";
import type { Block, Formula, Report, Section, Span, Table, Text } from "../report-model.ts";
import { notesOf } from "../report-parts.ts";
import { mathTex } from "./math-tex.ts";

export function reportMarkdown(report: Report): string {
	const { title, answer, facts, sections, attribution } = report;
	const parts = [
		`# ${inline(title)}`,
		...(answer.length === 0 ? [] : [inline(answer)]),
		...(facts.length === 0
			? []
			: [facts.map(({ term, text }) => `- **${escaped(term)}:** ${inline(text)}`).join("\n")]),
		...sections.flatMap(sectionParts),
		...notesOf(report).map(({ number, text }) => `[^${number}]: ${inline(text)}`),
		...(report.look?.brand === undefined ? [] : [escaped(harmless(report.look.brand))]),
		escaped(attribution),
	];
	return `${parts.join("\n\n")}\n`;
}

function sectionParts({ heading, blocks }: Section): string[] {
	return [`## ${escaped(heading)}`, ...blocks.flatMap(blockParts)];
}

function blockParts(block: Block): string[] {
	switch (block.kind) {
		case "text":
			return [inline(block.text)];
		case "list":
			return [block.items.map((item) => `- ${inline(item)}`).join("\n")];
		case "facts":
			return [block.facts.map(({ term, text }) => `- **${escaped(term)}:** ${inline(text)}`).join("\n")];
		case "cards":
			return [
				block.cards
					.map(({ term, value, note }) => {
						const range = note === undefined ? "" : ` (${inline(note)})`;
						return `- **${escaped(term)}:** ${inline(value)}${range}`;
					})
					.join("\n"),
			];
		case "table":
		case "folded-table":
			return tableParts(block.table);
		case "figure":
			return [`**${inline(block.figure.caption)}**`, ...tableParts(block.figure.table)];
		case "formulas":
			return block.formulas.flatMap(formulaParts);
	}
}

function formulaParts({ id, label, math, value, source, terms }: Formula): string[] {
	return [
		`### ${escaped(label)} \`${id}\``,
		`$$\n${mathTex(math)}\n$$`,
		inline(value),
		...(source === undefined ? [] : [inline(source)]),
		...(terms.rows.length === 0 ? [] : tableParts(terms)),
	];
}

function tableParts({ caption, columns, rows }: Table): string[] {
	const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
	const rule = columns.map(({ align }) => (align === "end" ? "---:" : "---"));
	const head = columns.map(({ heading }) => escaped(heading));
	return [`*${inline(caption)}*`, [line(head), line(rule), ...rows.map((cells) => line(cells.map(inline)))].join("\n")];
}

function inline(text: Text): string {
	return text.map(spanMarkdown).join("");
}

function spanMarkdown(span: Span): string {
	if (typeof span === "string") return escaped(span);
	switch (span.kind) {
		case "name":
			return escaped(harmless(span.name));
		case "code":
			return codeSpan(harmless(span.code));
		case "number":
			return escaped(span.number.text);
		case "strong":
			return `**${inline(span.text)}**`;
		case "small":
			return inline(span.text);
		case "lines":
			return span.lines
				.map(inline)
				.filter((line) => line !== "")
				.join("<br>");
		case "note":
			return `[^${span.number}]`;
		case "grade":
			return escaped(span.text);
		case "verdict":
			return escaped(plainText([span]));
	}
}

/** Nothing in it is markup, a cell's end or a new line. */
function escaped(text: string): string {
	return text.replace(/\s*\n\s*/g, " ").replace(/[\\`*_[\]<>|#$~&]/g, "\\$&");
}

/** A pipe would end a cell even in code. */
function codeSpan(code: string): string {
	const clean = code.replaceAll("\n", " ").replaceAll("|", "¦");
	const fence = "`".repeat(Math.max(0, ...[...clean.matchAll(/`+/g)].map(([run]) => run.length)) + 1);
	const room = clean.startsWith("`") || clean.endsWith("`") ? " " : "";
	return `${fence}${room}${clean}${room}${fence}`;
}
