/**
 * A page of another site can make a browser ask a server on loopback. Requests whose Host is no name of this server, or
 * whose Origin is another site, are refused (DNS rebinding, cross-site requests).
 */
import type { MiddlewareHandler } from "hono";
import { RefusalError } from "../problem.ts";
import type { ServerEnv } from "./gate.ts";

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/i;

/**
 * `isLoopback`: listening on loopback alone, where no other name can be meant than `name`, by which a proxy on the same
 * machine passes on what it is asked.
 */
export function hostCheck(isLoopback: boolean, name?: string): MiddlewareHandler<ServerEnv> {
	return async (context, next) => {
		const host = context.req.header("host") ?? "";
		// HTTP/1.0 needs none; one that is no host would be a fault of ours wherever the URL of the request is read.
		if (host !== "" && !URL.canParse(`http://${host}`))
			throw new RefusalError(400, "malformed-request", { en: "Host is no name of a host", zh: "Host 不是主机名" });
		if (isLoopback && !LOOPBACK.test(host) && host.toLowerCase() !== name)
			throw new RefusalError(421, "wrong-host", {
				en: "this server is for loopback alone",
				zh: "此服务器只供本机使用",
			});
		const origin = context.req.header("origin");
		if (origin !== undefined && originHost(origin) !== host.toLowerCase()) {
			throw new RefusalError(403, "cross-site", {
				en: "requests from pages of other sites are refused",
				zh: "拒绝来自其他网站页面的请求",
			});
		}
		await next();
	};
}

function originHost(origin: string): string | undefined {
	try {
		return new URL(origin).host;
	} catch {
		return undefined;
	}
}
