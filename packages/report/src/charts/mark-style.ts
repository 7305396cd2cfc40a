/** Colour, shape and dash together tell series apart: none of them has to be seen on its own. */

export interface MarkStyle {
	/** Variable of the page. */
	readonly color: string;
	/** Place of that colour in the series of a palette. */
	readonly place: number;
	readonly symbol: (typeof SYMBOLS)[number];
	/** Drawn as an outline. */
	readonly hollow: boolean;
	readonly dash: (typeof DASHES)[number];
}

/** Colours of one scheme. Text has a contrast of at least 4.5 to the ground, marks of at least 3. */
export interface Palette {
	readonly ground: string;
	readonly text: string;
	readonly muted: string;
	readonly rule: string;
	readonly neutral: string;
	readonly rise: string;
	readonly fall: string;
	readonly total: string;
	readonly series: readonly string[];
}

export const lightPalette: Palette = {
	ground: "#ffffff",
	text: "#1b2430",
	muted: "#55606e",
	rule: "#d5dae1",
	neutral: "#7a8696",
	rise: "#c2560a",
	fall: "#00795c",
	total: "#0b5394",
	series: ["#0b67b2", "#c2560a", "#00795c", "#a8397f", "#7d6608", "#3d4754", "#2789b8", "#7440b5"],
};

export const darkPalette: Palette = {
	ground: "#12161c",
	text: "#e8ebef",
	muted: "#a4aeba",
	rule: "#363f4b",
	neutral: "#8d98a7",
	rise: "#f2924f",
	fall: "#45c79f",
	total: "#6cb0ef",
	series: ["#5aa9e6", "#f2924f", "#45c79f", "#e58cc3", "#d8bd4a", "#c3cad4", "#7fd0ea", "#b59af2"],
};

export const SYMBOLS = ["circle", "square", "triangle", "diamond", "star", "cross", "wye", "hexagon"] as const;
export const DASHES = ["none", "7 3", "2 3", "9 3 2 3", "12 4", "4 2"] as const;

/** Distinct for the first 64 series: shapes come round after 8, each time in other colours, filled and hollow in turn. */
export function markStyle(index: number): MarkStyle {
	const round = Math.floor(index / SYMBOLS.length);
	const place = (index + round) % lightPalette.series.length;
	return {
		color: `var(--series-${place})`,
		place,
		symbol: SYMBOLS[index % SYMBOLS.length] as MarkStyle["symbol"],
		hollow: round % 2 === 1,
		dash: DASHES[index % DASHES.length] as MarkStyle["dash"],
	};
}
