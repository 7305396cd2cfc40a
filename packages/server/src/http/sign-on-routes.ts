/** Signing in and out with an identity provider. The pages are shown to who has signed in. */
import type { AuditLog } from "@farthing/ledger/audit";
import type { Context, MiddlewareHandler } from "hono";
import { secureHeaders } from "hono/secure-headers";
import type { ServerEnv } from "../access/gate.ts";
import { ownPath, type SignOn } from "../access/sign-on/sign-on.ts";
import { CALLBACK } from "../access/sign-on/provider.ts";
import { noted } from "../audited.ts";
import { RefusalError } from "../problem.ts";
import type { App } from "./app.ts";
import { addressOf, limitedByAddress, refusalNotes } from "./sign-on-guard.ts";
import { accountPage, languageOf, START, START_CODE, START_SCRIPT, startPage } from "./sign-on-pages.ts";

export function signOnRoutes(app: App, signOn: SignOn, log: AuditLog | undefined, clock: () => number): void {
	const noteRefusal = refusalNotes(log, clock);
	app.use("/auth/*", noStore);
	app.use("/auth/*", limitedByAddress(clock));
	app.get("/", signedIn(signOn));
	app.get("/index.html", signedIn(signOn));
	app.get(START, (context) => context.html(startPage(spoken(context), new URL(context.req.url).search)));
	app.get(START_SCRIPT, (context) =>
		context.body(START_CODE, 200, { "content-type": "text/javascript; charset=utf-8" }),
	);
	app.get("/auth/sign-in", async (context) => {
		const { url, cookie } = await signOn.begin(context.req.query("back") ?? "/");
		context.header("set-cookie", cookie);
		return context.redirect(url.href, 302);
	});
	app.get(CALLBACK, async (context) => {
		const { back, cookies, who } = await signOn.finish(context.req.raw).catch(async (error: unknown) => {
			await noteRefusal(error, addressOf(context));
			throw error;
		});
		for (const caller of who) await noted(log, caller, { action: "sign-in", detail: { scopes: caller.scopes } });
		for (const cookie of cookies) context.header("set-cookie", cookie, { append: true });
		return context.redirect(back, 302);
	});
	app.get("/auth/session", (context) => {
		const session = signOn.sessionOf(context.req.raw);
		if (session === undefined)
			throw new RefusalError(401, "no-session", {
				en: "nobody has signed in: /auth/sign-in",
				zh: "尚未登录：/auth/sign-in",
			});
		const tenants = [...session.grants].map(([tenant, scopes]) => ({ tenant, scopes }));
		return context.json({ name: session.name, tenants });
	});
	app.get("/auth/account", (context) => {
		const back = ownPath(context.req.query("back") ?? "/");
		return context.html(accountPage(spoken(context), signOn.sessionOf(context.req.raw), back));
	});
	app.post("/auth/sign-out", async (context) => {
		signOn.requireOwnPage(context.req.raw);
		const { next, cookies, who } = await signOn.end(context.req.raw);
		for (const caller of who) await noted(log, caller, { action: "sign-out" });
		for (const cookie of cookies) context.header("set-cookie", cookie, { append: true });
		return context.redirect(next?.href ?? "/auth/account", 303);
	});
}

function spoken({ req }: Context<ServerEnv>) {
	return languageOf(req.query("lang"), req.header("accept-language"));
}

function signedIn(signOn: SignOn): MiddlewareHandler<ServerEnv> {
	return async (context, next) => {
		if (signOn.sessionOf(context.req.raw) !== undefined) return next();
		return context.redirect(`${START}${new URL(context.req.url).search}`, 302);
	};
}

const noStore: MiddlewareHandler<ServerEnv> = async (context, next) => {
	await next();
	context.header("cache-control", "no-store");
};

/** A form says where it comes from only under a policy that lets it; where signing out leads on to is the provider's. */
export const signOnHeaders: MiddlewareHandler<ServerEnv> = secureHeaders({
	referrerPolicy: "same-origin",
	contentSecurityPolicy: {
		defaultSrc: ["'none'"],
		scriptSrc: ["'self'"],
		baseUri: ["'none'"],
		frameAncestors: ["'none'"],
	},
});
