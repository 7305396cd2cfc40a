/** A report as a Typst document: a page for each section, charts as vectors, sources as footnotes, tables that repeat their heads. */
import { lightPalette } from "../charts/mark-style.ts";
import type { Messages } from "../messages/en.ts";
import { mathWords } from "../formulas/math-words.ts";
import { plainText } from "../plain-text.ts";
import type {
	Block,
	Card,
	Figure,
	Formula,
	FormulaMath,
	LegendEntry,
	Report,
	Section,
	Table,
	Text,
} from "../report-model.ts";
import { paperChart, paperSwatch } from "./paper-chart.ts";
import { typstMath } from "./typst-math.ts";
import { typstTable } from "./typst-table.ts";
import { TypstNotes, typstString, typstText, typstWords } from "./typst-text.ts";

/** `fonts`: families, the first that has a letter sets it. */
export function typstReport(report: Report, messages: Messages, fonts: readonly string[]): string {
	return new Writer(report, messages, fonts).document();
}

/** Characters of a formula on one line. */
const LONGEST_MATH = 420;

class Writer {
	private readonly report: Report;
	private readonly messages: Messages;
	private readonly fonts: readonly string[];
	private readonly notes = new TypstNotes();
	/** While what stands on half of the page is written. */
	private isHalf = false;
	/** Tables behind charts, which stand at the end. */
	private readonly behind: { readonly heading: string; readonly tables: Table[] }[] = [];

	constructor(report: Report, messages: Messages, fonts: readonly string[]) {
		this.report = report;
		this.messages = messages;
		this.fonts = fonts;
	}

	document(): string {
		const { title, answer, sections } = this.report;
		const parts = [
			this.settings(),
			`#text(size: 10.5pt, fill: muted)[${this.text(title)}]`,
			...(answer.length === 0
				? []
				: [`#block(below: 1.1em, text(size: 14.5pt)[#set par(leading: 0.55em)\n${this.text(answer)}])`]),
			...sections.flatMap((section, i) => this.place(section, sections[i + 1], i)),
			this.annex(),
			`#v(1fr)\n#text(size: 7.5pt, fill: muted)[${typstWords(`${this.report.attribution}${this.messages.stop}${this.messages.attributionNote}`)}]`,
		];
		return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
	}

	private settings(): string {
		const { language, title, look, attribution } = this.report;
		const accent = look?.accent ?? lightPalette.total;
		const foot = look?.brand ?? plainText(title);
		const [before = "", between = "", after = ""] = this.messages.pack.pageOf.split(/\{page\}|\{pages\}/);
		const [font = ""] = this.fonts;
		const families = this.fonts.length === 1 ? typstString(font) : `(${this.fonts.map(typstString).join(", ")})`;
		return `#set document(title: ${typstString(plainText(title))}, author: "farthing", description: ${typstString(attribution)}, date: none)
#let muted = rgb("${lightPalette.muted}")
#let rule = rgb("${lightPalette.rule}")
#let accent = rgb("${accent}")
#set text(font: ${families}, size: 9pt, lang: "${language}", fill: rgb("${lightPalette.text}"), features: ("tnum", "lnum"))
#show math.equation: set text(font: "Noto Sans Math", size: 9pt)
#set par(leading: 0.6em, spacing: 0.85em)
#set page(paper: "a4", margin: (x: 17mm, top: 15mm, bottom: 17mm), footer: context [
	#set text(size: 7.5pt, fill: muted)
	#grid(columns: (1fr, auto), gutter: 8pt, [${typstWords(foot)}], [${typstWords(before)}#counter(page).display()${typstWords(between)}#counter(page).final().first()${after === "" ? "" : `;${typstWords(after)}`}])
])
#set list(marker: [•], indent: 0.2em, spacing: 0.6em)
#show heading: set text(weight: 600, fill: accent)
#show heading.where(level: 1): set text(size: 14pt)
#show heading.where(level: 2): set text(size: 10pt)
#show heading: set block(above: 1em, below: 0.75em)
#show footnote.entry: set text(size: 6.8pt)
#set footnote.entry(gap: 0.35em)
#set figure(numbering: none, supplement: none, gap: 0.5em)
#set figure.caption(position: top)
#show figure.caption: it => align(left, text(weight: 600, it.body))
#show figure: set align(left)
#show figure: set block(breakable: true, above: 1.3em)
#set table(stroke: none, inset: (x: 3.5pt, y: 3pt))
#let fitted(formula) = block(layout(room => {
	let wide = measure(formula).width
	if wide <= room.width { formula } else {
		let share = calc.max(0.5, room.width / wide)
		scale(share * 100%, reflow: true, origin: top + left, block(width: room.width / share, formula))
	}
}))
#let code(words) = text(size: 0.92em, fill: muted, words)
#let small(body) = text(size: 0.86em, fill: muted, body)
#let badge(words, ground, colour) = box(fill: ground, inset: (x: 3pt), outset: (y: 2pt), radius: 2pt, text(weight: 600, fill: colour, words))`;
	}

