/**
 * PDF on a thread of its own: to read the typesetter and its fonts and to set pages takes as long as the rest of a pack, and
 * so goes on beside it. The bytes are those of `reportPdf`.
 */
import type { Report } from "../report-model.ts";
import { Thread } from "../thread.ts";

export interface Typesetter {
	/** One at a time. Throws what `reportPdf` throws. */
	pdf(report: Report): Promise<Uint8Array>;
	close(): Promise<void>;
}

/** Makes ready from now on, while its caller works out the report. To be closed, also where no report came of it. */
export function openTypesetter(): Typesetter {
	const thread = new Thread<Report>(new URL("./pdf-worker.js", import.meta.url));
	return { pdf: (report) => thread.ask(report), close: () => thread.close() };
}
