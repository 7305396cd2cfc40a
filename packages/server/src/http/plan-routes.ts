/** Questions about a scenario, and explanations of their answers. */
import type { Envelope, Members, PlanResult } from "@farthing/answers";
import { COMPARE_MEMBERS, PLAN_MEMBERS } from "@farthing/answers";
import { planCsv } from "@farthing/report";
import { createRoute, z } from "@hono/zod-openapi";
import { needs } from "../access/gate.ts";
import type { Answered } from "../asker.ts";
import { RefusalError } from "../problem.ts";
import { memberSchema, wordsFrom } from "../questions/member-schema.ts";
import type { App, AppOptions } from "./app.ts";
import { responsesOf } from "./descriptions.ts";
import { answerReply, csvReply } from "./reply.ts";

const MEMBERS: Readonly<Record<"plan" | "compare", Members>> = { plan: PLAN_MEMBERS, compare: COMPARE_MEMBERS };
const byId = z.object({ id: z.string().regex(/^[0-9a-f]{16}$/) });
const format = z.object({ format: z.enum(["json", "csv"]).default("json") });

export function planRoutes(app: App, { asker, results }: AppOptions): void {
	const kept = (tenant: string, id: string) => {
		const found = results.find(tenant, id);
		if (found === undefined) throw new RefusalError(404, "unknown-result", "no result of that id is kept: ask again");
		return found;
	};
	for (const kind of ["plan", "compare"] as const) {
		const path = kind === "plan" ? "/v1/plans" : "/v1/compare";
		const summary = SUMMARIES[kind];
		const result = kind === "plan" ? "plan" : undefined;
		const responses = responsesOf(result, summary);
		const route = createRoute({
			method: "post",
			path,
			summary,
			request: {
				body: { required: true, content: { "application/json": { schema: memberSchema(MEMBERS[kind], "body") } } },
				query: format,
			},
			middleware: [needs("read")],
			responses,
		});
		app.openapi(route, async (context) => {
			const answered = await asker.ask({ kind, words: wordsFrom(MEMBERS[kind], context.req.valid("json")) });
			const { id, shown, whole } = answered;
			if (whole !== "") results.keep(context.get("caller").tenant, { id, shown, whole });
			context.header("location", `/v1/plans/${id}`);
			if (kind === "plan" && context.req.valid("query").format === "csv") return csvReply(context, csvOf(answered), id);
			return answerReply(context, answered);
		});
	}
	const read = createRoute({
		method: "get",
		path: "/v1/plans/{id}",
		summary: "an answer that is still kept",
		request: { params: byId, query: format },
		middleware: [needs("read")],
		responses: responsesOf("plan", "the answer, as it was given"),
	});
	app.openapi(read, (context) => {
		const { id, shown } = kept(context.get("caller").tenant, context.req.valid("param").id);
		if (context.req.valid("query").format === "csv") return csvReply(context, csvOf({ shown }), id);
		return answerReply(context, { shown, etag: `"${id}"` });
	});
	const why = createRoute({
		method: "get",
		path: "/v1/plans/{id}/why/{node}",
		summary: "the tree under any number of an answer that is kept",
		request: { params: byId.extend({ node: z.string().min(1).max(500) }) },
		middleware: [needs("read")],
		responses: responsesOf("why", "the tree, down to benchmark rows and prices"),
	});
	app.openapi(why, async (context) => {
		const { id, node } = context.req.valid("param");
		const { whole } = kept(context.get("caller").tenant, id);
		return answerReply(context, await asker.ask({ kind: "why", saved: whole, node }));
	});
}

const SUMMARIES = {
	plan: "a scenario to ranked fleets, with the bridge from headline to delivered cost",
	compare: "hardware, precision, stack, API and ways to pay side by side",
};

function csvOf({ shown }: Pick<Answered, "shown">): string {
	const answer = JSON.parse(shown) as Envelope<PlanResult>;
	if (answer.command === "plan") return planCsv(answer);
	throw new RefusalError(406, "no-table", "this answer is no table");
}
