/** What keeps trying to sign in within bounds, and on record. */
import type { HttpBindings } from "@hono/node-server";
import type { AuditLog } from "@farthing/ledger/audit";
import type { Context, MiddlewareHandler } from "hono";
import type { ServerEnv } from "../access/gate.ts";
import { rateLimit } from "../access/rate-limit.ts";
import { UnknownRoleError } from "../access/sign-on/sign-on.ts";
import { refusing } from "../audited.ts";
import { RefusalError } from "../problem.ts";

/** A sign-in is five requests; the many people of one proxy come in one address. */
const TRIES_PER_SECOND = 20;
const TRIES_AT_ONCE = 200;
const REFUSALS_PER_SECOND = 0.2;
const REFUSALS_AT_ONCE = 100;

/**
 * In the log of the server as a whole: whoever was refused is in no tenant. Some a minute, and how many came between, so
 * that nobody fills the disk by trying.
 */
export function refusalNotes(
	log: AuditLog | undefined,
	clock: () => number,
): (error: unknown, address: string) => Promise<void> {
	const limit = rateLimit(REFUSALS_PER_SECOND, REFUSALS_AT_ONCE);
	let untold = 0;
	return async (error, address) => {
		// A provider that is down has refused nobody.
		if (log === undefined || !(error instanceof RefusalError) || error.status >= 500) return;
		if (limit.waitFor("all", clock()) > 0) {
			untold++;
			return;
		}
		const who =
			error instanceof UnknownRoleError
				? ({ kind: "person", id: `person:${error.subject}`, name: error.person } as const)
				: ({ kind: "person", id: "unknown" } as const);
		const detail = { reason: error.code, address, ...(untold === 0 ? {} : { untold }) };
		untold = 0;
		await refusing(() => log.note({ tenant: "local", who, action: "sign-in.refused", detail }));
	};
}

/** Each try asks the provider: nobody makes this server ask without end. Whoever comes through one proxy is one. */
export function limitedByAddress(clock: () => number): MiddlewareHandler<ServerEnv> {
	const limit = rateLimit(TRIES_PER_SECOND, TRIES_AT_ONCE);
	return async (context, next) => {
		const wait = limit.waitFor(addressOf(context), clock());
		if (wait > 0)
			throw new RefusalError(
				429,
				"rate-limit",
				{ en: "too many requests to sign in from this address", zh: "来自此地址的登录请求过多" },
				wait,
			);
		await next();
	};
}

/** Of a request that came by no socket there is none. */
export function addressOf(context: Context<ServerEnv>): string {
	const { incoming } = (context.env ?? {}) as Partial<HttpBindings>;
	return incoming?.socket.remoteAddress ?? "unknown";
}
