/** The socket side: requests that are slow to come are ended, and a part of them is refused while too many come. */
import { createServer, type Server } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { type LoadShed, loadShed } from "./load-shed.ts";
import { problemOf, RefusalError } from "./problem.ts";

export interface SocketLimits {
	/** For the whole of a request to arrive. */
	readonly requestWithinMs: number;
	readonly headersWithinMs: number;
	readonly checkEveryMs: number;
}

export const SOCKET_LIMITS: SocketLimits = { requestWithinMs: 30_000, headersWithinMs: 10_000, checkEveryMs: 1000 };

const TOO_MUCH = `${JSON.stringify(problemOf(new RefusalError(429, "busy", "more requests come than can be answered")))}\n`;
const REFUSAL_HEADERS = {
	"content-type": "application/problem+json; charset=utf-8",
	"content-length": String(Buffer.byteLength(TOO_MUCH)),
	"retry-after": "1",
};

export function httpServer(
	fetch: (request: Request) => Response | Promise<Response>,
	limits: SocketLimits = SOCKET_LIMITS,
	shed: LoadShed = loadShed(),
): Server {
	const answered = getRequestListener(fetch);
	return createServer(
		{
			requestTimeout: limits.requestWithinMs,
			headersTimeout: limits.headersWithinMs,
			connectionsCheckingInterval: limits.checkEveryMs,
		},
		(request, response) => {
			const answer = (): void => void answered(request, response);
			// Whether it lives is said also when it is busy, and a page with a file missing does not open at all.
			if (request.url?.startsWith("/v1/") !== true) return answer();
			shed.take(answer, () => {
				response.writeHead(429, REFUSAL_HEADERS).end(TOO_MUCH);
				// What was sent is let go of, so that the connection can be used again.
				request.resume();
			});
		},
	);
}
