export * from "./actuals/actuals.ts";
export * from "./actuals/actuals-error.ts";
export * from "./actuals/actuals-graph.ts";
export * from "./actuals/actuals-json.ts";
export * from "./actuals/ask-actuals.ts";
export { closedMonths } from "./actuals/closed-months.ts";
export * from "./actuals/request-csv.ts";
export type { PricedRequests } from "./actuals/request-rows.ts";
export type { RequestCost } from "./actuals/request-costs.ts";
export * from "./actuals/actuals-result.ts";
export type { Calibration, ChosenLaw } from "./actuals/choose-laws.ts";
export { calibrationsOf, modelledCalibration, type SaturatedRow } from "./actuals/calibration.ts";
export * from "./actuals/facts.ts";
export { factsFromStore, lastDayIn } from "./actuals/facts-from-store.ts";
export * from "./actuals/match-charges.ts";
export * from "./actuals/outlook.ts";
export * from "./actuals/plan-side.ts";
export * from "./actuals/tenant-answer.ts";
export * from "./actuals/variance-to-plan.ts";
export * from "./actuals/in-cents.ts";
export * from "./actuals/warnings.ts";
export * from "./actuals/window-text.ts";
export type { BillTotals, RatedAgainstBill, WindowCharges } from "./actuals/window-charges.ts";
export * from "./attribution/attribute.ts";
export * from "./attribution/attributed-line.ts";
export * from "./attribution/charge.ts";
export * from "./attribution/line-sums.ts";
export * from "./attribution/spans.ts";
export * from "./back-out/attributed-rows.ts";
export * from "./back-out/grafana-dashboard.ts";
export * from "./back-out/measured-rows.ts";
export * from "./back-out/recording-rules.ts";
export * from "./back-out/token-prices.ts";
export * from "./budgets/ask-budgets.ts";
export * from "./budgets/budget.ts";
export * from "./budgets/budget-status.ts";
export * from "./currency/exchange.ts";
export * from "./currency/read-rates.ts";
export * from "./focus-out/charge-row.ts";
export * from "./focus-out/focus-check.ts";
export * from "./focus-out/focus-csv.ts";
export * from "./focus-out/focus-rules.ts";
export * from "./outlook/anomalies.ts";
export { forecastMonth, type Forecast, type ForecastInput } from "./outlook/forecast.ts";
export * from "./rating/rate-usage.ts";
export * from "./records/capacity.ts";
export * from "./records/charge.ts";
export { chargesOnce, type ChargesOnce, type FiledCharge } from "./records/charges-once.ts";
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
