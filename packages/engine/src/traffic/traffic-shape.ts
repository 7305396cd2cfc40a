/**
 * A trace in a few dozen numbers: mean rate and rate by hour, how clustered the requests come (coefficient of variation of the
 * gaps over the mean of their hour, the longest in a thousand left out: one silence of minutes is no cluster), joint quantiles
 * of the lengths (requests in classes of equal size by input; quantiles of input and output within each), and the share of
 * prompt blocks that came before. Fitted in one pass: lengths and gaps from a seeded sample of the requests, blocks from the
 * first million ids.
 */
import { Draws } from "./draws.ts";
import type { LengthCell } from "./lengths.ts";
import { meanLengths } from "./lengths.ts";
import type { GeneratedLoad } from "./load.ts";
import type { TraceClock, TraceRecord } from "./trace-record.ts";

export interface TrafficShape {
	readonly requests: number;
	readonly seconds: number;
	readonly requestsPerSecond: number;
	/** Coefficient of variation of the gaps between requests: 1 for a Poisson process. */
	readonly burstiness: number;
	/** Rate of each hour over the mean: of a week from Monday on where the trace has two of them, else of a day; none below a day. */
	readonly hourly?: readonly number[];
	readonly cells: readonly LengthCell[];
	/** Share of the prompt blocks that an earlier prompt had; absent where the trace has no ids. */
	readonly prefixReuse?: number;
	readonly prefixBlockTokens?: number;
}

export interface ShapeFitter {
	add(record: TraceRecord): void;
	/** Throws RangeError below two requests. */
	fit(prefixBlockTokens?: number): TrafficShape;
}

const CELLS = 8;
/** Quantiles of a cell: 0, 1/8, … 1. */
const STEPS = 8;
const SAMPLE = 65_536;
const MOST_IDS = 1_000_000;
const HOUR = 3600;
const DAY = 24 * HOUR;
const WEEK = 168;
/** The hour of the week, from Monday on, at which Unix time begins: a Thursday. */
const UNIX_HOUR = 72;

/** `utc`: hours are those of the calendar; `relative`: they count from the start of the trace. */
export function shapeFitter(seed = 1, clock: TraceClock = "relative"): ShapeFitter {
	const draws = new Draws(seed, "sample of a trace");
	const inputs = new Float64Array(SAMPLE);
	const outputs = new Float64Array(SAMPLE);
	const gaps = new Float64Array(SAMPLE);
	const gapHours = new Uint8Array(SAMPLE);
	const byHour = new Float64Array(WEEK);
	const seen = new Set<number>();
	const startHour = clock === "utc" ? UNIX_HOUR : 0;
	let requests = 0;
	let first = 0;
	let last = 0;
	let blocks = 0;
	let known = 0;
	return {
		add({ seconds, inputTokens, outputTokens, prefixIds }) {
			const hour = (Math.floor(seconds / HOUR) + startHour) % WEEK;
			byHour[hour] = (byHour[hour] as number) + 1;
			if (requests === 0) first = seconds;
			const place = requests < SAMPLE ? requests : Math.floor(draws.uniform() * (requests + 1));
			if (place < SAMPLE) {
				// The first has no gap before it.
				gaps[place] = requests === 0 ? Number.NaN : seconds - last;
				gapHours[place] = hour;
				inputs[place] = inputTokens;
				outputs[place] = outputTokens;
			}
			last = seconds;
			requests++;
			for (const id of prefixIds ?? []) {
				if (seen.has(id)) known++;
				else if (seen.size < MOST_IDS) seen.add(id);
				blocks++;
			}
		},
		fit(prefixBlockTokens) {
			if (requests < 2) throw new RangeError("a shape needs two requests");
			const span = last - first;
			if (span === 0) throw new RangeError("all requests come at one time: there is no rate");
			const size = Math.min(requests, SAMPLE);
			const hourly = hourlyRates(byHour, first, last, startHour);
			const evened = Float64Array.from(gaps.subarray(0, size), (gap, i) => {
				return hourly === undefined ? gap : gap * (hourly[(gapHours[i] as number) % hourly.length] as number);
			});
			return {
				requests,
				seconds: span,
				requestsPerSecond: (requests - 1) / span,
				burstiness: variationOf(evened.filter((gap) => !Number.isNaN(gap))),
				...(hourly === undefined ? {} : { hourly }),
				cells: cellsOf(inputs.subarray(0, size), outputs.subarray(0, size)),
				...(blocks === 0 || prefixBlockTokens === undefined ? {} : { prefixReuse: known / blocks, prefixBlockTokens }),
			};
		},
	};
}

