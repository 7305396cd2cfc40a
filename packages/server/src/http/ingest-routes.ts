/** Events into the ledger: usage records as JSON lines, OTLP, Prometheus remote write. 2xx only for what is on the disk. */
import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import type { AuditLog } from "@farthing/ledger/audit";
import type { OtlpSignal } from "@farthing/ledger/importers";
import { otlpResponse, samplesAhead } from "@farthing/ledger/importers";
import type { Accepted, StoreErrorCode, WireKind } from "@farthing/ledger/store";
import { StoreError } from "@farthing/ledger/store";
import type { Context } from "hono";
import type { ServerEnv } from "../access/gate.ts";
import { needs } from "../access/gate.ts";
import { isAllowed, type Scope } from "../access/keys.ts";
import { audited } from "../audited.ts";
import { OtlpFault, type Intake } from "../intake.ts";
import { RefusalError } from "../problem.ts";
import type { App } from "./app.ts";
import { encodingOf } from "./content-encoding.ts";
import { IDEMPOTENCY_KEY, REFUSALS, REFUSALS_OF_CHANGES } from "./descriptions.ts";

/** Bytes of a body, packed and unpacked. */
export const MAX_INGEST_BYTES: number = 32 * 1_048_576;

/** Bills, prices and who held which GPU hold for all tenants of a ledger: a tenant's own key may not write them. */
const KINDS: readonly (readonly [WireKind, Scope])[] = [
	["usage", "ingest"],
	["capacity", "admin"],
	["prices", "admin"],
	["charges", "admin"],
];
const SIGNALS: readonly OtlpSignal[] = ["traces", "metrics"];

export function ingestRoutes(app: App, intake: Intake, log?: AuditLog): void {
	for (const [kind, scope] of KINDS) {
		const path = `/v1/ingest/${kind}`;
		app.post(path, needs(scope), (context) => linesReply(context, intake, kind, log));
		described(
			app,
			path,
			`${kind}, one JSON record a line; plain or gzip`,
			["application/x-ndjson", "application/json", "text/plain"],
			200,
			ACCEPTED,
		);
	}
	for (const signal of SIGNALS) {
		const path = `/v1/ingest/otlp/v1/${signal}`;
		app.post(path, needs("ingest"), (context) => otlpReply(context, intake, signal));
		described(
			app,
			path,
			`${signal} of OpenTelemetry over HTTP`,
			["application/json", "application/x-protobuf"],
			200,
			{ content: ANSWER_OF_OTLP },
			REFUSED_OTLP,
		);
	}
	const path = "/v1/ingest/prometheus/write";
	app.post(path, needs("ingest"), (context) => remoteWriteReply(context, intake));
	described(app, path, "remote write 1.0 of Prometheus", ["application/x-protobuf"], 204, {});
}

async function linesReply(
	context: Context<ServerEnv>,
	intake: Intake,
	kind: WireKind,
	log: AuditLog | undefined,
): Promise<Response> {
	const key = context.req.header("idempotency-key");
	if (key !== undefined && !/^[\x21-\x7e]{1,200}$/.test(key)) {
		throw new RefusalError(400, "bad-key", {
			en: "an Idempotency-Key has 1 to 200 printable characters",
			zh: "Idempotency-Key 应为 1 至 200 个可打印字符",
		});
	}
	requireLines(context);
	const body = await unpacked(context);
	const of = { ...orgOf(context), ...(key === undefined ? {} : { key }) };
	const take = async () => {
		const accepted = await kept(() => intake.accept(kind, body, of));
		if (accepted.outcome === "refused") throw faultyLines(accepted);
		return accepted;
	};
	// Usage comes by itself; capacity, prices and bills are somebody's word, and change what everybody's usage has cost.
	if (kind === "usage") return context.json(await take());
	const sha256 = createHash("sha256").update(body).digest("hex");
	const change = { action: `ingest.${kind}`, of: `sha256:${sha256}` } as const;
	return context.json(await audited(log, context.get("caller"), change, take, ({ outcome }) => ({ outcome })));
}

