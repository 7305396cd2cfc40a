// Recording rules that actuals write, held against promtool: they load, and they give the figures that the law and the prices say.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "farthing-rules-"));
let actuals;
let prices;

before(() => {
	// The example of the handbook: files that it shows under their names.
	const text = readFileSync(join(root, "docs/actuals.md"), "utf8");
	for (const [, name, body] of text.matchAll(/^```(?:jsonl|csv) (\S+)\n([\s\S]*?)^```$/gm))
		writeFileSync(join(folder, name), body);
	farthing("import", "usage.jsonl", "gpus.jsonl", "bill.csv");
	const ask = ["actuals", "--window", "2026-10-05", "--basis", "busy", "--json", "--quiet"];
	actuals = JSON.parse(farthing(...ask, "--export", "focus,litellm,rules,dashboard")).result;
	prices = JSON.parse(readFileSync(join(folder, "out/litellm-prices.json"), "utf8"));
});

after(() => rmSync(folder, { recursive: true, force: true }));

test("promtool takes the rules", () => {
	const { status, stdout, stderr } = spawnSync(
		"promtool",
		["check", "rules", join(folder, "out/prometheus-rules.yaml")],
		{ encoding: "utf8" },
	);
	assert.equal(status, 0, stderr);
	assert.match(stdout, /SUCCESS: 8 rules found/);
});

test("on counters of an engine the rules give what law and prices say", () => {
	const model = "llama-3.3-70b";
	const [law] = actuals.laws;
	const { input_cost_per_token: perInput, output_cost_per_token: perOutput } = prices[model];
	// A minute: 60,000 prompt tokens, a third of them from the cache, 6,000 of output, 60 requests.
	const [input, cached, output, requests] = [1000, 1000 / 3, 100, 1];
	const context = (input + output / 2) / requests;
	const busy =
		law.us_per_uncached_input_token * 1e-6 * (input - cached) +
		law.us_per_output_token * 1e-6 * output +
		law.ns_per_output_context_token2 * 1e-9 * output * context;
	const hour = 3600 * (perInput * (input - cached) + perOutput * output);
	const series = (name, perSecond, labels = "") => ({
		series: `${name}{model_name="${model}"${labels}}`,
		values: `0+${perSecond * 60}x60`,
	});
	const labels = `{basis="busy", currency="USD", model_name="${model}"}`;
	const expect = (expr, value, of) => ({ expr, eval_time: "30m", exp_samples: [{ labels: `${expr}${of}`, value }] });
	const file = {
		rule_files: ["out/prometheus-rules.yaml"],
		evaluation_interval: "1m",
		tests: [
			{
				interval: "1m",
				input_series: [
					series("vllm:prompt_tokens_total", input),
					series("vllm:prefix_cache_hits_total", cached),
					series("vllm:generation_tokens_total", output),
					series("vllm:request_success_total", requests, ', finished_reason="stop"'),
				],
				promql_expr_test: [
					{
						expr: `abs(farthing:busy_gpus:rate5m - ${busy}) < bool ${busy * 1e-6}`,
						eval_time: "30m",
						exp_samples: [{ labels: `{model_name="${model}"}`, value: 1 }],
					},
					{
						expr: `abs(farthing:cost_per_hour:rate5m - ${hour}) < bool ${hour * 1e-6}`,
						eval_time: "30m",
						exp_samples: [{ labels, value: 1 }],
					},
					{
						expr: `abs(farthing:cost_per_mtok:rate5m - ${(hour / 3600 / (input + output)) * 1e6}) < bool 1e-6`,
						eval_time: "30m",
						exp_samples: [{ labels, value: 1 }],
					},
					expect("farthing:mean_context_tokens:rate5m", context, `{model_name="${model}"}`),
				],
			},
		],
	};
	writeFileSync(join(folder, "test.yaml"), JSON.stringify(file));
	const { status, stdout, stderr } = spawnSync("promtool", ["test", "rules", "test.yaml"], {
		cwd: folder,
		encoding: "utf8",
	});
	assert.equal(status, 0, `${stdout}${stderr}`);
});

test("the FOCUS statement is read back, and its sum is the cost", () => {
	const again = JSON.parse(farthing("import", "out/focus.csv", "--no-store", "--json"));
	assert.equal(again.result.kind, "focus");
	assert.equal(again.result.quarantined, 0);
	assert.ok(Math.abs(again.result.totals.cost.billed_usd.value - actuals.cost.value) < 1e-9);
});

function farthing(...args) {
	const { status, stdout, stderr } = spawnSync(
		process.execPath,
		[join(root, "packages/cli/bin/farthing.js"), ...args],
		{ cwd: folder, encoding: "utf8" },
	);
	assert.equal(status, 0, stderr);
	return stdout;
}