/** Requests of each hour over the time that the trace spent in it; a mean of 1. */
function hourlyRates(byHour: Float64Array, first: number, last: number, startHour: number): number[] | undefined {
	const span = last - first;
	if (span < DAY) return undefined;
	const length = span < 14 * DAY ? 24 : WEEK;
	const counts = new Float64Array(length);
	const spent = new Float64Array(length);
	byHour.forEach((count, hour) => {
		counts[hour % length] = (counts[hour % length] as number) + count;
	});
	for (let hour = Math.floor(first / HOUR); hour * HOUR < last; hour++) {
		const place = (hour + startHour) % length;
		const seconds = Math.min(last, (hour + 1) * HOUR) - Math.max(first, hour * HOUR);
		spent[place] = (spent[place] as number) + seconds;
	}
	const rates = Array.from(counts, (count, hour) => count / (spent[hour] as number));
	const mean = rates.reduce((sum, rate) => sum + rate, 0) / length;
	return rates.map((rate) => rate / mean);
}

/**
 * Requests of a shape at a stated rate and stated mean lengths: burstiness as fitted, lengths in the proportions that the
 * trace had. `groups` beginnings share the reused part of a prompt: a trace says how much is reused, not by how many.
 */
export function shapeLoad(
	shape: Pick<TrafficShape, "burstiness" | "cells" | "prefixReuse">,
	to: {
		readonly requestsPerSecond: number;
		readonly inputTokens: number;
		readonly outputTokens: number;
		readonly prefixBlockTokens: number;
		readonly groups: number;
	},
): GeneratedLoad {
	const mean = meanLengths({ kind: "joint", cells: shape.cells });
	const scaled = (values: readonly number[], by: number): number[] => values.map((value) => value * by);
	const cells = shape.cells.map(({ input, output }) => ({
		input: scaled(input, to.inputTokens / mean.input),
		output: scaled(output, to.outputTokens / mean.output),
	}));
	return {
		arrivals: {
			process: shape.burstiness === 0 ? { kind: "even" } : { kind: "gamma", variation: shape.burstiness },
			requestsPerSecond: to.requestsPerSecond,
		},
		lengths: { kind: "joint", cells },
		...(shape.prefixReuse === undefined || shape.prefixReuse === 0
			? {}
			: { prefixes: { blockTokens: to.prefixBlockTokens, share: shape.prefixReuse, groups: to.groups, skew: 1 } }),
	};
}

/** Standard deviation over mean, without the longest in a thousand. */
function variationOf(gaps: Float64Array): number {
	const sorted = Float64Array.from(gaps).sort();
	const kept = sorted.subarray(0, Math.max(1, Math.ceil(sorted.length * 0.999)));
	const mean = kept.reduce((sum, gap) => sum + gap, 0) / kept.length;
	const square = kept.reduce((sum, gap) => sum + (gap - mean) * (gap - mean), 0) / kept.length;
	return mean === 0 ? 0 : Math.sqrt(square) / mean;
}

function cellsOf(inputs: Float64Array, outputs: Float64Array): LengthCell[] {
	const order = Array.from(inputs.keys()).sort(
		(a, b) => (inputs[a] as number) - (inputs[b] as number) || (outputs[a] as number) - (outputs[b] as number),
	);
	const count = Math.min(CELLS, order.length);
	return Array.from({ length: count }, (_, cell) => {
		const members = order.slice(
			Math.floor((cell * order.length) / count),
			Math.floor(((cell + 1) * order.length) / count),
		);
		return {
			input: quantilesOf(members.map((at) => inputs[at] as number)),
			output: quantilesOf(members.map((at) => outputs[at] as number)),
		};
	});
}

/** Means of slices of the sorted values would move the mean; quantiles at even steps are corrected to keep it. */
function quantilesOf(values: number[]): number[] {
	const sorted = [...values].sort((a, b) => a - b);
	const raw = Array.from(
		{ length: STEPS + 1 },
		(_, i) => sorted[Math.floor((i * (sorted.length - 1)) / STEPS)] as number,
	);
	const mean = sorted.reduce((sum, value) => sum + value, 0) / sorted.length;
	let shown = 0;
	for (let i = 1; i <= STEPS; i++) shown += ((raw[i - 1] as number) + (raw[i] as number)) / 2 / STEPS;
	const by = shown === 0 ? 1 : mean / shown;
	return raw.map((value) => Math.max(1, Math.floor(value * by + 0.5)));
}
