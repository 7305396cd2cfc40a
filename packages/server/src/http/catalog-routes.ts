/** The facts. */
import { createRoute, z } from "@hono/zod-openapi";
import { needs } from "../access/gate.ts";
import { memberSchema, wordsFrom } from "../questions/member-schema.ts";
import type { App, AppOptions } from "./app.ts";
import { responsesOf } from "./descriptions.ts";
import { answerReply } from "./reply.ts";

const word = z.string().min(1).max(200);
const dated = memberSchema({}, "query");

export function catalogRoutes(app: App, { asker }: AppOptions): void {
	const middleware = [needs("read")];
	const summary = createRoute({
		method: "get",
		path: "/v1/catalog",
		summary: "version, date and counts of the facts",
		request: { query: dated },
		middleware,
		responses: responsesOf(undefined, "version, date and counts"),
	});
	app.openapi(summary, async (context) =>
		answerReply(context, await asker.ask({ kind: "catalog", words: wordsFrom({}, context.req.valid("query")) })),
	);
	const list = createRoute({
		method: "get",
		path: "/v1/catalog/{collection}",
		summary: "the entries of a collection: hardware, models, prices, benchmarks, claims …",
		request: { params: z.object({ collection: word }), query: dated.extend({ filter: word.optional() }) },
		middleware,
		responses: responsesOf(undefined, "entries, each in a line"),
	});
	app.openapi(list, async (context) => {
		const { filter, ...said } = context.req.valid("query") as { readonly filter?: string };
		const { collection } = context.req.valid("param");
		return answerReply(
			context,
			await asker.ask({ kind: "catalog-list", words: wordsFrom({}, said), collection, filter }),
		);
	});
	const show = createRoute({
		method: "get",
		path: "/v1/catalog/{collection}/{id}",
		summary: "one entry with its figures, sources and ages",
		request: { params: z.object({ collection: word, id: word }), query: dated },
		middleware,
		responses: responsesOf(undefined, "the entry"),
	});
	app.openapi(show, async (context) => {
		const words = wordsFrom({}, context.req.valid("query"));
		const { id } = context.req.valid("param");
		return answerReply(context, await asker.ask({ kind: "catalog-show", words, id }));
	});
}
