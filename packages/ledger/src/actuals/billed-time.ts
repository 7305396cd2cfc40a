/** Which GPU time a bill pays for: within the periods of its rows, and not beyond them. */
import type { Span } from "../attribution/spans.ts";
import type { GpuMicros, Instant, Millijoules } from "../records/units.ts";
import type { CapacitySum } from "./facts.ts";
import { clusterPool, nodePool } from "./held-time.ts";

export interface BilledTime {
	readonly billed: readonly CapacitySum[];
	readonly notBilled: readonly CapacitySum[];
}

/** `pools`: the periods that are paid for, in any order. Time and energy of a sum are cut in proportion and add up to it. */
export function billedTime(capacity: readonly CapacitySum[], pools: ReadonlyMap<string, readonly Span[]>): BilledTime {
	const joined = new Map<string, readonly Span[]>();
	const periodsOf = ({ gpu: { node, cluster } }: CapacitySum): readonly Span[] => {
		const key = `${node ?? ""}\u0000${cluster ?? ""}`;
		const known = joined.get(key);
		if (known !== undefined) return known;
		const own = [
			...(node === undefined ? [] : (pools.get(nodePool(node)) ?? [])),
			...(cluster === undefined ? [] : (pools.get(clusterPool(cluster)) ?? [])),
		];
		const found = join(own);
		joined.set(key, found);
		return found;
	};
	const billed: CapacitySum[] = [];
	const notBilled: CapacitySum[] = [];
	for (const sum of capacity) {
		for (const part of partsOf(sum, periodsOf(sum))) (part.isBilled ? billed : notBilled).push(part.sum);
	}
	return { billed, notBilled };
}

/** In order, none touching the next. */
function join(spans: readonly Span[]): Span[] {
	const joined: Span[] = [];
	for (const span of [...spans].sort((a, b) => a.from - b.from)) {
		const last = joined.at(-1);
		if (last === undefined || span.from > last.to) joined.push(span);
		else if (span.to > last.to) joined[joined.length - 1] = { from: last.from, to: span.to };
	}
	return joined;
}

interface Part {
	readonly isBilled: boolean;
	readonly sum: CapacitySum;
}

function partsOf(sum: CapacitySum, periods: readonly Span[]): Part[] {
	const { from, to } = sum;
	if (from === to) return [{ isBilled: periods.some((each) => each.from <= from && from < each.to), sum }];
	const within = periods.filter((each) => each.from < to && each.to > from);
	if (within.length === 0) return [{ isBilled: false, sum }];
	const cuts: { readonly isBilled: boolean; readonly to: Instant }[] = [];
	let at: number = from;
	for (const period of within) {
		if (period.from > at) cuts.push({ isBilled: false, to: period.from });
		at = Math.min(period.to, to);
		cuts.push({ isBilled: true, to: at as Instant });
	}
	if (at < to) cuts.push({ isBilled: false, to });
	return cuts.length === 1 ? [{ isBilled: true, sum }] : cutAt(sum, cuts);
}

/** By what there is up to each cut, so that nothing is lost to rounding. */
function cutAt(sum: CapacitySum, cuts: readonly { readonly isBilled: boolean; readonly to: Instant }[]): Part[] {
	const { from, to, time, energy } = sum;
	const upTo = (all: number, at: number): number => Math.round((all * (at - from)) / (to - from));
	let start = from;
	return cuts.map(({ isBilled, to: end }) => {
		const part: CapacitySum = {
			...sum,
			from: start,
			to: end,
			time: (upTo(time, end) - upTo(time, start)) as GpuMicros,
			...(energy === undefined ? {} : { energy: (upTo(energy, end) - upTo(energy, start)) as Millijoules }),
		};
		start = end;
		return { isBilled, sum: part };
	});
}
