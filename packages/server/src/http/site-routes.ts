/** The pages: the files that were joined for them, by exact name, under a policy that lets nothing of another site in. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, extname, join, sep } from "node:path";
import type { Handler, MiddlewareHandler } from "hono";
import { secureHeaders } from "hono/secure-headers";
import type { ServerEnv } from "../access/gate.ts";
import type { App } from "./app.ts";
import { isKnown } from "./reply.ts";
import { encodingFor, packedFile, type PackedFile } from "./packed-file.ts";

/** Folder of the joined pages; undefined where they were not joined. */
export function siteFolder(): string | undefined {
	return joinedPages("site");
}

/** The same pages as files that open from disk. */
export function exportFolder(): string | undefined {
	return joinedPages("export");
}

function joinedPages(name: "site" | "export"): string | undefined {
	const web = dirname(createRequire(import.meta.url).resolve("@farthing/web/package.json"));
	const folder = join(web, "dist", name);
	return existsSync(join(folder, "index.html")) ? folder : undefined;
}

/** What a browser is told of the pages: own scripts and styles alone, the engine's compiled loops, no other site. */
export const pageHeaders: MiddlewareHandler<ServerEnv> = secureHeaders({
	contentSecurityPolicy: {
		defaultSrc: ["'none'"],
		scriptSrc: ["'self'", "'wasm-unsafe-eval'"],
		styleSrc: ["'self'"],
		imgSrc: ["'self'", "blob:", "data:"],
		fontSrc: ["'self'"],
		connectSrc: ["'self'"],
		workerSrc: ["'self'"],
		baseUri: ["'none'"],
		formAction: ["'none'"],
		frameAncestors: ["'none'"],
	},
});

export function isPagePath(path: string): boolean {
	return path === "/" || path === "/index.html" || path.startsWith("/assets/") || path.startsWith("/data/");
}

/** Only names that are there when the server starts are served, so no path leads out of the folder. */
export function siteRoutes(app: App, folder: string): void {
	const names = readdirSync(folder, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(folder.length + 1));
	for (const name of names) {
		const path = `/${name.split(sep).join("/")}`;
		const serve = fileReply(join(folder, name), HASHED.test(path));
		app.get(path, serve);
		if (path === "/index.html") app.get("/", serve);
	}
}

/** The hash of its content stands in the name: what it names never changes. */
const HASHED = /^\/(assets|data)\/.+-[\w-]{8}\.\w+$/;
/** Packed already. */
const DENSE = new Set([".woff2"]);

function fileReply(file: string, isHashed: boolean): Handler<ServerEnv> {
	let read: PackedFile | undefined;
	const extension = extname(file);
	const type = TYPES[extension] ?? "application/octet-stream";
	return async (context) => {
		read ??= packedFile(Uint8Array.from(readFileSync(file)));
		const encoding = DENSE.has(extension) ? "identity" : encodingFor(context.req.header("accept-encoding"));
		const etag = read.etag(encoding);
		context.header("etag", etag);
		context.header("cache-control", isHashed ? "public, max-age=31536000, immutable" : "no-cache");
		if (!DENSE.has(extension)) context.header("vary", "accept-encoding");
		if (isKnown(context, etag)) return context.body(null, 304);
		const packing = encoding === "identity" ? {} : { "content-encoding": encoding };
		return context.body(await read.bytes(encoding), 200, { "content-type": type, ...packing });
	};
}

const TYPES: Readonly<Record<string, string>> = {
	".html": "text/html; charset=utf-8",
	".css": "text/css; charset=utf-8",
	".js": "text/javascript; charset=utf-8",
	".json": "application/json; charset=utf-8",
	".svg": "image/svg+xml",
	".woff2": "font/woff2",
};
