// A real Prometheus is scraped by `farthing serve --scrapes` at its /federate: tokens that it scraped of an engine are in
// the ledger, under the tenant of the list, and a target that answers with an error is counted and kept apart.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { prometheusScraping } from "./prometheus-server.mjs";

const { openStore } = await import(new URL("../../packages/ledger/dist/store/index.js", import.meta.url));
const farthing = fileURLToPath(new URL("../../packages/cli/bin/farthing.js", import.meta.url));
const RATE = 100;
const MINUTE = 60_000;
const WINDOW = 5 * MINUTE;

it("what a Prometheus scraped of an engine is scraped of it, and metered for its tenant", async () => {
	const folder = mkdtempSync(join(tmpdir(), "farthing-scrapes-"));
	// A minute of the engine goes by at each scrape, from half an hour ago on: it says the times itself.
	const began = Math.floor(Date.now() / WINDOW) * WINDOW - 6 * WINDOW;
	let minutes = 0;
	const engine = createServer((_, response) => {
		const tokens = minutes * 60 * RATE;
		const at = began + minutes++ * MINUTE;
		response.end(
			`# TYPE vllm:generation_tokens_total counter\nvllm:generation_tokens_total{model_name="m",engine="0"} ${tokens} ${at}\n`,
		);
	});
	await new Promise((resolve) => engine.listen(0, "127.0.0.1", resolve));
	const prometheus = await prometheusScraping(`127.0.0.1:${engine.address().port}`);
	const list = join(folder, "scrapes.json");
	const federate = `${prometheus.url}/federate?match[]=${encodeURIComponent('{__name__=~"vllm:.+"}')}`;
	writeFileSync(
		list,
		JSON.stringify({
			version: 1,
			allow: ["127.0.0.1"],
			scrapes: [
				{ job: "federate", targets: [federate], every_seconds: 1, tenant: "finance" },
				{ job: "broken", targets: [`${prometheus.url}/no-such-page`], every_seconds: 1 },
			],
		}),
	);
	const ledger = join(folder, "ledger.duckdb");
	const server = spawn(process.execPath, [farthing, "serve", "--port", "0", "--ledger", ledger, "--scrapes", list]);
	try {
		const base = await addressOf(server);
		const counted = async (job, outcome) => {
			const text = await (await fetch(`${base}/metrics`)).text();
			const line = text.split("\n").find((each) => each.includes(`job="${job}"`) && each.includes(`"${outcome}"`));
			return Number(line?.split(" ").at(-1) ?? 0);
		};
		await until(async () => minutes > 18 && (await counted("broken", "failed")) >= 3);
		assert.ok((await counted("federate", "ok")) >= 10);
		assert.deepEqual([await counted("federate", "failed"), await counted("broken", "ok")], [0, 0]);
	} finally {
		const ended = new Promise((resolve) => server.once("close", resolve));
		server.kill("SIGTERM");
		await ended;
		await prometheus.stop();
		engine.close();
	}
	const store = await openStore(ledger);
	try {
		const question = { from: began * 1000, to: (began + 6 * WINDOW) * 1000, by: ["org", "served"] };
		const [found, ...others] = await store.windows(question);
		assert.deepEqual([others.length, found?.keys], [0, { org: "finance", served: "m" }]);
		const windows = Number(found.records);
		assert.ok(windows >= 2, `${windows} windows`);
		assert.equal(Number(found.sums.out_total.sum), (windows * WINDOW * RATE) / 1000);
	} finally {
		await store.close();
	}
	rmSync(folder, { recursive: true, force: true });
});

async function addressOf({ stdout }) {
	let text = "";
	for await (const part of stdout) {
		text += part;
		const url = /answers at (http:\/\/\S+)\/v1/.exec(text)?.[1];
		if (url !== undefined) return url;
	}
	throw new Error(`the server did not start: ${text}`);
}

async function until(holds) {
	for (let tries = 0; tries < 300; tries++) {
		if (await holds()) return;
		await sleep(200);
	}
	throw new Error("it did not come to be");
}
