import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { instant } from "@farthing/ledger";
import { afterAll, beforeAll, expect, it } from "vitest";
import { testApp, type TestApp } from "../../test-support/test-app.ts";
import { newKey } from "../access/keys.ts";
import { openIntake, type Intake } from "../intake.ts";

const folder = mkdtempSync(join(tmpdir(), "farthing-imports-"));
const created = "2026-11-01T00:00:00.000Z";
const admin = newKey({ id: "a", tenant: "a", scopes: ["admin"], created });
const writer = newKey({ id: "w", tenant: "w", scopes: ["ingest"], created });
let intake: Intake;
let http: TestApp;
beforeAll(async () => {
	intake = await openIntake(join(folder, "ledger.duckdb"), { loadEveryMs: 3_600_000 });
	http = testApp({ access: { kind: "keys", keys: [admin.stored, writer.stored] }, intake });
});
afterAll(async () => {
	await intake.close();
	rmSync(folder, { recursive: true });
});

const send = async (body: string | Uint8Array, query = "", headers: Record<string, string> = {}) => {
	const authorization = `Bearer ${admin.secret}`;
	const reply = await http.ask(`/v1/imports${query}`, { method: "POST", body, headers: { authorization, ...headers } });
	return { status: reply.status, body: JSON.parse(await reply.text()) };
};
const scrape = (tokens: number) =>
	[
		"# TYPE vllm:prompt_tokens_total counter",
		`vllm:prompt_tokens_total{model_name="m"} 4000`,
		"# TYPE vllm:generation_tokens_total counter",
		`vllm:generation_tokens_total{model_name="m"} ${tokens}`,
		"",
	].join("\n");
const window = "?from=2026-11-28T10:00:00Z&to=2026-11-28T11:00:00Z";

it("a file is read by its content and stored, plain or packed, and named as the body it came as", async () => {
	const { status, body } = await send(gzipSync(scrape(1000)), window);
	expect([status, body.command, body.result.kind]).toEqual([200, "import", "prometheus"]);
	expect(body.result.totals.tokens.output.value).toBe(1000);
	expect(JSON.stringify(body)).not.toContain(tmpdir());
	expect(readdirSync(tmpdir()).filter((name) => name.startsWith("farthing-body-"))).toEqual([]);
});

it("a file and its gzip are one import, also where no request bears an id", async () => {
	const usage = {
		grain: "request",
		t0: "2026-11-28T10:00:00Z",
		t1: "2026-11-28T10:00:01Z",
		source: { adapter: "test", version: "1", kind: "gateway" },
		model: { served: "m" },
		tokens: { in_total: 10, out_total: 5 },
	};
	const file = `${JSON.stringify({ usage })}\n`;
	for (const body of [file, gzipSync(file), file]) expect((await send(body)).status).toBe(200);
	const [held] = await intake.reads.requests({ from: instant(0), to: instant(Date.UTC(2027, 0) * 1000), by: [] });
	expect(held?.records).toBe(1n);
});

it("a key names one body: again it has the same answer, another body is a conflict", async () => {
	const key = { "idempotency-key": "k1" };
	const first = await send(scrape(2000), window, key);
	expect((await send(scrape(2000), window, key)).body).toEqual(first.body);
	expect(await send(scrape(2001), window, key)).toMatchObject({ status: 409, body: { code: "body-conflict" } });
	// Other parameters make another import of the same body: its answer is not that of the first.
	const other = await send(scrape(2000), `${window}&model=other`, key);
	expect(other).toMatchObject({ status: 409, body: { code: "body-conflict" } });
	const twice = { "idempotency-key": "k2" };
	const [one, same, conflict] = await Promise.all([
		send(scrape(2010), window, twice),
		send(scrape(2010), window, twice),
		send(scrape(2011), window, twice),
	]);
	expect([one.status, same, conflict.status]).toEqual([200, one, 409]);
	const failed = { "idempotency-key": "k3" };
	expect((await send("nothing that is known", "", failed)).status).toBe(400);
	expect((await send(scrape(2012), window, failed)).status).toBe(200);
	expect((await send(scrape(1), window, { "idempotency-key": "with space" })).status).toBe(400);
});

