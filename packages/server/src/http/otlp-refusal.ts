/** Refused exports of OpenTelemetry: a `Status` in the encoding of the request, as OTLP over HTTP has it of every 4xx and 5xx. */
import { otlpStatus } from "@farthing/ledger/importers";
import type { HonoRequest } from "hono";
import type { Problem } from "../problem.ts";

/** The reply as it is where it is for no export, or for one of a type that none has. */
export function asOtlpStatus(request: HonoRequest, { code, detail, hint }: Problem, reply: Response): Response {
	const type = (request.header("content-type") ?? "").toLowerCase();
	const isKnown = /^application\/(json|x-protobuf)/.test(type);
	if (!isKnown || !request.path.startsWith("/v1/ingest/otlp/")) return reply;
	const message = `${code}: ${detail}${hint === undefined ? "" : `; ${hint}`}`;
	const status = otlpStatus(message, type.startsWith("application/json"));
	const headers = new Headers(reply.headers);
	headers.set("content-type", status.type);
	return new Response(new Uint8Array(status.body), { status: reply.status, headers });
}
