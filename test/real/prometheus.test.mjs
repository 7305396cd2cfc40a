// A real Prometheus, filled from scripted truth by its own tool: what import meters of a window is held against the
// truth over an hour and over minutes, across a restart, a reset and a gap, for each engine.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { prometheusWith } from "./prometheus-server.mjs";

const bin = fileURLToPath(new URL("../../packages/cli/bin/farthing.js", import.meta.url));
const T0 = Date.UTC(2026, 10, 20, 10) / 1000;
const HOUR = 3600;
const SCRAPE = 15;

/** Tokens a second, in waves of two lengths: never steady, and known exactly at every moment. */
const WAVES = [
	[0.35, 613],
	[0.2, 97],
];
/** Tokens from the first moment of the script until `t` seconds into it. */
function truth(t, perSecond) {
	const waves = WAVES.map(([size, length]) => {
		const turn = (2 * Math.PI) / length;
		return (size / turn) * (1 - Math.cos(turn * t));
	});
	return perSecond * (t + waves.reduce((sum, each) => sum + each, 0));
}

const engines = {
	vllm: {
		series: (count) => [
			["vllm:prompt_tokens_total", { model_name: "m", engine: "0" }, (t) => count(t, 9000)],
			[
				"vllm:prompt_tokens_by_source_total",
				{ model_name: "m", engine: "0", source: "local_compute" },
				(t) => count(t, 900),
			],
			[
				"vllm:prompt_tokens_by_source_total",
				{ model_name: "m", engine: "0", source: "local_cache_hit" },
				(t) => count(t, 8100),
			],
			["vllm:prompt_tokens_by_source_total", { model_name: "m", engine: "0", source: "external_kv_transfer" }, () => 0],
			["vllm:generation_tokens_total", { model_name: "m", engine: "0" }, (t) => count(t, 2000)],
			["vllm:request_success_total", { model_name: "m", engine: "0", finished_reason: "stop" }, (t) => count(t, 10)],
		],
	},
	sglang: {
		series: (count) => [
			["sglang:prompt_tokens_total", { model_name: "m" }, (t) => count(t, 9000)],
			["sglang:cached_tokens_total", { model_name: "m", cache_source: "device" }, (t) => count(t, 8100)],
			["sglang:generation_tokens_total", { model_name: "m" }, (t) => count(t, 2000)],
			["sglang:num_requests_total", { model_name: "m" }, (t) => count(t, 10)],
		],
	},
	"tensorrt-llm": {
		series: (count) => [
			["trtllm_prompt_tokens_total", { model_name: "m", engine_type: "trtllm" }, (t) => count(t, 9000)],
			["trtllm_prompt_cached_tokens_total", { model_name: "m", engine_type: "trtllm" }, (t) => count(t, 8100)],
			["trtllm_generation_tokens_total", { model_name: "m", engine_type: "trtllm" }, (t) => count(t, 2000)],
			[
				"trtllm_request_success_total",
				{ model_name: "m", engine_type: "trtllm", finished_reason: "length" },
				(t) => count(t, 10),
			],
		],
	},
};

/** Seconds into the script: the process begins again, its counters do so without saying, samples are missing. */
const RESTART = HOUR + 1207;
const RESET = HOUR + 2411;
const GAP = [HOUR + 3000, HOUR + 3180];

function samplesOf(count) {
	const samples = [];
	for (let t = 3.2; t < 3 * HOUR; t += SCRAPE) {
		if (t > GAP[0] && t < GAP[1]) continue;
		samples.push([T0 + t, Math.floor(count(t))]);
	}
	return samples;
}

/** What a counter shows: what was counted since it last began. */
const sinceBegin = (t, perSecond) => {
	const began = t >= RESET ? RESET : t >= RESTART ? RESTART : 0;
	return truth(t, perSecond) - truth(began, perSecond);
};

