/**
 * The workbook of a pack on a thread of its own: its formulas are those of the graph, and so are written while the report
 * is still worked out.
 */
import type { Envelope } from "@farthing/answers";
import type { Report } from "../report-model.ts";
import { Thread } from "../thread.ts";

export interface Bookbinder {
	/** Bytes of an XLSX file. One at a time; throws `TypeError` where the result was saved without its graph. */
	xlsx(report: Report): Promise<Uint8Array>;
	close(): Promise<void>;
}

/** Begins with the graph of a result. To be closed, also where no report came of it. */
export function openBookbinder(saved: Envelope<unknown>): Bookbinder {
	const thread = new Thread<Report, Uint8Array>(new URL("./workbook-worker.js", import.meta.url), saved);
	return { xlsx: (report) => thread.ask(report), close: () => thread.close() };
}
