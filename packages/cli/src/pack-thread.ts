/** Packs made on a thread of their own: working a month out and drawing it takes seconds that answers do not wait for. */
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { MessageChannel, Worker } from "node:worker_threads";
import type { LedgerReads } from "@farthing/ledger";
import type { PacksGiven, PacksMade } from "./pack-worker.ts";
import { answerReads } from "./reads-over-port.ts";

/** Found by the name of the package, so that it is the compiled one wherever this file was joined into. */
const WORKER = "farthing/pack-worker";

/** The periods that were made. Throws what the thread throws. */
export async function packsOnThread(given: Omit<PacksGiven, "port">, reads: LedgerReads): Promise<PacksMade> {
	const { port1, port2 } = new MessageChannel();
	answerReads(port1, reads);
	const worker = new Worker(fileURLToPath(import.meta.resolve(WORKER)), {
		workerData: { ...given, port: port2 } satisfies PacksGiven,
		transferList: [port2],
	});
	try {
		const [made] = (await once(worker, "message")) as [PacksMade];
		return made;
	} finally {
		port1.close();
		await worker.terminate();
	}
}
