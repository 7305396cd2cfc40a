/** A token bucket per caller: `burst` requests at once, `perSecond` in the long run. The clock is passed in. */

export interface RateLimit {
	/** 0 if the request may go ahead, else whole seconds until it may. */
	waitFor(caller: string, nowMs: number): number;
}

export function rateLimit(perSecond: number, burst: number, maxCallers = 10_000): RateLimit {
	const buckets = new Map<string, { tokens: number; at: number }>();
	return {
		waitFor(caller, nowMs) {
			const before = buckets.get(caller) ?? { tokens: burst, at: nowMs };
			const tokens = Math.min(burst, before.tokens + ((nowMs - before.at) / 1000) * perSecond);
			const isFree = tokens >= 1;
			buckets.delete(caller);
			buckets.set(caller, { tokens: isFree ? tokens - 1 : tokens, at: nowMs });
			const [oldest] = buckets.keys();
			if (buckets.size > maxCallers && oldest !== undefined) buckets.delete(oldest);
			return isFree ? 0 : Math.max(1, Math.ceil((1 - tokens) / perSecond));
		},
	};
}
