/** Something wrong in a catalogue file, with the place to mend it. Lines and columns count from 1. */
export interface Issue {
	readonly file: string;
	readonly line: number;
	readonly column: number;
	/** Where in the data: `accelerators[3].figures.fp8`, or the column of a table. */
	readonly path: string;
	readonly message: string;
	readonly expected: string;
}

export interface Place {
	readonly file: string;
	readonly line: number;
	readonly column: number;
	readonly path: string;
}

/** Gathers issues over all files, so that one run shows everything there is to mend. */
export class Issues {
	readonly list: Issue[] = [];

	add(place: Place, message: string, expected: string): undefined {
		const { file, line, column, path } = place;
		this.list.push({ file, line, column, path, message, expected });
		return undefined;
	}
}

/** The files do not make a catalogue; `issues` holds all that was found. */
export class CatalogueError extends Error {
	readonly code = "invalid-catalogue";
	readonly issues: readonly Issue[];

	constructor(issues: readonly Issue[]) {
		super(issues.map(issueText).join("\n"));
		this.name = "CatalogueError";
		this.issues = issues;
	}
}

export function issueText(issue: Issue): string {
	const where = `${issue.file}:${issue.line}:${issue.column}`;
	return `${where}: ${issue.path === "" ? "" : `${issue.path}: `}${issue.message}; expected ${issue.expected}`;
}
