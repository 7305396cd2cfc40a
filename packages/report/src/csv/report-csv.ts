/**
 * Every number of a report as a line: where it stands, its exact value, its unit and its place in the results. For
 * spreadsheets and other programs; RFC 4180, UTF-8.
 */
import { type CsvField, csvText } from "../csv.ts";
import { plainText } from "../plain-text.ts";
import type { Block, Report, Section, ShownNumber, Table, Text } from "../report-model.ts";
import { blockTexts, numbersIn } from "../report-parts.ts";

export function reportCsv(report: Report): string {
	const head = numbersIn([report.title, report.answer]).map((number) =>
		line("", "", plainText(report.answer), "", number),
	);
	return csvText(HEAD, [...head, ...report.sections.flatMap(sectionLines)]);
}

const HEAD = ["page", "block", "row", "column", "value", "unit", "shown", "at"];

function sectionLines({ heading, blocks }: Section): CsvField[][] {
	return blocks.flatMap((block) => blockLines(heading, block));
}

function blockLines(page: string, block: Block): CsvField[][] {
	switch (block.kind) {
		case "table":
		case "folded-table":
			return tableLines(page, block.table);
		case "figure":
			return [...captionLines(page, block.figure.caption), ...tableLines(page, block.figure.table)];
		case "cards":
			return block.cards.flatMap(({ term, value, note }) =>
				numbersIn(note === undefined ? [value] : [value, note]).map((number) => line(page, "", term, "", number)),
			);
		case "formulas":
			return block.formulas.flatMap(({ id, label, value, terms }) => [
				...numbersIn([value]).map((number) => line(page, label, id, "", number)),
				...tableLines(page, terms),
			]);
		case "text":
		case "list":
		case "facts":
			return blockTexts(block).flatMap((text) =>
				numbersIn([text]).map((number) => line(page, "", plainText(text), "", number)),
			);
	}
}

function captionLines(page: string, caption: Text): CsvField[][] {
	return numbersIn([caption]).map((number) => line(page, plainText(caption), "", "", number));
}

function tableLines(page: string, { caption, columns, rows }: Table): CsvField[][] {
	const cellLines = rows.flatMap((cells) =>
		cells.flatMap((cell: Text, i) =>
			numbersIn([cell]).map((number) =>
				line(page, plainText(caption), plainText(cells[0] as Text), columns[i]?.heading ?? "", number),
			),
		),
	);
	return [...captionLines(page, caption), ...cellLines];
}

function line(
	page: string,
	block: string,
	row: string,
	column: string,
	{ value, unit = "", text, at = "" }: ShownNumber,
): CsvField[] {
	return [page, block, row, column, value, unit, text, at];
}
