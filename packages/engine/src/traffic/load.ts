/** Sources of requests for the simulator: generated, replayed from a trace, or a closed loop of users. */
import type { ClosedSource, NextRequest, OpenSource } from "../simulation/request-source.ts";
import { emptyRequest } from "../simulation/request-source.ts";
import type { ArrivalSpec } from "./arrivals.ts";
import { arrivals } from "./arrivals.ts";
import { Draws } from "./draws.ts";
import type { LengthSpec } from "./lengths.ts";
import { lengths } from "./lengths.ts";
import type { PrefixSpec } from "./prefixes.ts";
import { prefixes } from "./prefixes.ts";
import type { TraceRecord } from "./trace-record.ts";

export interface GeneratedLoad {
	readonly arrivals: ArrivalSpec;
	readonly lengths: LengthSpec;
	readonly prefixes?: PrefixSpec;
	/** Share of the requests that are of the second priority. */
	readonly batchShare?: number;
	/** Requests in all; none: until the run's horizon. */
	readonly requests?: number;
}

/** Requests at random, the same for the same seed. */
export function generatedLoad(spec: GeneratedLoad, seed: number): OpenSource {
	const times = arrivals(spec.arrivals, seed);
	const { draw } = lengths(spec.lengths, seed);
	const shared = spec.prefixes === undefined ? undefined : prefixes(spec.prefixes, seed);
	const classes = spec.batchShare === undefined ? undefined : new Draws(seed, "priorities");
	let left = spec.requests ?? Number.POSITIVE_INFINITY;
	return {
		kind: "open",
		next(into) {
			if (left-- <= 0) return false;
			into.seconds = times.next();
			draw(into);
			into.prefixIds = shared?.draw(into.inputTokens);
			into.priority = classes !== undefined && classes.uniform() < (spec.batchShare as number) ? 1 : 0;
			return true;
		},
	};
}

/** Several loads as one by time, each with the priority of its place. */
export function mergedLoad(sources: readonly OpenSource[]): OpenSource {
	const heads = sources.map((source) => ({ source, request: emptyRequest(), hasNext: false }));
	for (const head of heads) head.hasNext = head.source.next(head.request);
	let taken: (typeof heads)[number] | undefined;
	return {
		kind: "open",
		next(into) {
			// Not before the one taken last is done with: a source may write the next prefix where the last one was.
			if (taken !== undefined) taken.hasNext = taken.source.next(taken.request);
			let first = -1;
			heads.forEach(({ hasNext, request }, i) => {
				if (hasNext && (first === -1 || request.seconds < (heads[first]?.request.seconds as number))) first = i;
			});
			const head = heads[first];
			taken = head;
			if (head === undefined) return false;
			const { seconds, inputTokens, outputTokens, prefixIds } = head.request;
			into.seconds = seconds;
			into.inputTokens = inputTokens;
			into.outputTokens = outputTokens;
			into.prefixIds = prefixIds;
			into.priority = first;
			return true;
		},
	};
}

export interface ClosedLoad {
	readonly users: number;
	readonly requests: number;
	readonly thinkSeconds?: number;
	readonly lengths: LengthSpec;
	readonly prefixes?: PrefixSpec;
}

export function closedLoad(spec: ClosedLoad, seed: number): ClosedSource {
	const { draw } = lengths(spec.lengths, seed);
	const shared = spec.prefixes === undefined ? undefined : prefixes(spec.prefixes, seed);
	return {
		kind: "closed",
		users: spec.users,
		requests: spec.requests,
		thinkSeconds: spec.thinkSeconds ?? 0,
		draw(into) {
			draw(into);
			into.prefixIds = shared?.draw(into.inputTokens);
			into.priority = 0;
		},
	};
}

/** How a trace is changed as it is replayed. */
export interface TraceScaling {
	/** Requests per second over the trace's. */
	readonly rate: number;
	/** Tokens of a request over the trace's, in and out. */
	readonly inputLength: number;
	readonly outputLength: number;
}

export const AS_RECORDED: TraceScaling = { rate: 1, inputLength: 1, outputLength: 1 };

/** Replays records, pulled one at a time; time counts from the first. */
export function traceLoad(pull: () => TraceRecord | undefined, scaling: TraceScaling = AS_RECORDED): OpenSource {
	let start: number | undefined;
	return {
		kind: "open",
		next(into: NextRequest) {
			const record = pull();
			if (record === undefined) return false;
			start ??= record.seconds;
			into.seconds = (record.seconds - start) / scaling.rate;
			into.inputTokens = scaled(record.inputTokens, scaling.inputLength);
			into.outputTokens = scaled(record.outputTokens, scaling.outputLength);
			into.prefixIds = record.prefixIds;
			into.priority = 0;
			return true;
		},
	};
}

function scaled(tokens: number, by: number): number {
	return by === 1 ? tokens : Math.max(1, Math.floor(tokens * by + 0.5));
}
