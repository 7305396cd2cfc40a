/** Numbers that were published or can be worked out by hand, as the command line gives them. */
import { describe, expect, it } from "vitest";
import { type Json, refusal, resultOf } from "./farthing.ts";

const valueOf = (of: Json): number => of?.["value"] as number;

/** Within a share of what is expected. */
function near(got: number, expected: number, share: number): void {
	expect(Math.abs(got / expected - 1), `expected ${expected} within ${share * 100}%, got ${got}`).toBeLessThanOrEqual(
		share,
	);
}

describe("the closed form", () => {
	it.each([
		// 1.95 USD/GPU-hr ÷ (28,724.2 tok/s × 3,600 s) × 10⁶
		["--gpu-hour 1.95 --tokens-per-second 28724.2", 0.0188575],
		// the same over 60% of the throughput
		["--gpu-hour 1.95 --tokens-per-second 28724.2 --util 60%", 0.031429],
		// one GPU, one dollar an hour, one token a second: 10⁶ ÷ 3,600
		["--gpu-hour 1 --tokens-per-second 1", 277.7778],
		["--gpu-hour 2.07 --tokens-per-second 2497.18686", 0.230258],
	])("price %s is %d USD per million tokens", (flags, expected) => {
		near(valueOf(resultOf(`price ${flags} --json`)["unit_cost"]), expected, 1e-4);
	});

	it("splits a total by lengths: 8,192 in and 1,024 out make output nine times, input nine eighths", () => {
		const { by_tokens: kinds } = resultOf("price --gpu-hour 2 --tokens-per-second 2500 --isl 8192 --osl 1024 --json");
		near(valueOf(kinds?.["output"]) / valueOf(kinds?.["total"]), 9, 1e-12);
		near(valueOf(kinds?.["input"]) / valueOf(kinds?.["total"]), 9 / 8, 1e-12);
	});

	it("carries a range: p10 and p90 of 1.85 to 2.60 lie inside it, its middle is the geometric one", () => {
		const cost = resultOf(["price", "--gpu-hour", "1.85 to 2.60", "--tokens-per-second", "1000", "--json"])[
			"unit_cost"
		];
		const perDollar = 1e6 / 3.6e6;
		near(valueOf(cost), Math.sqrt(1.85 * 2.6) * perDollar, 1e-9);
		// lognormal with these as 5th and 95th percentile: p10 is at −1.2816/1.6449 of the way from the middle
		const spread = (Math.log(2.6 / 1.85) / 2) * (1.2815515655 / 1.644853627);
		near(cost?.["p10"] as unknown as number, Math.sqrt(1.85 * 2.6) * Math.exp(-spread) * perDollar, 5e-3);
		near(cost?.["p90"] as unknown as number, Math.sqrt(1.85 * 2.6) * Math.exp(spread) * perDollar, 5e-3);
	});
});

describe("the GPU-hour built up openly", () => {
	it.each([
		["hyperscaler", "gb200", 2.21],
		["neocloud", "gb200", 2.75],
		["hyperscaler", "h100", 1.3],
		["neocloud", "h100", 1.69],
	])("with the assumptions of a %s, %s costs %d USD an hour", (set, hardware, expected) => {
		const result = resultOf(`price --build-up ${set} --hardware ${hardware} --json`);
		near(valueOf(result["gpu_hour"]), expected, 1e-2);
		const parts = Object.values(result["parts"] as Record<string, Json>).reduce((sum, part) => sum + valueOf(part), 0);
		near(parts, valueOf(result["gpu_hour"]), 1e-12);
	});

	it("changes with a member that is set", () => {
		const at = (...flags: string[]): number =>
			valueOf(resultOf(["price", "--build-up", "gb200-rack", "--hardware", "gb200", ...flags, "--json"])["gpu_hour"]);
		const base = at();
		near(base, 2.03, 1e-2);
		for (const [flag, expected] of [
			["life=4y", 0.16],
			["life=6y", -0.1],
			["residual=25%", -0.13],
			["cost_of_capital=12%", 0.08],
			["software=4500 USD/GPU/year", 0.25],
			["energy_price=0.12 USD/kWh", 0.04],
		] as const) {
			expect(at("--set", flag) / base - 1, flag).toBeGreaterThan(expected - 0.02);
			expect(at("--set", flag) / base - 1, flag).toBeLessThan(expected + 0.02);
		}
	});
});

