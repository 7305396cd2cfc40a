import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { directAsker } from "../../test-support/direct-asker.ts";
import { callerOf, newKey } from "../access/keys.ts";
import { jobBoard } from "../jobs.ts";
import { fileShelf } from "../report-shelf.ts";
import { resultShelf } from "../results.ts";
import type { App, AppOptions } from "./app.ts";
import { createApp } from "./app.ts";

const scenario = readFileSync(new URL("../../../../scenarios/prototype-to-5b.yaml", import.meta.url), "utf8");
const asker = directAsker();
let now = 0;
const appWith = (over: Partial<AppOptions> = {}): App =>
	createApp({
		asker,
		results: resultShelf(),
		reports: fileShelf(),
		jobs: jobBoard(asker.askLong),
		access: { kind: "single-user" },
		limits: { perSecond: 1000, burst: 1000 },
		isLoopback: true,
		clock: () => now,
		maxBodyBytes: 100_000,
		answerWithinMs: 60_000,
		catalogue: "test",
		...over,
	});
const app = appWith();
interface Sent {
	readonly method?: string;
	readonly body?: string;
	readonly headers?: Readonly<Record<string, string>>;
}
const ask = (path: string, init: Sent = {}, of: App = app) =>
	of.request(`http://localhost${path}`, { ...init, headers: { host: "localhost", ...init.headers } });
const post = (path: string, body: unknown, headers: Record<string, string> = {}, of: App = app) =>
	ask(
		path,
		{ method: "POST", body: JSON.stringify(body), headers: { "content-type": "application/json", ...headers } },
		of,
	);
const json = async (response: Promise<Response> | Response) => JSON.parse(await (await response).text());

describe("the answers over HTTP", () => {
	it("say what is wrong in Chinese where a caller reads that best, with the same code and the same answers", async () => {
		const chinese = { "accept-language": "zh-CN, en;q=0.5" };
		for (const [path, says] of [
			["/v1/claims/b200-gpt", /^目录中没有宣称“b200-gpt”$/],
			["/v1/results/0123456789abcdef", /^没有保存该编号的结果/],
			["/v1/nothing", /^此路径下没有内容/],
		] as const) {
			const [one, other] = [await ask(path), await ask(path, { headers: chinese })];
			const [en, zh] = [await json(one), await json(other)];
			expect(zh).toMatchObject({ type: en.type, code: en.code, status: 404, title: "没有找到" });
			expect(zh.detail).toMatch(says);
			expect(en.detail).not.toMatch(/\p{Script=Han}/u);
			const languages = [one, other].map(({ headers }) => [headers.get("content-language"), headers.get("vary")]);
			expect(languages).toEqual([
				["en", "accept-language"],
				["zh", "accept-language"],
			]);
		}
		const path = "/v1/claims/b200-gptoss-2c";
		expect(await (await ask(path, { headers: chinese })).text()).toBe(await (await ask(path)).text());
	});

	it("are those of the library, with an ETag that saves sending them again", async () => {
		const first = await ask("/v1/claims/b200-gptoss-2c");
		expect(first.status).toBe(200);
		const etag = first.headers.get("etag") as string;
		expect((await json(first)).result.figures.unit_cost.value).toBeCloseTo(0.0189, 4);
		const again = await ask("/v1/claims/b200-gptoss-2c", { headers: { "if-none-match": etag } });
		expect([again.status, await again.text()]).toEqual([304, ""]);
		const weak = await ask("/v1/claims/b200-gptoss-2c", { headers: { "if-none-match": `"x", W/${etag}` } });
		const kept = (of: Response) => ["etag", "cache-control"].map((name) => of.headers.get(name));
		expect([weak.status, kept(weak)]).toEqual([304, kept(first)]);
		const table = (await ask("/v1/claims/b200-gptoss-2c?format=csv")).headers.get("etag");
		expect(table).not.toBe(etag);
	});

	it("a plan is kept, opened, and a table", async () => {
		const made = await post("/v1/plans", { scenario });
		expect(made.status).toBe(200);
		const place = made.headers.get("location") as string;
		const { result, id } = await json(made);
		expect(place).toBe(`/v1/plans/${id}`);
		expect((await json(ask(place))).result).toEqual(result);
		const why = await json(ask(`${place}/why/1`));
		expect(why.result.value).toEqual(expect.objectContaining({ value: result.options[0].delivered.value }));
		const table = await (await ask(`${place}?format=csv`)).text();
		expect(table.split("\n")[0]).toMatch(/^rank,row,model,/);
	});

	it("the frontier keeps its limits and names", async () => {
		const { result } = await json(ask("/v1/frontier?model=dsr1&isl=8192&osl=1024&at=50&hardware=b200,h200"));
		expect(new Set(result.rows.map((row: { hardware: string }) => row.hardware))).toEqual(
			new Set(["b200-sxm", "h200-sxm"]),
		);
	});

	it("a claim of one's own, the catalogue, and what is in it", async () => {
		const own = await json(post("/v1/claims", { usd_per_mtok: 0.02, hardware: "b200", model: "gpt-oss-120b" }));
		expect(own.result.required.length).toBeGreaterThan(0);
		expect((await json(ask("/v1/catalog"))).result.counts.hardware).toBe(25);
		expect((await json(ask("/v1/catalog/models?filter=deepseek"))).result.entries.length).toBeGreaterThan(1);
		expect(await json(ask("/v1/catalog/hardware/b200"))).toMatchObject({
			command: "catalog show",
			result: { collection: "hardware", id: "b200-sxm" },
		});
	});
});

