export * from "./attribution/attribute.ts";
export * from "./attribution/attributed-line.ts";
export * from "./attribution/charge.ts";
export * from "./attribution/line-sums.ts";
export * from "./attribution/spans.ts";
export * from "./currency/exchange.ts";
export * from "./outlook/anomalies.ts";
export { forecastMonth, type Forecast, type ForecastInput } from "./outlook/forecast.ts";
export * from "./records/capacity.ts";
export * from "./records/charge.ts";
export * from "./records/cost-window.ts";
export * from "./records/json-schema.ts";
export * from "./records/money.ts";
export * from "./records/price.ts";
export * from "./records/quantities.ts";
export * from "./records/record-error.ts";
export {
	readRecord,
	type ReadRecord,
	type RecordIssue,
	type RecordIssueCode,
	type RecordShape,
} from "./records/record-shape.ts";
export * from "./records/token-classes.ts";
export * from "./records/units.ts";
export * from "./records/usage.ts";
