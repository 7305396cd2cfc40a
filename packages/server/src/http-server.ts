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

const TURN_MS = 50;
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
	const server = createServer(
		{
			requestTimeout: limits.requestWithinMs,
			headersTimeout: limits.headersWithinMs,
			connectionsCheckingInterval: limits.checkEveryMs,
		},
		(request, response) => {
			// Whether it lives is said also when it is busy, and a page with a file missing does not open at all.
			if (request.url?.startsWith("/v1/") === true && shed.refuses(request.socket)) {
				response.writeHead(429, REFUSAL_HEADERS).end(TOO_MUCH);
				// What was sent is let go of, so that the connection can be used again.
				request.resume();
				return;
			}
			void answered(request, response);
		},
	);
	let last = performance.now();
	let used = process.cpuUsage();
	const turns = setInterval(() => {
		const now = performance.now();
		const { user, system } = process.cpuUsage(used);
		// What others had of the machine is not its own: a turn of a second with 60 ms of work is 10 ms late.
		shed.turn(Math.min(now - last, (user + system) / 1000) - TURN_MS);
		used = process.cpuUsage();
		last = now;
	}, TURN_MS);
	turns.unref();
	server.on("close", () => clearInterval(turns));
	return server;
}
