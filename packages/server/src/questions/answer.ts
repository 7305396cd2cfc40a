/**
 * One function answers every question of the server, from plain data to plain data, so that it can run in a worker
 * thread, and so that a test can call it. It holds no economics: the words of a question are read by the readers that
 * the command line has too.
 */
import type { DoneRun, Envelope, QuestionContext, SavedResult, SimulateWords, Subject } from "@farthing/answers";
import {
	answerCheck,
	answerClaim,
	answerCompare,
	answerDiff,
	answerFrontier,
	answerPlan,
	answerPredict,
	answerPrice,
	answerSensitivity,
	answerSimulateWords,
	answerTrain,
	beginRuns,
	beginSimulate,
	catalogList,
	catalogShow,
	catalogSummary,
	CHECK_MEMBERS,
	CLAIM_MEMBERS,
	COMPARE_MEMBERS,
	DIFF_MEMBERS,
	envelope,
	FRONTIER_MEMBERS,
	PLAN_MEMBERS,
	PREDICT_MEMBERS,
	PRICE_MEMBERS,
	requireCollection,
	runsOfTrace,
	SENSITIVITY_MEMBERS,
	SIMULATE_MEMBERS,
	soundResult,
	TRAIN_MEMBERS,
	whyNode,
	wordsOf,
} from "@farthing/answers";
import type { CatalogueStore } from "@farthing/catalogue/node";
import type { Progress } from "../jobs.ts";
import { actualsAnswer, budgetsAnswer } from "./actuals-answer.ts";
import { contextOf } from "./context.ts";
import type { AskedSubject, AskedWords, Question, WordKind } from "./question.ts";
import { traceGiven } from "./trace-text.ts";

/** Between two stretches of long work: told how far it is, and may give others a turn or throw to end it. */
export type Between = (progress: Progress) => void | Promise<void>;

/** Throws FarthingError as the functions of the answers do. */
export async function answer(
	store: CatalogueStore,
	question: Question,
	between: Between = () => undefined,
): Promise<Envelope<unknown>> {
	const context = contextOf(store, "words" in question ? question.words : {});
	switch (question.kind) {
		case "sensitivity": {
			const words = wordsOf(SENSITIVITY_MEMBERS, question.words);
			return answerSensitivity(subjectOf("scenario", question.subject), words, context);
		}
		case "check":
			return answerCheck(subjectOf("scenario", question.subject), wordsOf(CHECK_MEMBERS, question.words), context);
		case "diff": {
			const pair = { before: subjectOf("before", question.before), after: subjectOf("after", question.after) };
			return answerDiff([pair], wordsOf(DIFF_MEMBERS, question.words), context);
		}
		case "catalog":
			return catalogSummary(context.asking("catalog list", { words: [] }));
		case "catalog-list": {
			const { collection, filter } = question;
			const words = filter === undefined ? [] : filter.split(" ");
			return catalogList(store.catalogue(), collection, filter, context.asking("catalog list", { collection, words }));
		}
		case "simulate-words": {
			const { trace, ...asked } = wordsOf(SIMULATE_MEMBERS, question.words);
			return answerSimulateWords(asked, context, trace && traceGiven(trace));
		}
		case "catalog-show": {
			requireCollection(question.collection);
			// Of that collection alone: an entry of another one is not at this path.
			const entry = `${question.collection}/${question.id}`;
			return catalogShow(store.catalogue(), entry, context.asking("catalog show", { entry }));
		}
		case "actuals":
			return actualsAnswer(question, context);
		case "budgets":
			return budgetsAnswer(question, context);
		case "why":
			return whyAnswer(context, question);
		default:
			return ofWords(question.kind, question.words, context, between);
	}
}

async function ofWords(
	kind: WordKind,
	words: AskedWords,
	context: QuestionContext,
	between: Between,
): Promise<Envelope<unknown>> {
	switch (kind) {
		case "price":
			return (await answerPrice(wordsOf(PRICE_MEMBERS, words), context)).answer;
		case "frontier":
			return answerFrontier(wordsOf(FRONTIER_MEMBERS, words), context).answer;
		case "plan":
			return answerPlan(wordsOf(PLAN_MEMBERS, words), context);
		case "compare":
			return answerCompare(wordsOf(COMPARE_MEMBERS, words), context);
		case "claim":
			return answerClaim(wordsOf(CLAIM_MEMBERS, words), context).answer;
		case "train":
			return (await answerTrain(wordsOf(TRAIN_MEMBERS, words), context)).answer;
		case "predict":
			return answerPredict(wordsOf(PREDICT_MEMBERS, words), context).answer;
		case "simulate": {
			const { trace, ...asked } = wordsOf(SIMULATE_MEMBERS, words);
			if (asked.runs !== undefined) {
				if (trace !== undefined) throw runsOfTrace();
				return ofRuns(asked, context, between);
			}
			const run = beginSimulate(asked, context, trace && traceGiven(trace));
			while (run.advance(EVENTS)) await between(run.progress);
			// What came after the last of them counts too.
			await between(run.progress);
			return run.answer().answer;
		}
	}
}

/** One after the other on this thread: the others answer other questions. */
async function ofRuns(
	words: Omit<SimulateWords, "trace">,
	context: QuestionContext,
	between: Between,
): Promise<Envelope<unknown>> {
	const asked = beginRuns(words, context);
	const done: DoneRun[] = [];
	let before = 0;
	for (const seed of asked.seeds) {
		const run = asked.begin(seed);
		while (run.advance(EVENTS)) {
			const { share = 0, requests } = run.progress;
			await between({ share: (done.length + share) / asked.seeds.length, requests: before + requests });
		}
		before += run.progress.requests;
		await between({ share: (done.length + 1) / asked.seeds.length, requests: before });
		done.push(run.done());
	}
	return asked.answer(done);
}

const EVENTS = 50_000;

function subjectOf(name: string, asked: AskedSubject): Subject {
	if ("scenario" in asked) return { kind: "scenario", file: { name, text: asked.scenario } };
	return { kind: "result", name, saved: soundResult(JSON.parse(asked.saved) as Envelope<unknown>) };
}

function whyAnswer(context: QuestionContext, asked: Extract<Question, { kind: "why" }>): Envelope<unknown> {
	const { saved: text, node, month } = asked;
	const saved = soundResult(JSON.parse(text) as Envelope<unknown>) as Envelope<unknown> & SavedResult;
	const given = { node, of: saved.id, month };
	return envelope(context.asking("why", given, { result: saved }), whyNode(saved, node, month), []);
}
