/** Asks questions of worker threads, and remembers answers: the same question has the same bytes as its answer. */
import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import { MessageChannel } from "node:worker_threads";
import { FarthingError } from "@farthing/answers";
import { Tinypool } from "tinypool";
import type { LongAsk } from "./jobs.ts";
import { RefusalError } from "./problem.ts";
import type { Question, ReportOrder } from "./questions/question.ts";
import type { MadeReport } from "./questions/report.ts";
import type { LongWork, WorkerRefusal, WorkerReply, WorkerReport } from "./questions/worker.ts";
import { workQueue } from "./work-queue.ts";

export interface Answered {
	readonly id: string;
	/** The envelope without its graph, as JSON. */
	readonly shown: string;
	/** The envelope with its graph; empty where there is none. */
	readonly whole: string;
	/** Strong ETag of `shown`. */
	readonly etag: string;
}

export interface Asker {
	/** Throws FarthingError for what cannot be answered, RefusalError (429) where too much waits. */
	ask(question: Question): Promise<Answered>;
	/** The same for work that takes long: by a thread of its own, which ends when `signal` says so. */
	askLong: LongAsk;
	/** Documents of a plan, by that thread too. Throws as `ask` does. */
	report(order: ReportOrder): Promise<MadeReport>;
	/** Questions that are being answered or wait. */
	readonly depth: number;
	close(): Promise<void>;
}

export interface AskerOptions {
	readonly threads: number;
	/** Questions that may wait. */
	readonly waiting: number;
	readonly rememberedBytes?: number;
	/** For one question to be answered, once its turn has come; then its thread is ended, and another takes its place. */
	readonly withinMs?: number;
}

const WITHIN_MS = 60_000;
const REMEMBERED_BYTES = 64 * 1024 * 1024;
/** A simulation that needs more is ended, and with it no other question. */
const LONG_MEMORY_MB = 2048;
/** Found by the name of the package, so that it is the compiled one wherever this file was joined into. */
const WORKER = "@farthing/server/worker";

export function asker(options: AskerOptions): Asker {
	const { threads, waiting, rememberedBytes = REMEMBERED_BYTES, withinMs = WITHIN_MS } = options;
	const pool = new Tinypool({
		filename: fileURLToPath(import.meta.resolve(WORKER)),
		name: "reply",
		minThreads: threads,
		maxThreads: threads,
	});
	const longPool = new Tinypool({
		filename: fileURLToPath(import.meta.resolve(WORKER)),
		minThreads: 0,
		// One for simulations, which take minutes, and one for documents, which are waited for.
		maxThreads: 2,
		idleTimeout: 60_000,
		resourceLimits: { maxOldGenerationSizeMb: LONG_MEMORY_MB },
	});
	const queue = workQueue(threads, waiting);
	const reports = workQueue(1, waiting);
	const remembered = new Map<string, Answered>();
	const underWay = new Map<string, Promise<Answered>>();
	let bytes = 0;
	const remember = (key: string, answered: Answered): void => {
		remembered.set(key, answered);
		bytes += sizeOf(key, answered);
		for (const [oldest, held] of remembered) {
			if (bytes <= rememberedBytes || oldest === key) break;
			remembered.delete(oldest);
			bytes -= sizeOf(oldest, held);
		}
	};
	const compute = async (key: string, question: Question): Promise<Answered> => {
		const run = (signal: AbortSignal): Promise<unknown> => pool.run(question, { signal });
		const answered = answeredBy((await queue.run(() => inTime(withinMs, run))) as WorkerReply);
		remember(key, answered);
		return answered;
	};
	return {
		async ask(question) {
			const key = JSON.stringify(question);
			const known = remembered.get(key);
			if (known !== undefined) {
				remembered.delete(key);
				remembered.set(key, known);
				return known;
			}
			const already = underWay.get(key);
			if (already !== undefined) return already;
			const asked = compute(key, question).finally(() => underWay.delete(key));
			underWay.set(key, asked);
			return asked;
		},
		async askLong(question, signal, tell) {
			const { port1, port2 } = new MessageChannel();
			port1.on("message", tell);
			try {
				const work: LongWork = { question, port: port2 };
				return answeredBy(
					(await longPool.run(work, { name: "replyTelling", transferList: [port2], signal })) as WorkerReply,
				);
			} finally {
				port1.close();
			}
		},
		async report(order) {
			const run = (signal: AbortSignal): Promise<unknown> => longPool.run(order, { name: "report", signal });
			const made = (await reports.run(() => inTime(withinMs, run))) as WorkerReport;
			if (!made.ok) throw refusedBy(made);
			return made;
		},
		get depth() {
			return queue.depth + reports.depth;
		},
		async close() {
			await Promise.all([pool.destroy(), longPool.destroy()]);
		},
	};
}

/** Whoever asked was refused by then: a thread that works on is one that others wait for. */
async function inTime(withinMs: number, run: (signal: AbortSignal) => Promise<unknown>): Promise<unknown> {
	const stop = new AbortController();
	const late = setTimeout(() => stop.abort(), withinMs);
	try {
		return await run(stop.signal);
	} catch (error) {
		if (!stop.signal.aborted) throw error;
		throw new RefusalError(503, "too-slow", { en: "no answer in time", zh: "未能按时得出答案" }, 5);
	} finally {
		clearTimeout(late);
	}
}

function answeredBy(reply: WorkerReply): Answered {
	if (!reply.ok) throw refusedBy(reply);
	const { id, shown, whole } = reply;
	return { id, shown, whole, etag: `"${createHash("sha256").update(shown).digest("hex").slice(0, 32)}"` };
}

function refusedBy({ exit, code, given }: WorkerRefusal): FarthingError {
	return new FarthingError(exit, code, given.message, given.detail);
}

function sizeOf(key: string, { shown, whole }: Answered): number {
	return 2 * (key.length + shown.length + whole.length);
}
