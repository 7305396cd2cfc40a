/** Monthly packs that are kept by period: what there is, what changed since the period before, and the files. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createRoute, z } from "@hono/zod-openapi";
import { needs } from "../access/gate.ts";
import type { PackDesk } from "../pack-desk.ts";
import { RefusalError } from "../problem.ts";
import type { App } from "./app.ts";
import { REFUSALS } from "./descriptions.ts";
import { isKnown, jsonReply, NO_QUERY } from "./reply.ts";
import { FORMAT_TYPES } from "./report-routes.ts";

const PATH = "/v1/packs";
const period = z.string().regex(/^\d{4}-\d{2}$/);
const TYPES: Readonly<Record<string, string>> = { ...FORMAT_TYPES, json: "application/json; charset=utf-8" };
const json = { content: { "application/json": { schema: { type: "object" as const } } } };

interface Pack {
	readonly period: string;
	readonly files: readonly { readonly name: string; readonly sha256: string }[];
}

export function packRoutes(app: App, desk: PackDesk): void {
	// A pack is of the whole ledger.
	const middleware = [needs("admin")];
	const list = createRoute({
		method: "get",
		path: PATH,
		summary: "monthly packs by period, the newest first",
		request: { query: NO_QUERY },
		middleware,
		responses: {
			200: { description: "the packs with their files, and why the last could not be made", ...json },
			...REFUSALS,
		},
	});
	app.openapi(list, (context) => {
		const packs = periodsIn(desk.folder).map((each) => described(packIn(desk.folder, each)));
		const { failure } = desk;
		return jsonReply(context, { packs, ...(failure === undefined ? {} : { last_failure: failure }) }, 200);
	});
	const one = createRoute({
		method: "get",
		path: `${PATH}/{period}`,
		summary: "one pack: its files, and the period that it is compared with",
		request: { params: z.object({ period }), query: NO_QUERY },
		middleware,
		responses: { 200: { description: "the pack", ...json }, ...REFUSALS },
	});
	app.openapi(one, (context) =>
		jsonReply(context, described(packIn(desk.folder, context.req.valid("param").period)), 200),
	);
	const file = createRoute({
		method: "get",
		path: `${PATH}/{period}/{file}`,
		summary: "a file of a pack; difference.json says what changed since the period before, and why",
		request: { params: z.object({ period, file: z.string().regex(/^[\w-]{1,100}\.[a-z]{2,4}$/) }), query: NO_QUERY },
		middleware,
		responses: {
			200: {
				description: "the file",
				content: { "application/octet-stream": { schema: { type: "string" as const, format: "binary" } } },
			},
			...REFUSALS,
		},
	});
	app.openapi(file, (context): Response => {
		const { period: of, file: name } = context.req.valid("param");
		const found = packIn(desk.folder, of).files.find((each) => each.name === name);
		if (found === undefined)
			throw new RefusalError(404, "unknown-file", {
				en: `the pack of ${of} has no file of that name`,
				zh: `${of} 的月报没有该名称的文件`,
			});
		const etag = `"${found.sha256.slice(0, 32)}"`;
		if (isKnown(context, etag)) return context.body(null, 304, { etag });
		return context.body(Uint8Array.from(readFileSync(join(desk.folder, of, name))), 200, {
			"content-type": TYPES[name.slice(name.lastIndexOf(".") + 1)] ?? "application/octet-stream",
			"content-disposition": `attachment; filename="${of}-${name}"`,
			"cache-control": "private, no-cache",
			etag,
		});
	});
}

function described(pack: Pack): object {
	return { ...pack, files: pack.files.map((each) => ({ ...each, path: `${PATH}/${pack.period}/${each.name}` })) };
}

function periodsIn(folder: string): string[] {
	if (!existsSync(folder)) return [];
	return readdirSync(folder)
		.filter((name) => /^\d{4}-\d{2}$/.test(name) && existsSync(join(folder, name, "pack.json")))
		.sort()
		.reverse();
}

function packIn(folder: string, of: string): Pack {
	const file = join(folder, of, "pack.json");
	if (existsSync(file)) return JSON.parse(readFileSync(file, "utf8")) as Pack;
	throw new RefusalError(404, "unknown-pack", { en: `there is no pack of ${of}`, zh: `没有 ${of} 的月报` }, undefined, {
		expected: periodsIn(folder).join(", "),
	});
}
