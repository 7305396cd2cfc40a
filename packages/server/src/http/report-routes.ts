/** Documents of a plan, made once and fetched by name. */
import { createHash } from "node:crypto";
import { type Language, LANGUAGES } from "@farthing/answers";
import { createRoute, z } from "@hono/zod-openapi";
import { needs } from "../access/gate.ts";
import { noted } from "../audited.ts";
import { RefusalError } from "../problem.ts";
import { memberSchema, wordsFrom } from "../questions/member-schema.ts";
import type { FileShelf } from "../report-shelf.ts";
import type { App, AppOptions } from "./app.ts";
import { answerOf, REFUSALS, REFUSALS_OF_CHANGES } from "./descriptions.ts";
import { acceptedLanguage } from "./language.ts";
import { isKnown, jsonReply, NO_QUERY } from "./reply.ts";
import { SUBJECT, subjectOf, type SaidSubject } from "./result-routes.ts";

export const FORMAT_TYPES = {
	html: "text/html; charset=utf-8",
	pdf: "application/pdf",
	pptx: "application/vnd.openxmlformats-officedocument.presentationml.presentation",
	xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	csv: "text/csv; charset=utf-8",
	md: "text/markdown; charset=utf-8",
} as const;
type FileFormat = keyof typeof FORMAT_TYPES;
const FORMATS = Object.keys(FORMAT_TYPES) as [FileFormat, ...FileFormat[]];
const PATH = "/v1/reports";

export function reportRoutes(app: App, { asker, results, reports, audit }: AppOptions): void {
	const schema = memberSchema({}, "body").extend({
		...SUBJECT,
		template: z
			.string()
			.min(1)
			.max(200_000)
			.optional()
			.openapi({ description: "board or technical, or Markdown of a template of your own; board unless given" }),
		formats: z
			.array(z.enum(FORMATS))
			.min(1)
			.max(FORMATS.length)
			.optional()
			.openapi({ description: "all unless given" }),
		language: z
			.enum(LANGUAGES)
			.optional()
			.openapi({ description: "of the documents; what Accept-Language asks for unless given" }),
	});
	const make = createRoute({
		method: "post",
		path: PATH,
		summary: "a plan as documents: pages, slides, workbook, tables",
		request: { body: { required: true, content: { "application/json": { schema } } }, query: NO_QUERY },
		middleware: [needs("read")],
		responses: {
			...REFUSALS_OF_CHANGES,
			201: { description: "the files, each with where it is to be had", content: { "application/json": FILES } },
		},
	});
	app.openapi(make, async (context) => {
		const said = context.req.valid("json");
		const { tenant } = context.get("caller");
		const { template, formats, ...asked } = said as {
			readonly template?: string;
			readonly formats?: readonly FileFormat[];
			readonly language?: Language;
		};
		const language = asked.language ?? acceptedLanguage(context.req.header("accept-language"));
		const subject = subjectOf(results, tenant, "scenario", said as SaidSubject);
		const order = {
			subject,
			words: wordsFrom({}, said),
			template,
			formats,
			...(language === "en" ? {} : { language }),
		};
		const id = createHash("sha256").update(JSON.stringify(order)).digest("hex").slice(0, 16);
		const made = await asker.report(order);
		const files = made.files.map(({ format, bytes }) => ({ name: `${made.template}.${format}`, format, bytes }));
		reports.keep(tenant, id, files);
		await noted(audit, context.get("caller"), { action: "report.made", of: id, detail: { template: made.template } });
		const listed = files.map(({ name, format, bytes }) => ({
			format,
			path: `${PATH}/${id}/${name}`,
			bytes: bytes.length,
			sha256: createHash("sha256").update(bytes).digest("hex"),
		}));
		const { id: of, ...about } = made.of;
		const result = { of: made.command, template: made.template, files: listed };
		const body = { schema: "farthing/1", command: "report", id: of, ...about, result };
		return jsonReply(context, body, 201, { location: `${PATH}/${id}`, vary: "accept-language" });
	});
	const read = createRoute({
		method: "get",
		path: `${PATH}/{id}/{file}`,
		summary: "a file of a report that is still kept",
		request: {
			query: NO_QUERY,
			params: z.object({
				id: z.string().regex(/^[0-9a-f]{16}$/),
				file: z.string().regex(/^[\w-]{1,100}\.[a-z]{2,4}$/),
			}),
		},
		middleware: [needs("read")],
		responses: {
			200: {
				description: "the file",
				content: { "application/octet-stream": { schema: { type: "string" as const, format: "binary" } } },
			},
			...REFUSALS,
		},
	});
	app.openapi(read, (context): Response => {
		const { id, file } = context.req.valid("param");
		const found = fileOf(reports, context.get("caller").tenant, id, file);
		const etag = `"${createHash("sha256").update(found.bytes).digest("hex").slice(0, 32)}"`;
		const headers = { etag, "cache-control": "private, no-cache" };
		if (isKnown(context, etag)) return context.body(null, 304, headers);
		return context.body(found.bytes as Uint8Array<ArrayBuffer>, 200, {
			...headers,
			"content-type": FORMAT_TYPES[found.format as FileFormat],
			"content-disposition": `attachment; filename="${file}"`,
		});
	});
}

const { content: ENVELOPE } = answerOf([], "");
const FILES = {
	schema: {
		allOf: [
			ENVELOPE["application/json"].schema,
			{
				type: "object" as const,
				properties: {
					result: {
						type: "object" as const,
						required: ["of", "template", "files"],
						properties: {
							of: { type: "string" as const, description: "the question that is told" },
							template: { type: "string" as const },
							files: {
								type: "array" as const,
								items: {
									type: "object" as const,
									required: ["format", "path", "bytes", "sha256"],
									properties: {
										format: { enum: [...FORMATS] },
										path: { type: "string" as const },
										bytes: { type: "integer" as const },
										sha256: { type: "string" as const },
									},
								},
							},
						},
					},
				},
			},
		],
	},
};

function fileOf(reports: FileShelf, tenant: string, id: string, file: string) {
	const found = reports.find(tenant, id)?.find(({ name }) => name === file);
	if (found === undefined)
		throw new RefusalError(404, "unknown-result", {
			en: "no such file is kept: ask for the report again",
			zh: "没有保存此文件：请重新生成报告",
		});
	return found;
}
