import { MICROS_PER_DAY, MICROS_PER_HOUR } from "../../records/units.ts";

/** A stretch of time, and the coarsest roll-up that holds the whole of it. */
export interface Piece<G extends string> {
	readonly grain: G | "raw";
	readonly from: number;
	readonly to: number;
}

export type Grain = "minute" | "hour" | "day";
export const GRAIN_MICROS: Readonly<Record<Grain, number>> = {
	minute: 60_000_000,
	hour: MICROS_PER_HOUR,
	day: MICROS_PER_DAY,
};

/**
 * Cuts [from, to) into pieces: whole units of the coarsest grain in the middle, finer ones at both ends, raw events for
 * what is left. `grains` go from coarse to fine. The pieces are disjoint and make up the whole.
 */
export function cover(from: number, to: number, grains: readonly Grain[]): Piece<Grain>[] {
	const [coarsest, ...finer] = grains;
	if (from >= to) return [];
	if (coarsest === undefined) return [{ grain: "raw", from, to }];
	const unit = GRAIN_MICROS[coarsest];
	const first = Math.ceil(from / unit) * unit;
	const last = Math.floor(to / unit) * unit;
	if (first >= last) return cover(from, to, finer);
	return [...cover(from, first, finer), { grain: coarsest, from: first, to: last }, ...cover(last, to, finer)];
}
