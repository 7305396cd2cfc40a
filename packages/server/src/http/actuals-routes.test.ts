import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { testApp } from "../../test-support/test-app.ts";
import { newKey, type Scope } from "../access/keys.ts";
import { openIntake, type Intake } from "../intake.ts";
import type { App } from "./app.ts";

const made = (["a/ingest", "a/read", "b/ingest", "b/read", "c/read", "a/admin"] as const).map((name) => {
	const [tenant, scope] = name.split("/") as [string, Scope];
	const id = name.replace("/", "-");
	return { name, ...newKey({ id, tenant, scopes: [scope], created: "2026-11-28T00:00:00Z" }) };
});
const bearer = (name: string) => ({ authorization: `Bearer ${made.find((each) => each.name === name)?.secret}` });

const request = (i: number) => ({
	grain: "request",
	t0: `2026-11-27T10:00:${String(i % 60).padStart(2, "0")}.000000Z`,
	t1: `2026-11-27T10:01:00.000000Z`,
	source: { adapter: "test", version: "1", kind: "gateway" },
	scope: { group: "chat" },
	request_id: `r${i}`,
	model: { served: "m" },
	tenant: { team: i % 2 === 0 ? "even" : "odd" },
	tokens: { in_total: 1000 + i, out_total: 10 * i },
});
const day = { t0: "2026-11-27T00:00:00Z", t1: "2026-11-28T00:00:00Z" };
const capacity = {
	...day,
	source: { adapter: "own", version: "1" },
	gpu: { uuid: "GPU-0", model: "h100-sxm" },
	held_by: { group: "chat" },
	gpu_time: { held: 86_400_000_000, held_source: "static" },
};
const price = {
	id: "h100",
	resource: "gpu_hour",
	amount: { value: "2", currency: "USD" },
	per: 1,
	selector: { gpu_model: "h100-sxm" },
	valid_from: "2026-01-01T00:00:00Z",
	basis: "on_demand",
	includes_power: true,
	provenance: "test",
};
/** What tokens of one team's model are sold for. */
const sale = (token_bucket: string) => ({
	...price,
	id: `sale-${token_bucket}`,
	resource: "api_token",
	token_bucket,
	per: 1_000_000,
	selector: { model: "m" },
});
const lines = (of: readonly unknown[]) => of.map((each) => `${JSON.stringify(each)}\n`).join("");

