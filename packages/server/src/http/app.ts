/** The HTTP surface: every path, what it takes and what it answers. Computation is asked of worker threads. */
import { OpenAPIHono } from "@hono/zod-openapi";
import { FarthingError, type Language } from "@farthing/answers";
import type { AuditLog } from "@farthing/ledger/audit";
import type { Context, MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { HTTPException } from "hono/http-exception";
import { secureHeaders } from "hono/secure-headers";
import { timeout } from "hono/timeout";
import type { Access, Limits, ServerEnv } from "../access/gate.ts";
import { gate } from "../access/gate.ts";
import { isAllowed } from "../access/keys.ts";
import { hostCheck } from "../access/host-check.ts";
import type { Asker } from "../asker.ts";
import type { BudgetDesk } from "../budget-desk.ts";
import type { Intake } from "../intake.ts";
import type { LoadShed } from "../load-shed.ts";
import type { PackDesk } from "../pack-desk.ts";
import { problemOf, RefusalError } from "../problem.ts";
import { acceptedLanguage } from "./language.ts";
import type { ScrapeTally } from "../scrape/schedule.ts";
import { malformed } from "../questions/question.ts";
import type { JobBoard } from "../jobs.ts";
import type { FileShelf } from "../report-shelf.ts";
import type { ResultShelf } from "../results.ts";
import { actualsRoutes, type BesideOfServer } from "./actuals-routes.ts";
import { auditRoutes } from "./audit-routes.ts";
import { budgetRoutes, whose } from "./budget-routes.ts";
import { BACKUP_PATH, type BackupFolder, backupRoutes } from "./backup-routes.ts";
import { catalogRoutes } from "./catalog-routes.ts";
import { claimRoutes } from "./claim-routes.ts";
import { encodingOf } from "./content-encoding.ts";
import { IMPORT_PATH, importRoutes } from "./import-routes.ts";
import { ingestRoutes, MAX_INGEST_BYTES } from "./ingest-routes.ts";
import { counters, METRICS_TYPE, metricsText, seenBy, type Counters } from "./metrics.ts";
import { asOtlpStatus } from "./otlp-refusal.ts";
import { openapiRoutes } from "./openapi-document.ts";
import { packRoutes } from "./pack-routes.ts";
import { questionRoutes } from "./question-routes.ts";
import { reportRoutes } from "./report-routes.ts";
import { resultRoutes } from "./result-routes.ts";
import { simulationRoutes } from "./simulation-routes.ts";
import { signOnHeaders, signOnRoutes } from "./sign-on-routes.ts";
import { isPagePath, pageHeaders, siteRoutes } from "./site-routes.ts";

export interface AppOptions {
	readonly asker: Asker;
	readonly results: ResultShelf;
	readonly reports: FileShelf;
	readonly jobs: JobBoard;
	readonly access: Access;
	readonly limits: Limits;
	/** Listening on loopback alone. */
	readonly isLoopback: boolean;
	/** Milliseconds since any start that does not move. */
	readonly clock: () => number;
	readonly maxBodyBytes: number;
	readonly answerWithinMs: number;
	readonly catalogue: string;
	/** The ledger that takes events in; without one there are no paths for them. */
	readonly intake?: Intake;
	/** Where copies of that ledger go. */
	readonly backups?: BackupFolder;
	/** What was refused while more came than could be answered. */
	readonly shed?: Pick<LoadShed, "refused">;
	/** What became of scheduled scrapes. */
	readonly scrapes?: readonly ScrapeTally[];
	/** What actuals take beside the ledger. */
	readonly beside?: BesideOfServer;
	/** The same, and the ledger, as flags of the command line. */
	readonly besideFlags?: readonly string[];
	readonly budgets?: BudgetDesk;
	readonly packs?: PackDesk;
	/** What is changed by callers is written down there. */
	readonly audit?: AuditLog;
	/** Folder of the pages; without one there are only questions. */
	readonly site?: string;
}

export type App = OpenAPIHono<ServerEnv>;

/** What takes as long as it takes. */
const LONG: ReadonlySet<string> = new Set([IMPORT_PATH, BACKUP_PATH]);

export function createApp(options: AppOptions): App {
	const app: App = new OpenAPIHono<ServerEnv>({
		defaultHook: (result) => {
			if (!result.success) throw malformed(result.error);
		},
	});
	const seen = counters();
	const headers: MiddlewareHandler<ServerEnv> = secureHeaders({
		contentSecurityPolicy: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
	});
	app.use((context, next) => {
		const { path } = context.req;
		return (isPagePath(path) ? pageHeaders : path.startsWith("/auth/") ? signOnHeaders : headers)(context, next);
	});
	app.use(counted(seen, options.clock));
	const signOn = options.access.kind === "keys" ? options.access.signOn : undefined;
	app.use(hostCheck(options.isLoopback, signOn?.host));
	app.get("/healthz", (context) =>
		context.json({
			status: "ok",
			catalogue: options.catalogue,
			ledger: options.intake !== undefined,
			...(signOn === undefined ? {} : { sign_on: true }),
		}),
	);
	app.use("/v1/*", gate(options.access, options.limits, options.clock));
	app.use("/metrics", gate(options.access, options.limits, options.clock));
	const questions = limited(options.maxBodyBytes);
	const events = limited(MAX_INGEST_BYTES);
	const inTime = timeout(options.answerWithinMs, new HTTPException(503));
	app.use("/v1/*", (context, next) => {
		const { path } = context.req;
		// An import counts its body as it comes, and takes as long as it takes.
		if (path === IMPORT_PATH) return next();
		if (path.startsWith("/v1/ingest/")) return events(context, next);
		encodingOf(context.req.header("content-encoding"), ["identity"], {
			en: "send the body plain: only events and files are taken packed",
			zh: "请发送未压缩的正文：只有事件和文件可以压缩发送",
		});
		return questions(context, next);
	});
	app.use("/v1/*", (context, next) => (LONG.has(context.req.path) ? next() : inTime(context, next)));
	app.get("/metrics", async (context) => {
		const caller = context.get("caller");
		const tenant = whose(caller, undefined);
		// How the server does is no tenant's. What is spent is for who may read, and targets of others have no names.
		const budgets = isAllowed(caller, "read") ? await options.budgets?.latest(tenant, options.clock()) : undefined;
		const scrapes = options.scrapes === undefined ? undefined : seenBy(tenant, options.scrapes);
		const { intake, shed, backups } = options;
		const beside = { budgets, scrapes, intake, shed, backups };
		return context.body(metricsText(seen, options.asker.depth, beside), 200, { "content-type": METRICS_TYPE });
	});
	questionRoutes(app, options);
	resultRoutes(app, options);
	simulationRoutes(app, options);
	reportRoutes(app, options);
	claimRoutes(app, options);
	catalogRoutes(app, options);
	if (options.intake !== undefined) {
		ingestRoutes(app, options.intake, options.audit);
		importRoutes(app, options.intake, options.audit);
		if (options.backups !== undefined) backupRoutes(app, options.intake, options.backups, options.audit);
		actualsRoutes(app, { ...options, intake: options.intake, beside: options.beside ?? {} });
	}
	if (options.budgets !== undefined) budgetRoutes(app, options.budgets, options.audit);
	if (options.packs !== undefined) packRoutes(app, options.packs);
	if (options.audit !== undefined) auditRoutes(app, options.audit);
	openapiRoutes(app, options.access.kind);
	if (signOn !== undefined) signOnRoutes(app, signOn, options.audit, options.clock);
	if (options.site !== undefined) siteRoutes(app, options.site);
	app.notFound((context) => {
		const allowed = methodsAt(app, context.req.path);
		if (allowed.length > 0) {
			const methods = allowed.join(", ");
			const refusal = new RefusalError(405, "method-not-allowed", {
				en: `${context.req.method} is not for this path: ${methods}`,
				zh: `${context.req.method} 不适用于此路径：${methods}`,
			});
			return problemReply(refusal, acceptedLanguage(context.req.header("accept-language")), { allow: methods });
		}
		throw new RefusalError(404, "no-such-path", {
			en: "there is nothing at this path: see /v1/openapi.json",
			zh: "此路径下没有内容：见 /v1/openapi.json",
		});
	});
	app.onError((error, context) => {
		const told = isCutOff(error, context) ? CUT_OFF : error instanceof HTTPException ? refusedByHono(error) : error;
		const language = acceptedLanguage(context.req.header("accept-language"));
		return asOtlpStatus(context.req, problemOf(told, language), problemReply(told, language));
	});
	return app;
}

function problemReply(told: unknown, language: Language, headers: Record<string, string> = {}): Response {
	const problem = problemOf(told, language);
	const retry = told instanceof RefusalError && told.retryAfter !== undefined ? told.retryAfter : undefined;
	return new Response(`${JSON.stringify(problem)}\n`, {
		status: problem.status,
		headers: {
			"content-type": "application/problem+json; charset=utf-8",
			"content-language": language,
			vary: "accept-language",
			...(retry === undefined ? {} : { "retry-after": String(retry) }),
			...(problem.status === 401 ? { "www-authenticate": "Bearer" } : {}),
			...headers,
		},
	});
}

/** Methods that a path has, where it is one of ours. */
function methodsAt(app: App, path: string): string[] {
	const fits = (route: string): boolean => {
		const parts = route.split("/");
		const given = path.split("/");
		return (
			!route.includes("*") &&
			parts.length === given.length &&
			parts.every((part, i) => (part.startsWith(":") ? given[i] !== "" : part === given[i]))
		);
	};
	const methods = app.routes.filter((route) => route.method !== "ALL" && fits(route.path)).map(({ method }) => method);
	// What is read can be asked for its headers alone.
	return [...new Set(methods.includes("GET") ? [...methods, "HEAD"] : methods)].sort();
}

/**
 * Whoever hung up, or was too slow, before the body was whole: what reading it threw is no fault of the server, and counts
 * as none where alerts look. Nobody hears the answer.
 */
function isCutOff(error: Error, { env }: Pick<Context<ServerEnv>, "env">): boolean {
	if (error instanceof RefusalError || error instanceof FarthingError) return false;
	// Without a socket there is no environment at all.
	const incoming = (env as ServerEnv["Bindings"] | undefined)?.incoming;
	return incoming !== undefined && incoming.destroyed && !incoming.complete;
}

const CUT_OFF = new RefusalError(400, "cut-off", {
	en: "the connection ended before the body was whole: nothing was stored",
	zh: "连接在正文完整之前结束：没有存储任何内容",
});

/** What the framework refuses by itself: an answer that takes too long, and a body that is not JSON. */
function refusedByHono({ status }: HTTPException): RefusalError {
	if (status === 503) return new RefusalError(503, "too-slow", { en: "no answer in time", zh: "未能按时得出答案" }, 5);
	if (status === 415)
		return new RefusalError(415, "unknown-type", {
			en: "send the body as application/json",
			zh: "请以 application/json 发送正文",
		});
	return new RefusalError(status, "malformed-request", { en: "the body is not JSON", zh: "正文不是 JSON" });
}

function limited(bytes: number): MiddlewareHandler<ServerEnv> {
	return bodyLimit({ maxSize: bytes, onError: () => refuseLength(bytes) });
}

function refuseLength(limit: number): never {
	throw new RefusalError(413, "too-large", {
		en: `the body is larger than ${limit} bytes`,
		zh: `正文大于 ${limit} 字节`,
	});
}

function counted(seen: Counters, clock: () => number): MiddlewareHandler<ServerEnv> {
	return async (context, next) => {
		const start = clock();
		await next();
		seen.count(context.req.routePath, context.res.status, (clock() - start) / 1000);
	};
}
