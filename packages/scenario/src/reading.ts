import type { Issue, IssueCode } from "./issue.ts";
import type { Origin, ScenarioDefault } from "./scenario.ts";
import type { Tree } from "./tree.ts";

/** What gathers while a tree is read: every issue, every default, where each member stands. */
export class Reading {
	readonly issues: Issue[] = [];
	readonly defaults: ScenarioDefault[] = [];
	readonly origins: Record<string, Origin> = {};
	private readonly file: string;

	constructor(file: string) {
		this.file = file;
	}

	note(path: string, tree: Tree): void {
		if (path === "") return;
		Object.defineProperty(this.origins, path, { value: tree.origin, enumerable: true, configurable: true });
		if (tree.origin.kind === "default" && tree.kind === "scalar") {
			this.defaults.push({ path, value: tree.text, source: tree.origin.source });
		}
	}

	report(code: IssueCode, message: string, path: string, at: Origin, more: IssueDetail = {}): typeof FAILED {
		this.issues.push({ code, message, ...placeOf(at, this.file), path, ...more });
		return FAILED;
	}
}

export type IssueDetail = Partial<Pick<Issue, "expected" | "hint" | "nearest" | "related">>;

/** What a shape gives back after it has reported why. */
export const FAILED: unique symbol = Symbol("failed");
export type Failed = typeof FAILED;

export function placeOf(origin: Origin, file: string): { file: string; line: number; column: number } {
	if (origin.kind === "file") return { file: origin.file, line: origin.line, column: origin.column };
	return { file: origin.kind === "override" ? origin.label : file, line: 1, column: 1 };
}

/** A place in words: `line 12`, `line 12 of base.yaml`, `--demand`. */
export function placeText(origin: Origin, file: string): string {
	if (origin.kind === "override") return origin.label;
	if (origin.kind === "default") return "a default";
	return origin.file === file ? `line ${origin.line}` : `line ${origin.line} of ${origin.file}`;
}

/** Issues in the order of the file. */
export function inOrder(issues: readonly Issue[]): Issue[] {
	return [...issues].sort((a, b) => compare(a.file, b.file) || a.line - b.line || a.column - b.column);
}

function compare(a: string, b: string): number {
	return a < b ? -1 : a > b ? 1 : 0;
}
