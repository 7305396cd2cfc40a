import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { instant } from "@farthing/ledger";
import { openStore, StoreError, type UsageDimension } from "@farthing/ledger/store";
import { afterEach, describe, expect, it } from "vitest";
import { testApp } from "../../test-support/test-app.ts";
import { newKey, type Scope } from "../access/keys.ts";
import { openIntake, type Intake, type IntakeOptions } from "../intake.ts";
import type { App } from "./app.ts";

const folders: string[] = [];
const open: Intake[] = [];
afterEach(async () => {
	for (const intake of open.splice(0)) await intake.close();
	for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const made = [
	["a", "finance", "ingest"],
	["b", "search", "ingest"],
	["r", "finance", "read"],
	["m", "finance", "admin"],
] as const;
const keys = Object.fromEntries(
	made.map(([id, tenant, scope]) => [
		id,
		newKey({ id, tenant, scopes: [scope as Scope], created: "2026-11-28T00:00:00Z" }),
	]),
);
const bearer = (id: string) => ({ authorization: `Bearer ${keys[id]?.secret}` });

async function served(options: IntakeOptions = {}, isKeyed = true, path = newPath()) {
	const intake = await openIntake(path, { loadEveryMs: 3_600_000, ...options });
	open.push(intake);
	const { app } = testApp({
		access: isKeyed ? { kind: "keys", keys: Object.values(keys).map(({ stored }) => stored) } : { kind: "single-user" },
		maxBodyBytes: 1000,
		intake,
	});
	const stop = async () => {
		open.splice(open.indexOf(intake), 1);
		await intake.close();
	};
	return { app, intake, path, stop };
}

function newPath(): string {
	const folder = mkdtempSync(join(tmpdir(), "farthing-ingest-"));
	folders.push(folder);
	return join(folder, "new", "ledger.duckdb");
}

function post(app: App, path: string, body: string | Uint8Array, headers: Record<string, string> = bearer("a")) {
	return app.request(`http://localhost/v1/ingest/${path}`, {
		method: "POST",
		body: typeof body === "string" ? body : new Uint8Array(body),
		headers: { host: "localhost", ...headers },
	});
}

const event = (i: number, tenant: object = {}) => ({
	grain: "request",
	t0: `2026-11-28T10:00:${String(i % 60).padStart(2, "0")}.000000Z`,
	t1: `2026-11-28T10:01:${String(i % 60).padStart(2, "0")}.000000Z`,
	source: { adapter: "test", version: "1", kind: "gateway" },
	request_id: `request-${i}`,
	model: { served: "m" },
	tenant,
	tokens: { in_total: 100, out_total: 7 },
});
const lines = (n: number, tenant?: object, from = 0) =>
	Array.from({ length: n }, (_, i) => `${JSON.stringify(event(from + i, tenant))}\n`).join("");

/** What the closed ledger holds, read from its own file. */
async function stored(path: string, by: readonly UsageDimension[] = ["org"], grain: "request" | "window" = "request") {
	const store = await openStore(path);
	try {
		const from = instant(Date.UTC(2026, 10, 1) * 1000);
		const to = instant(Date.UTC(2026, 11, 31) * 1000);
		const question = { from, to, by };
		const found = await (grain === "request" ? store.requests(question) : store.windows(question));
		return found.map(({ keys: of, records, sums }) => ({
			...of,
			records: Number(records),
			output: Number(sums.out_total.sum),
		}));
	} finally {
		await store.close();
	}
}

describe("usage over HTTP", () => {
	it("is in the ledger after a stop, under the tenant of its key whatever the body says", async () => {
		const { app, path, stop } = await served();
		const first = await post(app, "usage", lines(40, { org: "search", team: "t" }));
		expect([first.status, await first.json()]).toEqual([200, { outcome: "stored", records: 40 }]);
		const packed = gzipSync(lines(5));
		const second = await post(app, "usage", packed, { ...bearer("b"), "content-encoding": "GZip" });
		expect(second.status).toBe(200);
		await stop();
		const found = await stored(path, ["org", "team"]);
		expect(found).toHaveLength(2);
		expect(found).toContainEqual({ org: "finance", team: "t", records: 40, output: 280 });
		expect(found).toContainEqual({ org: "search", team: null, records: 5, output: 35 });
	});

	it("takes a body once, by hash and by key, and a key of one tenant says nothing of another's", async () => {
		const { app, path, stop } = await served();
		const outcome = async (id: string, body: string, key?: string) => {
			const headers = { ...bearer(id), ...(key === undefined ? {} : { "idempotency-key": key }) };
			const response = await post(app, "usage", body, headers);
			return [response.status, ((await response.json()) as { outcome?: string; code?: string }).outcome];
		};
		expect(await outcome("a", lines(3))).toEqual([200, "stored"]);
		expect(await outcome("a", lines(3))).toEqual([200, "repeated"]);
		expect(await outcome("b", lines(3))).toEqual([200, "stored"]);
		expect(await outcome("a", lines(2, {}, 10), "k")).toEqual([200, "stored"]);
		expect(await outcome("b", lines(4, {}, 20), "k")).toEqual([200, "stored"]);
		expect((await outcome("a", lines(4, {}, 30), "k"))[0]).toBe(409);
		await stop();
		const found = await stored(path);
		expect(found.map(({ org, records }) => `${org} ${records}`).sort()).toEqual(["finance 5", "search 7"]);
	});

	it("leaves the tenant of a single user's records as it is", async () => {
		const { app, path, stop } = await served({}, false);
		expect((await post(app, "usage", lines(1, { org: "mine" }), {})).status).toBe(200);
		await stop();
		expect(await stored(path)).toEqual([{ org: "mine", records: 1, output: 7 }]);
	});

	it("loads what an ended process had acknowledged", async () => {
		const first = await served();
		await post(first.app, "usage", lines(9));
		await first.stop();
		const again = await served({}, true, first.path);
		expect(await (await post(again.app, "usage", lines(9))).json()).toEqual({ outcome: "repeated", records: 9 });
		await again.stop();
		expect(await stored(first.path)).toEqual([{ org: "finance", records: 9, output: 63 }]);
	});
});

describe("what is refused", () => {
	it("says which line and field, and stores nothing of the body", async () => {
		const { app, path, stop } = await served();
		const response = await post(app, "usage", `${lines(2)}{"grain":"request"}\nno json\n`);
		expect(response.headers.get("content-type")).toMatch(/^application\/problem\+json/);
		expect(await response.json()).toMatchObject({ status: 400, code: "faulty-lines", faulty: 2, line: 3 });
		expect(
			(await post(app, "usage", Uint8Array.of(31, 139, 8), { ...bearer("a"), "content-encoding": "gzip" })).status,
		).toBe(400);
		await stop();
		expect(await stored(path)).toEqual([]);
	});

	it("UTF-16, NaN, 1e400, what is negative or beyond 2^53: by name, line and field; the ledger opens and holds the rest", async () => {
		const { app, path, stop } = await served();
		const refused = async (body: string | Uint8Array, headers = {}) => {
			const response = await post(app, "usage", body, { ...bearer("a"), ...headers });
			const { code, line, field } = (await response.json()) as Record<string, unknown>;
			return [response.status, code, line, field];
		};
		const unreadable = [400, "not-utf8", undefined, undefined];
		expect(await refused(Buffer.from(`\ufeff${lines(1)}`, "utf16le"))).toEqual(unreadable);
		expect(await refused(Buffer.from(lines(1, { team: "caf\u00e9" }), "latin1"))).toEqual(unreadable);
		const output = (n: string) => `${lines(1)}${lines(1).replace('"out_total":7', `"out_total":${n}`)}`;
		expect(await refused(output("NaN"))).toEqual([400, "faulty-lines", 2, undefined]);
		for (const n of ["1e400", "-1", "9007199254740993"]) {
			expect(await refused(output(n))).toEqual([400, "faulty-lines", 2, "tokens.out_total"]);
		}
		const torn = gzipSync(lines(3)).subarray(0, 30);
		expect((await refused(torn, { "content-encoding": "gzip" }))[1]).toBe("broken-gzip");
		expect((await post(app, "usage", lines(3))).status).toBe(200);
		await stop();
		expect(await stored(path)).toEqual([{ org: "finance", records: 3, output: 21 }]);
	});

	it("what says that it is no JSON lines: 415, whatever it holds", async () => {
		const { app, path, stop } = await served();
		const status = async (type: string) =>
			(await post(app, "usage", lines(1), { ...bearer("a"), "content-type": type })).status;
		for (const type of ["application/xml", "text/csv", "multipart/form-data; boundary=x", "application/x-protobuf"]) {
			expect([type, await status(type)]).toEqual([type, 415]);
		}
		const taken = [
			"application/x-ndjson",
			"application/json; charset=utf-8",
			"TEXT/plain",
			"application/x-www-form-urlencoded",
		];
		for (const type of taken) expect([type, await status(type)]).toEqual([type, 200]);
		await stop();
		expect(await stored(path)).toEqual([{ org: "finance", records: 1, output: 7 }]);
	});

	it("no key, a key that may only read, and prices by a tenant's key", async () => {
		const { app } = await served();
		const status = async (path: string, headers: Record<string, string>) =>
			(await post(app, path, "{}", headers)).status;
		expect(await status("usage", {})).toBe(401);
		expect(await status("usage", bearer("r"))).toBe(403);
		expect(await status("otlp/v1/traces", bearer("r"))).toBe(403);
		expect(await status("prometheus/write", bearer("r"))).toBe(403);
		expect(await status("prices", bearer("a"))).toBe(403);
		expect(await status("capacity", bearer("a"))).toBe(403);
		expect(await status("otlp/v1/logs", bearer("a"))).toBe(404);
	});

	it("more than the spool takes: 429 with Retry-After, and it can be sent again later", async () => {
		const { app, path, stop } = await served({ spool: { capBytes: 3000 } });
		const statuses: number[] = [];
		let retry: string | null = null;
		for (let i = 0; i < 12 && retry === null; i++) {
			const response = await post(app, "usage", lines(4, {}, i * 4));
			statuses.push(response.status);
			retry = response.headers.get("retry-after");
			if (retry !== null) expect(await response.json()).toMatchObject({ status: 429, code: "spool-full" });
		}
		expect(retry).toBe("1");
		const taken = statuses.filter((status) => status === 200).length;
		expect(taken).toBeGreaterThan(0);
		await stop();
		expect(await stored(path, [])).toEqual([{ records: taken * 4, output: taken * 28 }]);
	});

	it("a body beyond the limit, packed or unpacked; questions keep their own limit", async () => {
		const { app } = await served();
		const length = { ...bearer("a"), "content-length": String(33 * 1_048_576) };
		expect((await post(app, "usage", "{}", length)).status).toBe(413);
		const bomb = gzipSync(Buffer.alloc(33 * 1_048_576, 32));
		expect((await post(app, "usage", bomb, { ...bearer("a"), "content-encoding": "gzip" })).status).toBe(413);
		const question = { method: "POST", body: "x".repeat(2000), headers: { host: "localhost", ...bearer("r") } };
		expect((await app.request("http://localhost/v1/plans", question)).status).toBe(413);
	});

	it("is nothing at all without a ledger", async () => {
		const { app: bare } = testApp();
		expect((await post(bare, "usage", lines(1), {})).status).toBe(404);
	});
});

const attribute = (key: string, value: string | number) => ({
	key,
	value: typeof value === "number" ? { intValue: String(value) } : { stringValue: value },
});
const span = {
	traceId: "5b8efff798038103d269b633813fc60c",
	spanId: "eee19b7ec3c1b174",
	name: "chat m",
	kind: 3,
	startTimeUnixNano: "1795309853041000000",
	endTimeUnixNano: "1795309854041000000",
	attributes: [
		attribute("gen_ai.operation.name", "chat"),
		attribute("gen_ai.request.model", "m"),
		attribute("gen_ai.usage.input_tokens", 11),
		attribute("gen_ai.usage.output_tokens", 5),
	],
};
const traces = (...spans: object[]) => JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] });

