import { createServer, type Server } from "node:http";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { linesOf as lines, someRequests, wireRequests as wire } from "../../../test-support/usage-records.ts";
import type { JsonObject } from "../../records/record-shape.ts";
import { BatchBuilder } from "../column-batch.ts";
import { usageEncoder } from "../encode-usage.ts";
import { decodeFrames, encodeFrame } from "../frame.ts";
import { ingestHandler } from "./ingest-http.ts";
import { openLedger, type LiveLedger } from "./open-ledger.ts";

test("a frame comes back as it was, and a torn or changed one does not come back at all", () => {
	const builder = new BatchBuilder("usage_request");
	const add = usageEncoder(builder, new BatchBuilder("usage_window"));
	for (const record of someRequests(100, 3)) add(record);
	const frame = { batches: [builder.take()], bodies: [{ key: "k", hash: "h" }] };
	const bytes = encodeFrame(frame);
	expect(decodeFrames(Buffer.concat([bytes, bytes]))).toEqual({ frames: [frame, frame], bytes: bytes.length * 2 });
	fc.assert(
		fc.property(fc.nat(bytes.length - 1), (cut) => {
			expect(decodeFrames(Buffer.concat([bytes, bytes.subarray(0, cut)])).frames).toHaveLength(1);
		}),
		{ numRuns: 50 },
	);
	fc.assert(
		fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
			const broken = Buffer.from(bytes);
			broken[at] = (broken[at] as number) ^ flip;
			// The four bytes that are kept for later use are the only ones without a meaning.
			if (at < 12 || at > 15) expect(decodeFrames(broken).frames).toHaveLength(0);
		}),
		{ numRuns: 200 },
	);
});

/** When the requests of the tests are over. */
const AFTER_ALL = BigInt(Date.UTC(2026, 11, 1)) * 1000n;

