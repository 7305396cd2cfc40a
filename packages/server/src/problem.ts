/** Errors as problem+json (RFC 9457). Members beside the standard ones are those of the command line's errors. */
import { FarthingError, type Language, type Said, saidIn } from "@farthing/answers";
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

/** Members of a refusal before a language is chosen. */
export interface ProblemDetail extends Pick<Problem, "field" | "line" | "faulty" | "issues" | "result"> {
	readonly expected?: Said;
	readonly hint?: Said;
}

/** A refusal of the server itself: no such page, no key, too much at once. */
export class RefusalError extends Error {
	readonly status: number;
	readonly code: string;
	/** Seconds after which asking again makes sense. */
	readonly retryAfter: number | undefined;
	readonly more: ProblemDetail;
	readonly text: Said;

	constructor(status: number, code: string, message: Said, retryAfter?: number, more: ProblemDetail = {}) {
		super(saidIn(message, "en"));
		this.name = "RefusalError";
		this.text = message;
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
export function problemOf(error: unknown, language: Language = "en"): Problem {
	if (error instanceof RefusalError) return ofRefusal(error, language);
	if (error instanceof FarthingError) return ofAnswer(error, language);
	return problem(500, "internal", saidIn(INTERNAL, language), language);
}

const INTERNAL: Said = {
	en: "internal error: this is a defect of farthing",
	zh: "内部错误：这是 farthing 的缺陷",
};

function ofRefusal({ status, code, text, more }: RefusalError, language: Language): Problem {
	const { expected, hint, ...rest } = more;
	return {
		...problem(status, code, saidIn(text, language), language),
		...rest,
		...(expected === undefined ? {} : { expected: saidIn(expected, language) }),
		...(hint === undefined ? {} : { hint: saidIn(hint, language) }),
	};
}

function ofAnswer(error: FarthingError, language: Language): Problem {
	const { exit, code } = error;
	const { message, detail } = error.toldIn(language);
	const { line, column, expected, hint, nearest } = detail;
	const field = detail.field === undefined ? undefined : memberWords(detail.field);
	return {
		...problem(statusOf(exit, code), code, memberWords(message), language),
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

/** The code says the kind of error in English; another language names the kind of the status. */
function problem(status: number, code: string, detail: string, language: Language): Problem {
	const title = language === "en" ? code.replaceAll("-", " ") : (TITLES[status] ?? "无法完成");
	return { type: `urn:farthing:error:${code}`, title, status, detail, code };
}

const TITLES: Readonly<Record<number, string>> = {
	400: "请求有误",
	401: "需要身份",
	403: "不允许",
	404: "没有找到",
	405: "方法不适用",
	409: "与先前的请求冲突",
	413: "过大",
	415: "类型不受支持",
	421: "主机不符",
	422: "没有答案",
	429: "请求过多",
	500: "内部错误",
	503: "暂时不可用",
	507: "无法存储",
};
