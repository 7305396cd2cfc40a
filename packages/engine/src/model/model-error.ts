export type ModelErrorCode =
	| "unit-mismatch"
	| "duplicate-id"
	| "unknown-node"
	| "unknown-input"
	| "bad-distribution"
	| "bad-table"
	| "series-mismatch"
	| "circular"
	| "not-finite"
	| "bad-step"
	| "bad-correlation";

/** A model that cannot be built or evaluated: a bug of its author or an input nobody should pass on. */
export class ModelError extends Error {
	readonly code: ModelErrorCode;
	readonly node: string | undefined;

	constructor(code: ModelErrorCode, message: string, node?: string) {
		super(message);
		this.name = "ModelError";
		this.code = code;
		this.node = node;
	}
}
