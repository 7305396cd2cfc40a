/** Who is the cheapest where: stretches of volume with one winner, read from the answer. */
import type { ByVolume, StrategyName } from "@farthing/answers";

export interface Span {
	readonly strategy: StrategyName;
	readonly from: number;
	/** The last volume looked at in which it still wins. */
	readonly to: number;
}

export function cheapestSpans({ tokens_per_day: volumes, cheapest }: ByVolume): Span[] {
	const spans: Span[] = [];
	for (const [i, strategy] of cheapest.entries()) {
		const volume = volumes[i] as number;
		const last = spans.at(-1);
		if (strategy === null) continue;
		if (last?.strategy === strategy && cheapest[i - 1] === strategy) spans[spans.length - 1] = { ...last, to: volume };
		else spans.push({ strategy, from: volume, to: volume });
	}
	return spans;
}
