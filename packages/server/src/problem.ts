/** Errors as problem+json (RFC 9457). Members beside the standard ones are those of the command line's errors. */
import { FarthingError } from "@farthing/answers";
import { memberWords } from "./questions/member-schema.ts";

export interface Problem {
	/** Stable name of the kind of error; `about:blank` is never used, so that programs can tell them apart. */
	readonly type: string;
	readonly title: string;
	readonly status: number;
	readonly detail: string;
	readonly code: string;
	readonly field?: string;
	readonly line?: number;
	readonly column?: number;
	readonly expected?: string;
	readonly hint?: string;
	readonly nearest?: readonly string[];
	/** Of a body of lines: how many are at fault, and the first of them. */
	readonly faulty?: number;
	readonly issues?: readonly object[];
	/** Of a file that was read in part: what was read, what was set aside and why, and what was stored. */
	readonly result?: object;
}

export type ProblemDetail = Pick<Problem, "field" | "line" | "expected" | "hint" | "faulty" | "issues" | "result">;

/** A refusal of the server itself: no such page, no key, too much at once. */
export class RefusalError extends Error {
	readonly status: number;
	readonly code: string;
	/** Seconds after which asking again makes sense. */
	readonly retryAfter: number | undefined;
	readonly more: ProblemDetail;

	constructor(status: number, code: string, message: string, retryAfter?: number, more: ProblemDetail = {}) {
		super(message);
		this.name = "RefusalError";
		this.status = status;
		this.code = code;
		this.retryAfter = retryAfter;
		this.more = more;
	}
}

/**
 * 400 what is malformed (exit 2), 404 a name that is not known (exit 3), 422 what is well-formed and has no answer
 * (exit 3), 500 a defect of ours, told without its trace.
 */
export function problemOf(error: unknown): Problem {
	if (error instanceof RefusalError) return { ...problem(error.status, error.code, error.message), ...error.more };
	if (error instanceof FarthingError) return ofAnswer(error);
	return problem(500, "internal", "internal error: this is a defect of farthing");
}

function ofAnswer({ exit, code, message, detail }: FarthingError): Problem {
	const { line, column, expected, hint, nearest } = detail;
	const field = detail.field === undefined ? undefined : memberWords(detail.field);
	return {
		...problem(statusOf(exit, code), code, memberWords(message)),
		...(field === undefined ? {} : { field }),
		...(line === undefined ? {} : { line }),
		...(column === undefined ? {} : { column }),
		...(expected === undefined ? {} : { expected: memberWords(expected) }),
		...(hint === undefined ? {} : { hint: hintOf(hint) }),
		...(nearest === undefined ? {} : { nearest }),
	};
}

function statusOf(exit: FarthingError["exit"], code: string): number {
	if (exit === 2) return 400;
	// A rate of exchange that is missing is no name.
	return code.startsWith("unknown-") && code !== "unknown-rate" ? 404 : 422;
}

/** A command that works stays one. */
function hintOf(hint: string): string {
	return hint.startsWith("farthing ") ? hint : memberWords(hint);
}

function problem(status: number, code: string, detail: string): Problem {
	return { type: `urn:farthing:error:${code}`, title: code.replaceAll("-", " "), status, detail, code };
}
