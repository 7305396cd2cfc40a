/** How far a figure can be trusted: measured, stated by who sells the thing, by an analyst, or guessed. */
export type Confidence = "measured" | "vendor" | "analyst" | "estimate";

export const CONFIDENCES: readonly Confidence[] = ["measured", "vendor", "analyst", "estimate"];

/** One fact: a number that never stands without its unit, source, date and confidence. */
export interface Figure {
	readonly value: number;
	readonly unit: string;
	/** Id of the source in the catalogue's source list. */
	readonly source: string;
	/** Further sources that say the same, or the ends of the range. */
	readonly otherSources?: readonly string[];
	/** Date the figure holds for, as precise as known: `2026`, `2026-H1`, `2026-07` or `2026-07-20`. */
	readonly asOf: string;
	readonly confidence: Confidence;
	/** Range of what sources say, in the unit of the value. */
	readonly low?: number;
	readonly high?: number;
	readonly note?: string;
}

/** True where the unit holds a currency: the figures that grow stale. */
export function isPrice(figure: Figure): boolean {
	return /^(USD|EUR|GBP|CNY|JPY)(\/|$)/.test(figure.unit);
}
