/** Runs of one simulation over worker threads. */
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import type { DoneRun } from "@farthing/answers";
import { FarthingError } from "@farthing/answers";
import type { RunsGiven, SeedDone } from "./simulate-worker.ts";

/** Found by the name of the package, so that it is the compiled one wherever this file was joined into. */
const WORKER = "farthing/simulate-worker";

/** One run for each seed, in the order of the seeds; `onDone` is told how many are there. */
export async function runsOver(
	threads: number,
	seeds: readonly number[],
	given: RunsGiven,
	onDone: (count: number) => void,
): Promise<DoneRun[]> {
	const file = fileURLToPath(import.meta.resolve(WORKER));
	const workers = Array.from(
		{ length: Math.min(threads, seeds.length) },
		() => new Worker(file, { workerData: given }),
	);
	const runs = new Map<number, DoneRun>();
	let next = 0;
	const work = async (worker: Worker): Promise<void> => {
		while (next < seeds.length) {
			const seed = seeds[next++] as number;
			runs.set(seed, await runOn(worker, seed));
			onDone(runs.size);
		}
	};
	try {
		await Promise.all(workers.map(work));
	} finally {
		await Promise.all(workers.map((worker) => worker.terminate()));
	}
	return seeds.map((seed) => runs.get(seed) as DoneRun);
}

function runOn(worker: Worker, seed: number): Promise<DoneRun> {
	return new Promise((resolve, reject) => {
		worker.once("error", reject);
		worker.once("message", (done: SeedDone) => {
			worker.off("error", reject);
			if (done.ok) resolve(done.run);
			else reject(new FarthingError(done.exit, done.code, done.message, done.detail));
		});
		worker.postMessage(seed);
	});
}
