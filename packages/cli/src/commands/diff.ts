import type { Subject, SubjectPair, Warning } from "@farthing/answers";
import { answerDiff, FarthingError, refuseBeside } from "@farthing/answers";
import type { CommonFlags } from "../context.ts";
import { deliver, questionContext } from "../context.ts";
import type { Revision, RevisionRange } from "../git-revisions.ts";
import { changedScenarios, rangeOf, resolveAt, textAt } from "../git-revisions.ts";
import { subjectOf } from "../saved-or-scenario.ts";
import { diffMarkdown, diffText } from "../show/diff.ts";

export interface DiffFlags extends CommonFlags {
	readonly of?: string;
	readonly markdown?: boolean;
}

export async function runDiff(first: string, others: readonly string[], flags: DiffFlags): Promise<void> {
	if (flags.json === true)
		refuseBeside({ "--markdown": flags.markdown }, "and --json print the same: give one of them", "--json");
	const range = rangeOf(first);
	const { pairs, warnings } = range === undefined ? ofFiles(first, others) : ofRange(range, others, flags);
	const answer = answerDiff(pairs, flags, questionContext(flags), warnings);
	deliver(answer, flags, (result) =>
		flags.markdown === true
			? diffMarkdown(result, answer)
			: diffText(result, answer, range === undefined ? undefined : first),
	);
}

interface Found {
	readonly pairs: readonly SubjectPair[];
	readonly warnings: readonly Warning[];
}

function ofFiles(first: string, others: readonly string[]): Found {
	const [second, ...more] = others;
	if (second === undefined || more.length > 0) {
		throw new FarthingError(2, "missing-argument", "diff takes two files, or two revisions and scenario files", {
			expected: "two scenarios, two results, or revisions such as main..HEAD",
			hint: "farthing diff before.yaml after.yaml",
		});
	}
	return { pairs: [{ before: subjectOf(first), after: subjectOf(second) }], warnings: [] };
}

/** The scenario files named, or all that changed. */
function ofRange(range: RevisionRange, named: readonly string[], flags: CommonFlags): Found {
	const warnings: Warning[] = [];
	const at = (revision: Revision) => ({ ...questionContext(flags), resolve: resolveAt(revision) });
	const contexts = { before: at(range.before), after: at(range.after) };
	const pairs = (named.length > 0 ? named : changedScenarios(range)).flatMap((path): SubjectPair[] => {
		const [before, after] = [range.before, range.after].map((each) => textAt(each, path)) as [
			string | undefined,
			string | undefined,
		];
		if (before !== undefined && after !== undefined) {
			return [{ before: sideAt(range.before, path, before), after: sideAt(range.after, path, after), contexts }];
		}
		const missing = before === undefined ? range.before : range.after;
		if (named.length > 0) {
			throw new FarthingError(2, "no-such-file", `no file ${path} at ${missing.name}`, {
				file: path,
				expected: "a scenario file that both revisions have",
			});
		}
		const what = before === undefined ? "is new" : "is gone";
		warnings.push({ code: "one-sided", message: `${path} ${what}: there is nothing to compare it with` });
		return [];
	});
	return { pairs, warnings };
}

function sideAt(at: Revision, path: string, text: string): Subject {
	const name = at.commit === undefined ? path : `${at.name}:${path}`;
	return { kind: "scenario", file: { name, text } };
}
