import { reportHtml } from "./html/report-html.ts";
import { planReport } from "./plan-report/plan-report.ts";
import type { PlanSource } from "./plan-report/source.ts";

/** A plan as one self-contained page. The same results give the same bytes. Throws for a plan without options. */
export function planHtml(source: PlanSource): string {
	return reportHtml(planReport(source));
}
