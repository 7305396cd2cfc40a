/** Measured cost against the speed a user sees. */
import { createRoute, z } from "@hono/zod-openapi";
import { needs } from "../access/gate.ts";
import { common, names, tokensPerRequest } from "../questions/question.ts";
import type { App, AppOptions } from "./app.ts";
import { responsesOf } from "./descriptions.ts";
import { answerReply } from "./reply.ts";

const query = z.strictObject({
	model: z.string().min(1).max(200),
	isl: tokensPerRequest,
	osl: tokensPerRequest,
	at: z.coerce.number().positive().optional().openapi({ description: "Interactivity, tok/s/user." }),
	hardware: names,
	precision: names,
	stack: names,
	speculative: names,
	disaggregated: z.enum(["on", "off"]).optional(),
	ttft: z
		.union([z.literal("any"), z.coerce.number().positive()])
		.optional()
		.openapi({ description: "Limit on median TTFT in seconds, 5 unless given; any: no limit." }),
	card: z.string().max(100).optional(),
	tier: z.string().max(100).optional(),
	...common,
});

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
		const { disaggregated, ...words } = context.req.valid("query");
		const asked = { ...words, ...(disaggregated === undefined ? {} : { disaggregated: disaggregated === "on" }) };
		return answerReply(context, await asker.ask({ kind: "frontier", words: asked }));
	});
}
