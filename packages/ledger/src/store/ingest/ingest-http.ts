import type { IncomingMessage, ServerResponse } from "node:http";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { StoreError, type StoreErrorCode } from "../store-error.ts";
import { WIRE_KINDS, type Accepted, type Ingest, type WireKind } from "./ingest.ts";

/** Bytes of a body, packed and unpacked. */
const BODY_BYTES = 32 * 1_048_576;

/**
 * `POST /v1/ingest/{usage,capacity,prices,charges}`: JSON lines, gzip allowed, `Idempotency-Key` allowed. 200 after the
 * body is on the disk; 400 with the faulty lines; 409 for a key with another body; 429 with Retry-After where the store
 * cannot keep up; 507 where the disk is full. Gives false for other paths, so that a server can ask the next handler.
 */
export function ingestHandler(ingest: Ingest): (request: IncomingMessage, response: ServerResponse) => boolean {
	return (request, response) => {
		const kind = WIRE_KINDS.find((name) => request.url === `/v1/ingest/${name}`);
		if (kind === undefined) return false;
		answer(ingest, kind, request).then(
			({ status, body }) => send(response, status, body),
			(error: unknown) => sendError(response, error),
		);
		return true;
	};
}

async function answer(
	ingest: Ingest,
	kind: WireKind,
	request: IncomingMessage,
): Promise<{ status: number; body: object }> {
	if (request.method !== "POST") throw new HttpRefusal(405, "method-not-allowed", "send a POST");
	const key = request.headers["idempotency-key"];
	if (Array.isArray(key) || (key !== undefined && !/^[\x21-\x7e]{1,200}$/.test(key))) {
		throw new HttpRefusal(400, "bad-key", "an Idempotency-Key has 1 to 200 printable characters");
	}
	const accepted = await ingest.accept(kind, await unpacked(request), key);
	return accepted.outcome === "refused" ? { status: 400, body: problemOf(accepted) } : { status: 200, body: accepted };
}

async function unpacked(request: IncomingMessage): Promise<Buffer> {
	const encoding = request.headers["content-encoding"] ?? "identity";
	if (encoding !== "identity" && encoding !== "gzip") {
		throw new HttpRefusal(415, "unknown-encoding", "send the body plain or as gzip");
	}
	const body = await collected(request);
	if (encoding === "identity") return body;
	try {
		return await promisify(gunzip)(body, { maxOutputLength: BODY_BYTES });
	} catch (error) {
		if ((error as { code?: string }).code === "ERR_BUFFER_TOO_LARGE") throw tooLarge();
		throw new HttpRefusal(400, "broken-gzip", "the body is cut off or no gzip");
	}
}

function collected(request: IncomingMessage): Promise<Buffer> {
	return new Promise((resolve, reject) => {
		const pieces: Buffer[] = [];
		let size = 0;
		request.on("data", (piece: Buffer) => {
			size += piece.length;
			if (size <= BODY_BYTES) pieces.push(piece);
			else pieces.length = 0;
		});
		request.on("end", () => (size > BODY_BYTES ? reject(tooLarge()) : resolve(Buffer.concat(pieces))));
		request.on("error", reject);
		request.on("aborted", () => reject(new HttpRefusal(400, "cut-off", "the body is cut off")));
	});
}

class HttpRefusal extends Error {
	readonly status: number;
	readonly code: string;

	constructor(status: number, code: string, message: string) {
		super(message);
		this.status = status;
		this.code = code;
	}
}

function tooLarge(): HttpRefusal {
	return new HttpRefusal(413, "body-too-large", `a body has at most ${BODY_BYTES / 1_048_576} MiB`);
}

const STATUS: Readonly<Partial<Record<StoreErrorCode, number>>> = {
	"spool-full": 429,
	"disk-full": 507,
	"store-read-only": 507,
	"body-conflict": 409,
	"not-utf8": 400,
	closed: 503,
};

function sendError(response: ServerResponse, error: unknown): void {
	const isKnown = error instanceof HttpRefusal || error instanceof StoreError;
	const status =
		error instanceof HttpRefusal ? error.status : error instanceof StoreError ? (STATUS[error.code] ?? 503) : 500;
	const code = isKnown ? error.code : "internal";
	const hint = error instanceof StoreError && error.hint !== undefined ? { hint: error.hint } : {};
	const title = isKnown ? error.message : "the server failed";
	if (status === 429) response.setHeader("retry-after", "1");
	send(response, status, { type: "about:blank", status, code, title, ...hint }, "application/problem+json");
}

function problemOf({ issues, faulty }: Extract<Accepted, { outcome: "refused" }>): object {
	return {
		type: "about:blank",
		status: 400,
		code: "faulty-lines",
		title: `${faulty === 1 ? "a line is" : `${faulty} lines are`} at fault; nothing was stored`,
		faulty,
		issues,
	};
}

function send(response: ServerResponse, status: number, body: object, type?: string): void {
	if (response.headersSent || response.destroyed) return;
	response.writeHead(status, {
		"content-type": type ?? (status === 200 ? "application/json" : "application/problem+json"),
	});
	response.end(JSON.stringify(body));
}
