/**
 * A report as data: what it says, in which order, with which numbers, tables and charts. Every format is drawn from it,
 * so that none can say something else.
 */
import type { Grade, Verdict } from "@farthing/engine";
import type { FrontierChart, VolumeChart, WaterfallChart } from "./charts/chart.ts";

export interface Report {
	/** BCP 47 tag of the language it is written in. */
	readonly language: string;
	readonly title: Text;
	/** The answer in one sentence. */
	readonly answer: Text;
	readonly facts: readonly Fact[];
	readonly sections: readonly Section[];
	readonly attribution: string;
}

export interface Section {
	readonly id: string;
	readonly heading: string;
	readonly blocks: readonly Block[];
}

export type Block =
	| { readonly kind: "text"; readonly text: Text }
	| { readonly kind: "list"; readonly items: readonly Text[] }
	| { readonly kind: "facts"; readonly facts: readonly Fact[] }
	| { readonly kind: "table"; readonly table: Table }
	| { readonly kind: "folded-table"; readonly summary: string; readonly table: Table }
	| { readonly kind: "figure"; readonly figure: Figure };

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
	| { readonly kind: "grade"; readonly grade: Grade; readonly text: string; readonly words: string }
	| { readonly kind: "verdict"; readonly verdict: Verdict; readonly words: string };

/** A number as it is printed, with its value and the place in the results it was read from. */
export interface ShownNumber {
	readonly value: number;
	readonly text: string;
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
}

export type Chart = WaterfallChart | FrontierChart | VolumeChart;

export interface LegendEntry {
	readonly swatch: Swatch;
	readonly text: Text;
}

export type Swatch =
	| { readonly kind: "dot" | "line"; readonly style: number }
	| { readonly kind: "envelope" | "level" | "faint" | "here" | "outline" | "ring" };
