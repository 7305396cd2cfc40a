/**
 * Work on a thread of its own that makes ready as soon as it is opened and answers questions, one at a time, so that it goes
 * on beside what its caller does meanwhile.
 */
import { once } from "node:events";
import { parentPort, Worker } from "node:worker_threads";

type Outcome<Answer> = { readonly answer: Answer } | { readonly error: Error };

export class Thread<Question, Answer> {
	private readonly worker: Worker;
	/** What went wrong while nothing was asked is told when something is. */
	private readonly failed: Promise<never>;

	/** `data` is there for `workerData` of the script. To be closed, also where nothing was asked. */
	constructor(script: URL, data?: unknown) {
		this.worker = new Worker(script, { workerData: data });
		this.failed = new Promise((_, reject) => this.worker.once("error", reject));
		this.failed.catch(() => undefined);
		// Until it is asked for something, no process waits for it.
		this.worker.unref();
	}

	/** Throws what the thread throws. */
	async ask(question: Question): Promise<Answer> {
		this.worker.ref();
		this.worker.postMessage(question);
		const [outcome] = (await Promise.race([once(this.worker, "message"), this.failed])) as [Outcome<Answer>];
		if ("error" in outcome) throw outcome.error;
		return outcome.answer;
	}

	async close(): Promise<void> {
		await this.worker.terminate();
	}
}

/** The other side: answers each question that comes. */
export function answerQuestions<Question, Answer>(of: (question: Question) => Promise<Answer>): void {
	parentPort?.on("message", (question: Question) => void told(of, question));
}

async function told<Question, Answer>(of: (question: Question) => Promise<Answer>, question: Question): Promise<void> {
	parentPort?.postMessage(await outcomeOf(of, question));
}

async function outcomeOf<Question, Answer>(
	of: (question: Question) => Promise<Answer>,
	question: Question,
): Promise<Outcome<Answer>> {
	try {
		return { answer: await of(question) };
	} catch (error) {
		return { error: error instanceof Error ? error : new Error(String(error)) };
	}
}
