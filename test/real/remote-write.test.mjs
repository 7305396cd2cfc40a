// A real Prometheus scrapes an engine and sends on by remote write: what arrives in the ledger is what the engine counted.
import assert from "node:assert/strict";
import { mkdtempSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { prometheusSending } from "./prometheus-server.mjs";

const { RemoteWriteReceiver, remoteWriteHandler } = await import(
	new URL("../../packages/ledger/dist/importers/index.js", import.meta.url)
);
const { openLedger } = await import(new URL("../../packages/ledger/dist/store/index.js", import.meta.url));

const RATE = 1000;
const STEP = 5000;

it("windows in the ledger add up to what the engine counted in them", async () => {
	const folder = mkdtempSync(join(tmpdir(), "farthing-remote-"));
	const ledger = await openLedger(join(folder, "ledger.duckdb"), join(folder, "spool"));
	const began = Date.now();
	const engine = await listen((_, response) => {
		const tokens = Math.floor(((Date.now() - began) / 1000) * RATE);
		response.end(
			`# TYPE vllm:generation_tokens_total counter\nvllm:generation_tokens_total{model_name="m",engine="0"} ${tokens}\nprocess_start_time_seconds ${began / 1000}\n`,
		);
	});
	// The window in which samples begin is metered from the first of them on: those after it are whole.
	let whole;
	const receiver = new RemoteWriteReceiver(
		{ folder: join(folder, "remote-write"), step: STEP, margin: 3000 },
		async (kind, lines, key) => {
			whole ??= Date.parse(JSON.parse(Buffer.from(lines).toString("utf8").split("\n", 1)[0]).t0) + STEP;
			const accepted = await ledger.ingest.accept(kind, lines, key);
			if (accepted.outcome === "refused") throw new Error(JSON.stringify(accepted.issues));
		},
	);
	const handle = remoteWriteHandler(receiver);
	const sink = await listen((request, response) => {
		if (!handle(request, response)) response.writeHead(404).end();
	});
	const server = await prometheusSending(engine.address, `${sink.url}/api/v1/write`);
	try {
		const rows = await until(async () => {
			await ledger.loader.drain();
			if (whole === undefined) return undefined;
			const question = { from: whole * 1000, to: (Date.now() + 60_000) * 1000, by: ["served", "instance"] };
			const windows = await ledger.store.windows(question);
			return windows.length > 0 && windows[0].records >= 2n ? windows : undefined;
		});
		const [{ keys, records, sums }] = rows;
		assert.equal(keys.served, "m");
		assert.equal(keys.instance, engine.address);
		const wanted = (Number(records) * STEP * RATE) / 1000;
		assert.ok(Math.abs(Number(sums.out_total.sum) / wanted - 1) < 0.02, `${sums.out_total.sum} of ${wanted}`);
	} finally {
		await server.stop();
		engine.server.close();
		sink.server.close();
		await ledger.close();
	}
});

async function until(found) {
	for (let tries = 0; tries < 120; tries++) {
		const result = await found();
		if (result !== undefined) return result;
		await sleep(500);
	}
	throw new Error("nothing arrived within a minute");
}

function listen(handler) {
	return new Promise((resolve) => {
		const server = createServer(handler);
		server.listen(0, "127.0.0.1", () => {
			const address = `127.0.0.1:${server.address().port}`;
			resolve({ server, address, url: `http://${address}` });
		});
	});
}
