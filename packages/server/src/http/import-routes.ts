/** Files into the ledger: a body goes to the disk as it comes, and then through the importer that knows its format. */
import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable, Transform } from "node:stream";
import type { ReadableStream as NodeStream } from "node:stream/web";
import { pipeline } from "node:stream/promises";
import { envelope, IMPORT_MEMBERS, importOptionsOf, type ImportWords, wordsOf } from "@farthing/answers";
import type { CatalogueStore } from "@farthing/catalogue/node";
import { catalogueInUse } from "@farthing/catalogue/in-use";
import type { AuditLog } from "@farthing/ledger/audit";
import { ImportError } from "@farthing/ledger/importers";
import { StoreError } from "@farthing/ledger/store";
import { createRoute } from "@hono/zod-openapi";
import type { Context } from "hono";
import { needs, type ServerEnv } from "../access/gate.ts";
import { audited } from "../audited.ts";
import type { ImportedFileResult, Intake } from "../intake.ts";
import { RefusalError } from "../problem.ts";
import { contextOf } from "../questions/context.ts";
import { memberSchema, memberWords, wordsFrom } from "../questions/member-schema.ts";
import { workQueue } from "../work-queue.ts";
import type { App } from "./app.ts";
import { encodingOf } from "./content-encoding.ts";
import { answerOf, IDEMPOTENCY_KEY, REFUSALS, REFUSALS_OF_CHANGES } from "./descriptions.ts";
import { jsonReply } from "./reply.ts";

export const IMPORT_PATH = "/v1/imports";
export const MAX_IMPORT_BYTES: number = 256 * 1_048_576;
/** Imports that wait behind the one that is under way. */
const WAITING = 4;
/** Keys that are remembered, over all tenants; a body that comes again later is known by its content. */
const KEYS = 10_000;

export function importRoutes(
	app: App,
	intake: Intake,
	log?: AuditLog,
	store: CatalogueStore = catalogueInUse().store,
): void {
	const queue = workQueue(1, WAITING);
	const remembered = new Map<string, { readonly asked: string; readonly answer: Promise<Answer> }>();
	const route = createRoute({
		method: "post",
		path: IMPORT_PATH,
		summary: "bench results, traces, bills, logs and metrics into the ledger; the format is found by itself",
		parameters: [IDEMPOTENCY_KEY],
		request: {
			query: memberSchema(IMPORT_MEMBERS, "query"),
			body: {
				required: true,
				content: { "application/octet-stream": { schema: { type: "string" as const, format: "binary" } } },
			},
		},
		// Bills and prices hold for all tenants of a ledger: a tenant's own key may not write them.
		middleware: [needs("admin")],
		responses: {
			...REFUSALS_OF_CHANGES,
			200: answerOf(["import"], "what was read and left out, and what was stored"),
			422: {
				...REFUSALS[422],
				description: "a part could not be read and was set aside: `result` says what, and what was stored",
			},
			409: { ...REFUSALS[400], description: "the Idempotency-Key came before with another body or other parameters" },
		},
	});
	app.openapi(route, (context) =>
		inTemporaryFile(context.req.raw, async (path, body) => {
			const words = wordsFrom(IMPORT_MEMBERS, context.req.valid("query"));
			const key = keyOf(context.req.header("idempotency-key"), context.get("caller").tenant);
			const asked = JSON.stringify([body, words]);
			const known = key === undefined ? undefined : remembered.get(key);
			if (known !== undefined && known.asked !== asked)
				throw new RefusalError(409, "body-conflict", {
					en: "this Idempotency-Key came before with another body or other parameters",
					zh: "此 Idempotency-Key 先前带来的是另一份正文或其他参数",
				});
			// It is remembered from its beginning on: whoever sends it twice at once has one import, and one answer.
			const answer = known?.answer ?? imported(context, path, body, words);
			if (key !== undefined && known === undefined) {
				remembered.set(key, { asked, answer });
				// What failed has stored nothing, and may come again.
				answer.catch(() => remembered.delete(key));
				for (const oldest of remembered.keys()) {
					if (remembered.size <= KEYS) break;
					remembered.delete(oldest);
				}
			}
			return replyOf(context, await answer);
		}),
	);

	async function imported(
		context: Context<ServerEnv>,
		path: string,
		body: string,
		words: ReturnType<typeof wordsFrom>,
	): Promise<Answer> {
		const options = importOptionsOf(wordsOf<ImportWords>(IMPORT_MEMBERS, words));
		const change = { action: "import", of: `sha256:${body}` } as const;
		const { imported, stored } = await audited(
			log,
			context.get("caller"),
			change,
			() => queue.run(() => told(path, () => intake.importFile(path, body, options))),
			(done) => ({ kind: done.imported.result.kind, records: done.imported.result.records }),
		);
		const named = JSON.parse(JSON.stringify(imported.result).replaceAll(JSON.stringify(path), '"body"')) as object;
		const asking = contextOf(store, words).asking("import", { ...options, sha256: body });
		return { imported, reply: envelope(asking, { ...named, stored }, warningsOf(imported)) };
	}
}

