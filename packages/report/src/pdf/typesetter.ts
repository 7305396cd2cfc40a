/**
 * PDF on a thread of its own: to read the typesetter and its fonts and to set pages takes as long as the rest of a pack, and
 * so goes on beside it. What comes is what `reportPdf` gives.
 */
import type { Report } from "../report-model.ts";
import { Thread } from "../thread.ts";
import type { Pdf } from "./report-pdf.ts";

export interface Typesetter {
	/** One at a time. Throws what `reportPdf` throws. */
	pdf(report: Report): Promise<Pdf>;
	close(): Promise<void>;
}

/** Makes ready from now on, while its caller works out the report. To be closed, also where no report came of it. */
export function openTypesetter(): Typesetter {
	const thread = new Thread<Report, Pdf>(new URL("./pdf-worker.js", import.meta.url));
	return { pdf: (report) => thread.ask(report), close: () => thread.close() };
}
