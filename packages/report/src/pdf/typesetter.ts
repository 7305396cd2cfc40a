/**
 * PDF on a thread of its own: to read the typesetter and its fonts and to set pages takes as long as the rest of a pack, and
 * so goes on beside it. The bytes are those of `reportPdf`.
 */
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { Report } from "../report-model.ts";

export interface Typesetter {
	/** One at a time. Throws what `reportPdf` throws. */
	pdf(report: Report): Promise<Uint8Array>;
	close(): Promise<void>;
}

export interface Typeset {
	readonly bytes?: Uint8Array;
	readonly error?: Error;
}

/** Makes ready from now on, while its caller works out the report. To be closed, also where no report came of it. */
export function openTypesetter(): Typesetter {
	const thread = new Worker(new URL("./pdf-worker.js", import.meta.url));
	// Until it is asked for something, no process waits for it.
	thread.unref();
	return {
		async pdf(report) {
			thread.ref();
			thread.postMessage(report);
			const [{ bytes, error }] = (await once(thread, "message")) as [Typeset];
			if (bytes === undefined) throw error ?? new Error("Typst: no bytes");
			return bytes;
		},
		async close() {
			await thread.terminate();
		},
	};
}
