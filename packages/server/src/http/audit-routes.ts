/** Who changed what, for admins. */
import { envelope } from "@farthing/answers";
import { catalogueInUse } from "@farthing/catalogue/in-use";
import { AUDIT_ACTIONS, askAudit, type AuditLog } from "@farthing/ledger/audit";
import { auditCsv } from "@farthing/report";
import { createRoute, z } from "@hono/zod-openapi";
import { needs } from "../access/gate.ts";
import { contextOf } from "../questions/context.ts";
import type { App } from "./app.ts";
import { answerOf, REFUSALS } from "./descriptions.ts";
import { csvReply, FORMAT, jsonReply } from "./reply.ts";

const instant = z.union([z.iso.date(), z.iso.datetime()]).optional();
const query = z.strictObject({
	tenant: z
		.string()
		.regex(/^[\w.-]{1,64}$/)
		.optional()
		.meta({ description: "Whose log; all unless given." }),
	from: instant.meta({ description: "What happened at it or later: a day or an instant, UTC." }),
	to: instant.meta({ description: "What happened before it." }),
	action: z.enum(AUDIT_ACTIONS).optional(),
	limit: z.coerce.number().int().min(1).max(10_000).default(100).meta({ description: "The newest of them." }),
	...FORMAT,
});

export function auditRoutes(app: App, log: AuditLog): void {
	const { store } = catalogueInUse();
	const route = createRoute({
		method: "get",
		path: "/v1/audit",
		summary: "who changed what, newest first, and whether the log is whole",
		request: { query },
		middleware: [needs("admin")],
		responses: {
			...REFUSALS,
			200: answerOf(["audit"], "the entries, and of each tenant's log its length, last hash and first fault"),
		},
	});
	app.openapi(route, async (context) => {
		const { tenant, from, to, action, limit, format } = context.req.valid("query");
		const asked = {
			limit,
			...(tenant === undefined ? {} : { tenant }),
			...(from === undefined ? {} : { from }),
			...(to === undefined ? {} : { to }),
			...(action === undefined ? {} : { actions: [action] }),
		};
		const result = await askAudit(log.folder, asked);
		if (format === "csv") return csvReply(context, auditCsv(result.entries), "audit");
		context.header("cache-control", "no-store");
		return jsonReply(context, envelope(contextOf(store, {}).asking("audit", asked), result, []), 200);
	});
}