describe("GET /v1/actuals", () => {
	const folder = mkdtempSync(join(tmpdir(), "farthing-actuals-"));
	let intake: Intake;
	let app: App;
	const besideFlags = ["--store", "/srv/é.duckdb", "--rates", "/srv/rates.csv"];
	const get = (query: string, name: string, headers: Record<string, string> = {}) =>
		app.request(`http://localhost/v1/actuals?window=2026-11-27${query}`, {
			headers: { host: "localhost", ...bearer(name), ...headers },
		});

	beforeAll(async () => {
		intake = await openIntake(join(folder, "ledger.duckdb"), { loadEveryMs: 20 });
		({ app } = testApp({ access: { kind: "keys", keys: made.map(({ stored }) => stored) }, intake, besideFlags }));
		const send = async (kind: string, name: string, body: readonly unknown[]) => {
			const reply = await app.request(`http://localhost/v1/ingest/${kind}`, {
				method: "POST",
				body: lines(body),
				headers: { host: "localhost", ...bearer(name) },
			});
			expect(reply.status, await reply.clone().text()).toBe(200);
		};
		await send(
			"usage",
			"a/ingest",
			Array.from({ length: 30 }, (_, i) => request(i)),
		);
		await send(
			"usage",
			"b/ingest",
			Array.from({ length: 10 }, (_, i) => request(100 + i)),
		);
		await send("capacity", "a/admin", [capacity]);
		await send("prices", "a/admin", [price, sale("input"), sale("output")]);
		await vi.waitFor(async () => expect(await intake.reads.prices()).toHaveLength(3), { timeout: 30_000 });
	});
	afterAll(async () => {
		await intake.close();
		rmSync(folder, { recursive: true });
	});

	it("shows an admin the whole, and each tenant its own part of it alone", async () => {
		const told = await get("&by=team,org", "a/admin");
		const beside = decodeURIComponent(told.headers.get("farthing-beside") ?? "");
		expect(JSON.parse(beside)).toEqual(besideFlags);
		expect((await get("&by=team", "a/read")).headers.has("farthing-beside")).toBe(false);
		const whole = await told.json();
		expect(whole.result.cost.value).toBeCloseTo(48, 9);
		const parts = await Promise.all(
			["a", "b"].map(async (org) => (await (await get("&by=team", `${org}/read`)).json()).result),
		);
		expect(parts.map(({ org, by, rows }) => [org, by, rows.length])).toEqual([
			["a", ["team"], 2],
			["b", ["team"], 2],
		]);
		for (const part of parts) {
			const own = whole.result.rows.filter(({ org }: { org: string }) => org === part.org);
			const sum = (of: (row: typeof part) => number) => own.reduce((all: number, row: typeof part) => all + of(row), 0);
			expect(part.cost.value).toBeCloseTo(
				sum(({ cost }) => cost.value),
				8,
			);
			expect(part.tokens.total.value).toBe(sum(({ tokens }) => tokens.total.value));
			expect(JSON.stringify(part)).not.toContain(part.org === "a" ? "r100" : '"a"');
			for (const name of ["bill", "idle", "days", "use", "reconciliation"]) expect(part).not.toHaveProperty(name);
		}
		expect(parts[0].cost.value + parts[1].cost.value).toBeCloseTo(48, 8);
		expect((await get("", "c/read")).status).toBe(422);
		expect((await get("", "a/ingest")).status).toBe(403);
	});

	it("gives requests one by one: the dearest as JSON, all as a table that adds up", async () => {
		const { result } = await (await get("&by=request&top=3", "b/read")).json();
		expect(result.rows.map(({ request: id }: { request: string }) => id)).toEqual(["r109", "r108", "r107"]);
		expect(result.requests).toMatchObject({ count: 10, shown: 3 });
		const table = await (await get("&by=request&format=csv", "b/read")).text();
		const [heading = "", ...rows] = table.trimEnd().split("\r\n");
		const place = heading.split(",").indexOf("cost_USD");
		expect(rows).toHaveLength(10);
		const sum = rows.reduce((all, row) => all + Number(row.split(",")[place]), 0);
		expect(sum).toBeCloseTo(result.cost.value, 8);
		expect((await get("&by=request&format=csv", "a/admin")).headers.get("content-type")).toMatch(/text\/csv/);
	});

	it("is a table too, and is not sent again to who has it", async () => {
		for (const format of ["json", "csv"]) {
			const first = await get(`&by=model&format=${format}`, "a/admin");
			const etag = first.headers.get("etag") ?? "";
			const body = await first.text();
			if (format === "csv") expect(body).toMatch(/^kind,model,deployment,.*\r\nserving,m,/);
			const again = await get(`&by=model&format=${format}`, "a/admin", { "if-none-match": etag });
			expect([first.status, again.status, await again.text()]).toEqual([200, 304, ""]);
		}
	});

	it("knows what was sold, though tenants are apart in the ledger and not in the question", async () => {
		const { result } = await (await get("&by=model", "a/admin")).json();
		expect(result.use.sold.value).toBeGreaterThan(0);
		expect(result.use.sold.value).toBeCloseTo(result.use.busy.value, 12);
		const kinds = result.idle_ledger.map(({ kind }: { kind: string }) => kind);
		expect(kinds).toEqual(["paid", "internal", "idle_held", "unallocated"]);
		const paid = result.idle_ledger.reduce((sum: number, { cost }: { cost: { value: number } }) => sum + cost.value, 0);
		expect(paid).toBeCloseTo(48, 8);
	});

	it("opens each number into its tree, for its tenant alone, and none of a tenant's own part", async () => {
		const { id, result } = await (await get("&by=model", "a/admin")).json();
		const why = async (node: string, name: string) => {
			const reply = await app.request(`http://localhost/v1/results/${id}/why/${node}`, {
				headers: { host: "localhost", ...bearer(name) },
			});
			return [reply.status, await reply.json()];
		};
		const [status, tree] = await why(result.idle_ledger[2].cost.node, "a/admin");
		expect([status, tree.result.value.value]).toEqual([200, result.idle_ledger[2].cost.value]);
		expect((await why("cost", "b/read"))[0]).toBe(404);
		const own = await (await get("&by=team", "b/read")).json();
		expect(JSON.stringify(own)).not.toContain('"node"');
	});

	it("compares with plans that its tenant asked for before, and refuses others", async () => {
		const answer = await app.request("http://localhost/v1/plans", {
			method: "POST",
			headers: { host: "localhost", "content-type": "application/json", ...bearer("a/admin") },
			body: JSON.stringify({ scenario: readFileSync("scenarios/prototype-to-5b.yaml", "utf8") }),
		});
		const { id } = await answer.json();
		const refusal = async (query: string, name: string) => {
			const reply = await get(query, name);
			return [reply.status, await reply.json()];
		};
		const [status, problem] = await refusal(`&plan=${id}`, "a/admin");
		expect([status, problem.code, problem.expected]).toEqual([422, "no-volume", "a plan of m"]);
		expect((await refusal("&plan=0123456789abcdef", "a/admin"))[1]).toMatchObject({ status: 404, field: "plan" });
		expect((await refusal(`&plan=${id}`, "a/read"))[0]).toBe(403);
	});

	it("refuses as the command line does, and is described", async () => {
		const refusal = async (query: string) => {
			const reply = await get(query, "a/admin");
			return [reply.status, reply.headers.get("content-type")?.split(";")[0], await reply.json()];
		};
		const [status, type, problem] = await refusal("&by=colour");
		expect([status, type]).toEqual([400, "application/problem+json"]);
		expect(problem).toMatchObject({ code: "unknown-value", field: "by" });
		expect((await refusal("&currency=EUR"))[2]).toMatchObject({ code: "unknown-rate", status: 422 });
		expect((await refusal("&colour=red"))[0]).toBe(400);
		const document = await (
			await app.request("http://localhost/v1/openapi.json", { headers: { host: "localhost", ...bearer("a/read") } })
		).json();
		expect(document.paths["/v1/actuals"].get.responses["200"].content["application/json"].schema.allOf).toHaveLength(2);
		expect(document.components.schemas["result.tenantActuals"]).toBeDefined();
	});
});
