import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { OpenAPIHono } from "@hono/zod-openapi";
import { afterAll, describe, expect, it } from "vitest";
import type { ServerEnv } from "../access/gate.ts";
import { isPagePath, pageHeaders, siteRoutes } from "./site-routes.ts";

const folder = mkdtempSync(join(tmpdir(), "farthing-site-"));
mkdirSync(join(folder, "site/assets"), { recursive: true });
writeFileSync(join(folder, "secret.js"), "1");
writeFileSync(join(folder, "site/index.html"), "<p>pages</p>");
writeFileSync(join(folder, "site/assets/main-abc.js"), "go()");
afterAll(() => rmSync(folder, { recursive: true }));

const app = new OpenAPIHono<ServerEnv>();
app.use(pageHeaders);
siteRoutes(app, join(folder, "site"));

describe("the files of the pages", () => {
	it("are handed out by exact name, hashed ones for good", async () => {
		const page = await app.request("/");
		expect(await page.text()).toBe("<p>pages</p>");
		expect(page.headers.get("cache-control")).toBe("no-cache");
		const script = await app.request("/assets/main-abc.js");
		expect(script.headers.get("content-type")).toBe("text/javascript; charset=utf-8");
		expect(script.headers.get("cache-control")).toContain("immutable");
		const etag = script.headers.get("etag") as string;
		expect((await app.request("/assets/main-abc.js", { headers: { "if-none-match": etag } })).status).toBe(304);
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
