/** Answers as HTTP: JSON with a strong ETag, nothing sent again that the caller has, tables as CSV where asked. */
import type { Envelope } from "@farthing/answers";
import { resultCsv } from "@farthing/report";
import { z } from "@hono/zod-openapi";
import type { Context, TypedResponse } from "hono";
import type { ServerEnv } from "../access/gate.ts";
import type { Answered } from "../asker.ts";
import type { ResultShelf } from "../results.ts";

export type Format = "json" | "csv";

/** The member of a query that asks for a table. */
export const FORMAT: { readonly format: z.ZodDefault<z.ZodEnum<{ json: "json"; csv: "csv" }>> } = {
	format: z.enum(["json", "csv"]).default("json").openapi({ description: "csv: the table of the answer" }),
};

export const formatQuery: z.ZodObject<typeof FORMAT> = z.strictObject(FORMAT);

/** Of a path that takes no parameters: one that is given is a mistake, and told as one. */
export const NO_QUERY: z.ZodObject = z.strictObject({});

/** Something that is no answer of the engine: a job, a list of files. */
export function jsonReply<Status extends 200 | 201 | 202>(
	context: Context<ServerEnv>,
	body: object,
	status: Status,
	headers: Record<string, string> = {},
): Response & TypedResponse<never, Status, "json"> {
	return context.json(body as never, status, headers) as Response & TypedResponse<never, Status, "json">;
}

/** A query of members and the format asked for. */
export function withFormat(query: object): Readonly<Record<string, unknown>> & { readonly format: Format } {
	return query as Readonly<Record<string, unknown>> & { readonly format: Format };
}

/** An answer that is kept for `GET /v1/results/{id}`, or `/v1/plans/{id}`, where it has a graph to be explained from. */
export function tellAnswer(
	context: Context<ServerEnv>,
	results: ResultShelf,
	answered: Answered,
	format: Format,
	at: "results" | "plans" = "results",
): Response {
	const { id, whole } = answered;
	if (whole !== "") {
		results.keep(context.get("caller").tenant, answered);
		context.header("location", `/v1/${at}/${id}`);
	}
	return answerReply(context, answered, format);
}

export function answerReply(
	context: Context<ServerEnv>,
	{ id, shown, etag }: Pick<Answered, "id" | "shown" | "etag">,
	format: Format = "json",
): Response {
	const tag = format === "csv" ? etag.replace(/"$/, '-csv"') : etag;
	const headers = { etag: tag, "cache-control": "private, no-cache" };
	if (isKnown(context, tag)) return context.body(null, 304, headers);
	if (format === "json")
		return context.body(shown, 200, { "content-type": "application/json; charset=utf-8", ...headers });
	return csvReply(context, resultCsv(JSON.parse(shown) as Envelope<unknown>), id, headers);
}

export function csvReply(
	context: Context<ServerEnv>,
	csv: string,
	name: string,
	headers: Readonly<Record<string, string>> = {},
): Response {
	return context.body(csv, 200, {
		"content-type": "text/csv; charset=utf-8",
		"content-disposition": `attachment; filename="${name}.csv"`,
		...headers,
	});
}

/** The caller has it already, also where a proxy that packs has made its tag a weak one (RFC 9110, 13.1.2). */
export function isKnown(context: Context<ServerEnv>, etag: string): boolean {
	const header = context.req.header("if-none-match");
	if (header === undefined) return false;
	return header.split(",").some((each) => ["*", etag, `W/${etag}`].includes(each.trim()));
}