describe("what is refused", () => {
	const refusal = async (response: Promise<Response> | Response) => {
		const { status, headers } = await response;
		const body = await json(response);
		expect(headers.get("content-type")).toMatch(/^application\/problem\+json/);
		expect(body.status).toBe(status);
		return body;
	};

	it("a malformed request names the member", async () => {
		expect(await refusal(ask("/v1/frontier?model=dsr1&isl=8192&osl=x"))).toMatchObject({ status: 400, field: "osl" });
		expect((await refusal(ask("/v1/frontier?model=dsr1&isl=1&osl=1&isle=2"))).detail).toMatch(/isle/);
		expect((await refusal(post("/v1/plans", { scenario: "version: 1\nmodle: x\n" }))).line).toBeGreaterThan(0);
		expect(
			(await refusal(ask("/v1/plans", { method: "POST", body: "{", headers: { "content-type": "application/json" } })))
				.status,
		).toBe(400);
	});

	it("a parameter that a path does not have is told, also where it has none", async () => {
		for (const path of ["/v1/simulations?format=csv", "/v1/reports?format=csv", "/v1/plans?formt=csv"]) {
			const { status, detail } = await refusal(post(path, { scenario }));
			expect([status, detail]).toEqual([400, expect.stringMatching(/nothing is known by the name of "form/)]);
		}
	});

	it("a name that is not known is 404 with the nearest", async () => {
		expect(await refusal(ask("/v1/claims/b200-gptoss-2d"))).toMatchObject({
			status: 404,
			nearest: expect.arrayContaining(["b200-gptoss-2c"]),
		});
		expect((await refusal(ask("/v1/plans/0123456789abcdef"))).status).toBe(404);
		expect((await refusal(ask("/v1/nothing"))).code).toBe("no-such-path");
	});

	it("a method that a path does not have is 405 with those it has", async () => {
		const put = await ask("/v1/price", { method: "PUT" });
		expect([put.status, put.headers.get("allow")]).toEqual([405, "POST"]);
		const job = await ask("/v1/simulations/0123456789abcdef", { method: "PATCH" });
		expect([job.status, job.headers.get("allow")]).toEqual([405, "DELETE, GET, HEAD"]);
	});

	it("an entry of another collection is not at its path", async () => {
		expect(await refusal(ask("/v1/catalog/models/b200-sxm"))).toMatchObject({ status: 404, code: "unknown-entry" });
		expect(await refusal(ask("/v1/catalog/hardware/b20"))).toMatchObject({ status: 404, code: "unknown-entry" });
	});

	it("an entry of a collection that is none names the collection", async () => {
		const found = await refusal(ask("/v1/catalog/modls/xyz"));
		expect(found).toMatchObject({
			status: 404,
			code: "unknown-collection",
			nearest: expect.arrayContaining(["models"]),
		});
	});

	it("tells what is wrong with a member in words of its own", async () => {
		const { detail, field } = await refusal(post("/v1/price", { gpu_hour: { a: 1 }, nothing: 2 }));
		expect(detail).not.toMatch(/Invalid input|Unrecognized|received/);
		expect(detail).toMatch(/gpu_hour: expected number or string/);
		expect(detail).toMatch(/nothing: nothing is known by the name of "nothing" here/);
		expect(field).toBe("gpu_hour");
	});

	it("a scenario opens no file of the server", async () => {
		expect((await refusal(post("/v1/plans", { scenario: "extends: /etc/passwd\n" }))).code).toBe("unresolved-extends");
	});

	it("a body that is too large, another host, a page of another site", async () => {
		expect((await refusal(post("/v1/plans", { scenario: "x".repeat(200_000) }))).status).toBe(413);
		expect((await refusal(ask("/v1/claims", { headers: { host: "evil.example" } }))).status).toBe(421);
		expect((await refusal(ask("/v1/claims", { headers: { origin: "https://evil.example" } }))).status).toBe(403);
	});

	it("a defect of ours is told without its trace", async () => {
		const broken = appWith({ asker: { ...asker, ask: () => Promise.reject(new Error("secret detail")) } });
		const { status, detail } = await refusal(ask("/v1/claims", {}, broken));
		expect([status, detail.includes("secret")]).toEqual([500, false]);
	});
});

describe("callers", () => {
	const created = "2026-11-01T00:00:00.000Z";
	const reader = newKey({ id: "a", tenant: "a", scopes: ["read"], created });
	const other = newKey({ id: "b", tenant: "b", scopes: ["read"], created });
	const writer = newKey({ id: "w", tenant: "a", scopes: ["ingest"], created });
	const gone = newKey({ id: "g", tenant: "a", scopes: ["read"], created });
	const keys = [reader.stored, other.stored, writer.stored, { ...gone.stored, revoked: created }];
	const guarded = appWith({ access: { kind: "keys", keys }, isLoopback: false, limits: { perSecond: 1, burst: 6 } });
	const as = ({ secret }: { secret: string }) => ({ authorization: `Bearer ${secret}` });

	it("need a key that is known, not revoked, and allowed to", async () => {
		const status = async (headers: Record<string, string>) => (await ask("/v1/catalog", { headers }, guarded)).status;
		expect(await status({})).toBe(401);
		expect(await status({ authorization: "Bearer fk_nonsense_nonsense" })).toBe(401);
		expect(await status(as(gone))).toBe(401);
		expect(await status(as(writer))).toBe(403);
		expect(await status(as(reader))).toBe(200);
		expect(callerOf(keys, undefined)).toBeUndefined();
	});

	it("never see what another tenant asked", async () => {
		const place = (await post("/v1/plans", { scenario }, as(reader), guarded)).headers.get("location") as string;
		expect((await ask(place, { headers: as(reader) }, guarded)).status).toBe(200);
		expect((await ask(place, { headers: as(other) }, guarded)).status).toBe(404);
		expect((await ask(`${place}/why/1`, { headers: as(other) }, guarded)).status).toBe(404);
	});

	it("are slowed down one by one, and told when to come back", async () => {
		const hurried = async () => ask("/v1/catalog", { headers: as(reader) }, guarded);
		const answers = [];
		for (let i = 0; i < 8; i++) answers.push(await hurried());
		const refused = answers.at(-1) as Response;
		expect(refused.status).toBe(429);
		expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
		expect((await ask("/v1/catalog", { headers: as(other) }, guarded)).status).toBe(200);
		now += 5000;
		expect((await hurried()).status).toBe(200);
	});
});

describe("the OpenAPI document", () => {
	it("names every path, and refers to nothing that is not in it", async () => {
		const document = await json(ask("/v1/openapi.json"));
		expect(document.openapi).toBe("3.1.0");
		const referred = [...JSON.stringify(document).matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(
			([, name]) => name,
		);
		expect(referred.length).toBeGreaterThan(20);
		for (const name of referred) expect(document.components.schemas).toHaveProperty([name as string]);
		expect(Object.keys(document.paths)).toEqual(
			expect.arrayContaining(["/v1/plans", "/v1/frontier", "/v1/claims/{id}", "/healthz", "/metrics"]),
		);
	});

	it("says of each operation what it is called, what it refuses, and whether it demands a key", async () => {
		interface Operation {
			readonly operationId: string;
			readonly security?: readonly object[];
			readonly responses: Readonly<Record<string, object>>;
		}
		const documentOf = async (of: App, headers = {}) => json(ask("/v1/openapi.json", { headers }, of));
		const { paths, security } = await documentOf(app);
		expect(security).toEqual([]);
		const operations = Object.values(paths as Record<string, Record<string, Operation>>).flatMap(Object.values);
		expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
		for (const { responses } of operations) expect(responses).toHaveProperty("default");
		for (const [of, other] of [
			[paths["/v1/predict"].post, "suspiciousRows"],
			[paths["/v1/frontier"].get, "mlperf"],
		])
			expect(JSON.stringify(of.responses["200"])).toContain(`result.${other}`);
		expect(paths["/v1/results/{id}/why/{node}"].get.operationId).toBe("getResultsIdWhyNode");
		const key = newKey({ id: "a", tenant: "a", scopes: ["read"], created: "2026-11-01T00:00:00.000Z" });
		const guarded = appWith({ access: { kind: "keys", keys: [key.stored] }, isLoopback: false });
		const demanding = await documentOf(guarded, { authorization: `Bearer ${key.secret}` });
		expect(demanding.security).toEqual([{ key: [] }]);
		expect(demanding.components.securitySchemes.key).toMatchObject({ type: "http", scheme: "bearer" });
		expect(demanding.paths["/healthz"].get.security).toEqual([]);
	});
});
