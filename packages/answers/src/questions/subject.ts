/** What a question is about: an earlier result, or a scenario that is planned first. */
import type { Scenario, ScenarioOverride } from "@farthing/scenario";
import type { Envelope } from "../envelope.ts";
import { plan } from "../whole-plan.ts";
import type { SavedResult } from "../why.ts";
import type { GivenFile } from "./member.ts";
import type { QuestionContext } from "./question-context.ts";
import { readScenario } from "./scenario-text.ts";

export type Subject =
	| { readonly kind: "result"; readonly name: string; readonly saved: Envelope<unknown> }
	| { readonly kind: "scenario"; readonly file: GivenFile };

export interface ReadSubject {
	readonly name: string;
	readonly saved: Envelope<unknown> & SavedResult;
	/** Where the subject was a scenario. */
	readonly scenario?: Scenario;
}

/** Throws as {@link plan} does where the subject is a scenario. */
export function readSubject(
	subject: Subject,
	context: QuestionContext,
	options: { readonly draws?: number; readonly overrides?: readonly ScenarioOverride[] } = {},
): ReadSubject {
	if (subject.kind === "result") return { name: subject.name, saved: subject.saved as ReadSubject["saved"] };
	const { draws, overrides = [] } = options;
	const { scenario, unused } = readScenario(subject.file, context, overrides);
	const drawn = draws === undefined ? {} : { draws };
	const asking = context.asking("plan", drawn, { scenarioAsOf: scenario.asOf });
	const planned = plan(context.store.catalogue(), scenario, asking, drawn);
	const saved = { ...planned, warnings: [...planned.warnings, ...unused] };
	return { name: subject.file.name, saved: saved as unknown as ReadSubject["saved"], scenario };
}
