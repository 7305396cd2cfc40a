/** `check`: policies held against a result. */
import type { Policy } from "@farthing/scenario";
import { parsePolicies } from "@farthing/scenario";
import { check, type CheckResult } from "../check.ts";
import type { Envelope } from "../envelope.ts";
import { FarthingError } from "../farthing-error.ts";
import { fileError } from "./file-issues.ts";
import type { GivenFile } from "./member.ts";
import type { QuestionContext } from "./question-context.ts";
import { readSubject, type Subject } from "./subject.ts";

export interface CheckWords {
	readonly policy?: readonly GivenFile[];
}

/** Policies of the scenario, where the subject is one, and of the files. Throws exit 2 where there are none. */
export function answerCheck(subject: Subject, words: CheckWords, context: QuestionContext): Envelope<CheckResult> {
	const given = (words.policy ?? []).flatMap(policiesOf);
	const { saved, scenario, name } = readSubject(subject, context);
	const policies = [...(scenario?.policies ?? []), ...given];
	if (policies.length === 0) {
		throw new FarthingError(2, "no-policies", `nothing is asked of ${name}`, {
			file: name,
			expected: "policies: in the scenario, or a file of policies with --policy",
			hint: 'add policies: ["p90(unit_cost.delivered.total) <= 0.75 USD/Mtok"]',
		});
	}
	const question = { of: saved.id, policies: policies.map(({ rule }) => rule) };
	const { as_of, seed } = saved;
	const asking = context.asking("check", question, { result: { as_of, seed } });
	return { ...check(saved, { policies }, asking), warnings: saved.warnings };
}

function policiesOf({ name, text }: GivenFile): readonly Policy[] {
	const parsed = parsePolicies(name, text);
	if (parsed.ok) return parsed.policies;
	throw fileError(parsed.issues);
}
