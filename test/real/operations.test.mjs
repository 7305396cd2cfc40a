// What people run a server with, held against the programs that read it: alerts by promtool, every query of alerts and
// dashboard by a Prometheus that scrapes a server at work; the chart by Helm and the container file by hadolint where they
// are to be had.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { Ajv } from "ajv";
import { parse } from "yaml";
import { prometheusOfJob } from "./prometheus-server.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const deploy = join(root, "deploy");
const chart = join(deploy, "helm/farthing");
const alerts = parse(readFileSync(join(deploy, "prometheus/farthing-alerts.yaml"), "utf8"));
const dashboard = JSON.parse(readFileSync(join(deploy, "grafana/farthing-server.json"), "utf8"));

test("promtool takes the alerts, and their tests pass", () => {
	const folder = join(deploy, "prometheus");
	const checked = run("promtool", ["check", "rules", join(folder, "farthing-alerts.yaml")]);
	assert.match(checked, /SUCCESS: 9 rules found/);
	assert.match(run("promtool", ["test", "rules", join(folder, "farthing-alerts.test.yaml")]), /SUCCESS/);
});

test("each alert is tried when all is well and when all is not", () => {
	const { tests } = parse(readFileSync(join(deploy, "prometheus/farthing-alerts.test.yaml"), "utf8"));
	const names = alerts.groups.flatMap(({ rules }) => rules.map(({ alert }) => alert)).sort();
	for (const { name, alert_rule_test: tried } of tests)
		assert.deepEqual(tried.map(({ alertname }) => alertname).sort(), names, name);
	assert.deepEqual(
		tests.map(({ alert_rule_test: tried }) => tried.every(({ exp_alerts: fires }) => fires.length > 0)),
		[false, true],
	);
});

describe("a server at work, scraped by Prometheus", () => {
	const folder = mkdtempSync(join(tmpdir(), "farthing-operations-"));
	let server;
	let engine;
	let prometheus;

	before(async () => {
		engine = await engineMetrics();
		const scrapes = {
			version: 1,
			allow: ["127.0.0.1/32"],
			scrapes: [{ job: "engine", targets: [`${engine.url}/metrics`], every_seconds: 1, within_seconds: 1 }],
		};
		writeFileSync(join(folder, "scrapes.json"), JSON.stringify(scrapes));
		server = await serving(folder);
		prometheus = await prometheusOfJob("farthing", new URL(server.url).host);
		assert.equal((await fetch(`${server.url}/v1/backups`, { method: "POST" })).status, 200);
		// Rates need two scrapes of events and of scheduled scrapes: sent until there are.
		const rates = ["farthing_ingest_records_total", "farthing_scrapes_total", "farthing_http_shed_total"];
		for (let i = 0; i < 120; i++) {
			const body = `${JSON.stringify(event(i))}\n`;
			assert.equal((await fetch(`${server.url}/v1/ingest/usage`, { method: "POST", body })).status, 200);
			const shown = await Promise.all(rates.map((name) => found(`rate(${name}[5m])`)));
			if (shown.every((series) => series.length > 0)) return;
			await sleep(250);
		}
		throw new Error("Prometheus shows no rates after half a minute");
	});

	after(async () => {
		await prometheus?.stop();
		server?.child.kill("SIGKILL");
		engine?.close();
		rmSync(folder, { recursive: true, force: true });
	});

	for (const { title, targets } of dashboard.panels)
		test(`the panel "${title}" shows something`, async () => {
			for (const { expr } of targets) assert.notEqual((await found(expr)).length, 0, expr);
		});

	for (const { alert, expr } of alerts.groups.flatMap(({ rules }) => rules))
		test(`${alert} asks for what there is, and does not fire`, async () => {
			assert.deepEqual(await found(expr), []);
			for (const [name] of expr.matchAll(/\b(?:farthing_\w+|up)\b/g))
				assert.notEqual((await found(name)).length, 0, `no series ${name}`);
		});

	async function found(expr) {
		const url = `${prometheus.url}/api/v1/query?query=${encodeURIComponent(expr)}`;
		const { status, error, data } = await (await fetch(url)).json();
		assert.equal(status, "success", `${expr}: ${error}`);
		return data.result;
	}
});

