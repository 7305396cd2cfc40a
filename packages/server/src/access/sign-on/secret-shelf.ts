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

/** What outlives the process, by the hash of its secret. */
export interface Kept<T> {
	readonly value: T;
	/** Milliseconds since 1970. */
	readonly until: number;
}

/** Where the shelf is kept beyond the process. */
export interface ShelfFile<T> {
	/** What earlier processes put there, the oldest first. */
	read(): Iterable<readonly [string, Kept<T>]>;
	add(key: string, kept: Kept<T>): void;
	drop(key: string): void;
}

export function secretShelf<T>(lifeMs: number, most: number, file?: ShelfFile<T>): SecretShelf<T> {
	const kept = new Map<string, Kept<T>>(file?.read());
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
			const added = { value, until: nowMs + lifeMs };
			file?.add(digest(secret), added);
			kept.set(digest(secret), added);
			return secret;
		},
		find,
		take(secret, nowMs) {
			const found = find(secret, nowMs);
			if (kept.delete(digest(secret))) file?.drop(digest(secret));
			return found;
		},
	};
}

function digest(secret: string): string {
	return createHash("sha256").update(secret).digest("base64url");
}
