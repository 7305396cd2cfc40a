/**
 * Every question the pages can ask, each loaded when it is first asked; the first that a reader meets are there with the
 * worker. A module of a question exports `answer(words, host)`: plain data in, plain data out, by a function of
 * `@farthing/answers`.
 */
import * as catalogue from "./catalogue.ts";
import * as plan from "./plan.ts";
import * as scenario from "./scenario.ts";

export const questions = {
	actuals: () => import("./actuals.ts"),
	"actuals-plan": () => import("./actuals.ts"),
	at: () => import("./at.ts"),
	catalogue: () => Promise.resolve(catalogue),
	claim: () => import("./claim.ts"),
	claims: () => import("./claims.ts"),
	compare: () => import("./compare.ts"),
	facts: () => import("./facts.ts"),
	fan: () => import("./fan.ts"),
	frontier: () => import("./frontier.ts"),
	lever: () => import("./lever.ts"),
	measured: () => import("./measured.ts"),
	plan: () => Promise.resolve(plan),
	rents: () => import("./rents.ts"),
	scenario: () => Promise.resolve(scenario),
	simulate: () => import("./simulate.ts"),
	train: () => import("./train.ts"),
	"training-runs": () => import("./training-runs.ts"),
	why: () => import("./why.ts"),
	years: () => import("./years.ts"),
};

export type QuestionKind = keyof typeof questions;
type Module<Kind extends QuestionKind> = Awaited<ReturnType<(typeof questions)[Kind]>>;
export type WordsOf<Kind extends QuestionKind> = Parameters<Module<Kind>["answer"]>[0];
export type AnswerOf<Kind extends QuestionKind> = Awaited<ReturnType<Module<Kind>["answer"]>>;
