/** One thing wrong with a file, told so that its writer can mend it. Lines and columns count from 1. */
export interface Issue {
	readonly code: IssueCode;
	readonly message: string;
	readonly file: string;
	readonly line: number;
	readonly column: number;
	/** Path of the member, `cost.rates.b200`; empty for the file as a whole. */
	readonly path: string;
	readonly expected?: string;
	readonly hint?: string;
	/** Names that exist and look like the one written. */
	readonly nearest?: readonly string[];
	/** The other places of a contradiction. */
	readonly related?: readonly Place[];
}

export interface Place {
	readonly file: string;
	readonly line: number;
	readonly column: number;
}

export type IssueCode =
	| "file-too-large"
	| "not-text"
	| "not-yaml"
	| "too-deep"
	| "too-many-nodes"
	| "duplicate-field"
	| "unknown-field"
	| "missing-field"
	| "wrong-type"
	| "unknown-value"
	| "wrong-version"
	| "contradiction"
	| "unresolved-extends"
	| "extends-cycle"
	| "unresolved-shape"
	| "not-finite"
	| "dimension-mismatch"
	| "division-by-zero"
	| "unreadable-quantity"
	| "wrong-unit"
	| "missing-currency"
	| "impossible-range"
	| "out-of-bounds"
	| "unreadable-policy";