it("a body that is packed otherwise than it can be read is refused as such", async () => {
	expect((await send(scrape(2020), window, { "content-encoding": "br" })).body).toMatchObject({
		status: 415,
		code: "unknown-encoding",
	});
	expect((await send(gzipSync(scrape(2021)), window, { "content-encoding": "GZIP" })).status).toBe(200);
	const plan = {
		method: "POST",
		body: "{}",
		headers: { "content-encoding": "gzip", "content-type": "application/json" },
	};
	const authorization = `Bearer ${admin.secret}`;
	const told = await http.ask("/v1/price", { ...plan, headers: { ...plan.headers, authorization } });
	expect([told.status, JSON.parse(await told.text()).code]).toEqual([415, "unknown-encoding"]);
});

it("what was assumed is told in members of this surface, not in flags of the command line", async () => {
	const csv =
		"request_id,call_type,startTime,endTime,model,prompt_tokens,completion_tokens,spend\nz,acompletion,2025-01-24 09:20:46,2025-01-24 09:20:47,m,10,20,0.1\n";
	const { status, body } = await send(csv);
	const told = body.warnings.find(({ code }: { code: string }) => code === "zone-assumed")?.message;
	expect([status, told]).toEqual([200, expect.stringMatching(/give zone \+02:00/)]);
	expect(JSON.stringify(body.warnings)).not.toMatch(/--[a-z]/);
});

it("what is no known format is told without the name of a file of ours", async () => {
	const { status, body } = await send("\u0000\u0001 nothing", "");
	expect([status, body.code]).toEqual([400, "unknown-format"]);
	expect(JSON.stringify(body)).not.toContain(tmpdir());
	expect((await send("", "")).status).toBeGreaterThanOrEqual(400);
	for (const type of ["text/html; charset=utf-8", "multipart/form-data; boundary=b"])
		expect(await send(scrape(1), window, { "content-type": type })).toMatchObject({
			status: 415,
			body: { code: "unknown-type" },
		});
	expect((await send(scrape(1), "?from=yesterday")).body).toMatchObject({ status: 400, field: "from" });
});

it("a body that was cut off is an error, and says what was stored of it", async () => {
	const usage = (i: number) =>
		JSON.stringify({
			usage: {
				grain: "request",
				t0: "2026-11-27T10:00:00Z",
				t1: "2026-11-27T10:00:01Z",
				source: { adapter: "test", version: "1", kind: "gateway" },
				request_id: `cut-${i}`,
				model: { served: "m" },
				tokens: { in_total: 10, out_total: 5 },
			},
		});
	const lines = Array.from({ length: 50 }, (_, i) => `${usage(i)}\n`).join("");
	const held = async () =>
		(
			await intake.reads.requests({
				from: instant(Date.UTC(2026, 10, 27) * 1000),
				to: instant(Date.UTC(2026, 10, 28) * 1000),
				by: [],
			})
		)[0]?.records;
	const packed = gzipSync(lines);
	for (const cut of [packed.subarray(0, packed.length - 5), packed.subarray(0, packed.length / 2)]) {
		expect(await send(cut)).toMatchObject({ status: 400, body: { code: "cut-off" } });
	}
	const short = await send(lines.slice(0, lines.length / 2), "", { "content-length": String(lines.length) });
	expect(short).toMatchObject({ status: 400, body: { code: "cut-off" } });
	expect(await held()).toBeUndefined();
	const torn = lines.slice(0, -20);
	const told = await send(torn, "", { "idempotency-key": "torn" });
	expect(told).toMatchObject({
		status: 422,
		body: { code: "partial-import", line: 50, result: { quarantined: 1, records: 49, stored: { usage: 49 } } },
	});
	expect(told.body.detail).toMatch(/1 piece could not be read.*; the 49 records that could be read were stored$/);
	expect(await send(torn, "", { "idempotency-key": "torn" })).toEqual(told);
	expect(await held()).toBe(49n);
	expect(await send(lines)).toMatchObject({ status: 200, body: { result: { stored: { already_there: 49 } } } });
	expect(await held()).toBe(50n);
	const run = '{"date":"20261127-101010","backend":"vllm","model_id":"m","duration":10,"completed":4,"total_inp';
	expect((await send(run, "?kind=vllm-bench")).status).toBeGreaterThanOrEqual(400);
});

it("bills and prices hold for all tenants: a tenant's own key may not write them", async () => {
	const { status } = await send(scrape(1), window, { authorization: `Bearer ${writer.secret}` });
	expect(status).toBe(403);
});
