import { describe, expect, it } from "vitest";
import { newAccount, note } from "../account.ts";
import type { ImportContext } from "../importer.ts";
import type { ImportItem } from "../import-item.ts";
import { type ImportResult, resultOf } from "../import-result.ts";
import { prometheusText, readPair } from "./text-importer.ts";

interface Read {
	readonly result: ImportResult;
	readonly codes: readonly string[];
}

const source = (text: string) => ({
	name: "scrape",
	bytes: async function* () {
		yield Buffer.from(text);
	},
});

async function one(text: string, context: ImportContext = {}): Promise<Read> {
	const account = newAccount("prometheus");
	for await (const item of prometheusText.read(source(text), context)) note(account, item);
	return { result: resultOf(account, []), codes: [...account.warnings.values()].map(({ code }) => code) };
}

async function pair(before: string, after: string, seconds: number, context: ImportContext = {}): Promise<Read> {
	const account = newAccount("prometheus");
	for await (const item of readPair(source(before), source(after), seconds, context)) note(account, item);
	return { result: resultOf(account, []), codes: [...account.warnings.values()].map(({ code }) => code) };
}

const values = ({ result }: Read): Record<string, number | undefined> =>
	Object.fromEntries(Object.entries(result.totals.tokens).map(([name, { value }]) => [name, value]));

const lines = (prefix: string, series: Readonly<Record<string, number>>): string =>
	Object.entries(series)
		.map(([name, value]) => `${prefix}${name} ${value}\n`)
		.join("");

describe("vLLM", () => {
	const m = 'model_name="m"';
	const vllm = (series: Readonly<Record<string, number>>): string => lines("vllm:", series);

	it("tells computed from cached prompt tokens by their source", async () => {
		const read = await one(
			vllm({
				[`prompt_tokens_total{${m}}`]: 13_970_000,
				[`prompt_tokens_by_source_total{${m},source="local_compute"}`]: 1_200_000,
				[`prompt_tokens_by_source_total{${m},source="local_cache_hit"}`]: 12_770_000,
				[`prompt_tokens_by_source_total{${m},source="external_kv_transfer"}`]: 0,
				[`prompt_tokens_cached_total{${m}}`]: 12_770_000,
				[`generation_tokens_total{${m}}`]: 704_176,
			}),
		);
		expect(values(read)).toMatchObject({ input: 1_200_000, cached_input: 12_770_000, input_total: 13_970_000 });
	});

	it.each(["prompt_tokens_cached_total", "prefix_cache_hits_total"])(
		"takes cached tokens from %s where no source is told",
		async (name) => {
			const read = await one(
				vllm({ [`prompt_tokens_total{${m}}`]: 100, [`${name}{${m}}`]: 90, [`generation_tokens_total{${m}}`]: 5 }),
			);
			expect(values(read)).toMatchObject({ input: 10, cached_input: 90 });
		},
	);

	it("does not split a prompt of which more was cached than there is", async () => {
		const read = await one(
			vllm({
				[`prompt_tokens_total{${m}}`]: 100,
				[`prefix_cache_hits_total{${m}}`]: 190,
				[`generation_tokens_total{${m}}`]: 5,
			}),
		);
		expect(values(read)["cached_input"]).toBeUndefined();
		expect(read.codes).toContain("cached-exceeds-prompt");
	});

	it("counts output by generated tokens, never by observations of inter-token latency", async () => {
		const read = await one(
			vllm({
				[`generation_tokens_total{${m}}`]: 704_176,
				[`inter_token_latency_seconds_count{${m}}`]: 335_522,
				[`inter_token_latency_seconds_sum{${m}}`]: 9000,
				[`spec_decode_num_draft_tokens_total{${m}}`]: 900_000,
				[`spec_decode_num_accepted_tokens_total{${m}}`]: 368_654,
			}),
		);
		expect(values(read)["output"]).toBe(704_176);
	});

	it("falls back to no inter-token latency where generated tokens are missing", async () => {
		const read = await one(
			vllm({ [`prompt_tokens_total{${m}}`]: 10, [`inter_token_latency_seconds_count{${m}}`]: 335_522 }),
		);
		expect(values(read)["output"]).toBeUndefined();
		expect(read.codes).toContain("absent-out_total");
	});

	it("takes a histogram called total for what it is", async () => {
		const text = `# TYPE vllm:iteration_tokens_total histogram\n${vllm({ [`iteration_tokens_total_sum{${m}}`]: 666, [`iteration_tokens_total_count{${m}}`]: 600, [`generation_tokens_total{${m}}`]: 600 })}`;
		const read = await one(text);
		expect(read.result.unknown).toEqual([]);
		expect(values(read)["output"]).toBe(600);
	});

	it("adds the engines of a data-parallel server", async () => {
		const read = await one(
			vllm({ [`generation_tokens_total{${m},engine="0"}`]: 5, [`generation_tokens_total{${m},engine="1"}`]: 7 }),
		);
		expect(values(read)["output"]).toBe(12);
	});

	it("counts a series that a wrapper repeats with more labels once", async () => {
		const read = await one(
			vllm({
				[`generation_tokens_total{${m},engine="0"}`]: 600,
				[`generation_tokens_total{${m},engine="0",dynamo_component="backend",dynamo_namespace="dynamo",model="m"}`]: 600,
				'prompt_tokens_total{engine="0"}': 66,
				[`prompt_tokens_total{${m},engine="0"}`]: 66,
			}),
		);
		expect(values(read)).toMatchObject({ output: 600, input_total: 66 });
		expect(read.codes).toContain("series-repeat");
	});

	it("counts finished requests without those given up or failed", async () => {
		const read = await one(
			vllm({
				[`request_success_total{${m},finished_reason="stop"}`]: 5,
				[`request_success_total{${m},finished_reason="length"}`]: 2,
				[`request_success_total{${m},finished_reason="abort"}`]: 3,
				[`request_success_total{${m},finished_reason="error"}`]: 1,
			}),
		);
		expect(read.result.totals.requests?.value).toBe(7);
	});

	it("reads Ray's spelling", async () => {
		expect(
			values(await one(lines("ray_vllm_", { [`generation_tokens_total{${m},ReplicaId="r1"}`]: 9 })))["output"],
		).toBe(9);
	});

	it("lists families that it does not know, its own and others", async () => {
		const read = await one(
			vllm({ [`generation_tokens_total{${m}}`]: 1, [`wobble_total{${m}}`]: 1 }) +
				"mystery 3\nprocess_cpu_seconds_total 1\n",
		);
		expect(read.result.unknown.map(({ name }) => name)).toEqual(["mystery", "vllm:wobble_total"]);
		expect(read.result.skipped).toMatchObject([{ count: 1 }]);
	});

	it("sets negative counters aside", async () => {
		const read = await one(vllm({ [`generation_tokens_total{${m}}`]: -5, [`prompt_tokens_total{${m}}`]: 5 }));
		expect(read.result.quarantined).toBe(1);
		expect(values(read)["output"]).toBeUndefined();
	});

	it("does not count a counter that is no number", async () => {
		const read = await one(`vllm:generation_tokens_total{${m}} NaN\nvllm:prompt_tokens_total{${m}} 5\n`);
		expect(values(read)).toEqual({ input: 5, input_total: 5, total: 5 });
	});
});

