/**
 * Work on a thread of its own that makes ready as soon as it is opened and answers questions with bytes, one at a time, so
 * that it goes on beside what its caller does meanwhile.
 */
import { once } from "node:events";
import { parentPort, Worker } from "node:worker_threads";

interface Answer {
	readonly bytes?: Uint8Array<ArrayBuffer>;
	readonly error?: Error;
}

export class Thread<Question> {
	private readonly worker: Worker;

	/** `data` is there for `workerData` of the script. To be closed, also where nothing was asked. */
	constructor(script: URL, data?: unknown) {
		this.worker = new Worker(script, { workerData: data });
		// Until it is asked for something, no process waits for it.
		this.worker.unref();
	}

	/** Throws what the thread throws. */
	async ask(question: Question): Promise<Uint8Array> {
		this.worker.ref();
		this.worker.postMessage(question);
		const [{ bytes, error }] = (await once(this.worker, "message")) as [Answer];
		if (bytes === undefined) throw error ?? new Error("a thread ended without an answer");
		return bytes;
	}

	async close(): Promise<void> {
		await this.worker.terminate();
	}
}

/** The other side: answers each question that comes. */
export function answerQuestions<Question>(answer: (question: Question) => Promise<Uint8Array>): void {
	parentPort?.on("message", (question: Question) => void told(answer, question));
}

async function told<Question>(answer: (question: Question) => Promise<Uint8Array>, question: Question): Promise<void> {
	parentPort?.postMessage(await outcome(answer, question));
}

async function outcome<Question>(
	answer: (question: Question) => Promise<Uint8Array>,
	question: Question,
): Promise<Answer> {
	try {
		return { bytes: (await answer(question)) as Uint8Array<ArrayBuffer> };
	} catch (error) {
		return { error: error instanceof Error ? error : new Error(String(error)) };
	}
}
