/** Walks through a report: every text in reading order, the numbers in it, its notes. */
import type { Block, Figure, Report, Section, ShownNumber, Span, Table, Text } from "./report-model.ts";

type Note = Extract<Span, { kind: "note" }>;

/** Notes by number, each once. */
export function notesOf(report: Report): Note[] {
	return notesIn([report.answer, ...report.facts.map(({ text }) => text), ...report.sections.flatMap(sectionTexts)]);
}

/** Notes of some texts, by number, each once. */
export function notesIn(texts: readonly Text[]): Note[] {
	const found = new Map<number, Note>();
	for (const span of texts.flatMap((text) => flatSpans(text))) {
		if (typeof span !== "string" && span.kind === "note") found.set(span.number, span);
	}
	return [...found.values()].sort((a, b) => a.number - b.number);
}

/** Every number of a report in reading order, those of notes left out. */
export function numbersOf(report: Report): ShownNumber[] {
	const texts = [
		report.title,
		report.answer,
		...report.facts.map(({ text }) => text),
		...report.sections.flatMap(sectionTexts),
	];
	return numbersIn(texts);
}

export function numbersIn(texts: readonly Text[]): ShownNumber[] {
	return texts
		.flatMap((text) => flatSpans(text))
		.flatMap((span) => (typeof span !== "string" && span.kind === "number" ? [span.number] : []));
}

export function sectionTexts({ blocks }: Section): Text[] {
	return blocks.flatMap(blockTexts);
}

export function blockTexts(block: Block): Text[] {
	switch (block.kind) {
		case "text":
			return [block.text];
		case "list":
			return [...block.items];
		case "facts":
			return block.facts.map(({ text }) => text);
		case "table":
		case "folded-table":
			return tableTexts(block.table);
		case "figure":
			return figureTexts(block.figure);
		case "cards":
			return block.cards.flatMap(({ value, note }) => (note === undefined ? [value] : [value, note]));
		case "formulas":
			return block.formulas.flatMap(({ value, source, terms }) => [
				value,
				...(source === undefined ? [] : [source]),
				...tableTexts(terms),
			]);
	}
}

export function tableTexts({ caption, rows }: Table): Text[] {
	return [caption, ...rows.flat()];
}

function figureTexts({ caption, legend, table }: Figure): Text[] {
	return [caption, ...legend.map(({ text }) => text), ...tableTexts(table)];
}

/** Spans with what stands inside strong words, small print and lines. */
export function flatSpans(text: Text): Span[] {
	return text.flatMap((span): Span[] => {
		if (typeof span === "string") return [span];
		if (span.kind === "strong" || span.kind === "small") return flatSpans(span.text);
		if (span.kind === "lines") return span.lines.flatMap(flatSpans);
		return [span];
	});
}
