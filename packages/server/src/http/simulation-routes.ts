/** Simulations: begun with a POST, watched as server-sent events, called off with a DELETE. */
import { type Language, SIMULATE_MEMBERS } from "@farthing/answers";
import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { streamSSE } from "hono/streaming";
import { needs, type ServerEnv } from "../access/gate.ts";
import { isOver, type Job, type JobBoard } from "../jobs.ts";
import { problemOf, RefusalError } from "../problem.ts";
import { memberSchema, wordsFrom } from "../questions/member-schema.ts";
import type { App, AppOptions } from "./app.ts";
import { REFUSALS } from "./descriptions.ts";
import { acceptedLanguage } from "./language.ts";
import { jsonReply, NO_QUERY } from "./reply.ts";

const PATH = "/v1/simulations";
const byId = z.object({ id: z.string().regex(/^[0-9a-f]{16}$/) });
const job = {
	description: "the job; when it is done, `result` says where its answer stands",
	content: { "application/json": { schema: { $ref: "#/components/schemas/Job" } } },
};

export const JOB_SCHEMA = {
	type: "object",
	required: ["id", "state"],
	properties: {
		id: { type: "string" },
		state: { enum: ["waiting", "running", "done", "failed", "cancelled"] },
		progress: {
			type: "object",
			properties: { share: { type: "number" }, requests: { type: "number" } },
		},
		result: { type: "string" },
		problem: { $ref: "#/components/schemas/Problem" },
	},
} as const;

/** A proxy between gives a stream up that says nothing. */
const HEARTBEAT_MS = 15_000;

export function simulationRoutes(app: App, { asker, jobs, results }: AppOptions): void {
	const middleware = [needs("read")];
	const start = createRoute({
		method: "post",
		path: PATH,
		summary: "the plan's cheapest fleet under traffic: begins a job, or finds it where the same was asked before",
		request: {
			query: NO_QUERY,
			body: {
				required: true,
				content: { "application/json": { schema: memberSchema(SIMULATE_MEMBERS, "body") } },
			},
		},
		middleware,
		responses: { 202: job, ...REFUSALS },
	});
	app.openapi(start, async (context) => {
		const words = wordsFrom(SIMULATE_MEMBERS, context.req.valid("json"));
		const { tenant } = context.get("caller");
		// What cannot begin is refused at once, not found out by whoever comes back for it.
		await asker.ask({ kind: "simulate-words", words });
		const begun = jobs.start(tenant, { kind: "simulate", words }, (answered) => results.keep(tenant, answered));
		return jobReply(context, begun, 202, { location: `${PATH}/${begun.id}` });
	});
	const read = createRoute({
		method: "get",
		path: `${PATH}/{id}`,
		summary: "how far a simulation is",
		request: { params: byId, query: NO_QUERY },
		middleware,
		responses: { 200: job, ...REFUSALS },
	});
	app.openapi(read, (context) =>
		jobReply(context, known(jobs, context.get("caller").tenant, context.req.valid("param").id), 200),
	);
	const events = createRoute({
		method: "get",
		path: `${PATH}/{id}/events`,
		summary: "the same as server-sent events, one at each change, until it is over",
		request: { params: byId, query: NO_QUERY },
		middleware,
		responses: {
			200: {
				description: "events named by the state of the job, each with the job as its data",
				content: { "text/event-stream": { schema: { type: "string" as const } } },
			},
			...REFUSALS,
		},
	});
	app.openapi(events, (context): Response => {
		const { tenant } = context.get("caller");
		const { id } = context.req.valid("param");
		known(jobs, tenant, id);
		// Behind nginx a stream waits in a buffer unless it says otherwise.
		context.header("x-accel-buffering", "no");
		const language = acceptedLanguage(context.req.header("accept-language"));
		return streamSSE(context, (stream) => told(stream, jobs, tenant, id, language));
	});
	const cancel = createRoute({
		method: "delete",
		path: `${PATH}/{id}`,
		summary: "calls a simulation off",
		request: { params: byId, query: NO_QUERY },
		middleware,
		responses: { 204: { description: "it is over" }, ...REFUSALS },
	});
	app.openapi(cancel, (context) => {
		const { id } = context.req.valid("param");
		if (!jobs.cancel(context.get("caller").tenant, id)) throw unknownJob();
		return context.body(null, 204);
	});
}

type Stream = Parameters<Parameters<typeof streamSSE>[1]>[0];

/** Resolves when the job is over or the caller has left. What changes while a write is under way is told as one. */
async function told(stream: Stream, jobs: JobBoard, tenant: string, id: string, language: Language): Promise<void> {
	let latest: Job | undefined;
	let wake = (): void => undefined;
	const stop = jobs.watch(tenant, id, (job) => {
		latest = job;
		wake();
	});
	stream.onAbort(() => wake());
	try {
		while (!stream.aborted) {
			const job = latest;
			latest = undefined;
			if (job !== undefined) {
				await stream.writeSSE({ event: job.state, data: JSON.stringify(jobJson(job, language)) });
				if (isOver(job)) return;
				continue;
			}
			await new Promise<void>((resolve) => {
				const beat = setTimeout(resolve, HEARTBEAT_MS);
				wake = () => {
					clearTimeout(beat);
					resolve();
				};
			});
			if (latest === undefined && !stream.aborted) await stream.write(": still here\n\n");
		}
	} finally {
		stop();
	}
}

function jobReply<Status extends 200 | 202>(
	context: Context<ServerEnv>,
	job: Job,
	status: Status,
	headers: Record<string, string> = {},
): ReturnType<typeof jsonReply<Status>> {
	const language = acceptedLanguage(context.req.header("accept-language"));
	return jsonReply(context, jobJson(job, language), status, { ...headers, vary: "accept-language" });
}

function jobJson({ fault, ...job }: Job, language: Language): object {
	return fault === undefined ? job : { ...job, problem: problemOf(fault, language) };
}

function known(jobs: JobBoard, tenant: string, id: string): Job {
	const found = jobs.find(tenant, id);
	if (found === undefined) throw unknownJob();
	return found;
}

function unknownJob(): RefusalError {
	return new RefusalError(404, "unknown-job", {
		en: "no simulation of that id is kept: ask again",
		zh: "没有保存该编号的模拟：请重新提问",
	});
}
