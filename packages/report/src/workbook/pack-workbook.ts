/**
 * The workbook of a pack: the graph of the result as live formulas, the ranges of its draws as they are, and the tables of
 * the pack, whose numbers are links to the cells that calculate them.
 */
import type { Envelope } from "@farthing/answers";
import type { Evaluation, QuantityJson, Workbook, WorkbookCell, WorkbookSheet } from "@farthing/engine";
import { nodeIndex, retitled } from "@farthing/engine";
import { plainText } from "../plain-text.ts";
import type { Block, Report, ShownNumber, Table, Text } from "../report-model.ts";
import { numbersIn } from "../report-parts.ts";
import { dayOf, evaluationOf, workbookOfEvaluation } from "./result-workbook.ts";
import { prepareSheets, workbookXlsx } from "./write-xlsx.ts";

/** What the graph says is written first, so that it can be ready before the report is. */
export class PackBook {
	private readonly saved: Envelope<unknown>;
	private readonly evaluation: Evaluation;
	private readonly book: Workbook;

	/** Throws `TypeError` where the result was saved without its graph. */
	constructor(saved: Envelope<unknown>) {
		this.saved = saved;
		this.evaluation = evaluationOf(saved);
		const start = /^\d{4}-\d{2}/.exec((saved.result as { start?: string }).start ?? "")?.[0];
		const book = workbookOfEvaluation(saved, this.evaluation, start === undefined ? {} : { start });
		const ranges = rangesSheet(saved, this.evaluation);
		this.book = ranges === undefined ? book : { ...book, sheets: [...book.sheets, ranges] };
		prepareSheets(this.book);
	}

	/** Bytes of an XLSX file. */
	async xlsx(report: Report): Promise<Uint8Array> {
		const { as_of, command, id } = this.saved;
		return workbookXlsx(this.workbook(report), {
			date: dayOf(as_of),
			description: `farthing ${command}, result ${id}`,
		});
	}

	private workbook(report: Report): Workbook {
		const { saved, evaluation, book } = this;
		const links = new Map(book.names.map(({ id, name }) => [id, name]));
		const link = (number: ShownNumber): string | undefined => linkOf(saved, evaluation, links, number);
		const tables = tableSheets(report, link, new Set(book.sheets.map(({ name }) => name)));
		const { sheets, ...rest } = retitled(book, plainText(report.title));
		return { ...rest, sheets: [...sheets, ...tables] };
	}
}

/** Quantities with a range, each node once: static, since a workbook draws nothing. */
function rangesSheet({ result, seed }: Envelope<unknown>, evaluation: Evaluation): WorkbookSheet | undefined {
	const found = new Map<string, QuantityJson>();
	for (const of of quantitiesIn(result)) {
		if (of.p10 === undefined || of.node === undefined || found.has(of.node)) continue;
		if (evaluation.model.byId.has(of.node)) found.set(of.node, of);
	}
	if (found.size === 0) return undefined;
	const number = (content: number | undefined, unit: string): WorkbookCell | undefined =>
		content === undefined ? undefined : { role: "static", content, unit };
	const rows = [...found].map(([id, { unit, p10, p50, p90, coverage }]) => {
		const { meta, spec } = evaluation.model.nodes[nodeIndex(evaluation.model, id)] as {
			meta?: { label: string };
			spec?: { label: string };
		};
		return [
			words(id, "id"),
			words(meta?.label ?? spec?.label ?? ""),
			words(unit, "unit"),
			number(p10, unit),
			number(p50, unit),
			number(p90, unit),
			number(coverage, "fraction"),
		];
	});
	return {
		name: "Monte Carlo",
		widths: [40, 44, 16, 16, 16, 16, 12],
		frozen: { rows: 4, columns: 2 },
		rows: [
			[words("Monte Carlo", "title")],
			[
				words(
					"Static: drawn by the engine from the ranges of the inputs. Nothing here follows a change of an input.",
					"note",
				),
			],
			[words("seed"), { role: "static", content: seed, unit: "" }],
			["id", "label", "unit", "P10", "P50", "P90", "reached"].map((name) => words(name, "header")),
			...rows,
		],
	};
}

function tableSheets(
	report: Report,
	link: (number: ShownNumber) => string | undefined,
	taken: Set<string>,
): WorkbookSheet[] {
	return report.sections.flatMap(({ heading, blocks }, i): WorkbookSheet[] => {
		const tables = blocks.flatMap(tablesOf);
		if (tables.length === 0) return [];
		const rows = tables.flatMap((table) => [...tableRows(table, link), []]);
		const columns = Math.max(...rows.map((row) => row.length));
		const widths = Array.from({ length: columns }, (_, c) => (c === 0 ? 44 : 18));
		return [
			{
				name: sheetName(`${i + 1} ${heading}`, taken),
				widths,
				frozen: { rows: 0, columns: 1 },
				rows: [[words(heading, "title")], [], ...rows],
			},
		];
	});
}

