/** What a window really cost, from the ledger behind the server: the whole of it for an admin, a tenant's own part for its keys. */
import { createHash } from "node:crypto";
import { serialize } from "node:v8";
import { actualsCsv } from "@farthing/report";
import type { ActualsResult, BesideLedger, ReadActuals, RequestCost } from "@farthing/ledger";
import {
	ActualsError,
	priceRequests,
	readActuals,
	requestCsvHeading,
	requestCsvLines,
	requestsOf,
} from "@farthing/ledger";
import { StoreError } from "@farthing/ledger/store";
import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import type { ServerEnv } from "../access/gate.ts";
import { needs } from "../access/gate.ts";
import { isAllowed } from "../access/keys.ts";
import type { Answered, Asker } from "../asker.ts";
import type { ResultShelf } from "../results.ts";
import type { Intake } from "../intake.ts";
import { RefusalError } from "../problem.ts";
import { actualsRefusal } from "../questions/actuals-answer.ts";
import type { App } from "./app.ts";
import { responsesOf } from "./descriptions.ts";
import { csvReply, isKnown, tellAnswer } from "./reply.ts";

/** Exchange rates, benchmarks, and a model of the engine, that the server was started with. */
export type BesideOfServer = Pick<BesideLedger, "rates" | "calibrations" | "modelledRuns">;

const list = z
	.string()
	.max(1000)
	.transform((text) => text.split(",").map((each) => each.trim()))
	.optional();
const word = z.string().min(1).max(100).optional();
const query = z.strictObject({
	window: z
		.string()
		.min(1)
		.max(100)
		.default("30d")
		.meta({ description: "30d or 36h up to the end of the last day served, 2026-10, a day, or FROM..TO; UTC." }),
	by: list.meta({ description: "Some of model, deployment, org, team, user, key, request; model unless given." }),
	basis: z.enum(["reserved", "busy", "marginal"]).optional(),
	cost: z.enum(["effective", "billed"]).optional(),
	currency: z.enum(["USD", "EUR", "GBP", "CNY", "JPY"]).optional(),
	pue: word.meta({ description: "Facility energy over IT energy." }),
	region: word.meta({ description: "Grid, to count carbon: a country or a cloud region." }),
	plan: list.meta({
		description: "Ids of plans asked before, one a model: tells plan from actual. For keys with the scope admin.",
	}),
	top: word.meta({ description: "By request: how many of the dearest, 100 unless given." }),
	format: z.enum(["json", "csv"]).default("json"),
	as_of: z.iso.date().optional().meta({ description: "Ages of facts are counted at this date." }),
	seed: z
		.string()
		.regex(/^\d{1,10}$/)
		.optional()
		.meta({ description: "Seed of the forecast's draws." }),
});

export interface ActualsHosts {
	readonly asker: Asker;
	readonly results: ResultShelf;
	readonly intake: Intake;
	readonly beside: BesideOfServer;
	/** Flags of `farthing actuals` that name the ledger and the files of `beside`, by their paths on this machine. */
	readonly besideFlags?: readonly string[];
}

/** Told to who sees the whole: what the command needs beside the question to give the same numbers, as a JSON list. */
const BESIDE_HEADER = "farthing-beside";

export function actualsRoutes(app: App, { asker, results, intake, beside, besideFlags }: ActualsHosts): void {
	const summary = "what a window cost and whose it was; by request as CSV it streams every request";
	const route = createRoute({
		method: "get",
		path: "/v1/actuals",
		summary,
		request: { query },
		middleware: [needs("read")],
		responses: responsesOf(
			["actuals", "tenantActuals"],
			"of a key without the scope admin tenantActuals, its own part alone",
		),
	});
	app.openapi(route, async (context) => {
		const { format, as_of: asOf, seed, region, plan, ...words } = context.req.valid("query");
		const caller = context.get("caller");
		const org = caller.isSingleUser === true || isAllowed(caller, "admin") ? undefined : caller.tenant;
		const plans = plansOf(results, caller.tenant, plan, org);
		return told(async () => {
			const read = await readActuals(intake.reads, words, { ...beside, seed: 1 });
			if (read.isByRequest && format === "csv") return requestTable(requestsOf(intake.reads, read, org), read);
			const priced = read.isByRequest ? await priceRequests(intake.reads, read, { org }) : undefined;
			const facts = serialize({ read, priced }).toString("base64");
			const answered = await asker.ask({ kind: "actuals", words: { asOf, seed }, facts, org, region, plans });
			if (org === undefined && besideFlags !== undefined)
				context.header(BESIDE_HEADER, encodeURIComponent(JSON.stringify(besideFlags)));
			return format === "csv" ? tableReply(context, answered) : tellAnswer(context, results, answered, "json");
		});
	});
}

/** As they were answered, of the caller's tenant. */
function plansOf(
	results: ResultShelf,
	tenant: string,
	ids: readonly string[] | undefined,
	org: string | undefined,
): readonly string[] | undefined {
	if (ids === undefined) return undefined;
	if (org !== undefined) {
		throw new RefusalError(
			403,
			"not-allowed",
			"a plan is of the whole: a key needs the scope admin to compare with it",
		);
	}
	return ids.map((id) => {
		const found = results.find(tenant, id);
		if (found !== undefined) return found.shown;
		throw new RefusalError(
			404,
			"unknown-result",
			{ en: "no plan of that id is kept: ask for it again", zh: "没有保存该编号的计划：请重新提问" },
			undefined,
			{
				field: "plan",
				expected: "ids of plans of POST /v1/plans",
			},
		);
	});
}

function tableReply(context: Context<ServerEnv>, { id, shown, etag }: Answered): Response {
	const { result } = JSON.parse(shown) as { readonly result: ActualsResult };
	const ofTable = `"${createHash("sha256").update(`csv ${etag}`).digest("hex").slice(0, 32)}"`;
	if (isKnown(context, ofTable)) return context.body(null, 304, { etag: ofTable });
	const reply = csvReply(context, actualsCsv(result), id);
	reply.headers.set("etag", ofTable);
	return reply;
}

/** Every request as it is read: the first are there before anything is said, so that a refusal is one. */
async function requestTable(parts: AsyncGenerator<readonly RequestCost[]>, read: ReadActuals): Promise<Response> {
	const first = await parts.next();
	const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
	const body = new ReadableStream<Uint8Array>({
		start(controller) {
			controller.enqueue(bytes(requestCsvHeading(read.question.currency)));
			if (first.done !== true) controller.enqueue(bytes(requestCsvLines(first.value)));
		},
		async pull(controller) {
			const next = await parts.next();
			if (next.done === true) controller.close();
			else controller.enqueue(bytes(requestCsvLines(next.value)));
		},
		async cancel() {
			await parts.return(undefined);
		},
	});
	return new Response(body, {
		headers: {
			"content-type": "text/csv; charset=utf-8",
			"content-disposition": 'attachment; filename="requests.csv"',
		},
	});
}

/** What the ledger cannot answer, in the words of the surface. */
export async function told(work: () => Promise<Response>): Promise<Response> {
	try {
		return await work();
	} catch (error) {
		if (error instanceof ActualsError) throw actualsRefusal(error);
		if (!(error instanceof StoreError)) throw error;
		const detail = error.hint === undefined ? {} : { hint: error.hint };
		if (error.code === "beyond-retention") throw new RefusalError(422, error.code, error.message, undefined, detail);
		throw new RefusalError(503, error.code, error.message, 1, detail);
	}
}
