/** `sensitivity`: what a number of a result leans on. */
import type { Envelope } from "../envelope.ts";
import { FarthingError } from "../farthing-error.ts";
import { sensitivity, type SensitivityResult } from "../sensitivity.ts";
import type { QuestionContext } from "./question-context.ts";
import { readSubject, type Subject } from "./subject.ts";
import { countFlag } from "./typed-words.ts";

export interface SensitivityWords {
	readonly of?: string;
	readonly rows?: string;
}

/** Draws of the plan itself say nothing here: a few will do. */
const PLAN_DRAWS = 64;
const ROWS = "1024";

/** Throws exit 2 for a number of rows that is no power of 2, exit 3 for a number that has no ranges under it. */
export function answerSensitivity(
	subject: Subject,
	{ of, rows: asked = ROWS }: SensitivityWords,
	context: QuestionContext,
): Envelope<SensitivityResult> {
	const rows = rowsOf(asked);
	const { saved } = readSubject(subject, context, { draws: PLAN_DRAWS });
	const result = { as_of: saved.as_of };
	const asking = context.asking("sensitivity", { of, rows, result: saved.id }, { result });
	const answer = sensitivity(saved, { ...(of === undefined ? {} : { of }), rows }, asking);
	return { ...answer, warnings: saved.warnings };
}

function rowsOf(text: string): number {
	const rows = countFlag("--rows", text);
	if (Number.isInteger(Math.log2(rows)) && rows >= 64 && rows <= 65_536) return rows;
	throw new FarthingError(2, "wrong-type", `--rows takes a power of 2 from 64 to 65536, not "${text}"`, {
		field: "--rows",
		expected: "64, 128, … 65536",
		hint: "--rows 1024",
	});
}
