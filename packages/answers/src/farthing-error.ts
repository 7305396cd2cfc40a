/** Exit codes of the command line that an answer can end with. */
export type ExitCode = 2 | 3;

export interface FarthingErrorDetail {
	readonly file?: string | undefined;
	readonly line?: number | undefined;
	readonly column?: number | undefined;
	/** Path of the field in a file, or name of a flag. */
	readonly field?: string | undefined;
	readonly expected?: string | undefined;
	readonly hint?: string | undefined;
	readonly nearest?: readonly string[] | undefined;
}

/** A question that cannot be answered. Exit 2: malformed. Exit 3: well-formed, but not known, no data, or impossible. */
export class FarthingError extends Error {
	readonly code: string;
	readonly exit: ExitCode;
	readonly detail: FarthingErrorDetail;

	constructor(exit: ExitCode, code: string, message: string, detail: FarthingErrorDetail = {}) {
		super(message);
		this.name = "FarthingError";
		this.code = code;
		this.exit = exit;
		this.detail = detail;
	}
}
