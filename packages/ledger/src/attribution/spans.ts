/** Things with a span of time, found by overlap. All times in microseconds, spans half open. */
import type { Instant } from "../records/units.ts";

export interface Span {
	readonly from: Instant;
	readonly to: Instant;
}

/** A thing, and the share of its span that lies within the one asked for, in 0 … 1. */
export interface Overlap<T extends Span> {
	readonly of: T;
	readonly share: number;
}

export interface SpanIndex<T extends Span> {
	overlapping(span: Span): Overlap<T>[];
}

/** An instant has no length and lies within a span that begins at it or before. */
export function spanIndex<T extends Span>(things: readonly T[]): SpanIndex<T> {
	const sorted = [...things].sort((a, b) => a.from - b.from);
	const longest = sorted.reduce((most, { from, to }) => Math.max(most, to - from), 0);
	return {
		overlapping: (span) => {
			const found: Overlap<T>[] = [];
			for (let i = firstAtLeast(sorted, span.from - longest); i < sorted.length; i++) {
				const of = sorted[i] as T;
				if (of.from >= span.to) break;
				const share = shareWithin(of, span);
				if (share > 0) found.push({ of, share });
			}
			return found;
		},
	};
}

/** Share of `thing` within `span`, from 0 to 1. */
export function shareWithin(thing: Span, span: Span): number {
	const length = thing.to - thing.from;
	if (length === 0) return thing.from >= span.from && thing.from < span.to ? 1 : 0;
	const common = Math.min(thing.to, span.to) - Math.max(thing.from, span.from);
	return common <= 0 ? 0 : common / length;
}

function firstAtLeast(sorted: readonly Span[], from: number): number {
	let [low, high] = [0, sorted.length];
	while (low < high) {
		const middle = (low + high) >> 1;
		if ((sorted[middle] as Span).from < from) low = middle + 1;
		else high = middle;
	}
	return low;
}
