/** What tenants may spend, and how that stands. */
import type { Budget } from "@farthing/ledger";
import { BUDGET_PERIODS, formatAmount, THRESHOLDS, WHOLE_LEDGER } from "@farthing/ledger";
import { BudgetError, budgetJson, readBudget } from "@farthing/ledger/budgets";
import type { AuditLog } from "@farthing/ledger/audit";
import { createRoute, z } from "@hono/zod-openapi";
import { needs } from "../access/gate.ts";
import { type Caller, isAllowed } from "../access/keys.ts";
import { audited } from "../audited.ts";
import type { BudgetDesk } from "../budget-desk.ts";
import { RefusalError } from "../problem.ts";
import { told } from "./actuals-routes.ts";
import type { App } from "./app.ts";
import { REFUSALS, REFUSALS_OF_CHANGES, responsesOf } from "./descriptions.ts";
import { answerReply, FORMAT, jsonReply } from "./reply.ts";

const PATH = "/v1/budgets";
const name = z.string().regex(/^[\w.-]{1,64}$/);
const byTenant = z.strictObject({
	tenant: name.optional().meta({ description: "Whose; for admins, all unless given. local: the whole ledger." }),
});
/** An admin speaks for the ledger: a budget of one tenant is of the one that is named. */
const ofTenant = z.strictObject({
	tenant: name.default(WHOLE_LEDGER).meta({ description: "Whose; local, which is the whole ledger, unless given." }),
});
const body = z.strictObject({
	amount: z.strictObject({ value: z.string().max(40), currency: z.enum(["USD", "EUR", "GBP", "CNY", "JPY"]) }),
	period: z.enum(BUDGET_PERIODS).default("month"),
	scope: z
		.strictObject({ model: z.string().optional(), team: z.string().optional(), user: z.string().optional() })
		.default({}),
	thresholds: z
		.array(z.number())
		.min(1)
		.max(20)
		.default([...THRESHOLDS]),
});
const BUDGET = {
	type: "object" as const,
	required: ["id", "tenant", "amount", "period"],
	properties: {
		id: { type: "string" as const },
		tenant: { type: "string" as const, description: "local: the whole ledger" },
		amount: { type: "object" as const },
		period: { enum: [...BUDGET_PERIODS] },
		scope: { type: "object" as const },
		thresholds: { type: "array" as const, items: { type: "number" as const } },
	},
};
const listed = {
	description: "by tenant and name",
	content: {
		"application/json": {
			schema: {
				type: "object" as const,
				required: ["budgets"],
				properties: { budgets: { type: "array" as const, items: BUDGET } },
			},
		},
	},
};
const kept = { description: "as it is kept", content: { "application/json": { schema: BUDGET } } };

export function budgetRoutes(app: App, desk: BudgetDesk, log: AuditLog | undefined): void {
	const list = createRoute({
		method: "get",
		path: PATH,
		summary: "budgets, of the caller's tenant or for admins of all",
		request: { query: byTenant },
		middleware: [needs("read")],
		responses: { 200: listed, ...REFUSALS },
	});
	app.openapi(list, (context) => {
		const tenant = whose(context.get("caller"), context.req.valid("query").tenant);
		return jsonReply(context, { budgets: read(() => desk.list(tenant)).map(budgetJson) }, 200);
	});
	const status = createRoute({
		method: "get",
		path: `${PATH}/status`,
		summary: "what of each budget is spent, what its period will come to, and which thresholds were passed",
		request: {
			query: byTenant.extend({
				on: z.iso.date().optional().meta({ description: "At the end of that day; the last day served unless given." }),
				...FORMAT,
			}),
		},
		middleware: [needs("read")],
		responses: responsesOf(["budgets"], "the budgets by tenant and name"),
	});
	app.openapi(status, (context) => {
		const { tenant, on, format } = context.req.valid("query");
		const of = whose(context.get("caller"), tenant);
		return told(async () => answerReply(context, await desk.status(of, on), format));
	});
	const set = createRoute({
		method: "put",
		path: `${PATH}/{id}`,
		summary: "makes a budget, or another of the one of that name",
		request: {
			params: z.object({ id: name }),
			query: ofTenant,
			body: { required: true, content: { "application/json": { schema: body } } },
		},
		middleware: [needs("admin")],
		responses: { 200: kept, ...REFUSALS_OF_CHANGES },
	});
	app.openapi(set, async (context) => {
		const caller = context.get("caller");
		const { tenant } = context.req.valid("query");
		const budget = read(() => readBudget({ ...context.req.valid("json"), id: context.req.valid("param").id, tenant }));
		const change = { action: "budget.set", of: budget.id, detail: detailOf(budget) } as const;
		await audited(log, { ...caller, tenant }, change, () => desk.set(budget));
		return jsonReply(context, budgetJson(budget), 200);
	});
	const drop = createRoute({
		method: "delete",
		path: `${PATH}/{id}`,
		summary: "drops a budget",
		request: { params: z.object({ id: name }), query: ofTenant },
		middleware: [needs("admin")],
		responses: { 204: { description: "it is gone" }, ...REFUSALS_OF_CHANGES },
	});
	app.openapi(drop, async (context) => {
		const caller = context.get("caller");
		const { id } = context.req.valid("param");
		const { tenant } = context.req.valid("query");
		if (!read(() => desk.list(tenant)).some((each) => each.id === id)) {
			throw new RefusalError(404, "unknown-budget", {
				en: `${tenant === WHOLE_LEDGER ? "the whole ledger" : `the tenant ${tenant}`} has no budget of that name`,
				zh: `${tenant === WHOLE_LEDGER ? "整个账本" : `租户 ${tenant} `}没有该名称的预算`,
			});
		}
		await audited(log, { ...caller, tenant }, { action: "budget.dropped", of: id }, () => desk.drop({ id, tenant }));
		return context.body(null, 204);
	});
}

/** Undefined: all. Who is no admin sees the own tenant's. */
export function whose(caller: Caller, asked: string | undefined): string | undefined {
	if (caller.isSingleUser === true || isAllowed(caller, "admin")) return asked;
	if (asked === undefined || asked === caller.tenant) return caller.tenant;
	throw new RefusalError(403, "another-tenant", {
		en: "budgets of another tenant are for admins",
		zh: "其他租户的预算只供管理员使用",
	});
}

function detailOf({ amount, period, scope, thresholds }: Budget) {
	return { amount: `${formatAmount(amount)} ${amount.currency}`, period, ...scope, thresholds: thresholds.map(String) };
}

function read<T>(work: () => T): T {
	try {
		return work();
	} catch (error) {
		if (!(error instanceof BudgetError)) throw error;
		const { code, message, field, expected } = error;
		throw new RefusalError(code === "malformed-budget" ? 400 : 500, code, message, undefined, { field, expected });
	}
}
