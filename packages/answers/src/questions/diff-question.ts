/** `diff`: why two results or scenarios differ. */
import { diff, type DiffPair, type DiffResult } from "../diff.ts";
import type { Envelope, Warning } from "../envelope.ts";
import type { QuestionContext } from "./question-context.ts";
import { readSubject, type Subject } from "./subject.ts";

export interface DiffWords {
	readonly of?: string;
}

export interface SubjectPair {
	readonly before: Subject;
	readonly after: Subject;
	/** What the scenarios of a side extend, where the sides are apart. */
	readonly contexts?: { readonly before: QuestionContext; readonly after: QuestionContext };
}

/** Throws exit 2 and 3 as the plans of scenarios do, exit 3 where the sides have no number in common. */
export function answerDiff(
	pairs: readonly SubjectPair[],
	{ of }: DiffWords,
	context: QuestionContext,
	notes: readonly Warning[] = [],
): Envelope<DiffResult> {
	const warnings: Warning[] = [...notes];
	const read = pairs.map(({ before, after, contexts }): DiffPair => {
		const sides = [
			readSubject(before, contexts?.before ?? context),
			readSubject(after, contexts?.after ?? context),
		] as const;
		warnings.push(...sides.flatMap(({ saved }) => saved.warnings));
		return { before: sides[0], after: sides[1] };
	});
	const results = read.map(({ before, after }) => [before, after].map(({ name, saved }) => [name, idOf(saved)]));
	const [first] = read.map(({ after }) => after.saved as { as_of?: string });
	const about = first?.as_of === undefined ? {} : { result: { as_of: first.as_of } };
	const asking = context.asking("diff", { of, results }, about);
	const answer = diff(read, of === undefined ? {} : { of }, asking);
	return { ...answer, warnings: withoutRepeats(warnings) };
}

function idOf(saved: object): string | undefined {
	return (saved as { id?: string }).id;
}

function withoutRepeats(warnings: readonly Warning[]): Warning[] {
	return warnings.filter(({ message }, i) => warnings.findIndex((other) => other.message === message) === i);
}
