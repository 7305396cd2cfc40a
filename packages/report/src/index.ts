export { assumptionRegister, type AssumptionRow, type AssumptionValue } from "./assumption-register.ts";
export { type Names, namesOf } from "./names.ts";
export { planCsv } from "./plan-csv.ts";
export { planHtml } from "./plan-html.ts";
export { planReport } from "./plan-report/plan-report.ts";
export type { PlanSource, ServiceOfPlan } from "./plan-report/source.ts";
export type * from "./report-model.ts";
export { resultWorkbook, type ResultWorkbookOptions } from "./workbook/result-workbook.ts";
