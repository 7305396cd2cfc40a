/**
 * `POST /v1/traces` and `/v1/metrics` of OTLP over HTTP, JSON and protobuf, plain or gzip. 200 after the records are on
 * the disk, with what was rejected as partial success; 400 for what is no message; 429 or 503 where a sender shall try
 * again, as the specification has it. Gives false for other paths.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import type { OtlpSignal } from "./otlp-protobuf.ts";
import type { OtlpReceiver, Received } from "./otlp-receiver.ts";

/** Takes JSON lines of usage records and resolves once they are safe; rejects where it cannot take them now. */
export type UsageIntake = (lines: Uint8Array) => Promise<unknown>;

const LARGEST_BODY = 32 * 1024 * 1024;
const PATHS: Readonly<Record<string, OtlpSignal>> = { "/v1/traces": "traces", "/v1/metrics": "metrics" };

export function otlpHandler(
	receiver: OtlpReceiver,
	intake: UsageIntake,
): (request: IncomingMessage, response: ServerResponse) => boolean {
	return (request, response) => {
		const signal = PATHS[(request.url ?? "").split("?", 1)[0] ?? ""];
		if (signal === undefined) return false;
		answer(receiver, intake, signal, request, response).catch(() => response.destroy());
		return true;
	};
}

/** What an export is answered with once its records are safe: empty, or what was rejected as partial success. */
export function otlpResponse(
	{ rejected, reasons }: Received,
	signal: OtlpSignal,
	asJson: boolean,
): { readonly type: string; readonly body: Buffer } {
	const message = reasons.join("; ").slice(0, 1000);
	if (asJson) {
		const name = signal === "traces" ? "rejectedSpans" : "rejectedDataPoints";
		const partial = rejected === 0 ? {} : { partialSuccess: { [name]: String(rejected), errorMessage: message } };
		return { type: "application/json", body: Buffer.from(JSON.stringify(partial)) };
	}
	const body = rejected === 0 ? Buffer.alloc(0) : partialSuccess(rejected, Buffer.from(message));
	return { type: "application/x-protobuf", body };
}

/** What a refused export is answered with: a `Status` in the encoding of the request, with the message alone. */
export function otlpStatus(message: string, asJson: boolean): { readonly type: string; readonly body: Buffer } {
	if (asJson) return { type: "application/json", body: Buffer.from(JSON.stringify({ message })) };
	const text = Buffer.from(message);
	return { type: "application/x-protobuf", body: Buffer.concat([Buffer.from([18]), varint(text.length), text]) };
}

async function answer(
	receiver: OtlpReceiver,
	intake: UsageIntake,
	signal: OtlpSignal,
	request: IncomingMessage,
	response: ServerResponse,
): Promise<void> {
	const type = request.headers["content-type"] ?? "";
	const asJson = !type.startsWith("application/x-protobuf");
	const isKnown = !asJson || type.startsWith("application/json");
	if (request.method !== "POST") return refuse(response, 405, "send a POST");
	if (!isKnown) return refuse(response, 415, "send application/json or application/x-protobuf");
	const body = await bodyOf(request);
	if (body === undefined) return refuse(response, 413, `a body has at most ${LARGEST_BODY / 1024 / 1024} MiB`, asJson);
	let received: Received;
	try {
		received = receiver.receive(body, type, signal);
	} catch (error) {
		return refuse(response, 400, `no OTLP message: ${(error as Error).message}`, asJson);
	}
	try {
		if (received.records > 0) await intake(Buffer.from(received.lines));
	} catch (error) {
		received.takeBack();
		response.setHeader("retry-after", "1");
		return refuse(response, 503, `cannot store now: ${(error as Error).message}`, asJson);
	}
	const accepted = otlpResponse(received, signal, asJson);
	response.writeHead(200, { "content-type": accepted.type });
	response.end(accepted.body);
}

/** Undefined where it is too large, packed or unpacked. */
async function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
	const pieces: Buffer[] = [];
	let size = 0;
	for await (const piece of request as AsyncIterable<Buffer>) {
		size += piece.length;
		if (size <= LARGEST_BODY) pieces.push(piece);
	}
	if (size > LARGEST_BODY) return undefined;
	const body = Buffer.concat(pieces);
	if (request.headers["content-encoding"] !== "gzip") return body;
	try {
		return await promisify(gunzip)(body, { maxOutputLength: LARGEST_BODY });
	} catch (error) {
		return (error as { code?: string }).code === "ERR_BUFFER_TOO_LARGE" ? undefined : Buffer.from("{");
	}
}

/** `partial_success {rejected = 1, error_message = 2}` as field 1 of the response, in wire bytes. */
function partialSuccess(rejected: number, message: Buffer): Buffer {
	const inner = Buffer.concat([Buffer.from([8]), varint(rejected), Buffer.from([18]), varint(message.length), message]);
	return Buffer.concat([Buffer.from([10]), varint(inner.length), inner]);
}

function varint(n: number): Buffer {
	const bytes: number[] = [];
	let rest = n;
	while (rest >= 128) {
		bytes.push((rest % 128) + 128);
		rest = Math.floor(rest / 128);
	}
	return Buffer.from([...bytes, rest]);
}

function refuse(response: ServerResponse, status: number, message: string, asJson = true): void {
	const { type, body } = otlpStatus(message, asJson);
	response.writeHead(status, { "content-type": type });
	response.end(body);
}
