import type { Tick } from "./axis.tsx";
import { textWidth } from "./text-width.ts";

/** Ticks with their numbers apart from each other: every second or third of them where there is no room for all. */
export function thinned(ticks: readonly Tick[]): readonly Tick[] {
	for (let step = 1; step < ticks.length; step++) {
		const kept = ticks.filter((_, i) => i % step === 0);
		if (kept.every((tick, i) => i === 0 || areApart(kept[i - 1] as Tick, tick))) return kept;
	}
	return ticks.slice(0, 1);
}

function areApart(before: Tick, after: Tick): boolean {
	const half = ((textWidth(before.label) + textWidth(after.label)) / 2) * LETTER;
	return after.at - before.at >= half + GAP;
}

/** Width of a digit at the size of these texts, rounded up. */
const LETTER = 7.6;
const GAP = 6;
