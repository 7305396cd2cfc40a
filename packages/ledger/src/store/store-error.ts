export type StoreErrorCode =
	| "unknown-store"
	| "store-locked"
	| "store-unreachable"
	| "store-read-only"
	| "store-unreadable"
	| "store-too-new"
	| "disk-full"
	| "spool-full"
	| "body-conflict"
	| "not-utf8"
	| "broken-frame"
	| "beyond-retention"
	| "sum-overflow"
	| "place-taken"
	| "closed";

/** What the store refuses or cannot do. `code` is stable, `hint` says what to do about it. */
export class StoreError extends Error {
	readonly code: StoreErrorCode;
	readonly hint: string | undefined;

	constructor(code: StoreErrorCode, message: string, more: { hint?: string; cause?: unknown } = {}) {
		super(message, more.cause === undefined ? {} : { cause: more.cause });
		this.name = "StoreError";
		this.code = code;
		this.hint = more.hint;
	}
}
