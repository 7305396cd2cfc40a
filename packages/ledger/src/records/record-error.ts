export type RecordErrorCode =
	| "not-a-whole-number"
	| "not-an-amount"
	| "currency-mismatch"
	| "nothing-to-share-by"
	| "not-a-currency"
	| "unknown-rate"
	| "identity-broken"
	| "unknown-context-edge";

/** A figure of the ledger that cannot be; `code` is stable. */
export class RecordError extends Error {
	readonly code: RecordErrorCode;
	readonly value: unknown;

	constructor(code: RecordErrorCode, message: string, value: unknown) {
		super(message);
		this.name = "RecordError";
		this.code = code;
		this.value = value;
	}
}