async function otlpReply(context: Context<ServerEnv>, intake: Intake, signal: OtlpSignal): Promise<Response> {
	const type = (context.req.header("content-type") ?? "").toLowerCase();
	const asJson = type.startsWith("application/json");
	if (!asJson && !type.startsWith("application/x-protobuf")) {
		throw new RefusalError(415, "unknown-type", {
			en: "send application/json or application/x-protobuf",
			zh: "请以 application/json 或 application/x-protobuf 发送",
		});
	}
	const body = await unpacked(context);
	const received = await kept(() => intake.otlp(signal, body, type, orgOf(context).org)).catch((error: unknown) => {
		// Senders of OTLP try again after 429, 502, 503 and 504 alone, and drop what came otherwise.
		if (!(error instanceof RefusalError) || error.status !== 507) throw error;
		throw new RefusalError(503, error.code, error.text, 10, error.more);
	});
	const reply = otlpResponse(received, signal, asJson);
	return new Response(new Uint8Array(reply.body), { status: 200, headers: { "content-type": reply.type } });
}

async function remoteWriteReply(context: Context<ServerEnv>, intake: Intake): Promise<Response> {
	const type = (context.req.header("content-type") ?? "application/x-protobuf").toLowerCase();
	encodingOf(context.req.header("content-encoding"), ["snappy", "identity"], {
		en: "send the body as snappy",
		zh: "请发送 snappy 压缩的正文",
	});
	if (!type.startsWith("application/x-protobuf") || type.includes("io.prometheus.write.v2")) {
		throw new RefusalError(415, "unknown-type", { en: "send remote write 1.0", zh: "请以 remote write 1.0 发送" });
	}
	const body = new Uint8Array(await context.req.arrayBuffer());
	const withGpus = isAllowed(context.get("caller"), "admin");
	const { leftOut, ahead } = await kept(() => intake.remoteWrite(body, { ...orgOf(context), withGpus })).catch(
		(error: unknown) => {
			if (error instanceof RefusalError) throw error;
			// What the disk refuses is sent again; what is no message never will be one.
			const isDisk = typeof (error as NodeJS.ErrnoException).syscall === "string";
			if (isDisk) {
				const message = { en: "the disk is full or cannot be written to", zh: "磁盘已满或无法写入" };
				throw new RefusalError(507, "disk-full", message, 10);
			}
			throw new RefusalError(400, "malformed-request", `no remote write: ${(error as Error).message}`);
		},
	);
	if (leftOut === 0 && ahead !== undefined) {
		// As a Prometheus answers to samples that it cannot take: the others are, and the sender does not send again.
		throw new RefusalError(400, "samples-ahead", samplesAhead(ahead), undefined, {
			hint: "set the clock of the machine that the samples are from",
		});
	}
	if (leftOut === 0) return context.body(null, 204);
	// As the specification has it of samples that are not taken: the others are, and the sender does not send again.
	throw new RefusalError(
		403,
		"gpu-samples-refused",
		`${leftOut} series of GPUs were left out, all others were taken: which GPUs there are and who holds them is for an administrator to say`,
		undefined,
		{
			hint: 'send DCGM, kube-state-metrics and OpenCost with a key of scope "admin", or drop them by write_relabel_configs',
		},
	);
}

/**
 * Types under which JSON lines are sent: no type has become the one, curl says of each body that it is a form unless told
 * otherwise, and fetch that a string is plain text.
 */
const LINES: ReadonlySet<string> = new Set([
	"",
	"application/x-ndjson",
	"application/ndjson",
	"application/jsonl",
	"application/x-jsonl",
	"application/jsonlines",
	"application/x-jsonlines",
	"application/json-lines",
	"application/json",
	"application/octet-stream",
	"text/plain",
	"application/x-www-form-urlencoded",
]);

/** What says of itself that it is something else is not read as lines, also where it could be. */
function requireLines(context: Context<ServerEnv>): void {
	const [type = ""] = (context.req.header("content-type") ?? "").split(";");
	if (LINES.has(type.trim().toLowerCase())) return;
	throw new RefusalError(
		415,
		"unknown-type",
		{
			en: `${type.trim()} is not read here: send JSON lines`,
			zh: `此处不读取 ${type.trim()}：请发送 JSON 行`,
		},
		undefined,
		{
			expected: "application/x-ndjson",
			hint: { en: "bills, CSV and logs go to POST /v1/imports", zh: "账单、CSV 和日志请发送到 POST /v1/imports" },
		},
	);
}

/** A single user has no tenant: whose a record is stays as the record says. */
function orgOf(context: Context<ServerEnv>): { readonly org?: string } {
	const { tenant, isSingleUser } = context.get("caller");
	return isSingleUser === true ? {} : { org: tenant };
}

