export type AuditErrorCode = "log-locked" | "log-unwritable" | "log-broken";

/** What the audit log refuses. Where it cannot be written to, nothing is changed. */
export class AuditError extends Error {
	readonly code: AuditErrorCode;
	readonly hint: string | undefined;

	constructor(code: AuditErrorCode, message: string, { hint, cause }: { hint?: string; cause?: unknown } = {}) {
		super(message, cause === undefined ? {} : { cause });
		this.name = "AuditError";
		this.code = code;
		this.hint = hint;
	}
}
