/**
 * Things kept under a secret that only its holder knows: 32 random bytes, of which the shelf has the SHA-256 alone. What
 * is over its time is gone, and where too many are kept the oldest go. The clock is passed in.
 */
import { createHash, randomBytes } from "node:crypto";

export interface SecretShelf<T> {
	/** The secret that finds it again. */
	put(value: T, nowMs: number): string;
	find(secret: string, nowMs: number): T | undefined;
	/** The same, once. */
	take(secret: string, nowMs: number): T | undefined;
}

export function secretShelf<T>(lifeMs: number, most: number): SecretShelf<T> {
	const kept = new Map<string, { readonly value: T; readonly until: number }>();
	const find = (secret: string, nowMs: number): T | undefined => {
		const found = kept.get(digest(secret));
		return found !== undefined && nowMs < found.until ? found.value : undefined;
	};
	return {
		put(value, nowMs) {
			for (const [key, { until }] of kept) {
				if (until > nowMs && kept.size < most) break;
				kept.delete(key);
			}
			const secret = randomBytes(32).toString("base64url");
			kept.set(digest(secret), { value, until: nowMs + lifeMs });
			return secret;
		},
		find,
		take(secret, nowMs) {
			const found = find(secret, nowMs);
			kept.delete(digest(secret));
			return found;
		},
	};
}

function digest(secret: string): string {
	return createHash("sha256").update(secret).digest("base64url");
}