describe("headlines of the field", () => {
	let claims: readonly Json[] | undefined;
	const CLAIMS: readonly (readonly [id: string, figure: string, expected: number, share: number])[] = [
		["b200-gptoss-2c", "unit_cost", 0.0189, 5e-3],
		["b200-gptoss-2c", "required_tokens_per_gpu_second", 27083, 5e-3],
		["gb300-35x", "unit_cost_hopper", 4.2045, 5e-3],
		["gb300-35x", "unit_cost_blackwell", 0.1234, 5e-3],
		["gb300-35x", "cost_ratio", 34.1, 5e-3],
		["blackwell-15x-cost", "throughput_ratio", 16.5, 3e-2],
		["blackwell-15x-cost", "cost_ratio", 10.6, 3e-2],
		["gb200-15x-roi", "implied_price", 1.101, 5e-3],
		["1b-day-tens-of-millions", "annual_difference", 102200, 5e-3],
		["gb300-50x-mw", "ratio_card_2025_08", 52.8, 5e-3],
		["gb300-50x-mw", "ratio_card_2026_07", 41.4, 5e-3],
		["gb300-dsr1-4c", "unit_cost_1k1k", 0.0402, 5e-3],
		["gb300-dsr1-4c", "unit_cost_8k1k", 0.0447, 5e-3],
		["inferencex-100x", "throughput_ratio", 99.6, 5e-2],
		["trtllm-5x-2mo", "drift_per_90_days", 1.05, 1e-2],
	];

	it.each(CLAIMS)("claim %s: %s is %d", (id, figure, expected, share) => {
		claims ??= resultOf("claim --json")["claims"] as readonly Json[];
		near(valueOf(claims.find((claim) => claim["id"] === id)?.["figures"]?.[figure]), expected, share);
	});

	it("finds what a price of one's own needs: $0.02 at 1.73, 2.07 USD an hour", () => {
		const result = resultOf(
			"claim --usd-per-mtok 0.02 --tokens total --hardware b200 --model gpt-oss-120b --card 2026-07 --json",
		);
		const required = result["required"] as readonly Json[];
		const full = (tier: string): number =>
			valueOf(required.find((each) => each["tier"] === tier && valueOf(each["load"]) === 1)?.["tokens_per_gpu_second"]);
		near(full("own_hyperscaler"), 24028, 1e-4);
		near(full("own_neocloud"), 28750, 1e-4);
		near(full("rent_3yr"), 36111, 1e-4);
	});
});