describe("OTLP", () => {
	const json = { ...bearer("a"), "content-type": "application/json" };

	it("traces become requests of the key's tenant; what is no message is refused", async () => {
		const { app, path, stop } = await served();
		const response = await post(app, "otlp/v1/traces", traces(span), json);
		expect([response.status, await response.json()]).toEqual([200, {}]);
		const named = await post(app, "otlp/v1/metrics", "{}", {
			...json,
			"content-type": "Application/JSON; charset=UTF-8",
		});
		expect([named.status, named.headers.get("content-type")]).toEqual([200, "application/json"]);
		const refused = await post(app, "otlp/v1/traces", "{", json);
		expect([refused.status, refused.headers.get("content-type")]).toEqual([400, "application/json"]);
		expect(await refused.json()).toEqual({ message: expect.stringMatching(/^malformed-request: no OTLP message/) });
		expect((await post(app, "otlp/v1/traces", "x", { ...bearer("a"), "content-type": "text/plain" })).status).toBe(415);
		const proto = { ...bearer("a"), "content-type": "application/x-protobuf" };
		const empty = await post(app, "otlp/v1/metrics", new Uint8Array(), proto);
		expect([empty.status, empty.headers.get("content-type"), (await empty.arrayBuffer()).byteLength]).toEqual([
			200,
			"application/x-protobuf",
			0,
		]);
		for (const [headers, status] of [
			[proto, 400],
			[{ ...proto, authorization: "Bearer none" }, 401],
			[{ ...proto, ...bearer("r") }, 403],
			[{ ...proto, "content-length": String(33 * 1_048_576) }, 413],
			[{ ...proto, "content-encoding": "br" }, 415],
		] as const) {
			const reply = await post(app, "otlp/v1/metrics", Uint8Array.of(255, 255), headers);
			// A `Status` with its message, field 2.
			const [tag = 0, length = 0, ...message] = new Uint8Array(await reply.arrayBuffer());
			expect([reply.status, reply.headers.get("content-type"), tag]).toEqual([status, "application/x-protobuf", 18]);
			expect(length < 128 ? message.length : message.length - 1).toBe(
				length < 128 ? length : (length & 127) + message[0]! * 128,
			);
		}
		await stop();
		expect(await stored(path)).toEqual([{ org: "finance", records: 1, output: 5 }]);
	});
});

