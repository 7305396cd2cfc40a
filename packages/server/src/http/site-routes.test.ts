import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliDecompressSync } from "node:zlib";
import { OpenAPIHono } from "@hono/zod-openapi";
import { afterAll, describe, expect, it } from "vitest";
import type { ServerEnv } from "../access/gate.ts";
import { isPagePath, pageHeaders, siteRoutes } from "./site-routes.ts";

const folder = mkdtempSync(join(tmpdir(), "farthing-site-"));
mkdirSync(join(folder, "site/assets"), { recursive: true });
writeFileSync(join(folder, "secret.js"), "1");
writeFileSync(join(folder, "site/index.html"), "<p>pages</p>");
writeFileSync(join(folder, "site/assets/main-Ab3_d-9Z.js"), "go()");
writeFileSync(join(folder, "site/assets/plain.svg"), "<svg/>");
writeFileSync(join(folder, "site/assets/font-Ab3_d-9Z.woff2"), "font");
afterAll(() => rmSync(folder, { recursive: true }));

const app = new OpenAPIHono<ServerEnv>();
app.use(pageHeaders);
siteRoutes(app, join(folder, "site"));

describe("the files of the pages", () => {
	it("are handed out by exact name, hashed ones for good", async () => {
		const page = await app.request("/");
		expect(await page.text()).toBe("<p>pages</p>");
		expect(page.headers.get("cache-control")).toBe("no-cache");
		const script = await app.request("/assets/main-Ab3_d-9Z.js");
		expect(script.headers.get("content-type")).toBe("text/javascript; charset=utf-8");
		expect(script.headers.get("cache-control")).toContain("immutable");
		const etag = script.headers.get("etag") as string;
		expect((await app.request("/assets/main-Ab3_d-9Z.js", { headers: { "if-none-match": etag } })).status).toBe(304);
	});

	it("without a hash in the name are asked for again", async () => {
		expect((await app.request("/assets/plain.svg")).headers.get("cache-control")).toBe("no-cache");
	});

	it("come packed to whom takes that, and each packing has a name of its own", async () => {
		const headers = { "accept-encoding": "gzip, br" };
		const packed = await app.request("/assets/main-Ab3_d-9Z.js", { headers });
		expect(packed.headers.get("content-encoding")).toBe("br");
		expect(packed.headers.get("vary")).toBe("accept-encoding");
		expect(brotliDecompressSync(new Uint8Array(await packed.arrayBuffer())).toString()).toBe("go()");
		const etag = packed.headers.get("etag") as string;
		const plain = await app.request("/assets/main-Ab3_d-9Z.js", { headers: { "if-none-match": etag } });
		expect(plain.status).toBe(200);
		expect(await plain.text()).toBe("go()");
		const font = await app.request("/assets/font-Ab3_d-9Z.woff2", { headers });
		expect(font.headers.get("content-encoding")).toBeNull();
	});

	it.each([
		"/assets/../../secret.js",
		"/assets/%2e%2e/%2e%2e/secret.js",
		"/assets/..%2f..%2fsecret.js",
		"/assets/",
		"/site",
	])("%s is none of them", async (path) => {
		expect((await app.request(path)).status).toBe(404);
	});

	it("nothing inline, nothing of another site, no eval", async () => {
		const policy = (await app.request("/")).headers.get("content-security-policy") ?? "";
		expect(policy).toContain("default-src 'none'");
		expect(policy).not.toMatch(/unsafe-inline|'unsafe-eval'|https?:|\*/);
	});

	it("questions are not pages", () => {
		expect(isPagePath("/")).toBe(true);
		expect(isPagePath("/v1/plans")).toBe(false);
		expect(isPagePath("/metrics")).toBe(false);
	});
});
