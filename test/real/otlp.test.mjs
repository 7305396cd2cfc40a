// The OpenTelemetry JS SDK with GenAI instrumentations, as a real client: what it sends is in the ledger, once.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const { OtlpReceiver, otlpHandler } = await import(
	new URL("../../packages/ledger/dist/importers/index.js", import.meta.url)
);
const { openLedger } = await import(new URL("../../packages/ledger/dist/store/index.js", import.meta.url));
const client = fileURLToPath(new URL("otlp-client.cjs", import.meta.url));
const run = promisify(execFile);

/** The upstream: 1,210 tokens in of which 1,024 cached, 340 out of which 256 reasoning. */
const usage = {
	prompt_tokens: 1210,
	completion_tokens: 340,
	total_tokens: 1550,
	prompt_tokens_details: { cached_tokens: 1024 },
	completion_tokens_details: { reasoning_tokens: 256 },
};

function model(request, response) {
	let body = "";
	request.on("data", (piece) => (body += piece));
	request.on("end", () => {
		const fails = JSON.parse(body).model === "fails";
		response.writeHead(fails ? 429 : 200, { "content-type": "application/json" });
		const message = { role: "assistant", content: "ok" };
		response.end(
			JSON.stringify(
				fails
					? { error: { message: "rate limited" } }
					: {
							id: "c",
							object: "chat.completion",
							created: 1,
							model: "gpt-oss-120b-2026",
							choices: [{ index: 0, message, finish_reason: "stop" }],
							usage,
						},
			),
		);
	});
}

const listen = (handler) =>
	new Promise((resolve) => {
		const server = createServer(handler);
		server.listen(0, "127.0.0.1", () => resolve({ server, url: `http://127.0.0.1:${server.address().port}` }));
	});

describe("the OpenTelemetry SDK sends to the ledger", () => {
	let api;
	let receiver;
	let ledger;
	before(async () => {
		const folder = mkdtempSync(join(tmpdir(), "farthing-otlp-"));
		ledger = await openLedger(join(folder, "ledger.duckdb"), join(folder, "spool"));
		api = await listen(model);
		const handle = otlpHandler(new OtlpReceiver(Date.now() * 1000), async (lines) => {
			const accepted = await ledger.ingest.accept("usage", lines);
			if (accepted.outcome === "refused") throw new Error(JSON.stringify(accepted.issues));
		});
		receiver = await listen((request, response) => {
			if (handle(request, response)) return;
			response.writeHead(404).end();
		});
	});
	after(async () => {
		api.server.close();
		receiver.server.close();
		await ledger.close();
	});

	/** Sums of the requests and of the windows of a service, by how they ended. */
	const stored = async (service) => {
		await ledger.loader.drain();
		const now = Date.now() * 1000;
		const question = {
			from: now - 3_600_000_000,
			to: now + 3_600_000_000,
			by: ["status"],
			where: { instance: [service] },
		};
		const requests = await ledger.store.requests(question);
		const windows = await ledger.store.windows({ ...question, by: [] });
		return { requests: new Map(requests.map((row) => [row.keys.status, row])), windows };
	};

	for (const [library, encoding, split] of [
		["opentelemetry", "json", false],
		["opentelemetry", "protobuf", false],
		["openinference", "protobuf", true],
	]) {
		it(`${library}, ${encoding}: every call once, failures without tokens, what is not said unknown`, async () => {
			const { stderr } = await run(process.execPath, [client, `${api.url}/v1`, receiver.url, encoding, library]);
			assert.equal(stderr, "", "the exporter met no error");
			const { requests, windows } = await stored(`shop-${library}-${encoding}`);
			const ok = requests.get("ok");
			assert.equal(ok.records, 5n);
			assert.equal(ok.sums.in_total.sum, 5n * 1210n);
			assert.equal(ok.sums.out_total.sum, 5n * 340n);
			// OpenInference ends no span of a call that failed.
			const failed = requests.get("error");
			assert.deepEqual(
				[failed?.records, failed?.sums.out_total.known],
				library === "openinference" ? [undefined, undefined] : [1n, 0n],
			);
			// The official instrumentation does not say what was cached: that is unknown, not zero.
			assert.deepEqual(
				[ok.sums.in_cached_local.known, ok.sums.in_cached_local.sum, ok.sums.out_reasoning.sum],
				split ? [5n, 5n * 1024n, 5n * 256n] : [0n, 0n, 0n],
			);
			// Its metrics come too, and are not counted beside the spans.
			assert.equal(windows.length, 0);
		});
	}

	it("langfuse: generations with their tokens in either way of counting, tools and agents left out", async () => {
		const langfuse = fileURLToPath(new URL("langfuse-client.cjs", import.meta.url));
		const { stderr } = await run(process.execPath, [langfuse, receiver.url]);
		assert.equal(stderr, "", "the exporter met no error");
		const { requests } = await stored("shop-langfuse");
		const ok = requests.get("ok");
		assert.deepEqual(
			[ok.records, ok.sums.in_total.sum, ok.sums.in_cached_local.sum, ok.sums.out_total.sum, ok.sums.out_reasoning.sum],
			[6n, 6n * 1210n, 6n * 1024n, 6n * 340n, 6n * 256n],
		);
		assert.deepEqual([requests.get("error").records, requests.get("error").sums.out_total.known], [1n, 0n]);
	});

	it("takes a body that is sent again once", async () => {
		const span = {
			traceId: "0af7651916cd43dd8448eb211c80319c",
			spanId: "b7ad6b7169203331",
			startTimeUnixNano: `${Date.now()}000000`,
			endTimeUnixNano: `${Date.now()}000000`,
			attributes: [
				{ key: "gen_ai.request.model", value: { stringValue: "m" } },
				{ key: "gen_ai.usage.output_tokens", value: { intValue: "7" } },
			],
		};
		const body = JSON.stringify({
			resourceSpans: [
				{
					resource: { attributes: [{ key: "service.name", value: { stringValue: "twice" } }] },
					scopeSpans: [{ spans: [span] }],
				},
			],
		});
		for (let i = 0; i < 2; i++) {
			const answer = await fetch(`${receiver.url}/v1/traces`, {
				method: "POST",
				body,
				headers: { "content-type": "application/json" },
			});
			assert.deepEqual([answer.status, await answer.json()], [200, {}]);
		}
		const { requests } = await stored("twice");
		assert.equal(requests.get("ok").sums.out_total.sum, 7n);
	});

	it("refuses what is no message, and tells of spans that it cannot read", async () => {
		const send = (body, type) =>
			fetch(`${receiver.url}/v1/traces`, { method: "POST", body, headers: { "content-type": type } });
		assert.equal((await send("{", "application/json")).status, 400);
		assert.equal((await send(Buffer.from([255, 255, 255]), "application/x-protobuf")).status, 400);
		assert.equal((await send("a", "text/plain")).status, 415);
		const broken = {
			resourceSpans: [
				{
					scopeSpans: [
						{
							spans: [
								{
									traceId: "a",
									spanId: "b",
									attributes: [{ key: "gen_ai.request.model", value: { stringValue: "m" } }],
								},
							],
						},
					],
				},
			],
		};
		const answer = await send(JSON.stringify(broken), "application/json");
		assert.equal((await answer.json()).partialSuccess.rejectedSpans, "1");
	});
});