describe("two scrapes", () => {
	const at = (tokens: number, start?: number): string =>
		`vllm:generation_tokens_total{model_name="m"} ${tokens}\n${start === undefined ? "" : `process_start_time_seconds ${start}\n`}`;

	it("counts the difference", async () => {
		const read = await pair(at(100, 1.7e9), at(350, 1.7e9), 10);
		expect(values(read)["output"]).toBe(250);
		expect(read.codes).not.toContain("since-start");
	});

	it("counts from zero after a restart, and says what is lost", async () => {
		const read = await pair(at(100, 1.7e9), at(350, 1.7e9 + 60), 10);
		expect(values(read)["output"]).toBe(350);
		expect(read.codes).toContain("restart");
	});

	it("takes a fall of unknown cause for a reset", async () => {
		const read = await pair(at(100), at(40), 10);
		expect(values(read)["output"]).toBe(40);
		expect(read.codes).toContain("counter-reset");
	});

	it("counts nothing where a counter fell and its process went on", async () => {
		const read = await pair(at(100, 1.7e9), at(40, 1.7e9), 10);
		expect(values(read)["output"]).toBe(0);
		expect(read.codes).toContain("decrease-without-restart");
	});

	it("counts series that appear in the window from zero", async () => {
		const after = `${at(100)}vllm:request_success_total{model_name="m",finished_reason="stop"} 4\n`;
		expect((await pair(at(100), after, 10)).result.totals.requests?.value).toBe(4);
	});
});

