/** A source that cannot be read at all, or under --strict a record that cannot: `code` says which fault, the rest where. */
export class ImportError extends Error {
	readonly code: ImportFault;
	readonly place: Place;
	readonly expected: string | undefined;
	readonly hint: string | undefined;

	constructor(code: ImportFault, message: string, place: Place, more: ErrorMore = {}) {
		super(message, more.cause === undefined ? {} : { cause: more.cause });
		this.name = "ImportError";
		this.code = code;
		this.place = place;
		this.expected = more.expected;
		this.hint = more.hint;
	}
}

export type ImportFault =
	| "unreadable-file"
	| "cut-off"
	| "unknown-format"
	| "unsupported-compression"
	| "malformed-record"
	| "not-a-pair"
	| "missing-field"
	| "empty-file"
	| "unreadable-server";

/** Where in what was read: lines and columns count from 1. */
export interface Place {
	readonly file: string;
	readonly line?: number | undefined;
	readonly column?: number | undefined;
	readonly field?: string | undefined;
}

export interface ErrorMore {
	readonly expected?: string;
	readonly hint?: string;
	readonly cause?: unknown;
}