it("OTLP that the disk cannot take now is sent again: 503 with Retry-After, as no sender does after 507", async () => {
	const { intake } = await served();
	const full = { ...intake, otlp: () => Promise.reject(new StoreError("disk-full", "the disk is full")) };
	const { app } = testApp({ intake: full });
	const reply = await post(app, "otlp/v1/traces", traces(span), { "content-type": "application/json" });
	expect([reply.status, reply.headers.get("retry-after"), await reply.json()]).toEqual([
		503,
		"10",
		{ message: "disk-full: the disk is full" },
	]);
});

describe("remote write", () => {
	const T0 = Date.UTC(2026, 10, 20, 10);

	it("names samples with a wrong date, and meters what was sent with them and after", async () => {
		const warnings: string[] = [];
		const { app, path, stop } = await served({ warn: (message) => warnings.push(message) });
		const send = (from: number) =>
			post(app, "prometheus/write", writeRequest("vllm:generation_tokens_total", from, 80, 10));
		const ahead = await send(Date.now() + 7_200_000);
		expect([ahead.status, await ahead.json()]).toEqual([
			400,
			expect.objectContaining({
				code: "samples-ahead",
				detail: expect.stringMatching(/^80 samples are ahead .*the first: vllm:generation_tokens_total of a, 2/),
			}),
		]);
		expect((await send(T0)).status).toBe(204);
		await stop();
		const again = await served({ warn: (message) => warnings.push(message) }, true, path);
		const late = writeRequest("vllm:generation_tokens_total", T0 - 600_000, 80, 10);
		expect((await post(again.app, "prometheus/write", late)).status).toBe(204);
		const metrics = await again.app.request("http://localhost/metrics", {
			headers: { host: "localhost", ...bearer("m") },
		});
		expect(await metrics.text()).toContain('farthing_samples_left_out_total{reason="late"} 80');
		expect(warnings).toEqual([
			expect.stringMatching(/^remote write of tenant finance: 80 samples are ahead/),
			expect.stringMatching(/^remote write of tenant finance: 80 samples are of a time that its target was metered/),
		]);
		await again.stop();
		expect((await stored(path, ["org"], "window")).map(({ output }) => output)).toEqual([9000]);
	});

	it("becomes windows of the key's tenant; series of one name from two tenants do not mix", async () => {
		const { app, path, stop } = await served();
		const send = (id: string, rate: number) =>
			post(app, "prometheus/write", writeRequest("vllm:generation_tokens_total", T0, 80, rate), bearer(id));
		expect((await send("a", 10)).status).toBe(204);
		expect((await send("b", 2)).status).toBe(204);
		expect((await post(app, "prometheus/write", Uint8Array.of(1, 2))).status).toBe(400);
		await stop();
		const found = await stored(path, ["org"], "window");
		// Windows of five minutes that lie two minutes within 20 minutes from T0 on: three, of 3,000 and of 600 tokens.
		expect(found.map(({ org, output }) => `${org} ${output}`).sort()).toEqual(["finance 9000", "search 1800"]);
	});
});

