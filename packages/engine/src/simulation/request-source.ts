/** Where requests come from: a generator, a trace, a closed loop of users. */

/** The next request, written by the source: one object is used for all, so that a stream leaves no garbage behind. */
export interface NextRequest {
	/** From the start of the run, not before the one before it. */
	seconds: number;
	inputTokens: number;
	outputTokens: number;
	/** 0 is served first. */
	priority: number;
	prefixIds: ArrayLike<number> | undefined;
}

/** Requests by rising time. False where there are no more. */
export interface OpenSource {
	readonly kind: "open";
	next(into: NextRequest): boolean;
}

/** A fixed number of users, each of whom sends the next request when the last is answered. */
export interface ClosedSource {
	readonly kind: "closed";
	readonly users: number;
	/** Requests in all. */
	readonly requests: number;
	readonly thinkSeconds: number;
	/** Lengths, priority and prefix of the next request; its time is not read. */
	draw(into: NextRequest): void;
}

export type RequestSource = OpenSource | ClosedSource;

export function emptyRequest(): NextRequest {
	return { seconds: 0, inputTokens: 1, outputTokens: 1, priority: 0, prefixIds: undefined };
}
