/** Who may pass: single user on loopback, callers with a key elsewhere; rate limits for all. */
import type { IncomingMessage } from "node:http";
import type { Context, MiddlewareHandler } from "hono";
import { RefusalError } from "../problem.ts";
import type { Caller, Scope, StoredKey } from "./keys.ts";
import { callerOf, isAllowed } from "./keys.ts";
import { rateLimit } from "./rate-limit.ts";
import type { SignOn } from "./sign-on/sign-on.ts";

/**
 * How callers are known. `single-user` is for loopback; `keys` demands one, or a session or token of an identity
 * provider where there is one: that is asked when a request brings no key. `keys` is read at each request: a getter may
 * give those of a file that changes.
 */
export type Access =
	| { readonly kind: "single-user" }
	| { readonly kind: "keys"; readonly keys: readonly StoredKey[]; readonly signOn?: SignOn };

export interface Limits {
	/** Requests a second and caller in the long run, and at once. */
	readonly perSecond: number;
	readonly burst: number;
}

export type ServerEnv = {
	/** What came over a socket; nothing where the surface is asked without one. */
	Bindings: { readonly incoming?: Pick<IncomingMessage, "complete" | "destroyed"> };
	Variables: { caller: Caller };
};

const SINGLE_USER: Caller = { key: "local", tenant: "local", scopes: ["admin"], isSingleUser: true };

export function gate(access: Access, limits: Limits, clock: () => number): MiddlewareHandler<ServerEnv> {
	const limit = rateLimit(limits.perSecond, limits.burst);
	return async (context, next) => {
		const caller = await identified(access, context);
		const wait = limit.waitFor(caller.key, clock());
		if (wait > 0)
			throw new RefusalError(
				429,
				"rate-limit",
				{ en: "too many requests from this caller", zh: "来自此调用方的请求过多" },
				wait,
			);
		context.set("caller", caller);
		await next();
	};
}

/** For one route: what its caller must be allowed to do. */
export function needs(scope: Scope): MiddlewareHandler<ServerEnv> {
	return async (context, next) => {
		if (!isAllowed(context.get("caller"), scope)) {
			const { name } = context.get("caller");
			throw new RefusalError(
				403,
				"not-allowed",
				name === undefined
					? { en: `this key has no scope "${scope}"`, zh: `此密钥没有范围“${scope}”` }
					: {
							en: `none of your roles in this tenant has the scope "${scope}"`,
							zh: `您在此租户的角色都没有范围“${scope}”`,
						},
			);
		}
		await next();
	};
}

async function identified(access: Access, context: Context<ServerEnv>): Promise<Caller> {
	if (access.kind === "single-user") return SINGLE_USER;
	const caller =
		callerOf(access.keys, context.req.header("authorization")) ?? (await access.signOn?.callerOf(context.req.raw));
	if (caller !== undefined) return caller;
	const key = { en: "send an API key: Authorization: Bearer fk_…", zh: "发送 API 密钥：Authorization: Bearer fk_…" };
	throw access.signOn === undefined
		? new RefusalError(401, "no-key", key)
		: new RefusalError(401, "no-key", {
				en: `sign in at /auth/sign-in, or ${key.en}`,
				zh: `请在 /auth/sign-in 登录，或${key.zh}`,
			});
}
