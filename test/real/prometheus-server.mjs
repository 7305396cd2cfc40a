// Debian's Prometheus, filled by its own back-fill tool from samples of a script, on a free port of the loopback.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** `series`: `{name, labels, samples: [[seconds, value], …]}` each. Gives `{url, stop}`. */
export async function prometheusWith(series) {
	const folder = mkdtempSync(join(tmpdir(), "farthing-prometheus-"));
	const text = join(folder, "samples.om");
	writeFileSync(text, openMetrics(series));
	execFileSync("promtool", ["tsdb", "create-blocks-from", "openmetrics", text, join(folder, "data")], {
		stdio: "pipe",
	});
	return started(folder, "global: {scrape_interval: 15s}\n");
}

/** One that scrapes `target` (host:port) every second and sends what it scrapes on to a receiver of remote write. */
export function prometheusSending(target, receiver) {
	const folder = mkdtempSync(join(tmpdir(), "farthing-prometheus-"));
	return started(
		folder,
		`global: {scrape_interval: 1s}
scrape_configs: [{job_name: engine, static_configs: [{targets: ["${target}"]}]}]
remote_write: [{url: "${receiver}", queue_config: {batch_send_deadline: 1s}}]
`,
	);
}

/** One that scrapes `target` (host:port) every second, takes the times that it says, and shows what is up to an hour old. */
export function prometheusScraping(target) {
	const folder = mkdtempSync(join(tmpdir(), "farthing-prometheus-"));
	return started(
		folder,
		`global: {scrape_interval: 1s}
scrape_configs: [{job_name: engine, static_configs: [{targets: ["${target}"]}]}]
`,
		["--query.lookback-delta=1h"],
	);
}

/** One that scrapes `target` (host:port) every second as the job of that name. */
export function prometheusOfJob(job, target) {
	const folder = mkdtempSync(join(tmpdir(), "farthing-prometheus-"));
	const scrape = `{job_name: ${job}, static_configs: [{targets: ["${target}"]}]}`;
	return started(folder, `global: {scrape_interval: 1s}\nscrape_configs: [${scrape}]\n`);
}

async function started(folder, configuration, flags = []) {
	writeFileSync(join(folder, "prometheus.yml"), configuration);
	const port = await freePort();
	const server = spawn(
		"prometheus",
		[
			`--config.file=${join(folder, "prometheus.yml")}`,
			`--storage.tsdb.path=${join(folder, "data")}`,
			"--storage.tsdb.retention.time=10y",
			`--web.listen-address=127.0.0.1:${port}`,
			"--log.level=error",
			...flags,
		],
		{ stdio: "ignore" },
	);
	const url = `http://127.0.0.1:${port}`;
	await ready(url);
	return {
		url,
		stop: async () => {
			const ended = new Promise((resolve) => server.once("exit", resolve));
			server.kill("SIGTERM");
			await ended;
			rmSync(folder, { recursive: true, force: true });
		},
	};
}

/** Samples of a family stand together, in the order of time. */
function openMetrics(series) {
	const lines = [...series]
		.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
		.flatMap(({ name, labels, samples }) => {
			const shown = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
			return samples.map(([at, value]) => `${name}{${shown.join(",")}} ${value} ${at.toFixed(3)}`);
		});
	return `${lines.join("\n")}\n# EOF\n`;
}

async function ready(url) {
	for (let tries = 0; tries < 150; tries++) {
		try {
			if ((await fetch(`${url}/-/ready`)).ok) return;
		} catch {
			// Not listening yet.
		}
		await sleep(100);
	}
	throw new Error("Prometheus did not become ready");
}

function freePort() {
	return new Promise((resolve, reject) => {
		const server = createServer().once("error", reject);
		server.listen(0, "127.0.0.1", () => {
			const { port } = server.address();
			server.close(() => resolve(port));
		});
	});
}
