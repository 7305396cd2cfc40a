/** `compare`: what a scenario can be served on, side by side. */
import type { Comparison, CompareResult } from "../compare.ts";
import { compare, COMPARISONS } from "../compare.ts";
import { readArtificialAnalysis } from "../compare/artificial-analysis.ts";
import type { Envelope } from "../envelope.ts";
import { asTyped } from "./command-line.ts";
import type { GivenFile } from "./member.ts";
import { type QuestionContext, saidCard } from "./question-context.ts";
import { readScenario } from "./scenario-text.ts";
import { besideScenario, overridesOf, type ScenarioWords } from "./scenario-words.ts";
import { choiceFlag } from "./typed-words.ts";

export interface CompareWords extends Pick<ScenarioWords, "demand" | "interactivity" | "ttft" | "card" | "tier"> {
	readonly scenario: GivenFile;
	readonly by?: readonly string[];
	readonly artificialAnalysis?: GivenFile;
}

/** Throws exit 2 for words and files that cannot be read, exit 3 for names that are not known. */
export function answerCompare(words: CompareWords, context: QuestionContext): Envelope<CompareResult> {
	const { scenario: file, artificialAnalysis: table, ...asked } = words;
	const by = words.by?.map((each) => choiceFlag<Comparison>("--by", each, COMPARISONS));
	const { scenario, unused } = readScenario(file, context, overridesOf(words));
	const catalogue = context.store.catalogue();
	const loadTests = table === undefined ? undefined : readArtificialAnalysis(catalogue, table.text, table.name);
	const decides = { ...besideScenario(asked), ...(loadTests === undefined ? {} : { artificialAnalysis: loadTests }) };
	const card = scenario.cost.kind === "card" ? saidCard(words, context) : {};
	const plain = context.asking("compare", decides, { scenarioAsOf: scenario.asOf });
	const asking = asTyped("compare", { ...words, ...card }, plain, scenario.asOf);
	const answer = compare(catalogue, scenario, asking, {
		...(by === undefined ? {} : { by }),
		...(loadTests === undefined ? {} : { loadTests }),
	});
	return { ...answer, warnings: [...answer.warnings, ...unused] };
}