test("panels of the dashboard have places of their own, and a data source that is asked for", () => {
	const { panels, templating } = dashboard;
	assert.equal(new Set(panels.map(({ id }) => id)).size, panels.length);
	const taken = new Set(panels.map(({ gridPos: { x, y } }) => `${x} ${y}`));
	assert.equal(taken.size, panels.length);
	assert.deepEqual(
		templating.list.map(({ name, type }) => [name, type]),
		[["source", "datasource"]],
	);
	for (const { datasource } of panels) assert.equal(datasource.uid, "${source}");
});

test("the chart's values keep their schema, and templates name only values that there are", () => {
	const values = parse(readFileSync(join(chart, "values.yaml"), "utf8"));
	const schema = JSON.parse(readFileSync(join(chart, "values.schema.json"), "utf8"));
	const validate = new Ajv({ strict: false }).compile(schema);
	assert.ok(validate(values), JSON.stringify(validate.errors));
	assert.ok(!validate({ ...values, retain: "9 days" }));
	const templates = readdirSync(join(chart, "templates")).map((name) =>
		readFileSync(join(chart, "templates", name), "utf8"),
	);
	const named = templates.flatMap((text) => [...text.matchAll(/\.Values\.([\w.]+)/g)].map(([, path]) => path));
	assert.ok(named.length > 15);
	for (const path of named) {
		const value = path.split(".").reduce((at, key) => at?.[key], values);
		assert.notEqual(value, undefined, path);
	}
	for (const key of Object.keys(values))
		assert.ok(
			named.some((path) => path.split(".")[0] === key),
			`nothing uses ${key}`,
		);
});

test("Helm's own linter takes the chart, with everything switched on too", { skip: !isThere("helm") }, () => {
	const all = ["backups.schedule=@daily", "backups.tokenSecret=t", "serviceMonitor.enabled=true"];
	const more = ["serviceMonitor.tokenSecret=t", "scrapesConfigMap=s", "retain=90d"];
	const sets = [...all, ...more].flatMap((each) => ["--set", each]);
	assert.match(run("helm", ["lint", "--strict", chart]), /0 chart\(s\) failed/);
	assert.match(run("helm", ["lint", "--strict", chart, ...sets]), /0 chart\(s\) failed/);
	const kinds = run("helm", ["template", "one", chart, "--kube-version", "1.30", ...sets]).match(/^kind: \w+/gm);
	assert.deepEqual(kinds.sort(), ["kind: CronJob", "kind: Service", "kind: ServiceMonitor", "kind: StatefulSet"]);
});

test("hadolint takes the container file", { skip: !isThere("hadolint") }, () => {
	assert.equal(run("hadolint", [join(deploy, "container/Containerfile")]), "");
});

function isThere(command) {
	return spawnSync(command, ["--help"]).error === undefined;
}

function run(command, args) {
	const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: "utf8" });
	assert.equal(status, 0, `${error ?? ""}${stdout}${stderr}`);
	return stdout;
}

function event(i) {
	return {
		grain: "request",
		t0: "2026-11-28T10:00:00Z",
		t1: "2026-11-28T10:00:01Z",
		source: { adapter: "test", version: "1", kind: "gateway" },
		request_id: `request-${i}`,
		model: { served: "m" },
		tokens: { in_total: 10, out_total: 5 },
	};
}

async function serving(folder) {
	const bin = join(root, "packages/cli/bin/farthing.js");
	const args = [
		"serve",
		"--port",
		"0",
		"--ledger",
		"ledger.duckdb",
		"--backups",
		"backups",
		"--scrapes",
		"scrapes.json",
	];
	const child = spawn(process.execPath, [bin, ...args], { cwd: folder });
	child.stderr.resume();
	let output = "";
	for await (const part of child.stdout) {
		output += part;
		const url = /answers at (\S+)\/v1 /.exec(output)?.[1];
		if (url !== undefined) return { url, child };
	}
	throw new Error(output);
}

async function engineMetrics() {
	const server = createServer((_, response) => response.end('vllm:generation_tokens_total{model_name="m"} 1\n'));
	await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
	return { url: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}