const run = promisify(execFile);
async function meter(url, from, to, more = []) {
	const iso = (t) => new Date((T0 + t) * 1000).toISOString();
	const args = ["import", "--prometheus", url, "--from", iso(from), "--to", iso(to), "--json", ...more];
	const folder = mkdtempSync(join(tmpdir(), "farthing-real-"));
	const { stdout } = await run(process.execPath, [bin, ...args], { cwd: folder, maxBuffer: 2 ** 26 });
	return JSON.parse(stdout);
}

const wanted = (from, to, perSecond) => truth(to, perSecond) - truth(from, perSecond);
function near(got, from, to, perSecond, within, words) {
	const error = got.value / wanted(from, to, perSecond) - 1;
	assert.ok(Math.abs(error) <= within, `${words}: ${(error * 100).toFixed(3)}% off, allowed ${within * 100}%`);
}

for (const [name, { series }] of Object.entries(engines)) {
	describe(`${name} in a real Prometheus`, () => {
		let server;
		before(async () => {
			const labels = { job: "engine", instance: "10.0.0.1:8000", namespace: "serving", pod: `${name}-0` };
			server = await prometheusWith([
				...series(sinceBegin).map(([metric, ownLabels, count]) => ({
					name: metric,
					labels: Object.assign({}, labels, ownLabels),
					samples: samplesOf(count),
				})),
				// The restart is said; the later reset is not.
				{
					name: "process_start_time_seconds",
					labels,
					samples: samplesOf((t) => T0 + (t >= RESTART ? RESTART : 0)).filter(([at]) => at < T0 + RESET),
				},
			]);
		});
		after(() => server.stop());

		it("is within 0.1% over an hour with a restart, a reset and a gap, and names each", async () => {
			const [from, to] = [HOUR, 2 * HOUR];
			const { result, warnings } = await meter(server.url, from, to);
			const { tokens, requests } = result.totals;
			near(tokens.output, from, to, 2000, 0.001, "output");
			near(tokens.input, from, to, 900, 0.001, "computed input");
			near(tokens.cached_input, from, to, 8100, 0.001, "cached input");
			near(requests, from, to, 10, 0.001, "requests");
			const codes = warnings.map(({ code }) => code);
			for (const code of ["restart", "counter-reset", "gap"])
				assert.ok(codes.includes(code), `${code} in ${codes.join(", ")}`);
		});

		it("is within 1.5% over any minute, also across the restart and the reset", async () => {
			for (const from of [HOUR / 2 + 7, HOUR + 301, RESTART - 31, RESET - 20, 2 * HOUR + 11]) {
				const { result } = await meter(server.url, from, from + 60);
				near(result.totals.tokens.output, from, from + 60, 2000, 0.015, `output of the minute from ${from - HOUR}`);
				near(result.totals.tokens.input, from, from + 60, 900, 0.015, `input of the minute from ${from - HOUR}`);
			}
		});

		it("adds up the same in steps as at once", async () => {
			const whole = await meter(server.url, HOUR, 2 * HOUR);
			const steps = await meter(server.url, HOUR, 2 * HOUR, ["--step", "10min"]);
			const [a, b] = [whole, steps].map(({ result }) => result.totals.tokens.output.value);
			assert.ok(Math.abs(a / b - 1) < 1e-3, `${a} and ${b}`);
		});
	});
}

