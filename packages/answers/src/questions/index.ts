export { answerCheck, type CheckWords } from "./check-question.ts";
export { answerClaim, type ClaimReply, type ClaimWords } from "./claim-question.ts";
export { COMMAND_MEMBERS, commandLine, type CommandName } from "./command-line.ts";
export { answerCompare, type CompareWords } from "./compare-question.ts";
export { answerDiff, type DiffWords, type SubjectPair } from "./diff-question.ts";
export { answerFrontier, frontierLimits, type FrontierReply, type FrontierWords } from "./frontier-question.ts";
export { importOptionsOf, type ImportOptionsSaid, type ImportWords } from "./import-words.ts";
export * from "./member.ts";
export { answerPlan, planOf, type PlanWords, scenarioToPlan } from "./plan-question.ts";
export { answerPredict, hasKnownRows, type PredictReply, type PredictWords } from "./predict-question.ts";
export { answerPrice, type PriceReply, type PriceWords } from "./price-question.ts";
export { type About, type AskedAt, askingAt, type CatalogueParts, type QuestionContext } from "./question-context.ts";
export * from "./question-members.ts";
export type { RowWords } from "./row-words.ts";
export { scenarioError } from "./scenario-error.ts";
export { readScenario, type ScenarioRead } from "./scenario-text.ts";
export { SCENARIO_PATHS, type ScenarioWords } from "./scenario-words.ts";
export { answerSensitivity, type SensitivityWords } from "./sensitivity-question.ts";
export {
	answerSimulateWords,
	type AskedRun,
	type AskedRuns,
	type AskedSimulation,
	beginAsked,
	beginAskedRuns,
	beginRuns,
	beginSimulate,
	type DoneRun,
	type SimulationAsked,
	ROUTERS,
	runsOf,
	runsOfTrace,
	simulateChoice,
	type SimulateWords,
} from "./simulate-question.ts";
export { type ReadSubject, readSubject, type Subject } from "./subject.ts";
export {
	A_TRACE,
	type Lines,
	linesOf,
	readTrace,
	requireMostOf,
	type Trace,
	type TraceAccount,
	traceIntake,
	traceWarnings,
} from "./trace.ts";
export { answerTrain, type TrainReply, type TrainWords } from "./train-question.ts";
export * from "./typed-words.ts";
export { nearestNames } from "@farthing/scenario";
export { flagQuantity, flagTime, refuseBeside } from "./words.ts";