describe("SGLang", () => {
	it("takes one of the ranks that all report the same work, for each data-parallel rank", async () => {
		const ranks = [0, 1].flatMap((dp) =>
			[0, 1, 2, 3].map(
				(tp) =>
					[
						`generation_tokens_total{model_name="m",engine_type="unified",tp_rank="${tp}",pp_rank="0",moe_ep_rank="0",dp_rank="${dp}"}`,
						500 + dp,
					] as const,
			),
		);
		const read = await one(lines("sglang:", Object.fromEntries(ranks)));
		expect(values(read)["output"]).toBe(1001);
		expect(read.codes).toContain("ranks-repeat");
	});

	it("adds cached tokens by place, and never their total to them", async () => {
		const read = await one(
			lines("sglang:", {
				'prompt_tokens_total{model_name="m"}': 100,
				'cached_tokens_total{model_name="m",cache_source="device"}': 40,
				'cached_tokens_total{model_name="m",cache_source="host"}': 5,
				'cached_tokens_total{model_name="m",cache_source="total"}': 45,
				'generation_tokens_total{model_name="m"}': 7,
			}),
		);
		expect(values(read)).toMatchObject({ input: 55, cached_input: 45 });
	});

	it("does not call tokens computed where nothing says what was cached", async () => {
		const read = await one(
			lines("sglang:", { 'prompt_tokens_total{model_name="m"}': 100, 'generation_tokens_total{model_name="m"}': 7 }),
		);
		expect(read.result.totals.tokens["input"]).toMatchObject({ value: 100, state: "modelled" });
		expect(values(read)["cached_input"]).toBeUndefined();
	});
});

describe("counters of the same requests", () => {
	const engine = (role: string, series: Readonly<Record<string, number>>): string =>
		lines(
			"vllm:",
			Object.fromEntries(
				Object.entries(series).map(([name, value]) => [
					`${name}{model_name="Qwen/M",worker_type="${role}",pod="${role}-0"}`,
					value,
				]),
			),
		);

	it("believes the frontend, compares the engines, and asks them what was cached", async () => {
		const read = await one(
			lines("dynamo_frontend_", {
				'input_sequence_tokens_sum{model="qwen/m"}': 1000,
				'output_tokens_total{model="qwen/m"}': 300,
				'requests_total{model="qwen/m",status="success"}': 4,
			}) +
				lines("vllm:", {
					'prompt_tokens_total{model_name="Qwen/M"}': 1000,
					'prompt_tokens_cached_total{model_name="Qwen/M"}': 600,
					'generation_tokens_total{model_name="Qwen/M"}': 306,
				}),
		);
		expect(values(read)).toMatchObject({ input_total: 1000, input: 400, cached_input: 600, output: 300 });
		expect(read.result.totals.requests?.value).toBe(4);
		expect(read.codes).toContain("counted-twice");
	});

	it("counts each prompt once where prefill and decode engines both report it", async () => {
		const read = await one(
			engine("prefill", { prompt_tokens_total: 1000, generation_tokens_total: 4, prompt_tokens_cached_total: 0 }) +
				engine("decode", { prompt_tokens_total: 1000, generation_tokens_total: 300, prompt_tokens_cached_total: 1000 }),
		);
		expect(values(read)).toMatchObject({ input_total: 1000, input: 1000, output: 300 });
	});

	it("takes what a decode engine was handed over for no cache", async () => {
		const by = (from: string): string =>
			`prompt_tokens_by_source_total{model_name="m",worker_type="decode",source="${from}"}`;
		const read = await one(
			lines("vllm:", {
				[by("local_compute")]: 1,
				[by("local_cache_hit")]: 0,
				[by("external_kv_transfer")]: 999,
				'generation_tokens_total{model_name="m",worker_type="decode"}': 5,
			}),
		);
		expect(values(read)).toMatchObject({ input: 1, cached_input: 0, transferred_input: 999 });
	});

	it("does not add the older names of the endpoint picker to the new ones", async () => {
		const both = ["llm_d_epp_request_input_tokens_sum", "llm_d_inference_scheduler_request_input_tokens_sum"]
			.map((name) => `${name}{model_name="m"} 70\n`)
			.join("");
		expect(values(await one(both))["input_total"]).toBe(70);
	});

	it("reads cached tokens of a frontend under both of its names", async () => {
		for (const name of ["cached_tokens_sum", "cached_sequence_length_sum"]) {
			const read = await one(
				lines("dynamo_frontend_", {
					'input_sequence_tokens_sum{model="m"}': 33,
					[`${name}{model="m"}`]: 16,
					'output_tokens_total{model="m"}': 300,
				}),
			);
			expect(values(read)).toMatchObject({ input: 17, cached_input: 16, output: 300 });
		}
	});
});

