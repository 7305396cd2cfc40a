export type ActualsErrorCode =
	| "wrong-type"
	| "unknown-value"
	| "no-usage"
	| "no-capacity"
	| "no-price"
	| "bad-plan"
	| "not-a-plan"
	| "no-volume"
	| "unknown-rate";

/** Of these the question is at fault; of the others the ledger has no answer. */
const MALFORMED: ReadonlySet<ActualsErrorCode> = new Set(["wrong-type", "unknown-value", "bad-plan", "not-a-plan"]);

export interface ActualsErrorDetail {
	/** Member of the question: `window`, `by`. */
	readonly field?: string;
	readonly expected?: string;
	readonly hint?: string;
}

/** A question about actuals that has no answer; `code` is stable. */
export class ActualsError extends Error {
	readonly code: ActualsErrorCode;
	readonly detail: ActualsErrorDetail;
	readonly isMalformed: boolean;

	constructor(code: ActualsErrorCode, message: string, detail: ActualsErrorDetail | string = {}) {
		super(message);
		this.name = "ActualsError";
		this.code = code;
		this.detail = typeof detail === "string" ? { hint: detail } : detail;
		this.isMalformed = MALFORMED.has(code);
	}
}
