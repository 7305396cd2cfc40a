/**
 * A report as data: what it says, in which order, with which numbers, tables and charts. Every format is drawn from it,
 * so that none can say something else.
 */
import type { Language } from "@farthing/answers";
import type { Grade, Verdict } from "@farthing/engine";
import type { CategoryChart, FrontierChart, TornadoChart, VolumeChart, WaterfallChart } from "./charts/chart.ts";

export interface Report {
	/** The language it is written in. */
	readonly language: Language;
	readonly title: Text;
	/** The answer in one sentence. */
	readonly answer: Text;
	readonly facts: readonly Fact[];
	readonly sections: readonly Section[];
	readonly attribution: string;
	readonly look?: Look;
}

/** What a team may change of a report's look. */
export interface Look {
	/** Colour of headings and totals, `#0b5394`. */
	readonly accent?: string;
	/** Stands at the foot of every page. */
	readonly brand?: string;
}

export interface Section {
	readonly id: string;
	readonly heading: string;
	readonly blocks: readonly Block[];
	/** On paper it goes on where the section before it ends, and does not begin a page. */
	readonly follows?: true;
	/** On paper it stands to the right of the section before it, each on half of the page. */
	readonly beside?: true;
}

export type Block =
	| { readonly kind: "text"; readonly text: Text }
	| { readonly kind: "list"; readonly items: readonly Text[] }
	| { readonly kind: "facts"; readonly facts: readonly Fact[] }
	| { readonly kind: "table"; readonly table: Table }
	| { readonly kind: "folded-table"; readonly summary: string; readonly table: Table }
	| { readonly kind: "figure"; readonly figure: Figure }
	| { readonly kind: "cards"; readonly cards: readonly Card[] }
	| { readonly kind: "formulas"; readonly formulas: readonly Formula[] };

/** One number that matters, large. */
export interface Card {
	readonly term: string;
	readonly value: Text;
	readonly note?: Text;
}

/** One formula of the model, with its values. */
export interface Formula {
	readonly id: string;
	readonly label: string;
	/** Unit of its value, `USD/Mtok`. */
	readonly unit: string;
	/** What it stands for and what it is made of. */
	readonly math: FormulaMath;
	readonly value: Text;
	/** Where it comes from. */
	readonly source?: Text;
	/** Symbols of the right-hand side: name, meaning, value, source. */
	readonly terms: Table;
}

/** Mathematics as data, from which each format draws its own. */
export type FormulaMath =
	| { readonly kind: "symbol"; readonly text: string }
	| { readonly kind: "number"; readonly text: string }
	| { readonly kind: "row"; readonly items: readonly FormulaMath[] }
	| { readonly kind: "words"; readonly text: string }
	| { readonly kind: "operator"; readonly text: string }
	| { readonly kind: "brackets"; readonly open: string; readonly close: string; readonly of: FormulaMath }
	| { readonly kind: "fraction"; readonly over: FormulaMath; readonly under: FormulaMath }
	| { readonly kind: "power"; readonly base: FormulaMath; readonly exponent: FormulaMath }
	| { readonly kind: "call"; readonly name: string; readonly args: readonly FormulaMath[] }
	| { readonly kind: "indexed"; readonly of: FormulaMath; readonly index: FormulaMath }
	| {
			readonly kind: "cases";
			readonly cases: readonly { readonly value: FormulaMath; readonly when?: FormulaMath }[];
	  };

export interface Fact {
	readonly term: string;
	readonly text: Text;
}

/** Words and numbers in a row. A string is our own wording; whatever came from outside is a `name`. */
export type Text = readonly Span[];

export type Span =
	| string
	| { readonly kind: "name"; readonly name: string }
	| { readonly kind: "code"; readonly code: string }
	| { readonly kind: "number"; readonly number: ShownNumber }
	| { readonly kind: "strong"; readonly text: Text }
	| { readonly kind: "small"; readonly text: Text }
	| { readonly kind: "lines"; readonly lines: readonly Text[] }
	| { readonly kind: "note"; readonly number: number; readonly text: Text }
	| { readonly kind: "grade"; readonly grade: Grade; readonly text: string; readonly words: string }
	| { readonly kind: "verdict"; readonly verdict: Verdict; readonly words: string };

/** A number as it is printed, with its value and the place in the results it was read from. */
export interface ShownNumber {
	readonly value: number;
	readonly text: string;
	/** Symbol of the unit of the value; absent for plain numbers. */
	readonly unit?: string;
	/** `plan/result/options/0/delivered`: the result, then a JSON pointer in it. Absent: computed for the report. */
	readonly at?: string;
}

export interface Table {
	readonly caption: Text;
	readonly columns: readonly Column[];
	/** The first cell of a row is its heading. */
	readonly rows: readonly (readonly Text[])[];
	/** On a narrow page the cells of a row stand under each other, not side by side. */
	readonly stacks?: true;
	/** First row that stands apart from those above it. */
	readonly apart?: number;
}

export interface Column {
	readonly heading: string;
	readonly align: "start" | "end";
	/** `wide`: keeps room for several words; `short`: stays on one line; `code`: breaks anywhere. */
	readonly room?: "wide" | "short" | "code";
}

export interface Figure {
	readonly id: string;
	/** The finding, in a sentence. */
	readonly caption: Text;
	/** The finding and what is drawn, for those who do not see it. */
	readonly alternative: Text;
	readonly chart: Chart;
	readonly legend: readonly LegendEntry[];
	/** What is drawn, with exact values. */
	readonly table: Table;
	/** On paper the table stands beneath the chart; otherwise at the end. */
	readonly tableInPlace?: true;
}

export type Chart = WaterfallChart | FrontierChart | VolumeChart | CategoryChart | TornadoChart;

export interface LegendEntry {
	readonly swatch: Swatch;
	readonly text: Text;
}

export type Swatch =
	| { readonly kind: "dot" | "line" | "block"; readonly style: number }
	| { readonly kind: "envelope" | "level" | "faint" | "here" | "outline" | "ring" };