interface Answer {
	readonly imported: ImportedFileResult["imported"];
	readonly reply: ReturnType<typeof envelope>;
}

/** What was left out or assumed, in words of this surface: a member, where the command line has a flag. */
function warningsOf({ warnings }: Answer["imported"]): ReturnType<typeof envelope>["warnings"] {
	return warnings.map(({ code, message }) => ({ code, message: memberWords(message) }));
}

/** What ends `farthing import` with 4 is no success here: a sender that looks at the status alone must learn of it. */
function replyOf(context: Context<ServerEnv>, { imported, reply }: Answer): ReturnType<typeof jsonReply<200>> {
	const { quarantined, records, faults = [] } = imported.result;
	if (quarantined === 0) return jsonReply(context, reply, 200);
	const [first] = faults;
	const aside = quarantined === 1 ? "1 piece could not be read" : `${quarantined} pieces could not be read`;
	const kept =
		records === 0
			? "nothing was stored"
			: `${records === 1 ? "the record" : `the ${records} records`} that could be read ${records === 1 ? "was" : "were"} stored`;
	throw new RefusalError(
		422,
		"partial-import",
		`${aside}${first === undefined ? "" : `, the first: ${first.reason}`}; ${kept}`,
		undefined,
		{
			...(first?.line === undefined ? {} : { line: first.line }),
			hint: "mend the file and send it again: what is stored already is told, and not stored twice; with strict=true nothing is stored of a file with faults",
			result: reply.result as object,
		},
	);
}

function keyOf(key: string | undefined, tenant: string): string | undefined {
	if (key === undefined) return undefined;
	if (!/^[\x21-\x7e]{1,200}$/.test(key))
		throw new RefusalError(400, "bad-key", {
			en: "an Idempotency-Key has 1 to 200 printable characters",
			zh: "Idempotency-Key 应为 1 至 200 个可打印字符",
		});
	return JSON.stringify([tenant, key]);
}

/** Gives the file and the SHA-256 of what is in it; the file is gone afterwards, whatever happens. */
async function inTemporaryFile<T>(request: Request, work: (path: string, hash: string) => Promise<T>): Promise<T> {
	const { body } = request;
	encodingOf(request.headers.get("content-encoding") ?? undefined, ["identity", "gzip", "zstd"], {
		en: "send the file as it is, or as gzip or zstd",
		zh: "请直接发送文件，或以 gzip 或 zstd 压缩发送",
	});
	if (body === null)
		throw new RefusalError(400, "missing-body", { en: "send the file as the body", zh: "请把文件作为正文发送" });
	const [, page] = /^\s*(text\/html|multipart\/[\w-]+)/i.exec(request.headers.get("content-type") ?? "") ?? [];
	if (page !== undefined) {
		const hint = "curl --data-binary @usage.jsonl -H 'content-type: application/octet-stream'";
		const message = {
			en: `${page} is not imported: send the file itself`,
			zh: `不导入 ${page}：请直接发送文件本身`,
		};
		throw new RefusalError(415, "unknown-type", message, undefined, { hint });
	}
	const folder = await mkdtemp(join(tmpdir(), "farthing-body-"));
	try {
		const path = join(folder, "body");
		const hash = createHash("sha256");
		let size = 0;
		const counted = new Transform({
			transform(chunk: Buffer, _, done) {
				size += chunk.length;
				hash.update(chunk);
				if (size <= MAX_IMPORT_BYTES) done(null, chunk);
				else
					done(
						new RefusalError(413, "too-large", {
							en: `the body is larger than ${MAX_IMPORT_BYTES} bytes`,
							zh: `正文大于 ${MAX_IMPORT_BYTES} 字节`,
						}),
					);
			},
		});
		const length = request.headers.get("content-length");
		await pipeline(Readable.fromWeb(body as NodeStream), counted, createWriteStream(path, { mode: 0o600 }));
		if (length !== null && Number(length) !== size)
			throw new RefusalError(400, "cut-off", {
				en: `the body has ${size} bytes of ${length}: nothing was stored`,
				zh: `正文只有 ${length} 字节中的 ${size} 字节：没有存储任何内容`,
			});
		return await work(path, hash.digest("hex"));
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

/** What the importers and the store refuse, in the words of the surface and without the name of a file of ours. */
async function told<T>(path: string, work: () => Promise<T>): Promise<T> {
	try {
		return await work();
	} catch (error) {
		if (error instanceof ImportError) {
			const { code, message, place, expected, hint } = error;
			const { line } = place;
			throw new RefusalError(code === "empty-file" ? 422 : 400, code, message.replaceAll(path, "the body"), undefined, {
				...(line === undefined ? {} : { line }),
				...(expected === undefined ? {} : { expected: memberWords(expected) }),
				...(hint === undefined ? {} : { hint: memberWords(hint.replaceAll(path, "the body")) }),
			});
		}
		if (error instanceof StoreError)
			throw new RefusalError(error.code === "disk-full" ? 507 : 503, error.code, error.message, 5);
		throw error;
	}
}