	/** A section with the one that stands beside it, or by itself; nothing where it stands beside the one before. */
	private place(section: Section, next: Section | undefined, i: number): string[] {
		if (section.beside === true && i > 0) return [];
		if (next?.beside !== true) return [this.section(section, i)];
		this.isHalf = true;
		const [left, right] = [section, next].map((each) => this.section({ ...each, follows: true }, i));
		this.isHalf = false;
		const turn = i === 0 || section.follows === true ? "" : "#pagebreak(weak: true)\n\n";
		return [`${turn}#grid(columns: (1fr, 1fr), gutter: 14pt,\n[${left}],\n[${right}])`];
	}

	private section({ heading, blocks, follows }: Section, i: number): string {
		const tables: Table[] = [];
		this.behind.push({ heading, tables });
		const content = blocks.map((block) => this.block(block, tables));
		return [
			...(i === 0 || follows === true ? [] : ["#pagebreak(weak: true)"]),
			`= ${typstWords(heading)}`,
			...content,
		].join("\n\n");
	}

	private block(block: Block, behind: Table[]): string {
		switch (block.kind) {
			case "text":
				return this.text(block.text);
			case "list":
				return block.items.map((item) => `- ${this.text(item)}`).join("\n");
			case "facts":
				return this.facts(block.facts);
			case "cards":
				return this.cards(block.cards);
			case "table":
			case "folded-table":
				return this.table(block.table);
			case "figure":
				return this.figure(block.figure, behind);
			case "formulas":
				return block.formulas.map((formula) => this.formula(formula)).join("\n\n");
		}
	}

	private facts(facts: Report["facts"]): string {
		const cells = facts.map(({ term, text }) => `[#text(fill: muted)[${typstWords(term)}]], [${this.text(text)}]`);
		return `#grid(columns: (32mm, 1fr), row-gutter: 6pt, column-gutter: 6pt,\n${cells.join(",\n")})`;
	}

	private cards(cards: readonly Card[]): string {
		const cells = cards.map(({ term, value, note }) => {
			const small = note === undefined ? "" : `#linebreak();#text(size: 7.5pt, fill: muted)[${this.text(note)}]`;
			return `block(width: 100%, height: 100%, inset: 7pt, radius: 3pt, stroke: 0.6pt + rule)[#text(size: 8pt, fill: muted)[${typstWords(term)}]#linebreak();#text(size: 14pt, weight: 600)[${this.text(value)}]${small}]`;
		});
		// Four stand on one line rather than one below three.
		const columns = cards.length === 4 ? 4 : 3;
		const rows = Math.ceil(cards.length / columns);
		const height = cards.some(({ note }) => note !== undefined) ? 52 : 42;
		return `#grid(columns: (1fr,) * ${columns}, rows: (${height}pt,) * ${rows}, gutter: 6pt,\n${cells.join(",\n")})`;
	}

	/** The chart with its finding above; its table follows it, or stands at the end. */
	private figure(figure: Figure, behind: Table[]): string {
		const { caption, alternative, chart, legend, table, tableInPlace } = figure;
		const { look } = this.report;
		const alt = typstString(plainText(alternative));
		const image = `image(bytes(${typstString(paperChart(chart, this.fonts, look, this.isHalf))}), format: "svg", width: 100%, alt: ${alt})`;
		const body = legend.length === 0 ? `[#${image}]` : `[${this.legend(legend)}#v(-2pt)#${image}]`;
		if (tableInPlace !== true) behind.push(table);
		const shown = `#figure(${body}, caption: [${this.text(caption)}], alt: ${alt})`;
		return tableInPlace === true ? `${shown}\n\n${this.table(table)}` : shown;
	}

	private legend(legend: readonly LegendEntry[]): string {
		const items = legend.map(({ swatch, text }) => {
			const sample = `image(bytes(${typstString(paperSwatch(swatch, this.report.look))}), format: "svg", height: 8pt, alt: "")`;
			return `#box[#box(baseline: 1pt, ${sample})#h(3pt)#text(size: 8pt)[${this.text(text)}]]`;
		});
		return `#block(below: 4pt)[${items.join("#h(10pt)")}]`;
	}

	private formula({ id, label, math, value, source, terms }: Formula): string {
		const parts = [
			`== ${typstWords(label)} #text(size: 0.8em, weight: 400)[${this.text([{ kind: "code", code: id }])}]`,
			this.mathematics(math, label),
			this.text(value),
			...(source === undefined ? [] : [`#small[${this.text(source)}]`]),
			...(terms.rows.length === 0 ? [] : [this.table(terms)]),
		];
		return parts.join("\n\n");
	}

	/** What would be too wide even at half its size stands on lines, where it can break. */
	private mathematics(math: FormulaMath, label: string): string {
		const line = mathWords(math);
		if (line.length > LONGEST_MATH) return `#text(size: 8pt)[${typstWords(line)}]`;
		return `#fitted(math.equation(block: false, alt: ${typstString(label)}, $display(${typstMath(math)})$.body))`;
	}

	private annex(): string {
		const tables = this.behind.filter((each) => each.tables.length > 0);
		if (tables.length === 0) return "";
		const parts = tables.flatMap(({ heading, tables: some }) => [
			`== ${typstWords(heading)}`,
			...some.map((table) => this.table(table)),
		]);
		return [`= ${typstWords(this.messages.pack.annex)}`, ...parts].join("\n\n");
	}

	private table(table: Table): string {
		return typstTable(table, (text) => this.text(text));
	}

	private text(text: Text): string {
		return typstText(text, this.notes);
	}
}
