/** The thread behind `openTypesetter`: makes ready at once, then sets one report after the other. */
import type { Report } from "../report-model.ts";
import { answerQuestions } from "../thread.ts";

// In a file of its own where files are joined: who sets a report without a thread would start one's work by loading this.
const { prepareTypesetter, reportPdf } = await import("./report-pdf.ts");

answerQuestions((report: Report) => reportPdf(report));
// What fails here fails again, and is told, when a report comes.
prepareTypesetter().catch(() => undefined);
