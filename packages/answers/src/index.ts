export type { ApiOffer } from "./api-offers.ts";
export { apiPriceOf, type ApiPriceOf } from "./api-price-of.ts";
export * from "./bench-result.ts";
export { assumptionSet } from "./build-up.ts";
export * from "./compare.ts";
export {
	ARTIFICIAL_ANALYSIS_COLUMNS,
	readArtificialAnalysis,
	type LoadTestRow,
} from "./compare/artificial-analysis.ts";
export type { Dimension, Group, GroupCrossing, Grouped } from "./compare/groups.ts";
export type { Decision, DecisionOption } from "./decision.ts";
export * from "./catalog.ts";
export * from "./catalogue-effects.ts";
export * from "./check.ts";
export * from "./claim.ts";
export * from "./claimed-costs.ts";
export { claimDefinition } from "./claim-definitions.ts";
export * from "./diff.ts";
export type { MemberChange } from "./diff/members.ts";
export * from "./envelope.ts";
export { type DollarRate, dollarRates } from "./dollar-rates.ts";
export { gradeOf } from "./evidence.ts";
export * from "./farthing-error.ts";
export { freshResult, soundResult, type SoundResult } from "./sound-result.ts";
export * from "./fit-shape.ts";
export * from "./language.ts";
export {
	ATTRIBUTION,
	frontier,
	type FrontierQuestion,
	type FrontierResult,
	type FrontierRow,
	type NearestRow,
} from "./frontier.ts";
export * from "./mlperf.ts";
export { hardwareNamed, modelNamed, precisionsNamed, stacksNamed, unknownName } from "./names.ts";
export * from "./own-claim.ts";
export * from "./plan.ts";
export * from "./plan-result.ts";
export { planSharing } from "./plan-sharing.ts";
export { planTraffic } from "./plan-traffic.ts";
export * from "./plan-years.ts";
export { yearsFan, type YearsFan, type YearsFanOptions } from "./years-fan.ts";
export type { BreakEven, BreakEvenState } from "./years/comparisons.ts";
export type { MarginMonths, MonthSeries } from "./years/margin-months.ts";
export type { ByVolume } from "./years/by-volume.ts";
export type { Stage, StagePart } from "./years/stages.ts";
export type { StrategyName } from "./years/strategies.ts";
export type { PlanFleet } from "./plan-fleets.ts";
export type { RoomAnswer } from "./plan-most.ts";
export type { Saved, SharingAnswer, SharingLoad } from "./plan-sharing.ts";
export type { Searched } from "./plan-searched.ts";
export type { OptionAutoscaler, OptionSizing } from "./plan-traffic.ts";
export type { VolumeCurves } from "./plan-volumes.ts";
export * from "./predict.ts";
export * from "./predict/accuracy.ts";
export type { BenchmarkFigures } from "./predict/benchmark-figures.ts";
export * from "./predict/body.ts";
export * from "./predict/calibration-rows.ts";
export * from "./predict/fit.ts";
export * from "./predict/law-file.ts";
export * from "./predict/modelled-points.ts";
export * from "./predict/row-layouts.ts";
export * from "./predict/saturated-runs.ts";
export type { Narrowing } from "./predict/narrowing.ts";
export * from "./predict/suspicious-rows.ts";
export * from "./predict/sweep.ts";
export * from "./price.ts";
export * from "./simulate.ts";
export { mergedRuns, type MergedFigure, outcomeOf, type RunOutcome, type SimulationRuns } from "./simulate/runs.ts";
export type { Instances } from "./simulate/pool-parts.ts";
export * from "./simulate/simulate-result.ts";
export { summedUnranked, type Unranked } from "./ranking.ts";
export { rateBook, type RateBook, TIER_WORDS } from "./rates.ts";
export { type NamedRow, rowsOfFlag, type RowWindowChoice } from "./rows.ts";
export * from "./sensitivity.ts";
export type { TtftRule, TtftStatistic } from "./service-level.ts";
export { plan } from "./whole-plan.ts";
export { toldName } from "./told-why.ts";
export { readingGraph, whyNode, type SavedResult } from "./why.ts";
export {
	PEAKS,
	type FailureQuestion,
	type LayoutQuestion,
	type Peak,
	type RateQuestion,
	type ShapeQuestion,
	type TrainQuestion,
} from "./train/question.ts";
export { trainingRunNamed } from "./train/facts.ts";
export { gridOfRegion } from "./train/energy.ts";
export * from "./questions/index.ts";
export * from "./train.ts";
export { mlperfTraining, type MlperfTrainingAnswer, type MlperfTrainingRow } from "./train-mlperf.ts";
export { trainingValidation, type LeftOut, type ValidationAnswer, type ValidationRow } from "./train-validation.ts";
