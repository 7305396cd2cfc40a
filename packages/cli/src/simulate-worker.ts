/** A thread that does runs of one simulation, one seed after the other. */
import { parentPort, workerData } from "node:worker_threads";
import type { DoneRun, Envelope, FarthingErrorDetail, PlanResult, SimulateWords } from "@farthing/answers";
import { beginRuns, FarthingError } from "@farthing/answers";
import type { CommonFlags } from "./context.ts";
import { questionContext } from "./context.ts";

/** What the thread is told when it starts. */
export interface RunsGiven {
	readonly words: Omit<SimulateWords, "trace">;
	readonly flags: CommonFlags;
	readonly planned: Envelope<PlanResult>;
}

/** What comes back for a seed; an error loses its class on the way. */
export type SeedDone =
	| { readonly ok: true; readonly run: DoneRun }
	| {
			readonly ok: false;
			readonly exit: FarthingError["exit"];
			readonly code: string;
			readonly message: string;
			readonly detail: FarthingErrorDetail;
	  };

const EVENTS = 200_000;

const { words, flags, planned } = workerData as RunsGiven;
const runs = beginRuns(words, questionContext(flags), planned);

parentPort?.on("message", (seed: number) => parentPort?.postMessage(done(seed)));

function done(seed: number): SeedDone {
	try {
		const run = runs.begin(seed);
		while (run.advance(EVENTS));
		return { ok: true, run: run.done() };
	} catch (error) {
		if (!(error instanceof FarthingError)) throw error;
		const { exit, code, message, detail } = error;
		return { ok: false, exit, code, message, detail };
	}
}
