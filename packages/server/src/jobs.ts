/**
 * Work that takes longer than a request should: begun, watched and called off by the tenant that asked for it. The same
 * question of a tenant is the same job, however often it is asked.
 */
import { createHash } from "node:crypto";
import type { Answered } from "./asker.ts";
import { RefusalError } from "./problem.ts";
import type { Question } from "./questions/question.ts";
import { workQueue } from "./work-queue.ts";

export interface Progress {
	/** Share of the virtual time that is done, where it is known how much there is. */
	readonly share?: number;
	/** Requests that have arrived so far. */
	readonly requests?: number;
}

export type JobState = "waiting" | "running" | "done" | "failed" | "cancelled";

export interface Job {
	readonly id: string;
	readonly state: JobState;
	readonly progress?: Progress;
	/** Of a job that is done: where its answer stands. */
	readonly result?: string;
	/** Of a job that failed: what it threw, to be told in the language of whoever asks. */
	readonly fault?: unknown;
}

/** Answers a question, telling how far it is, until it is done or called off. */
export type LongAsk = (
	question: Question,
	signal: AbortSignal,
	tell: (progress: Progress) => void,
) => Promise<Answered>;

export interface JobBoard {
	/** Throws a RefusalError with status 429 where too many wait. */
	start(tenant: string, question: Question, done: (answered: Answered) => void): Job;
	/** A job of this tenant; undefined where it has none of that id, whoever else has. */
	find(tenant: string, id: string): Job | undefined;
	/** Told at each change until the job is over, the state it is in first. Returns how to stop listening. */
	watch(tenant: string, id: string, listen: (job: Job) => void): () => void;
	/** False where there is no such job. One that is over stays as it is. */
	cancel(tenant: string, id: string): boolean;
	/** Calls off what is under way. */
	close(): void;
}

export interface JobLimits {
	readonly atOnce: number;
	readonly waiting: number;
	/** Jobs that are remembered; the oldest that are over go first. */
	readonly kept: number;
	readonly withinMs: number;
}

export const JOB_LIMITS: JobLimits = { atOnce: 1, waiting: 16, kept: 200, withinMs: 15 * 60_000 };

interface Held {
	job: Job;
	readonly stop: AbortController;
	readonly listeners: Set<(job: Job) => void>;
}

const OVER: ReadonlySet<JobState> = new Set<JobState>(["done", "failed", "cancelled"]);

export function isOver({ state }: Job): boolean {
	return OVER.has(state);
}

export function jobBoard(ask: LongAsk, limits: JobLimits = JOB_LIMITS): JobBoard {
	const queue = workQueue(limits.atOnce, limits.waiting);
	const held = new Map<string, Held>();
	const change = (of: Held, to: Partial<Job>): void => {
		if (isOver(of.job)) return;
		of.job = { ...of.job, ...to };
		for (const listen of of.listeners) listen(of.job);
		if (isOver(of.job)) of.listeners.clear();
	};
	const work = async (of: Held, question: Question, done: (answered: Answered) => void): Promise<void> => {
		const { signal } = of.stop;
		// It is the work that may not take long: waiting for others is none.
		let late: NodeJS.Timeout | undefined;
		try {
			const answered = await queue.run(async () => {
				signal.throwIfAborted();
				late = setTimeout(() => of.stop.abort(TOO_LONG), limits.withinMs);
				change(of, { state: "running" });
				return ask(question, signal, (progress) => change(of, { progress }));
			});
			done(answered);
			change(of, { state: "done", progress: { ...of.job.progress, share: 1 }, result: `/v1/results/${answered.id}` });
		} catch (error) {
			if (signal.aborted && signal.reason !== TOO_LONG) change(of, { state: "cancelled" });
			else change(of, { state: "failed", fault: signal.aborted ? TOO_LONG : error });
		} finally {
			clearTimeout(late);
		}
	};
	return {
		start(tenant, question, done) {
			const id = createHash("sha256").update(JSON.stringify(question)).digest("hex").slice(0, 16);
			const key = keyOf(tenant, id);
			const known = held.get(key);
			if (known !== undefined && !["failed", "cancelled"].includes(known.job.state)) return known.job;
			if (queue.depth >= limits.atOnce + limits.waiting)
				throw new RefusalError(429, "busy", { en: "too many simulations are waiting", zh: "等待的模拟太多" }, 5);
			const fresh: Held = { job: { id, state: "waiting" }, stop: new AbortController(), listeners: new Set() };
			held.delete(key);
			held.set(key, fresh);
			forget(held, limits.kept);
			void work(fresh, question, done);
			return fresh.job;
		},
		find: (tenant, id) => held.get(keyOf(tenant, id))?.job,
		watch(tenant, id, listen) {
			const found = held.get(keyOf(tenant, id));
			if (found === undefined) return () => undefined;
			listen(found.job);
			if (!isOver(found.job)) found.listeners.add(listen);
			return () => found.listeners.delete(listen);
		},
		cancel(tenant, id) {
			const found = held.get(keyOf(tenant, id));
			if (found === undefined) return false;
			found.stop.abort();
			change(found, { state: "cancelled" });
			return true;
		},
		close() {
			for (const each of held.values()) {
				each.stop.abort();
				change(each, { state: "cancelled" });
			}
		},
	};
}

const TOO_LONG = new RefusalError(503, "too-slow", {
	en: "this took longer than a job may: ask for fewer hours or requests",
	zh: "用时超过任务上限：请减少小时数或请求数",
});

function forget(held: Map<string, Held>, most: number): void {
	for (const [key, { job }] of held) {
		if (held.size <= most) return;
		if (isOver(job)) held.delete(key);
	}
}

function keyOf(tenant: string, id: string): string {
	return JSON.stringify([tenant, id]);
}
