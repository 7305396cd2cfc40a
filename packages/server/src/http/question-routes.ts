/** Questions that are answered at once: each member as the command line has it, each answer as JSON or a table. */
import type { Members } from "@farthing/answers";
import {
	COMPARE_MEMBERS,
	FRONTIER_MEMBERS,
	PLAN_MEMBERS,
	PREDICT_MEMBERS,
	PRICE_MEMBERS,
	TRAIN_MEMBERS,
} from "@farthing/answers";
import { createRoute } from "@hono/zod-openapi";
import { needs } from "../access/gate.ts";
import { memberSchema, wordsFrom } from "../questions/member-schema.ts";
import type { WordKind } from "../questions/question.ts";
import type { App, AppOptions } from "./app.ts";
import { responsesOf } from "./descriptions.ts";
import { FORMAT, formatQuery, tellAnswer, withFormat } from "./reply.ts";

interface Asked {
	readonly path: string;
	readonly kind: WordKind;
	readonly members: Members;
	/** Names of its results in the published schema, where it has some. */
	readonly results: readonly string[];
	readonly summary: string;
}

const POSTED: readonly Asked[] = [
	{
		path: "/v1/plans",
		kind: "plan",
		members: PLAN_MEMBERS,
		results: ["plan"],
		summary: "a scenario to ranked fleets, with the bridge from headline to delivered cost",
	},
	{
		path: "/v1/compare",
		kind: "compare",
		members: COMPARE_MEMBERS,
		results: ["compare"],
		summary: "hardware, precision, stack, API and ways to pay side by side",
	},
	{
		path: "/v1/price",
		kind: "price",
		members: PRICE_MEMBERS,
		results: ["price"],
		summary: "a GPU-hour and a throughput to a cost per million tokens; or a GPU-hour built up openly",
	},
	{
		path: "/v1/training",
		kind: "train",
		members: TRAIN_MEMBERS,
		results: [],
		summary: "a training run: compute, GPU-hours, cost, energy and carbon",
	},
	{
		path: "/v1/predict",
		kind: "predict",
		members: PREDICT_MEMBERS,
		results: ["predict", "suspiciousRows"],
		summary: "latency, throughput and cost of a configuration that nobody measured, with 80% intervals",
	},
];

export function questionRoutes(app: App, options: AppOptions): void {
	for (const { path, kind, members, results, summary } of POSTED) {
		const schema = memberSchema(members, "body");
		const route = createRoute({
			method: "post",
			path,
			summary,
			request: { body: { required: true, content: { "application/json": { schema } } }, query: formatQuery },
			middleware: [needs("read")],
			responses: responsesOf(results, summary),
		});
		app.openapi(route, async (context) => {
			const words = wordsFrom(members, context.req.valid("json"));
			const answered = await options.asker.ask({ kind, words });
			const at = kind === "plan" ? "plans" : "results";
			return tellAnswer(context, options.results, answered, context.req.valid("query").format, at);
		});
	}
	const summary = "measured cost against interactivity, per hardware, precision and serving stack";
	const frontier = createRoute({
		method: "get",
		path: "/v1/frontier",
		summary,
		request: { query: memberSchema(FRONTIER_MEMBERS, "query").extend(FORMAT) },
		middleware: [needs("read")],
		responses: responsesOf(["frontier", "mlperf"], "rows sorted by cost"),
	});
	app.openapi(frontier, async (context) => {
		const { format, ...said } = withFormat(context.req.valid("query"));
		const answered = await options.asker.ask({ kind: "frontier", words: wordsFrom(FRONTIER_MEMBERS, said) });
		return tellAnswer(context, options.results, answered, format);
	});
}
