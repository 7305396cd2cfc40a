/** A template as data: pages in order, each with blocks of the pack and words of the team's own. */
import type { Look } from "../report-model.ts";

export interface Template {
	readonly name: string;
	readonly look: Look;
	readonly pages: readonly TemplatePage[];
}

export interface TemplatePage {
	readonly heading: string;
	readonly items: readonly TemplateItem[];
}

export type TemplateItem =
	| { readonly kind: "block"; readonly name: string }
	| { readonly kind: "text"; readonly text: TemplateText }
	| { readonly kind: "list"; readonly items: readonly TemplateText[] };

/** Words and, in double braces, places of numbers in the result. */
export type TemplateText = readonly TemplateSpan[];

export type TemplateSpan =
	| string
	| { readonly kind: "strong"; readonly text: TemplateText }
	| { readonly kind: "code"; readonly code: string }
	| { readonly kind: "number"; readonly pointer: string; readonly line: number };

export interface TemplateIssue {
	readonly line: number;
	readonly column: number;
	readonly message: string;
	readonly expected: string;
	readonly nearest?: readonly string[];
}

/** A template that does not fit the result it is filled with. */
export class TemplateError extends Error {
	override readonly name = "TemplateError";
	readonly issue: TemplateIssue;

	constructor(issue: TemplateIssue) {
		super(issue.message);
		this.issue = issue;
	}
}