function tablesOf(block: Block): Table[] {
	if (block.kind === "table" || block.kind === "folded-table") return [block.table];
	if (block.kind === "figure") return [block.figure.table];
	if (block.kind === "formulas") return block.formulas.map(({ terms }) => terms).filter(({ rows }) => rows.length > 0);
	if (block.kind !== "cards") return [];
	return [
		{
			caption: [],
			columns: [
				{ heading: "", align: "start" },
				{ heading: "", align: "end" },
			],
			rows: block.cards.map(({ term, value, note = [] }) => [[term], [...value, ...note]]),
		},
	];
}

function tableRows(
	{ caption, columns, rows }: Table,
	link: (number: ShownNumber) => string | undefined,
): (WorkbookCell | undefined)[][] {
	const widest = columns.map((_, c) => Math.max(1, ...rows.map((row) => numbersIn([row[c] as Text]).length)));
	const head = columns.flatMap(({ heading }, c) => headCells(heading, widest[c] as number));
	const body = rows.map((row) => row.flatMap((cell, c) => bodyCells(cell, widest[c] as number, link)));
	return [...(caption.length === 0 ? [] : [[words(plainText(caption), "section")]]), head, ...body];
}

/** A cell with its P10 and P90 takes three columns. */
function headCells(heading: string, wide: number): WorkbookCell[] {
	return Array.from({ length: wide }, (_, k) =>
		words(k === 0 ? heading : `${heading}: ${ENDS[k - 1] ?? String(k + 1)}`, "header"),
	);
}

const ENDS = ["P10", "P90"];

function bodyCells(
	cell: Text,
	wide: number,
	link: (number: ShownNumber) => string | undefined,
): (WorkbookCell | undefined)[] {
	const numbers = numbersIn([cell]);
	const text = plainText(cell);
	const onlyNumbers =
		numbers.length > 0 &&
		text.replaceAll(/[^\p{L}]/gu, "").length <=
			numbers
				.map((n) => n.text)
				.join("")
				.replaceAll(/[^\p{L}]/gu, "").length +
				24;
	const cells = onlyNumbers
		? numbers.map((number) => numberCell(number, link(number)))
		: text === ""
			? []
			: [words(text)];
	return Array.from({ length: wide }, (_, k) => cells[k]);
}

function numberCell({ value, unit = "" }: ShownNumber, name: string | undefined): WorkbookCell {
	if (name === undefined) return { role: "static", content: value, unit };
	return { role: "formula", formula: name, value, unit };
}

/** Name of the cell that calculates a number, if it is the number of its node as the graph was saved. */
function linkOf(
	saved: Envelope<unknown>,
	{ model, scalars }: Evaluation,
	names: ReadonlyMap<string, string>,
	{ at, value }: ShownNumber,
): string | undefined {
	const id = at === undefined ? undefined : nodeAt(saved, at);
	const node = id === undefined ? undefined : model.nodes[model.byId.get(id) ?? -1];
	if (id === undefined || node === undefined || node.shape === "series") return undefined;
	const held = (scalars[node.index] as number) / (node.unit?.factor ?? 1);
	return Math.abs(held - value) <= 1e-12 * Math.abs(value) ? names.get(id) : undefined;
}

/** Id of the node at a place: of a value of the graph, or of a quantity of the result. */
function nodeAt({ result }: Envelope<unknown>, at: string): string | undefined {
	if (at.startsWith("plan/graph/")) return at.slice("plan/graph/".length);
	if (!at.startsWith("plan/result/")) return undefined;
	const steps = at
		.slice("plan/result/".length)
		.split("/")
		.map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
	let found: unknown = result;
	for (const step of steps)
		found = typeof found === "object" && found !== null ? (found as Record<string, unknown>)[step] : undefined;
	return typeof found === "object" && found !== null ? (found as QuantityJson).node : undefined;
}

function* quantitiesIn(of: unknown): Generator<QuantityJson> {
	if (typeof of !== "object" || of === null) return;
	if (typeof (of as QuantityJson).unit === "string") yield of as QuantityJson;
	else for (const each of Object.values(of)) yield* quantitiesIn(each);
}

/** At most 31 characters, none that a sheet may not have in its name, and no name twice. */
function sheetName(wanted: string, taken: Set<string>): string {
	const base = wanted
		.replace(/[\\/*?:[\]']/g, " ")
		.slice(0, 31)
		.trim();
	let name = base;
	for (let i = 2; taken.has(name); i++) name = `${base.slice(0, 28)} ${i}`;
	taken.add(name);
	return name;
}

function words(content: string, role: WorkbookCell["role"] = "text"): WorkbookCell {
	return { role, content };
}
