/** The facts. */
import { createRoute, z } from "@hono/zod-openapi";
import { needs } from "../access/gate.ts";
import { memberSchema, wordsFrom } from "../questions/member-schema.ts";
import type { App, AppOptions } from "./app.ts";
import { responsesOf } from "./descriptions.ts";
import { answerReply, FORMAT, type Format, withFormat } from "./reply.ts";

const word = z.string().min(1).max(200);
const dated = memberSchema({}, "query").extend(FORMAT);

export function catalogRoutes(app: App, { asker }: AppOptions): void {
	const middleware = [needs("read")];
	const summary = createRoute({
		method: "get",
		path: "/v1/catalog",
		summary: "version, date and counts of the facts",
		request: { query: dated },
		middleware,
		responses: responsesOf([], "version, date and counts"),
	});
	app.openapi(summary, async (context) => {
		const { format, ...said } = withFormat(context.req.valid("query"));
		return answerReply(context, await asker.ask({ kind: "catalog", words: wordsFrom({}, said) }), format);
	});
	const list = createRoute({
		method: "get",
		path: "/v1/catalog/{collection}",
		summary: "the entries of a collection: hardware, models, prices, benchmarks, claims …",
		request: { params: z.object({ collection: word }), query: dated.extend({ filter: word.optional() }) },
		middleware,
		responses: responsesOf([], "entries, each in a line"),
	});
	app.openapi(list, async (context) => {
		const { filter, format, ...said } = context.req.valid("query") as {
			readonly filter?: string;
			readonly format: Format;
		};
		const { collection } = context.req.valid("param");
		return answerReply(
			context,
			await asker.ask({ kind: "catalog-list", words: wordsFrom({}, said), collection, filter }),
			format,
		);
	});
	const show = createRoute({
		method: "get",
		path: "/v1/catalog/{collection}/{id}",
		summary: "one entry with its figures, sources and ages",
		request: { params: z.object({ collection: word, id: word }), query: dated },
		middleware,
		responses: responsesOf([], "the entry"),
	});
	app.openapi(show, async (context) => {
		const { format, ...said } = withFormat(context.req.valid("query"));
		const { id, collection } = context.req.valid("param");
		const words = wordsFrom({}, said);
		return answerReply(context, await asker.ask({ kind: "catalog-show", words, id, collection }), format);
	});
}