describe("the six deployments of the worked example", () => {
	/** Delivered USD per million tokens, N+1 and peak twice the mean, GPUs bought one by one. */
	const TABLE: readonly (readonly [volume: string, byHardware: Readonly<Record<string, number>>])[] = [
		[
			"1B",
			{
				"ix-59100d82": 1.526,
				"ix-8fa74f0e": 1.204,
				"ix-255cede9": 0.795,
				"ix-6ab5766c": 1.192,
				"ix-8c4be6f1": 3.577,
				gb300: 5.625,
			},
		],
		[
			"5B",
			{
				"ix-59100d82": 1.038,
				"ix-8fa74f0e": 0.642,
				"ix-255cede9": 0.517,
				"ix-6ab5766c": 0.596,
				"ix-8c4be6f1": 0.715,
				gb300: 1.125,
			},
		],
		[
			"10B",
			{
				"ix-59100d82": 1.007,
				"ix-8fa74f0e": 0.562,
				"ix-255cede9": 0.497,
				"ix-6ab5766c": 0.477,
				"ix-8c4be6f1": 0.358,
				gb300: 0.562,
			},
		],
		[
			"50B",
			{
				"ix-59100d82": 0.959,
				"ix-8fa74f0e": 0.53,
				"ix-255cede9": 0.465,
				"ix-6ab5766c": 0.382,
				"ix-8c4be6f1": 0.179,
				gb300: 0.169,
			},
		],
		[
			"100B",
			{
				"ix-59100d82": 0.952,
				"ix-8fa74f0e": 0.522,
				"ix-255cede9": 0.463,
				"ix-6ab5766c": 0.376,
				"ix-8c4be6f1": 0.143,
				gb300: 0.141,
			},
		],
	];

	it.each(TABLE)("at %s tokens a day", (volume, expected) => {
		const line = `plan scenarios/prototype-to-5b.yaml --demand ${volume} --card 2026-07 --tier own_neocloud --rows scenarios/six-rows.yaml --whole-hosts off --json`;
		const options = resultOf(line)["options"] as readonly Json[];
		expect(options).toHaveLength(6);
		for (const option of options) {
			const key = option["hardware"] === "gb300-nvl72" ? "gb300" : (option["id"] as string);
			// three digits, as the table is printed
			expect(Math.abs(valueOf(option["delivered"]) - (expected[key] as number)), key).toBeLessThanOrEqual(0.00051);
		}
		const order = options.map((option) => valueOf(option["delivered"]));
		expect([...order].sort((a, b) => a - b)).toEqual(order);
	});

	it("fleet by hand: 5B a day on B200 TP4 is ⌈2 × 57,870 ÷ 9,989⌉ + 1 replicas of four", () => {
		const line = "plan scenarios/prototype-to-5b.yaml --row ix-255cede9 --whole-hosts off --json";
		const [option] = resultOf(line)["options"] as readonly Json[];
		expect(option?.["replicas"]).toBe(13);
		expect(option?.["gpus"]).toBe(52);
		// 52 × 2.07 USD/hr × 24 h ÷ 5,000 million tokens
		near(valueOf(option?.["delivered"]), (52 * 2.07 * 24) / 5000, 1e-12);
		near(valueOf(option?.["utilization"]), 5e9 / 86400 / (52 * 2497.18686), 1e-9);
	});

	it("switching a step off takes it out of the bridge", () => {
		const line = "plan scenarios/prototype-to-5b.yaml --row ix-255cede9";
		const causes = (flags: string): string[] => {
			const [option] = resultOf(`${line} ${flags} --json`)["options"] as readonly Json[];
			return (option["bridge"] as readonly Json[]).map(({ cause }) => cause as string);
		};
		expect(causes("")).toEqual(["peak sizing", "whole replicas", "N+1", "whole hosts"]);
		expect(causes("--whole-hosts off")).toEqual(["peak sizing", "whole replicas", "N+1"]);
		expect(causes("--whole-hosts off --spare 0 --whole-replicas off --peak 1")).toEqual([]);
		const [bare] = resultOf(`${line} --whole-hosts off --spare 0 --whole-replicas off --peak 1 --json`)[
			"options"
		] as readonly Json[];
		near(valueOf(bare?.["delivered"]), valueOf(bare?.["headline"]), 1e-12);
	});
});

describe("exit codes", () => {
	it.each([
		["claim b200-gptoss-2d", 3],
		["price --gpu-hour=-1 --tokens-per-second 10", 2],
		["price --gpu-hour 1 --tokens-per-second 0", 2],
		["plan no-such-file.yaml", 2],
		["frobnicate", 2],
		["plan scenarios/no-benchmark.yaml", 3],
	])("farthing %s ends with %d", (line, code) => {
		refusal(line, code);
	});
});
