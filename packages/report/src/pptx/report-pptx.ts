/**
 * A report as slides: the words, native charts and tables, and the sources in the notes of the speaker. What does not fit
 * on a slide goes on to the next.
 */
import { lightPalette } from "../charts/mark-style.ts";
import { newPresentation, type Presentation, type Slide, type TextRun } from "./library.ts";
import type { Messages } from "../messages/en.ts";
import { messagesOf } from "../messages/messages-of.ts";
import { fill } from "../messages/fill.ts";
import { plainText } from "../plain-text.ts";
import type { Block, Card, Figure, Formula, Report, Section, Table, Text } from "../report-model.ts";
import { notesIn, sectionTexts } from "../report-parts.ts";
import { mathWords } from "../formulas/math-words.ts";
import { addChart, hasChart } from "./slide-chart.ts";
import { FONT, INK, linesHeight, linesOf, MUTED, runsOf } from "./slide-text.ts";
import { type SizedTable, sized, tableRows } from "./slide-table.ts";

/** Bytes of a PPTX file, the same ones for the same report. */
export async function reportPptx(report: Report): Promise<Uint8Array> {
	const deck = await newPresentation();
	deck.layout = "LAYOUT_WIDE";
	deck.author = "farthing";
	deck.company = report.look?.brand ?? "farthing";
	deck.title = plainText(report.title);
	new Deck(deck, report, messagesOf(report.language)).write();
	const { stableArchive } = await import("./stable-archive.ts");
	return stableArchive((await deck.write({ outputType: "uint8array" })) as Uint8Array);
}

const WIDTH = 12.33;
const LEFT = 0.5;
const TOP = 1.2;
const BOTTOM = 6.95;
const BODY = 13;
const INDENT = 0.22;
/** A table beyond this is shown in part: slides are no place for registers. */
const MOST_ROWS = 24;
const SHOWN_ROWS = 14;
const LEAST_CHART = 3.1;
const MOST_BESIDE = 5.6;
const GAP = 0.3;
/** A heading with the first lines of what it heads. */
const HEADED = 0.95;
/** Less room than this is not worth beginning a table in. */
const TITLED_TABLE = 1.4;

class Deck {
	private readonly deck: Presentation;
	private readonly report: Report;
	private readonly messages: Messages;
	private readonly accent: string;
	private slide!: Slide;
	private y = TOP;
	private heading = "";
	private notes = "";

	constructor(deck: Presentation, report: Report, messages: Messages) {
		this.deck = deck;
		this.report = report;
		this.messages = messages;
		this.accent = (report.look?.accent ?? lightPalette.total).slice(1);
	}

	write(): void {
		const { sections } = this.report;
		const behind: { heading: string; tables: Table[] }[] = [];
		for (const [i, section] of sections.entries()) {
			this.open(section);
			if (i === 0) this.lead();
			const tables: Table[] = [];
			for (const block of section.blocks) {
				// a heading is not left behind
				if (isHeading(block)) this.room(HEADED);
				this.block(block, tables);
			}
			behind.push({ heading: section.heading, tables });
		}
		this.annex(behind.filter(({ tables }) => tables.length > 0));
	}

	private annex(behind: readonly { heading: string; tables: Table[] }[]): void {
		if (behind.length === 0) return;
		this.notes = "";
		this.heading = this.messages.pack.annex;
		this.next(this.heading);
		for (const { heading, tables } of behind) {
			this.room(TITLED_TABLE);
			this.text([{ kind: "strong", text: [heading] }], BODY, this.accent);
			for (const table of tables) this.table(table);
		}
	}

	private open(section: Section): void {
		const notes = notesIn([...(section.id === "page-1" ? [this.report.answer] : []), ...sectionTexts(section)]);
		this.notes = notes.map(({ number, text }) => `${number}  ${plainText(text)}`).join("\n");
		this.heading = section.heading;
		this.next(section.heading);
	}

	/** A new slide under a heading. */
	private next(heading: string): void {
		this.slide = this.deck.addSlide();
		this.slide.addText(heading, {
			x: LEFT,
			y: 0.35,
			w: WIDTH,
			h: 0.6,
			fontFace: FONT,
			fontSize: 26,
			bold: true,
			color: this.accent,
			margin: 0,
			valign: "middle",
			fit: "shrink",
		});
		this.slide.addText(this.report.look?.brand ?? plainText(this.report.title), {
			x: LEFT,
			y: 7.08,
			w: WIDTH - 1,
			h: 0.25,
			fontFace: FONT,
			fontSize: 10,
			color: MUTED,
			margin: 0,
		});
		this.slide.slideNumber = {
			x: LEFT + WIDTH - 0.5,
			y: 7.05,
			w: 0.6,
			h: 0.3,
			fontFace: FONT,
			fontSize: 10,
			color: MUTED,
		};
		if (this.notes !== "") this.slide.addNotes(`${this.messages.pack.slides.notes}\n${this.notes}`);
		this.y = TOP;
	}

	private continued(): void {
		this.next(plainText(fill(this.messages.pack.slides.continued, { heading: this.heading })));
	}

	/** Room for a height, on this slide or the next. */
	private room(height: number): void {
		if (this.y + height > BOTTOM && this.y > TOP) this.continued();
	}

	private lead(): void {
		const { answer, title } = this.report;
		this.text(title, 12, MUTED);
		if (answer.length > 0) this.text(answer, 20, INK);
	}

