export type ActualsErrorCode = "no-usage" | "no-capacity" | "no-price" | "bad-plan" | "not-a-plan" | "no-volume";

/** A question about actuals that has no answer; `code` is stable. */
export class ActualsError extends Error {
	readonly code: ActualsErrorCode;
	readonly hint: string | undefined;

	constructor(code: ActualsErrorCode, message: string, hint?: string) {
		super(message);
		this.name = "ActualsError";
		this.code = code;
		this.hint = hint;
	}
}
