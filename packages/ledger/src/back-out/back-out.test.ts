import { describe, expect, it } from "vitest";
import { fleetMonth, OCTOBER } from "../../test-support/fleet-month.ts";
import { actuals } from "../actuals/actuals.ts";
import { capacitySumsOf, usageSumOf } from "../actuals/facts.ts";
import { focusFaults } from "../focus-out/focus-check.ts";
import { focusColumns } from "../focus-out/focus-csv.ts";
import { COST_BASES } from "../records/cost-window.ts";
import { parseAmount } from "../records/money.ts";
import { attributedRows } from "./attributed-rows.ts";
import { grafanaDashboard } from "./grafana-dashboard.ts";
import { recordingRules, rulesYaml } from "./recording-rules.ts";
import { litellmPrices, tokenPrices } from "./token-prices.ts";

const month = fleetMonth({ ...OCTOBER, stepHours: 24, gpusPerNode: 2 });
const ORIGIN = { account: "cluster-east", provider: "Own clusters" };

describe("attributedRows", () => {
	it.each(COST_BASES)("are FOCUS rows that add up to the actuals on the %s basis", (basis) => {
		const found = run(basis);
		const rows = attributedRows(found, ORIGIN);
		expect(focusFaults(focusColumns(rows), rows)).toEqual([]);
		const sum = rows.reduce((total, row) => total + (parseAmount(row["BilledCost"] ?? "", "USD")?.nano ?? 0n), 0n);
		expect(sum).toBe(found.total.nano);
	});

	it("name model, direction and cache of tokens, and whose share it is by which method", () => {
		const rows = attributedRows(run("busy"), ORIGIN);
		const ads = rows.filter((row) => row["AllocatedResourceId"] === "ads" && row["ResourceId"] === "chat");
		expect(ads.map((row) => [row["SkuMeter"], JSON.parse(row["SkuPriceDetails"] ?? "{}")])).toEqual([
			["Input Tokens", { ModelId: "llama-3.3-70b", TokenDirection: "Input", TokenCacheAction: "Uncached" }],
			["Cached Input Tokens", { ModelId: "llama-3.3-70b", TokenDirection: "Input", TokenCacheAction: "Read" }],
			["Output Tokens", { ModelId: "llama-3.3-70b", TokenDirection: "Output" }],
		]);
		expect(
			ads.every((row) => row["AllocatedMethodId"] === "farthing-busy-1" && row["CredentialId"] === "key-ads"),
		).toBe(true);
		expect(ads[0]?.["AllocatedTags"]).toBe('{"team":"ads"}');
	});

	it("count each delivered token once", () => {
		const found = run("reserved");
		const counted = attributedRows(found, ORIGIN).reduce((sum, row) => sum + Number(row["ConsumedQuantity"] ?? 0), 0);
		const truth = found.used.reduce((sum, { tokens }) => sum + Object.values(tokens).reduce((all, n) => all + n, 0), 0);
		expect(counted).toBe(truth);
	});
});

describe("tokenPrices", () => {
	it("charge what serving cost: tokens times price add up to it", () => {
		const found = run("busy");
		const charged = tokenPrices(found).reduce((sum, { model, perInputToken = 0, perOutputToken = 0 }) => {
			const used = found.used.filter(({ owner }) => owner.model === model);
			const count = (bucket: "input" | "output"): number =>
				used.reduce((all, { tokens }) => all + (tokens[bucket] ?? 0), 0);
			return sum + count("input") * perInputToken + count("output") * perOutputToken;
		}, 0);
		const serving = found.lines
			.filter(({ kind }) => kind === "serving")
			.reduce((sum, { amount }) => sum + amount.nano, 0n);
		expect(Math.abs(charged - Number(serving) / 1e9)).toBeLessThan(1e-6);
	});

	it("stand in LiteLLM's price map under the name that is served", () => {
		const prices = litellmPrices(tokenPrices(run("busy")));
		expect(Object.keys(prices).sort()).toEqual(["deepseek-r1", "gpt-oss-120b", "llama-3.3-70b"]);
		expect(prices["deepseek-r1"]).toMatchObject({ litellm_provider: "hosted_vllm", cache_read_input_token_cost: 0 });
	});
});

describe("recordingRules", () => {
	it("carry the law and the prices of each model, names escaped", () => {
		const found = run("busy");
		const [first] = tokenPrices(found);
		const rules = recordingRules(found, [{ ...first, model: "llama-3.3-70b", served: ['meta/llama "3.3"'] }]);
		const busy = rules.find(({ record }) => record === "farthing:busy_gpus:rate5m");
		expect(busy?.expr).toContain(String.raw`{model_name=~"meta/llama \"3\\.3\""}`);
		expect(busy?.expr).toMatch(/^0\.00006\d* \* .* 0\.0007\d* \* /);
		expect(rulesYaml(rules).split("\n").slice(0, 4)).toEqual([
			"groups:",
			"  - name: farthing",
			"    interval: 1m",
			"    rules:",
		]);
	});

	it("are all that the dashboard asks for", () => {
		const found = run("busy");
		const recorded = new Set(recordingRules(found, tokenPrices(found)).map(({ record }) => record));
		const asked = JSON.stringify(grafanaDashboard("USD")).match(/farthing:[a-z_]+:rate5m/g) ?? [];
		expect(asked.length).toBe(6);
		for (const each of asked) expect(recorded.has(each)).toBe(true);
	});
});

function run(basis: (typeof COST_BASES)[number]) {
	return actuals(
		{
			usage: month.usage.map(usageSumOf),
			capacity: month.capacity.flatMap(capacitySumsOf),
			charges: month.charges,
			prices: [],
		},
		{
			window: month.window,
			basis,
			by: ["model", "team", "key"],
			cost: "effective",
			currency: "USD",
			rates: month.rates,
			calibrations: month.calibrations,
		},
	);
}