describe("GPUs in a real Prometheus", () => {
	let server;
	before(async () => {
		const gpu = (uuid) => ({
			job: "dcgm",
			instance: "n1:9400",
			UUID: uuid,
			modelName: "NVIDIA H100",
			Hostname: "n1",
			namespace: "gpu-operator",
			pod: "dcgm-exporter-x",
			exported_namespace: "serving",
			exported_pod: "vllm-0",
		});
		const every = (seconds, of) =>
			Array.from({ length: (3 * HOUR) / seconds }, (_, i) => [T0 + i * seconds, of(i * seconds)]);
		const watts = (t) => 400 + 200 * Math.sin(t / 300);
		const joules = (t) => 400 * t + 200 * 300 * (1 - Math.cos(t / 300));
		server = await prometheusWith([
			{ name: "DCGM_FI_DEV_POWER_USAGE", labels: gpu("GPU-counter"), samples: every(15, watts) },
			{
				name: "DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION",
				labels: gpu("GPU-counter"),
				samples: every(15, (t) => Math.round(joules(t) * 1000)),
			},
			{ name: "DCGM_FI_DEV_POWER_USAGE", labels: gpu("GPU-power-1s"), samples: every(2, watts) },
			{ name: "DCGM_FI_DEV_POWER_USAGE", labels: gpu("GPU-power-30s"), samples: every(30, watts) },
		]);
	});
	after(() => server.stop());

	it("meters energy by counter where there is one, else by power, valid only where samples are close", async () => {
		const { result } = await meter(server.url, HOUR, 2 * HOUR);
		const truthJoules = 400 * HOUR + 200 * 300 * (Math.cos(HOUR / 300) - Math.cos((2 * HOUR) / 300));
		const devices = Object.fromEntries(
			result.details.flatMap(({ devices: all = [] }) => all).map((each) => [each.uuid, each]),
		);
		for (const [uuid, method, valid] of [
			["GPU-counter", "counter", true],
			["GPU-power-1s", "integrated", true],
			["GPU-power-30s", "integrated", false],
		]) {
			const { energy } = devices[uuid];
			assert.deepEqual([energy.method, energy.valid], [method, valid], uuid);
			assert.ok(
				Math.abs(energy.millijoules / 1000 / truthJoules - 1) < 0.002,
				`${uuid}: ${energy.millijoules / 1000} J, ${truthJoules} J`,
			);
		}
		assert.equal(result.totals.gpu_seconds.value, 3 * HOUR);
		assert.deepEqual(devices["GPU-counter"].held_by, [{ namespace: "serving", pod: "vllm-0" }]);
	});
});

it("says plainly what a server that is none answers", async () => {
	await assert.rejects(meter("http://127.0.0.1:9", 0, 60), (error) => {
		assert.equal(error.code, 2);
		assert.match(error.stdout, /"unreadable-server"/);
		return true;
	});
});

describe("doctor on the metrics of a real Prometheus", () => {
	let server;
	const now = Math.floor(Date.now() / 1000);
	const recent = (of) => Array.from({ length: 120 }, (_, i) => [now - 1800 + i * 15, of(i)]);
	before(async () => {
		const labels = { job: "engine", instance: "10.0.0.1:8000", model_name: "m" };
		server = await prometheusWith([
			{ name: "vllm:prompt_tokens_total", labels, samples: recent((i) => i) },
			{ name: "vllm:generation_tokens_total", labels, samples: recent((i) => i) },
			{ name: "DCGM_FI_DEV_POWER_USAGE", labels: { UUID: "GPU-a" }, samples: recent(() => 300) },
		]);
	});
	after(() => server.stop());

	it("names what is found, what is missing, and what that costs", async () => {
		const { stdout } = await run(process.execPath, [bin, "doctor", "--prometheus", server.url, "--json"]);
		const { metrics } = JSON.parse(stdout).result;
		const vllm = metrics.exporters.find(({ exporter }) => exporter === "vllm");
		assert.deepEqual(
			vllm.found.map(({ concept }) => concept),
			["in_total", "out_total"],
		);
		assert.ok(vllm.missing.some(({ concept, costs }) => concept === "cached_any" && costs.length > 10));
		const dcgm = metrics.exporters.find(({ exporter }) => exporter === "dcgm");
		assert.ok(dcgm.missing.some(({ concept }) => concept === "energy"));
		assert.ok(metrics.absent.some(({ exporter }) => exporter === "kube-state-metrics"));
		assert.ok(Math.abs(metrics.scrape_interval_s - 15) < 1.5, `${metrics.scrape_interval_s}`);
	});

	it("ends with 1 where nothing counts tokens", async () => {
		const empty = await prometheusWith([{ name: "up", labels: { job: "x" }, samples: recent(() => 1) }]);
		try {
			await assert.rejects(
				run(process.execPath, [bin, "doctor", "--prometheus", empty.url, "--json"]),
				({ code }) => code === 1,
			);
		} finally {
			await empty.stop();
		}
	});
});
