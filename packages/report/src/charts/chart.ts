/** What a chart is drawn from: plain numbers and labels. A drawing function per kind turns it into SVG text. */

export interface WaterfallChart {
	readonly kind: "waterfall";
	readonly axis: string;
	readonly bars: readonly WaterfallBar[];
}

export interface WaterfallBar {
	readonly role: "start" | "step" | "end";
	readonly label: string;
	readonly from: number;
	readonly to: number;
	readonly text: string;
}

export interface Point {
	readonly x: number;
	readonly y: number;
}

export interface FrontierChart {
	readonly kind: "frontier";
	readonly xAxis: string;
	readonly yAxis: string;
	readonly series: readonly FrontierSeries[];
	/** Cheapest measured row at a speed or faster, by rising speed. */
	readonly envelope: readonly Point[];
	/** The slowest speed that is asked for. */
	readonly limit?: { readonly x: number; readonly label: string };
	readonly chosen?: Point;
}

export interface FrontierSeries {
	/** Place in the order of mark styles. */
	readonly style: number;
	readonly points: readonly FrontierPoint[];
}

export interface FrontierPoint extends Point {
	readonly title: string;
	/** False: it misses a limit, or cannot be judged by it. */
	readonly kept: boolean;
}

export interface VolumeChart {
	readonly kind: "volumes";
	readonly xAxis: string;
	readonly yAxis: string;
	readonly curves: readonly VolumeCurve[];
	/** Volumes from which another curve is the cheapest. */
	readonly crossovers: readonly { readonly x: number; readonly label: string }[];
	/** Letters of the cheapest curve between crossovers, one more than these. */
	readonly regions: readonly string[];
	readonly levels: readonly { readonly y: number; readonly label: string }[];
	readonly here?: Point & { readonly label: string };
}

export interface VolumeCurve {
	/** Absent: never the cheapest over a range of volumes, drawn faint. */
	readonly style?: number;
	readonly letter?: string;
	readonly points: readonly Point[];
}

/** Columns and lines over a few named places, such as years or stages. */
export interface CategoryChart {
	readonly kind: "category";
	readonly xAxis: string;
	readonly yAxis: string;
	/** Unit of all values. */
	readonly unit: string;
	readonly categories: readonly string[];
	readonly series: readonly CategorySeries[];
	/** Columns stand on each other; otherwise beside each other. */
	readonly stacked: boolean;
}

export interface CategorySeries {
	readonly name: string;
	readonly mark: "column" | "line";
	/** Place in the order of mark styles. */
	readonly style: number;
	/** A value a category; undefined where there is none. */
	readonly values: readonly (number | undefined)[];
	/** P10 to P90 of each value. */
	readonly ranges?: readonly (readonly [number, number] | undefined)[];
}

/** What each input alone does to a number, the widest reach first. */
export interface TornadoChart {
	readonly kind: "tornado";
	readonly axis: string;
	readonly unit: string;
	/** The number with every input in the middle. */
	readonly central: number;
	readonly bars: readonly {
		readonly label: string;
		readonly atLow: number;
		readonly atHigh: number;
		readonly lowText: string;
		readonly highText: string;
	}[];
}