async function unpacked(context: Context<ServerEnv>): Promise<Uint8Array> {
	const encoding = encodingOf(context.req.header("content-encoding"), ["identity", "gzip"], {
		en: "send the body plain or as gzip",
		zh: "请发送未压缩或 gzip 压缩的正文",
	});
	const body = new Uint8Array(await context.req.arrayBuffer());
	if (encoding === "identity") return body;
	try {
		return await promisify(gunzip)(body, { maxOutputLength: MAX_INGEST_BYTES });
	} catch (error) {
		if ((error as { code?: string }).code === "ERR_BUFFER_TOO_LARGE") {
			throw new RefusalError(413, "too-large", {
				en: `the body unpacks to more than ${MAX_INGEST_BYTES} bytes`,
				zh: `正文解压后超过 ${MAX_INGEST_BYTES} 字节`,
			});
		}
		throw new RefusalError(400, "broken-gzip", { en: "the body is cut off or no gzip", zh: "正文不完整或不是 gzip" });
	}
}

const STATUS: Readonly<Partial<Record<StoreErrorCode, number>>> = {
	"spool-full": 429,
	"disk-full": 507,
	"store-read-only": 507,
	"body-conflict": 409,
	"not-utf8": 400,
};

/** What the store cannot take in now, in the words of the surface. */
async function kept<T>(work: () => Promise<T>): Promise<T> {
	try {
		return await work();
	} catch (error) {
		if (error instanceof OtlpFault) throw new RefusalError(400, "malformed-request", error.message);
		if (!(error instanceof StoreError)) throw error;
		const status = STATUS[error.code] ?? 503;
		const retryAfter = status === 429 || status === 503 ? 1 : undefined;
		throw new RefusalError(
			status,
			error.code,
			error.message,
			retryAfter,
			error.hint === undefined ? {} : { hint: error.hint },
		);
	}
}

function faultyLines({ issues, faulty }: Extract<Accepted, { outcome: "refused" }>): RefusalError {
	const [first] = issues;
	const message = {
		en: `${faulty === 1 ? "a line is" : `${faulty} lines are`} at fault; nothing was stored`,
		zh: `${faulty} 行有误；没有存储任何内容`,
	};
	return new RefusalError(400, "faulty-lines", message, undefined, {
		...(first === undefined ? {} : { line: first.line, expected: first.expected }),
		...(first === undefined || first.path === "" ? {} : { field: first.path }),
		faulty,
		issues,
	});
}

/** Bodies are read as bytes, not by the framework: the document says what they are. */
function described(
	app: App,
	path: string,
	summary: string,
	types: readonly string[],
	status: 200 | 204,
	answer: { readonly content?: object },
	refusals: Readonly<Record<string, object>> = REFUSED,
): void {
	const content = Object.fromEntries(
		types.map((type) => [
			type,
			{ schema: type === "application/x-protobuf" ? { type: "string" as const, format: "binary" } : {} },
		]),
	);
	app.openAPIRegistry.registerPath({
		method: "post",
		path,
		summary,
		request: { body: { content, required: true } },
		...(refusals === REFUSED && status === 200 ? { parameters: [IDEMPOTENCY_KEY] } : {}),
		responses: {
			[status]: { description: "on the disk; sending it again adds nothing", ...answer },
			...refusals,
		},
	});
}

const REFUSED = {
	...REFUSALS_OF_CHANGES,
	409: { ...REFUSALS[400], description: "the Idempotency-Key came before with another body" },
};

const ACCEPTED = {
	content: {
		"application/json": {
			schema: {
				type: "object" as const,
				required: ["outcome", "records"],
				properties: {
					outcome: { enum: ["stored", "repeated"], description: "repeated: the body came before" },
					records: { type: "integer" as const },
				},
			},
		},
	},
};

/** What was not taken of an export, and why; empty where all was. */
const ANSWER_OF_OTLP = {
	"application/json": {
		schema: { type: "object" as const, properties: { partialSuccess: { type: "object" as const } } },
	},
	"application/x-protobuf": { schema: { type: "string" as const, format: "binary" } },
};

const STATUS_OF_OTLP = {
	"application/json": { schema: { type: "object" as const, properties: { message: { type: "string" as const } } } },
	"application/x-protobuf": { schema: { type: "string" as const, format: "binary" } },
};

/** A `Status` in the encoding of the request; of other types the problem of every other path. */
const REFUSED_OTLP = Object.fromEntries(
	Object.entries(REFUSALS).map(([status, { description, content }]) => [
		status,
		{ description, content: { ...STATUS_OF_OTLP, ...content } },
	]),
);