it("remote write of who held which GPU is for administrators: of a tenant's key all else is taken", async () => {
	const { app, path, stop } = await served();
	const body = writeRequest(
		["vllm:generation_tokens_total", "DCGM_FI_DEV_POWER_USAGE"],
		Date.UTC(2026, 10, 20, 10),
		80,
		10,
	);
	const refused = await post(app, "prometheus/write", body);
	expect([refused.status, await refused.json()]).toEqual([
		403,
		expect.objectContaining({
			code: "gpu-samples-refused",
			detail: expect.stringMatching(/^1 series of GPUs were left out/),
		}),
	]);
	await stop();
	const rows = async (file: string): Promise<number[]> => {
		const store = await openStore(file);
		const counts = [await store.rowCount("usage_window"), await store.rowCount("capacity")];
		await store.close();
		return counts;
	};
	expect(await rows(path)).toEqual([3, 0]);
	const other = await served();
	expect((await post(other.app, "prometheus/write", body, bearer("m"))).status).toBe(204);
	await other.stop();
	expect(await rows(other.path)).toEqual([3, 3]);
});

/** Remote write by hand: series with a sample each 15 s, `rate` more a second; Snappy as one literal. */
function writeRequest(names: string | readonly string[], from: number, samples: number, rate: number): Uint8Array {
	const label = (key: string, value: string) => field(1, [...field(1, text(key)), ...field(2, text(value))]);
	const points = Array.from({ length: samples }, (_, i) => {
		const value = new Uint8Array(new Float64Array([i * 15 * rate]).buffer);
		return field(2, [9, ...value, 16, ...varint(from + i * 15_000)]);
	}).flat();
	const labels = Object.entries({ instance: "a", model_name: "m", UUID: "GPU-0", exported_pod: "p" });
	const plain = [names]
		.flat()
		.flatMap((name) =>
			field(1, [...label("__name__", name), ...labels.flatMap(([key, value]) => label(key, value)), ...points]),
		);
	const last = plain.length - 1;
	return Uint8Array.from([...varint(plain.length), 61 << 2, last & 255, last >> 8, ...plain]);
}

function field(no: number, bytes: readonly number[]): number[] {
	return [(no << 3) | 2, ...varint(bytes.length), ...bytes];
}

function text(of: string): number[] {
	return [...Buffer.from(of)];
}

function varint(n: number): number[] {
	return n < 128 ? [n] : [(n % 128) + 128, ...varint(Math.floor(n / 128))];
}

it("/metrics counts what was taken in, and the document lists the paths", async () => {
	const { app } = await served({}, false);
	await post(app, "usage", lines(6), {});
	const text = await (await app.request("http://localhost/metrics", { headers: { host: "localhost" } })).text();
	expect(text).toContain('farthing_ingest_records_total{way="usage"} 6');
	expect(text).toMatch(/farthing_ingest_spool_bytes [1-9]/);
	const document = (await (
		await app.request("http://localhost/v1/openapi.json", { headers: { host: "localhost" } })
	).json()) as { paths: object };
	expect(Object.keys(document.paths)).toEqual(
		expect.arrayContaining(["/v1/ingest/usage", "/v1/ingest/otlp/v1/traces", "/v1/ingest/prometheus/write"]),
	);
});
