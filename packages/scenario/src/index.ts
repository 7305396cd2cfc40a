export { type ParseShapeResult, parseTrafficShape } from "./fitted-shape.ts";
export type * from "./five-years.ts";
export type { Issue, IssueCode, Place } from "./issue.ts";
export { policiesJsonSchema, rowListJsonSchema, scenarioJsonSchema } from "./json-schema.ts";
export { nearestNames } from "./nearest.ts";
export { type ParseRowListResult, parseRowList } from "./parse-row-list.ts";
export {
	type ParseScenarioOptions,
	type ParseScenarioResult,
	parseScenario,
	type ScenarioOverride,
	type ScenarioWarning,
} from "./parse-scenario.ts";
export { type ParsePoliciesResult, parsePolicies } from "./policy.ts";
export type { ChancePolicy, GradePolicy, Policy, PolicyComparison, ValuePolicy } from "./policy.ts";
export type { RowById, RowBySelector, RowList, RowReference, RowSelector } from "./row-list.ts";
export type * from "./scenario.ts";
export { type ShapeDocument, type ShapeSource, trafficShapeDocument, trafficShapeText } from "./shape-text.ts";
