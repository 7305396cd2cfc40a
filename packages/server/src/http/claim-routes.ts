/** Headlines of the field, and claims of one's own. */
import { CLAIM_MEMBERS } from "@farthing/answers";
import { createRoute, z } from "@hono/zod-openapi";
import { needs } from "../access/gate.ts";
import { memberSchema, membersNamed, required, wordsFrom } from "../questions/member-schema.ts";
import type { App, AppOptions } from "./app.ts";
import { responsesOf } from "./descriptions.ts";
import { FORMAT, formatQuery, tellAnswer, withFormat } from "./reply.ts";

const dated = memberSchema({}, "query").extend(FORMAT);
const { id: _, ...OWN_MEMBERS } = CLAIM_MEMBERS;
const ownClaim = memberSchema(
	{
		...OWN_MEMBERS,
		...required(membersNamed(OWN_MEMBERS, ["usdPerMtok", "hardware", "model"])),
	},
	"body",
);

export function claimRoutes(app: App, { asker, results }: AppOptions): void {
	const middleware = [needs("read")];
	const list = createRoute({
		method: "get",
		path: "/v1/claims",
		summary: "all headlines with their verdicts",
		request: { query: dated },
		middleware,
		responses: responsesOf(["claimList"], "headlines, each with figures and verdict"),
	});
	app.openapi(list, async (context) => {
		const { format, ...said } = withFormat(context.req.valid("query"));
		return tellAnswer(context, results, await asker.ask({ kind: "claim", words: wordsFrom({}, said) }), format);
	});
	const one = createRoute({
		method: "get",
		path: "/v1/claims/{id}",
		summary: "what a headline implies, what reproduces it, what breaks it",
		request: { params: z.object({ id: z.string().min(1).max(200) }), query: dated },
		middleware,
		responses: responsesOf(["claim"], "the claim taken apart"),
	});
	app.openapi(one, async (context) => {
		const { format, ...said } = withFormat(context.req.valid("query"));
		const words = { ...wordsFrom({}, said), id: context.req.valid("param").id };
		return tellAnswer(context, results, await asker.ask({ kind: "claim", words }), format);
	});
	const own = createRoute({
		method: "post",
		path: "/v1/claims",
		summary: "test a claim of your own",
		request: {
			body: { required: true, content: { "application/json": { schema: ownClaim } } },
			query: formatQuery,
		},
		middleware,
		responses: responsesOf(["ownClaim"], "the throughput that the price needs, and the measured rows nearest to it"),
	});
	app.openapi(own, async (context) => {
		const words = wordsFrom(OWN_MEMBERS, context.req.valid("json"));
		const { format } = context.req.valid("query");
		return tellAnswer(context, results, await asker.ask({ kind: "claim", words }), format);
	});
}