describe("GPUs", () => {
	const row = (name: string, labels: string, value: number): string => `DCGM_FI_DEV_${name}{${labels}} ${value}\n`;

	it("counts boards, not the rows of their MIG slices, which carry no power", async () => {
		const board = 'gpu="0",UUID="GPU-a",Hostname="n",modelName="H100"';
		const read = await one(
			row("POWER_USAGE", board, 300) +
				[1, 2, 3]
					.map(
						(i) =>
							row("FB_USED", `${board},GPU_I_ID="${i}",GPU_I_PROFILE="1g.10gb"`, 5) +
							row("POWER_USAGE", `${board},GPU_I_ID="${i}",GPU_I_PROFILE="1g.10gb"`, 900),
					)
					.join(""),
		);
		expect([read.result.totals.gpus?.value, read.result.totals.power?.value]).toEqual([1, 300]);
	});

	it("counts a GPU that pods share once", async () => {
		const rows = ["p1", "p2"].map((pod) => row("POWER_USAGE", `UUID="GPU-a",pod="${pod}",namespace="s"`, 300)).join("");
		const { result } = await one(rows);
		expect([result.totals.gpus?.value, result.totals.power?.value]).toEqual([1, 300]);
		expect(result.details).toMatchObject([{ devices: [{ held_by: [{ namespace: "s", pod: "p1" }, { pod: "p2" }] }] }]);
	});

	it("reads DCGM's energy in mJ and AMD's in µJ, also where it is called a gauge", async () => {
		const nvidia = (value: number): string => row("TOTAL_ENERGY_CONSUMPTION", 'UUID="GPU-a"', value);
		const amd = (value: number): string =>
			`# TYPE gpu_energy_consumed gauge\ngpu_energy_consumed{gpu_id="0",serial_number="S"} ${value}\n`;
		expect((await pair(nvidia(2_025_000), nvidia(5_637_500), 9)).result.totals.energy).toEqual({
			value: 3612.5,
			unit: "J",
			state: "measured",
		});
		expect((await pair(amd(1.4e17), amd(1.4e17 + 7.5e9), 10)).result.totals.energy?.value).toBeCloseTo(7500, 0);
	});

	it("integrates power where there is no energy counter, and says so", async () => {
		const at = (watts: number): string => row("POWER_USAGE", 'UUID="GPU-a"', watts);
		const { result } = await pair(at(200), at(400), 10);
		expect(result.totals).toMatchObject({ energy: { value: 3000, state: "interpolated" }, gpu_seconds: { value: 10 } });
	});

	it.each([140_737_488_355_328, 2 ** 63 - 14, 2_147_483_632])("drops DCGM's mark %d for no value", async (blank) => {
		const { result } = await one(row("POWER_USAGE", 'UUID="GPU-a"', blank) + row("POWER_USAGE", 'UUID="GPU-b"', 100));
		expect([result.totals.gpus?.value, result.totals.power?.value]).toEqual([2, 100]);
	});

	it("takes the pod from the exported labels where Prometheus has scraped", async () => {
		const { result } = await one(
			row(
				"POWER_USAGE",
				'UUID="GPU-x",exported_namespace="serving",exported_pod="vllm-0",namespace="gpu-operator",pod="dcgm-exporter-abc"',
				512.5,
			),
		);
		expect(result.details).toMatchObject([{ devices: [{ held_by: [{ namespace: "serving", pod: "vllm-0" }] }] }]);
	});

	it("says of how many GPUs the energy is known", async () => {
		const amd =
			'gpu_package_power{gpu_id="0",serial_number="S0"} 748\ngpu_package_power{gpu_id="1",serial_number="S1"} 751\ngpu_energy_consumed{gpu_id="0",serial_number="S0"} 1.4e17\n';
		expect((await one(amd)).result.totals).toMatchObject({
			energy: { value: 1.4e11, coverage: 0.5 },
			gpus: { value: 2 },
		});
	});

	it("never lets utilisation into a figure", async () => {
		const with88 = await one(row("POWER_USAGE", 'UUID="a"', 463) + row("GPU_UTIL", 'UUID="a"', 88));
		const with0 = await one(row("POWER_USAGE", 'UUID="a"', 463) + row("GPU_UTIL", 'UUID="a"', 0));
		expect(with88.result.totals).toEqual(with0.result.totals);
	});
});

