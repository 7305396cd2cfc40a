/** Answers as HTTP: JSON with a strong ETag, nothing sent again that the caller has, tables as CSV where asked. */
import type { Context } from "hono";
import type { Answered } from "../asker.ts";
import type { ServerEnv } from "../access/gate.ts";

export function answerReply(context: Context<ServerEnv>, { shown, etag }: Pick<Answered, "shown" | "etag">): Response {
	const headers = { "content-type": "application/json; charset=utf-8", etag, "cache-control": "private, no-cache" };
	if (isKnown(context, etag)) return context.body(null, 304, { etag });
	return context.body(shown, 200, headers);
}

export function csvReply(context: Context<ServerEnv>, csv: string, name: string): Response {
	return context.body(csv, 200, {
		"content-type": "text/csv; charset=utf-8",
		"content-disposition": `attachment; filename="${name}.csv"`,
	});
}

/** The caller has it already. */
export function isKnown(context: Context<ServerEnv>, etag: string): boolean {
	const header = context.req.header("if-none-match");
	if (header === undefined) return false;
	return header.split(",").some((each) => ["*", etag, `W/${etag}`].includes(each.trim()));
}
