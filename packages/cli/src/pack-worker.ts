/** A thread that makes the packs of months that have closed; the ledger is asked over a port. */
import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import type { Format } from "@farthing/report/node";
import { keepPacks } from "./commands/keep-packs.ts";
import type { ReportFlags } from "./commands/report-files.ts";
import { readsOver } from "./reads-over-port.ts";

/** What the thread is told when it starts. */
export interface PacksGiven {
	readonly folder: string;
	readonly formats: readonly Format[];
	readonly flags: ReportFlags;
	readonly port: MessagePort;
}

/** Periods that were made. */
export type PacksMade = readonly string[];

const { folder, formats, flags, port } = workerData as PacksGiven;
const { made } = await keepPacks(folder, formats, flags, readsOver(port));
parentPort?.postMessage(made.map(({ period }) => period) satisfies PacksMade);
port.close();