	private block(block: Block, behind: Table[]): void {
		switch (block.kind) {
			case "text":
				return this.text(block.text, BODY, INK);
			case "list":
				return block.items.forEach((item) => this.text(item, BODY, INK, true));
			case "facts":
				return this.table({
					caption: [],
					columns: [
						{ heading: "", align: "start" },
						{ heading: "", align: "start" },
					],
					rows: block.facts.map(({ term, text }) => [[term], text]),
				});
			case "cards":
				return this.cards(block.cards);
			case "table":
			case "folded-table":
				return this.table(block.table);
			case "figure":
				return this.figure(block.figure, behind);
			case "formulas":
				return block.formulas.forEach((formula) => this.formula(formula));
		}
	}

	private text(text: Text, points: number, color: string, bullet = false): void {
		const height = linesHeight(linesOf(text, points, WIDTH - (bullet ? INDENT : 0)), points) + 0.04;
		this.room(height);
		const place = { y: this.y, h: height, fontFace: FONT, fontSize: points, color, margin: 0, valign: "top" } as const;
		if (bullet) this.slide.addText("•", { ...place, x: LEFT, w: INDENT });
		const indent = bullet ? INDENT : 0;
		this.slide.addText(runsOf(text) as TextRun[], { ...place, x: LEFT + indent, w: WIDTH - indent });
		this.y += height + (bullet ? 0.04 : 0.1);
	}

	private cards(cards: readonly Card[]): void {
		const columns = 3;
		const gap = 0.2;
		const width = (WIDTH - gap * (columns - 1)) / columns;
		const height = 1.12;
		for (let from = 0; from < cards.length; from += columns) {
			this.room(height);
			for (const [i, { term, value, note }] of cards.slice(from, from + columns).entries()) {
				const runs = [
					{ text: term, options: { fontSize: 12, color: MUTED, breakLine: true } },
					...runsOf(value).map(({ text, options }, k, all) => ({
						text,
						options: {
							...options,
							fontSize: 24,
							bold: true,
							color: INK,
							...(k === all.length - 1 && note !== undefined ? { breakLine: true } : {}),
						},
					})),
					...(note === undefined
						? []
						: runsOf(note).map(({ text, options }) => ({ text, options: { ...options, fontSize: 11, color: MUTED } }))),
				];
				this.slide.addText(runs, {
					x: LEFT + i * (width + gap),
					y: this.y,
					w: width,
					h: height,
					fontFace: FONT,
					margin: 6,
					valign: "middle",
					line: { color: "D5DAE1", width: 1 },
				});
			}
			this.y += height + 0.15;
		}
	}

	private table(table: Table): void {
		const part = table.rows.length > MOST_ROWS ? SHOWN_ROWS : table.rows.length;
		const of = sized({ ...table, rows: table.rows.slice(0, part) }, WIDTH);
		if (table.caption.length > 0) {
			this.room(0.3 + of.head + (of.heights[0] ?? 0));
			this.text(table.caption, 12, MUTED);
		}
		for (let from = 0; from < part; ) {
			this.room(of.head + (of.heights[from] as number));
			let [to, height] = [from, of.head];
			while (to < part && (to === from || this.y + height + (of.heights[to] as number) <= BOTTOM))
				height += of.heights[to++] as number;
			this.place(of, from, to);
			this.y += height + 0.15;
			from = to;
			if (from < part) this.continued();
		}
		const left = table.rows.length - part;
		if (left > 0) this.text(fill(this.messages.pack.slides.more, { count: String(left) }), 11, MUTED);
	}

	private figure(figure: Figure, behind: Table[]): void {
		const { caption, chart, table, tableInPlace } = figure;
		if (!hasChart(chart)) return this.table(table);
		const captionHeight = linesHeight(linesOf(caption, BODY, WIDTH), BODY) + 0.14;
		this.room(captionHeight + LEAST_CHART);
		this.text([{ kind: "strong", text: caption }], BODY, INK);
		const height = Math.min(4.6, BOTTOM - this.y);
		const beside = tableInPlace === true ? this.beside(table, height) : undefined;
		const width = beside === undefined ? WIDTH : WIDTH - beside.width - GAP;
		addChart(
			this.slide,
			figure,
			{ accent: this.accent, words: this.messages.pack },
			{ x: LEFT, y: this.y, w: width, h: height },
		);
		if (beside !== undefined) this.place(beside.of, 0, table.rows.length, LEFT + width + GAP);
		this.y += height + 0.12;
		if (tableInPlace !== true) behind.push(table);
		else if (beside === undefined) this.table(table);
	}

	/** A table that is small enough to stand beside its chart. */
	private beside(table: Table, room: number): { of: SizedTable; width: number } | undefined {
		const of = sized(table, MOST_BESIDE);
		const width = sum(of.widths);
		return sum([of.head, ...of.heights]) <= room && width <= MOST_BESIDE ? { of, width } : undefined;
	}

	private place(of: SizedTable, from: number, to: number, x = LEFT): void {
		const rowH = [of.head, ...of.heights.slice(from, to)];
		this.slide.addTable(tableRows(of, from, to), { x, y: this.y, w: sum(of.widths), colW: [...of.widths], rowH });
	}

	private formula({ id, label, math, value, source, terms }: Formula): void {
		this.text(
			[
				{ kind: "strong", text: [label, " "] },
				{ kind: "code", code: id },
			],
			BODY,
			INK,
		);
		this.text([mathWords(math)], 12, INK);
		this.text(source === undefined ? value : [...value, ". ", ...source], 12, MUTED);
		if (terms.rows.length > 0) this.table(terms);
	}
}

function isHeading(block: Block): boolean {
	if (block.kind !== "text" || block.text.length !== 1) return false;
	const [span] = block.text;
	return typeof span === "object" && span.kind === "strong";
}

function sum(of: readonly number[]): number {
	return of.reduce((a, b) => a + b, 0);
}
