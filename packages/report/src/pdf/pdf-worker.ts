/** The thread behind `openTypesetter`: makes ready at once, then sets one report after the other. */
import { parentPort } from "node:worker_threads";
import type { Report } from "../report-model.ts";
import { prepareTypesetter, reportPdf } from "./report-pdf.ts";
import type { Typeset } from "./typesetter.ts";

parentPort?.on("message", (report: Report) => void answer(report));
// What fails here fails again, and is told, when a report comes.
prepareTypesetter().catch(() => undefined);

async function answer(report: Report): Promise<void> {
	parentPort?.postMessage(await typeset(report));
}

async function typeset(report: Report): Promise<Typeset> {
	try {
		return { bytes: await reportPdf(report) };
	} catch (error) {
		return { error: error instanceof Error ? error : new Error(String(error)) };
	}
}
