export type QuantityErrorCode =
	| "not-finite"
	| "dimension-mismatch"
	| "division-by-zero"
	| "unreadable-quantity"
	| "wrong-unit"
	| "missing-currency"
	| "impossible-range"
	| "out-of-bounds";

/** A quantity that cannot be: `code` is stable, `expected` and `hint` speak to the person who wrote it. */
export class QuantityError extends Error {
	readonly code: QuantityErrorCode;
	readonly value: unknown;
	readonly expected: string | undefined;
	readonly hint: string | undefined;

	constructor(
		code: QuantityErrorCode,
		message: string,
		value: unknown,
		more: { expected?: string | undefined; hint?: string | undefined } = {},
	) {
		super(message);
		this.name = "QuantityError";
		this.code = code;
		this.value = value;
		this.expected = more.expected;
		this.hint = more.hint;
	}
}
