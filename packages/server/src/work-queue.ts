/**
 * Questions that compute for long are answered by worker threads, a few at a time. What would wait behind too many
 * others is refused at once: a caller can come back, a process without memory cannot.
 */
import { RefusalError } from "./problem.ts";

export interface WorkQueue {
	/** Throws a RefusalError with status 429 where `waiting` jobs stand already. */
	run<T>(job: () => Promise<T>): Promise<T>;
	readonly depth: number;
}

export function workQueue(atOnce: number, waiting: number): WorkQueue {
	let running = 0;
	const queue: (() => void)[] = [];
	const release = (): void => {
		running--;
		queue.shift()?.();
	};
	const turn = (): Promise<void> => {
		if (running < atOnce) {
			running++;
			return Promise.resolve();
		}
		return new Promise((resolve) => {
			queue.push(() => {
				running++;
				resolve();
			});
		});
	};
	return {
		async run(job) {
			if (running >= atOnce && queue.length >= waiting) {
				throw new RefusalError(
					429,
					"busy",
					{ en: "too many questions are waiting for an answer", zh: "等待回答的问题太多" },
					1,
				);
			}
			await turn();
			try {
				return await job();
			} finally {
				release();
			}
		},
		get depth() {
			return running + queue.length;
		},
	};
}