describe("one scrape", () => {
	const AT = Date.UTC(2026, 10, 28, 12);
	const items = async (text: string, context: ImportContext = {}): Promise<ImportItem[]> => {
		const found: ImportItem[] = [];
		for await (const item of prometheusText.read(source(text), context)) found.push(item);
		return found;
	};
	const vllm =
		'vllm:prompt_tokens_total{model_name="m"} 100\nvllm:generation_tokens_total{model_name="m"} 60\n' +
		`process_start_time_seconds ${AT / 1000 - 3600}\n`;
	const opencost = 'node_gpu_hourly_cost{node="n1"} 2.5\nnode_gpu_hourly_cost{node="n2"} 0\n';
	const dcgm = 'DCGM_FI_DEV_POWER_USAGE{UUID="GPU-1",gpu="0",modelName="H100"} 500\n';

	it("is a record since its process began and prices from then on, where it is known when it was made", async () => {
		const found = await items(vllm + opencost + dcgm, { to: AT });
		const [usage, ...more] = found.flatMap((item) => (item.kind === "usage" ? [item.record] : []));
		expect([usage?.t0, usage?.t1, usage?.tokens.out_total, more]).toEqual([(AT - 3_600_000) * 1000, AT * 1000, 60, []]);
		const prices = found.flatMap((item) => (item.kind === "price" ? [item.record] : []));
		expect(prices).toMatchObject([
			{
				resource: "gpu_hour",
				amount: { currency: "USD", nano: 2_500_000_000n },
				selector: { node: "n1" },
				valid_from: AT * 1000,
			},
		]);
		expect(prices[0]).not.toHaveProperty("valid_to");
		expect(found.some(({ kind }) => kind === "capacity")).toBe(false);
		expect((await one(vllm + opencost + dcgm, { to: AT })).codes).toEqual(
			expect.arrayContaining(["since-start", "no-gpu-time"]),
		);
	});

	it("says what it lacks where it makes no record", async () => {
		const found = await items(vllm + opencost);
		expect(found.some(({ kind }) => kind === "usage" || kind === "price")).toBe(false);
		const messages = found.flatMap((item) => (item.kind === "warning" ? [item.message] : []));
		expect(messages.filter((message) => message.includes("--to TIME"))).toHaveLength(2);
		const two = await items(`${vllm}process_start_time_seconds{pod="b"} 5\n`, { to: AT });
		expect(two.some(({ kind }) => kind === "usage")).toBe(false);
		expect(JSON.stringify(two.filter(({ kind }) => kind === "warning"))).toContain("process_start_time_seconds");
	});
});

describe("the cluster", () => {
	const ask = (kind: string, pod: string, n: number, node = "n1"): string =>
		`kube_pod_container_resource_${kind}{container="c",namespace="ns",node="${node}",pod="${pod}",resource="nvidia_com_gpu",unit="integer"} ${n}\n`;

	it("counts requests, not requests and limits, and only of pods that run on a node", async () => {
		const { result } = await one(
			ask("requests", "a", 4) +
				ask("limits", "a", 4) +
				ask("requests", "done", 8) +
				'kube_pod_status_phase{namespace="ns",pod="done",phase="Succeeded"} 1\n' +
				ask("requests", "waiting", 2, ""),
		);
		expect(result.details).toMatchObject([{ cluster: { requested: 6, held: 4 } }]);
	});

	it("reads what OpenCost says a GPU-hour costs; a node without GPUs has no such price", async () => {
		const { result } = await one(
			'node_gpu_hourly_cost{node="n1",instance_type="p5"} 2.5\nnode_gpu_hourly_cost{node="n2"} 0\nnode_total_hourly_cost{node="n1"} 22\n',
		);
		expect(result.details).toMatchObject([
			{
				prices: [
					{ resource: "gpu_hour", node: "n1", usd: 2.5 },
					{ resource: "node_hour", usd: 22 },
				],
			},
		]);
		expect(result.unknown).toEqual([]);
	});
});

it("takes no last number of a scrape that is cut short", async () => {
	const { result } = await one(
		'vllm:prompt_tokens_total{model_name="m"} 100\nvllm:generation_tokens_total{model_name="m"} 60',
	);
	expect([result.quarantined, result.totals.tokens["output"]]).toEqual([1, undefined]);
});

it("reads what Triton exports and says that it counts no tokens", async () => {
	const { result } = await one(
		'nv_trt_llm_v1_metrics{model="tensorrt_llm",v1_specific_metric="total_generation_tokens",version="1"} 20\nnv_inference_request_success{model="m"} 3\n',
	);
	expect(result.totals.tokens).toEqual({});
	expect(result.coverage).toBeLessThan(1);
});
