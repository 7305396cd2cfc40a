import type { Grade } from "@farthing/engine";
import type { Messages } from "../messages/en.ts";
import type { Span } from "../report-model.ts";

/** A grade as a reader without the handbook reads it. */
export function gradeSpanOf(grade: Grade, { grades }: Messages): Span {
	return { kind: "grade", grade, text: grade, words: grades[grade] };
}
