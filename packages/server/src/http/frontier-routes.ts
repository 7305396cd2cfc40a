/** Measured cost against the speed a user sees. */
import { FRONTIER_MEMBERS } from "@farthing/answers";
import { createRoute } from "@hono/zod-openapi";
import { needs } from "../access/gate.ts";
import { memberSchema, wordsFrom } from "../questions/member-schema.ts";
import type { App, AppOptions } from "./app.ts";
import { responsesOf } from "./descriptions.ts";
import { answerReply } from "./reply.ts";

const query = memberSchema(FRONTIER_MEMBERS, "query");

export function frontierRoutes(app: App, { asker }: AppOptions): void {
	const summary = "measured cost against interactivity, per hardware, precision and serving stack";
	const route = createRoute({
		method: "get",
		path: "/v1/frontier",
		summary,
		request: { query },
		middleware: [needs("read")],
		responses: responsesOf("frontier", "rows sorted by cost"),
	});
	app.openapi(route, async (context) => {
		const words = wordsFrom(FRONTIER_MEMBERS, context.req.valid("query"));
		return answerReply(context, await asker.ask({ kind: "frontier", words }));
	});
}
