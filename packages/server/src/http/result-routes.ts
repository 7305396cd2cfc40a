/** Answers that are kept, explanations of their numbers, and questions about them or about a scenario. */
import type { Members } from "@farthing/answers";
import { CHECK_MEMBERS, DIFF_MEMBERS, SENSITIVITY_MEMBERS } from "@farthing/answers";
import { createRoute, z } from "@hono/zod-openapi";
import { needs } from "../access/gate.ts";
import { RefusalError } from "../problem.ts";
import { memberSchema, scenarioText, wordsFrom } from "../questions/member-schema.ts";
import type { AskedSubject } from "../questions/question.ts";
import type { KeptResult, ResultShelf } from "../results.ts";
import type { App, AppOptions } from "./app.ts";
import { responsesOf } from "./descriptions.ts";
import { answerReply, formatQuery, tellAnswer } from "./reply.ts";

const resultId = z.string().regex(/^[0-9a-f]{16}$/);
const byId = z.object({ id: resultId });

/** A scenario, or an answer that is kept: one of the two. */
export const SUBJECT: { scenario: z.ZodOptional<z.ZodString>; result: z.ZodOptional<z.ZodString> } = {
	scenario: scenarioText.optional().openapi({ description: "text of a scenario file (YAML or JSON)" }),
	result: resultId.optional().openapi({ description: "id of an answer that is kept, instead of a scenario" }),
};
export type SaidSubject = { readonly scenario?: string | undefined; readonly result?: string | undefined };

export function resultRoutes(app: App, { asker, results }: AppOptions): void {
	// What a plan gave is found under /v1/plans too.
	for (const at of ["results", "plans"] as const) {
		const read = createRoute({
			method: "get",
			path: `/v1/${at}/{id}`,
			summary: "an answer that is still kept",
			request: { params: byId, query: formatQuery },
			middleware: [needs("read")],
			responses: responsesOf(at === "plans" ? ["plan"] : [], "the answer, as it was given"),
		});
		app.openapi(read, (context) => {
			const { id } = context.req.valid("param");
			const found = kept(results, context.get("caller").tenant, id);
			return answerReply(context, found, context.req.valid("query").format);
		});
		const why = createRoute({
			method: "get",
			path: `/v1/${at}/{id}/why/{node}`,
			summary: "the tree under any number of an answer that is kept",
			request: {
				params: byId.extend({ node: z.string().min(1).max(500) }),
				query: z.strictObject({
					month: z
						.string()
						.regex(/^\d{1,3}$/)
						.optional()
						.openapi({ description: "month of a number that changes by month; 0 is the opening" }),
				}),
			},
			middleware: [needs("read")],
			responses: responsesOf(["why"], "the tree, down to benchmark rows and prices"),
		});
		app.openapi(why, async (context) => {
			const { id, node } = context.req.valid("param");
			const { month } = context.req.valid("query");
			const { whole } = kept(results, context.get("caller").tenant, id);
			const of = month === undefined ? {} : { month: Number(month) };
			return answerReply(context, await asker.ask({ kind: "why", saved: whole, node, ...of }));
		});
	}
	for (const { path, kind, members, summary } of ABOUT) {
		const schema = memberSchema(members, "body").extend(SUBJECT);
		const route = createRoute({
			method: "post",
			path,
			summary,
			request: { body: { required: true, content: { "application/json": { schema } } }, query: formatQuery },
			middleware: [needs("read")],
			responses: responsesOf([kind], summary),
		});
		app.openapi(route, async (context) => {
			const said = context.req.valid("json");
			const subject = subjectOf(results, context.get("caller").tenant, "scenario", said as SaidSubject);
			const answered = await asker.ask({ kind, subject, words: wordsFrom(members, said) });
			return tellAnswer(context, results, answered, context.req.valid("query").format);
		});
	}
	const side = z.strictObject(SUBJECT);
	const diff = createRoute({
		method: "post",
		path: "/v1/diff",
		summary: "why two scenarios or answers differ, in causes that sum exactly",
		request: {
			body: {
				required: true,
				content: {
					"application/json": { schema: memberSchema(DIFF_MEMBERS, "body").extend({ before: side, after: side }) },
				},
			},
			query: formatQuery,
		},
		middleware: [needs("read")],
		responses: responsesOf(["diff"], "from, to, and the causes between"),
	});
	app.openapi(diff, async (context) => {
		const said = context.req.valid("json");
		const { tenant } = context.get("caller");
		const asked = {
			before: subjectOf(results, tenant, "before", said["before"] as SaidSubject),
			after: subjectOf(results, tenant, "after", said["after"] as SaidSubject),
			words: wordsFrom(DIFF_MEMBERS, said),
		};
		const answered = await asker.ask({ kind: "diff", ...asked });
		return tellAnswer(context, results, answered, context.req.valid("query").format);
	});
}

interface About {
	readonly path: string;
	readonly kind: "sensitivity" | "check";
	readonly members: Members;
	readonly summary: string;
}

const ABOUT: readonly About[] = [
	{
		path: "/v1/sensitivity",
		kind: "sensitivity",
		members: SENSITIVITY_MEMBERS,
		summary: "what a number leans on: each input's reach and share of the spread, and what would flip the decision",
	},
	{
		path: "/v1/checks",
		kind: "check",
		members: CHECK_MEMBERS,
		summary: "policies held against a scenario or answer; `failed` counts those that are not kept",
	},
];

function kept(results: ResultShelf, tenant: string, id: string): KeptResult {
	const found = results.find(tenant, id);
	if (found === undefined)
		throw new RefusalError(404, "unknown-result", {
			en: "no result of that id is kept: ask again",
			zh: "没有保存该编号的结果：请重新提问",
		});
	return found;
}

export function subjectOf(
	results: ResultShelf,
	tenant: string,
	field: string,
	{ scenario, result }: SaidSubject,
): AskedSubject {
	if (scenario !== undefined && result === undefined) return { scenario };
	if (result !== undefined && scenario === undefined) return { saved: kept(results, tenant, result).whole };
	throw new RefusalError(
		400,
		"missing-field",
		{ en: "give a scenario, or the result of an earlier question", zh: "请给出场景，或先前问题的结果" },
		undefined,
		{
			field,
			expected: "scenario or result, one of the two",
		},
	);
}
