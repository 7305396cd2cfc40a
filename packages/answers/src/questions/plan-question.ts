/** `plan`: a scenario, and words over it, to ranked fleets. */
import type { RowList } from "@farthing/scenario";
import { parseRowList } from "@farthing/scenario";
import type { Envelope } from "../envelope.ts";
import type { PlanResult } from "../plan-result.ts";
import { plan } from "../whole-plan.ts";
import { modelledWarning, withModelledPointsFor } from "../predict/modelled-points.ts";
import { asTyped } from "./command-line.ts";
import { fileError } from "./file-issues.ts";
import type { GivenFile } from "./member.ts";
import { type QuestionContext, saidCard } from "./question-context.ts";
import { windowOf } from "./row-words.ts";
import { readScenario, type ScenarioRead } from "./scenario-text.ts";
import { besideScenario, overridesOf, type ScenarioWords } from "./scenario-words.ts";
import { knownSpeculative, refuseBeside } from "./words.ts";

export interface PlanWords extends ScenarioWords {
	readonly scenario: GivenFile;
	readonly rows?: GivenFile;
	readonly modelled?: boolean;
}

/** The scenario as it is planned. Throws exit 2 for words that contradict each other, and for what is wrong in it. */
export function scenarioToPlan(words: PlanWords, context: QuestionContext): ScenarioRead {
	refuseIdleWords(words);
	return readScenario(words.scenario, context, overridesOf(words));
}

/** Throws exit 2 as {@link scenarioToPlan} does, exit 3 for names that are not known and plans that are not possible. */
export function answerPlan(words: PlanWords, context: QuestionContext): Envelope<PlanResult> {
	return planOf(scenarioToPlan(words, context), words, context);
}

export function planOf(
	{ scenario, unused }: ScenarioRead,
	words: PlanWords,
	context: QuestionContext,
): Envelope<PlanResult> {
	const { scenario: _, rows: file, ...asked } = words;
	const rows = file === undefined ? undefined : readRowList(file);
	const decides = { ...besideScenario(asked), ...(rows === undefined ? {} : { rows: rows.rows.map(plainRow) }) };
	const card = scenario.cost.kind === "card" ? saidCard(words, context) : {};
	const plain = context.asking("plan", decides, { scenarioAsOf: scenario.asOf });
	const asking = asTyped("plan", { ...words, ...card }, plain, scenario.asOf);
	const measured = context.store.catalogue();
	const catalogue = words.modelled === true ? withModelledPointsFor(measured, scenario, asking.asOf) : measured;
	if (scenario.supply.speculative !== "any") knownSpeculative(catalogue, scenario.supply.speculative);
	const answer = plan(catalogue, scenario, asking, {
		window: windowOf(words),
		...(rows === undefined ? {} : { rows }),
	});
	const modelled = words.modelled === true ? [modelledWarning(catalogue)] : [];
	return { ...answer, warnings: [...answer.warnings, ...modelled, ...unused] };
}

function refuseIdleWords(words: PlanWords): void {
	const { rows, row, rowsBetween } = words;
	if (words.util !== undefined) {
		const sizing = { "--peak": words.peak, "--spare": words.spare, "--whole-replicas": words.wholeReplicas };
		const beside = { ...sizing, "--whole-hosts": words.wholeHosts };
		refuseBeside(beside, "has no effect beside --util, which states what it would decide", "leave one of them out");
	}
	if (rows !== undefined) {
		const beside = { "--row": row, "--rows-between": rowsBetween };
		refuseBeside(beside, "and --rows both choose the rows: give one of them", "leave one of them out");
	}
}

function readRowList({ name: file, text }: GivenFile): RowList {
	const parsed = parseRowList(text, { file });
	if (parsed.ok) return parsed.rowList;
	throw fileError(parsed.issues);
}

function plainRow(row: RowList["rows"][number]): unknown {
	return row.kind === "id" ? row.id : row.selector;
}
