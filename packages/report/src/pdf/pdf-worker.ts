/** The thread behind `openTypesetter`: makes ready at once, then sets one report after the other. */
import type { Report } from "../report-model.ts";
import { answerQuestions } from "../thread.ts";
import { prepareTypesetter, reportPdf } from "./report-pdf.ts";

answerQuestions((report: Report) => reportPdf(report));
// What fails here fails again, and is told, when a report comes.
prepareTypesetter().catch(() => undefined);