describe("ingest", () => {
	let folder = "";
	let ledger: LiveLedger;
	const open = (options: Parameters<typeof openLedger>[2] = {}): Promise<LiveLedger> =>
		openLedger(join(folder, "ledger.duckdb"), join(folder, "spool"), {
			loadEveryMs: 3_600_000,
			...options,
			store: { now: () => AFTER_ALL, ...options.store },
		});
	beforeEach(async () => {
		folder = mkdtempSync(join(tmpdir(), "farthing-ingest-"));
		ledger = await open();
	});
	afterEach(async () => {
		await ledger.close();
		rmSync(folder, { recursive: true, force: true });
	});
	const body = (n: number, seed: number): Buffer => Buffer.from(lines(wire(n, seed)));

	test("what was acknowledged is in the store after the loader ran, once, however often it was sent", async () => {
		const sent = await Promise.all(
			[body(50, 1), body(50, 2), body(50, 1)].map((each) => ledger.ingest.accept("usage", each)),
		);
		expect(sent.map(({ outcome }) => outcome)).toEqual(["stored", "stored", "repeated"]);
		expect(await ledger.store.rowCount("usage_request")).toBe(0);
		await ledger.loader.tick();
		expect(await ledger.store.rowCount("usage_request")).toBe(100);
		// The same answer before it is loaded, after that, and after a start: with a mark and empty lines between too.
		const again = { outcome: "repeated", records: 50 };
		expect(await ledger.ingest.accept("usage", body(50, 2))).toEqual(again);
		await ledger.close();
		ledger = await open();
		expect(await ledger.ingest.accept("usage", body(50, 2))).toEqual(again);
		expect(await ledger.store.rowCount("usage_request")).toBe(100);
		const spaced = Buffer.from(`\ufeff\n${lines(wire(50, 3)).replaceAll("\n", "\n \n")}`);
		expect(await ledger.ingest.accept("usage", spaced)).toEqual({ outcome: "stored", records: 50 });
		expect(await ledger.ingest.accept("usage", spaced)).toEqual(again);
		await ledger.loader.tick();
		expect(await ledger.ingest.accept("usage", spaced)).toEqual(again);
		expect(await ledger.store.rowCount("usage_request")).toBe(150);
	});

	test("a key stands for one body", async () => {
		await ledger.ingest.accept("usage", body(5, 1), "a");
		expect(await ledger.ingest.accept("usage", body(5, 1), "a")).toMatchObject({ outcome: "repeated", records: 5 });
		await expect(ledger.ingest.accept("usage", body(5, 2), "a")).rejects.toMatchObject({ code: "body-conflict" });
		expect(await ledger.ingest.accept("usage", body(5, 1), "b")).toMatchObject({ outcome: "stored" });
		await ledger.loader.drain();
		expect(await ledger.store.rowCount("usage_request")).toBe(10);
		expect(readdirSync(join(folder, "spool"))).toEqual([]);
	});

	test("a body with a fault is refused whole, with each line", async () => {
		const records = wire(3, 4);
		const text = `${lines(records)}\n{"grain":\n${JSON.stringify({ ...records[0], tokens: { in_total: -1 } })}\nNaN\n`;
		expect(await ledger.ingest.accept("usage", Buffer.from(text))).toMatchObject({
			outcome: "refused",
			faulty: 3,
			issues: [{ line: 5, message: "the line is no JSON" }, { line: 6, path: "tokens.in_total" }, { line: 7 }],
		});
		await ledger.loader.drain();
		expect(await ledger.store.rowCount("usage_request")).toBe(0);
		expect(await ledger.ingest.accept("usage", Buffer.from(lines(records)))).toMatchObject({
			outcome: "stored",
			records: 3,
		});
	});

	test("an event of years to come is at fault, as in a file", async () => {
		await ledger.close();
		ledger = await open({ store: { now: () => BigInt(Date.UTC(2026, 10, 28)) * 1000n } });
		const [record] = wire(1, 6) as [JsonObject];
		const at = (t0: string, t1 = t0): Promise<unknown> =>
			ledger.ingest.accept("usage", Buffer.from(JSON.stringify({ ...record, t0, t1 })));
		expect(await at("2026-11-28T00:59:59Z")).toMatchObject({ outcome: "stored" });
		expect(await at("2027-08-28T00:00:00Z")).toMatchObject({
			outcome: "refused",
			issues: [{ line: 1, path: "t0", expected: expect.stringContaining("by 2026-11-28T01:00:00Z, an hour ahead") }],
		});
		expect(await at("2026-11-28T00:00:00Z", "2027-08-28T00:00:00Z")).toMatchObject({
			outcome: "refused",
			issues: [{ line: 1, path: "t1", expected: expect.stringContaining("ends by 2026-11-28T01:00:00Z") }],
		});
	});

	test("a record that is wrapped, as in a file, is told to come alone", async () => {
		const [record] = wire(1, 6) as [JsonObject];
		for (const org of [undefined, "a"]) {
			expect(
				await ledger.ingest.accept("usage", Buffer.from(JSON.stringify({ usage: record })), undefined, org),
			).toMatchObject({
				outcome: "refused",
				issues: [{ line: 1, path: "usage", expected: expect.stringContaining('what "usage" holds as the line') }],
			});
		}
	});

	test("of a refused body not even the labels stay", async () => {
		const [first, second] = wire(2, 6) as [JsonObject, JsonObject];
		const refused = lines([
			{ ...first, tenant: { org: "refused" } },
			{ ...second, tokens: { in_total: -1 } },
		]);
		expect(await ledger.ingest.accept("usage", Buffer.from(refused))).toMatchObject({ outcome: "refused" });
		await ledger.ingest.accept("usage", Buffer.from(lines([{ ...first, tenant: { org: "kept" } }])));
		await ledger.loader.drain();
		expect(await ledger.store.orgs()).toEqual(["kept"]);
	});

	test.each([
		["UTF-16 with its mark", Buffer.from(`\ufeff${lines(wire(1, 1))}`, "utf16le")],
		["Latin-1", Buffer.from('{"grain":"r\u00e9quest"}', "latin1")],
	])("%s is refused by name", async (_, bytes) => {
		await expect(ledger.ingest.accept("usage", bytes)).rejects.toMatchObject({ code: "not-utf8" });
	});

	test("UTF-16 without a mark, and hostile numbers, are faults with their line", async () => {
		expect(await ledger.ingest.accept("usage", Buffer.from(lines(wire(1, 1)), "utf16le"))).toMatchObject({
			outcome: "refused",
		});
		const [record] = wire(1, 5) as [JsonObject];
		for (const n of ["1e400", "-1", "9007199254740993", "0.5", '"7"', "1e308"]) {
			const text = JSON.stringify({ ...record, tokens: { out_total: 7 } }).replace('"out_total":7', `"out_total":${n}`);
			const refused = await ledger.ingest.accept("usage", Buffer.from(text));
			expect(refused).toMatchObject({ outcome: "refused", issues: [{ line: 1, path: "tokens.out_total" }] });
		}
	});

	test("a full spool refuses by name, keeps nothing of it, and takes in again after the loader ran", async () => {
		await ledger.close();
		ledger = await open({ spool: { capBytes: 60_000 } });
		const outcomes = [];
		for (let seed = 1; seed <= 20; seed++) {
			outcomes.push(
				await ledger.ingest.accept("usage", body(50, seed)).then(
					({ outcome }) => outcome,
					(error: { code: string }) => error.code,
				),
			);
		}
		const stored = outcomes.filter((outcome) => outcome === "stored").length;
		expect(stored).toBeGreaterThan(0);
		expect(outcomes.slice(stored)).toEqual(Array.from({ length: 20 - stored }, () => "spool-full"));
		expect(ledger.spool.bytes).toBeLessThanOrEqual(60_000);
		await ledger.loader.drain();
		expect(await ledger.store.rowCount("usage_request")).toBe(stored * 50);
		expect(await ledger.ingest.accept("usage", body(50, 20))).toMatchObject({ outcome: "stored" });
	});

	test("the torn end of a segment is left out, what stands before it is loaded", async () => {
		await ledger.ingest.accept("usage", body(10, 1));
		const [name] = readdirSync(join(folder, "spool"));
		const path = join(folder, "spool", name as string);
		const bytes = readFileSync(path);
		await ledger.close();
		expect(await counted(ledger, open)).toBe(10);
		writeFileSync(path.replace(/-[0-9a-f]{8}-/, "-00000000-"), Buffer.concat([bytes, bytes.subarray(0, 100)]));
		expect(await counted(ledger, open)).toBe(20);
	});

	test("over HTTP: stored, repeated, refused, conflict, too much, packed, cut off", async () => {
		await ledger.close();
		ledger = await open({ spool: { capBytes: 30_000 } });
		const handler = ingestHandler(ledger.ingest);
		const server = createServer((request, response) => {
			if (!handler(request, response)) response.writeHead(404).end();
		});
		const url = await listen(server);
		const post = async (bytes: Uint8Array, headers: Record<string, string> = {}, kind = "usage") => {
			const response = await fetch(`${url}/v1/ingest/${kind}`, { method: "POST", body: bytes as never, headers });
			return { status: response.status, ...(await response.json().catch(() => ({}))) } as {
				status: number;
				code?: string;
			};
		};
		try {
			expect(await post(body(5, 1))).toEqual({ status: 200, outcome: "stored", records: 5 });
			expect(await post(body(5, 1))).toMatchObject({ status: 200, outcome: "repeated" });
			const packed = gzipSync(body(5, 2));
			expect(await post(packed, { "content-encoding": "gzip" })).toMatchObject({ status: 200, records: 5 });
			expect(await post(packed.subarray(0, 60), { "content-encoding": "gzip" })).toMatchObject({
				status: 400,
				code: "broken-gzip",
			});
			expect(await post(gzipSync(Buffer.alloc(40e6)), { "content-encoding": "gzip" })).toMatchObject({ status: 413 });
			expect(await post(body(1, 3), { "content-encoding": "br" })).toMatchObject({ status: 415 });
			expect(await post(body(1, 4), { "idempotency-key": "k" })).toMatchObject({ status: 200 });
			expect(await post(body(1, 5), { "idempotency-key": "k" })).toMatchObject({ status: 409, code: "body-conflict" });
			expect(await post(Buffer.from("{}"))).toMatchObject({ status: 400, code: "faulty-lines", faulty: 1 });
			expect(await post(body(1, 6), {}, "unknown")).toMatchObject({ status: 404 });
			expect((await fetch(`${url}/v1/ingest/usage`)).status).toBe(405);
			expect(await post(body(400, 7))).toMatchObject({ status: 429, code: "spool-full" });
		} finally {
			server.close();
		}
	});
});

async function counted(closed: LiveLedger, open: () => Promise<LiveLedger>): Promise<number> {
	await closed.close().catch(() => undefined);
	const ledger = await open();
	const rows = await ledger.store.rowCount("usage_request");
	await ledger.close();
	return rows;
}

async function listen(server: Server): Promise<string> {
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
