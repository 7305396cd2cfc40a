/**
 * The socket side: requests that are slow to come are ended, a part of them is refused while too many come, and what is no
 * request is told so in the words of every other refusal.
 */
import { createServer, STATUS_CODES, type Server, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { getRequestListener, RequestError } from "@hono/node-server";
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
	const answered = getRequestListener(fetch, { errorHandler: unreadable });
	const latest = new WeakMap<Duplex, ServerResponse>();
	const server = createServer(
		{
			requestTimeout: limits.requestWithinMs,
			headersTimeout: limits.headersWithinMs,
			connectionsCheckingInterval: limits.checkEveryMs,
		},
		(request, response) => {
			latest.set(request.socket, response);
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
	server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
		const response = latest.get(socket);
		const isUnderWay = response !== undefined && response.headersSent && !response.writableFinished;
		if (!socket.writable || isUnderWay) socket.destroy(error);
		else socket.end(refusalOf(error), () => socket.destroy(error));
	});
	return server;
}

/** What came as a request and names no URL: a Host or a path that is none. All else is told by who answers. */
function unreadable(error: unknown): Response {
	const isRequest = error instanceof RequestError;
	const problem = problemOf(
		isRequest ? new RefusalError(400, "malformed-request", "Host or path of the request is none") : error,
	);
	const headers = { "content-type": "application/problem+json; charset=utf-8" };
	return new Response(`${JSON.stringify(problem)}\n`, { status: problem.status, headers });
}

/** What the parser of Node.js could not take, as a whole response: no request, and so no listener, stands behind it. */
function refusalOf({ code = "" }: NodeJS.ErrnoException): string {
	const [status, name, message] = UNREADABLE[code] ?? NO_REQUEST;
	const body = `${JSON.stringify(problemOf(new RefusalError(status, name, message)))}\n`;
	return [
		`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}`,
		"content-type: application/problem+json; charset=utf-8",
		`content-length: ${Buffer.byteLength(body)}`,
		"connection: close",
		"",
		body,
	].join("\r\n");
}

type Unreadable = readonly [status: number, code: string, message: string];
const NO_REQUEST: Unreadable = [400, "malformed-request", "this is no HTTP request"];
const UNREADABLE: Readonly<Record<string, Unreadable>> = {
	HPE_INVALID_EOF_STATE: [400, "cut-off", "the request ends before its body is whole: nothing was stored"],
	ERR_HTTP_REQUEST_TIMEOUT: [408, "too-slow", "the request did not come in time"],
	HPE_HEADER_OVERFLOW: [431, "too-large", "the headers are too large"],
	HPE_CHUNK_EXTENSIONS_OVERFLOW: [413, "too-large", "the extensions of a chunk are too large"],
};
