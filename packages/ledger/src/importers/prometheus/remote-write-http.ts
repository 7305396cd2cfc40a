/** `POST /api/v1/write`: 204 once the request is on the disk, 400 for what is none, 500 where it shall be sent again. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { samplesAhead } from "./left-out-words.ts";
import type { RemoteWriteReceiver } from "./remote-write-receiver.ts";
import type { LeftOut } from "./waiting-series.ts";

const LARGEST_BODY = 32 * 1024 * 1024;

/** Gives false for other paths. */
export function remoteWriteHandler(
	receiver: RemoteWriteReceiver,
): (request: IncomingMessage, response: ServerResponse) => boolean {
	return (request, response) => {
		if ((request.url ?? "").split("?", 1)[0] !== "/api/v1/write") return false;
		answer(receiver, request, response).catch(() => response.destroy());
		return true;
	};
}

async function answer(
	receiver: RemoteWriteReceiver,
	request: IncomingMessage,
	response: ServerResponse,
): Promise<void> {
	if (request.method !== "POST") return end(response, 405, "send a POST");
	const type = request.headers["content-type"] ?? "application/x-protobuf";
	const isFirst = type.startsWith("application/x-protobuf") && !type.includes("io.prometheus.write.v2");
	if (!isFirst) return end(response, 415, "send remote write 1.0");
	const pieces: Buffer[] = [];
	let size = 0;
	for await (const piece of request as AsyncIterable<Buffer>) {
		size += piece.length;
		if (size <= LARGEST_BODY) pieces.push(piece);
	}
	if (size > LARGEST_BODY) return end(response, 413, `a body has at most ${LARGEST_BODY / 1024 / 1024} MiB`);
	let ahead: LeftOut | undefined;
	try {
		({ ahead } = await receiver.receive(Buffer.concat(pieces)));
	} catch (error) {
		// What the disk refuses is sent again; what is no message never will be one.
		const isDisk = typeof (error as NodeJS.ErrnoException).syscall === "string";
		return end(response, isDisk ? 500 : 400, (error as Error).message);
	}
	if (ahead === undefined) response.writeHead(204).end();
	else end(response, 400, samplesAhead(ahead));
	// Windows that are complete are handed on behind the answer; what fails is tried again with the next request.
	receiver.flush().catch(() => undefined);
}

function end(response: ServerResponse, status: number, words: string): void {
	response.writeHead(status, { "content-type": "text/plain" });
	response.end(`${words}\n`);
}
