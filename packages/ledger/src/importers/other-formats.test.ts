/** Formats of tools and providers: the traps of each, on the smallest file that shows it. */
import { describe, expect, it } from "vitest";
import { newAccount, note } from "./account.ts";
import { headOf } from "./head.ts";
import type { ImportContext } from "./importer.ts";
import { type ImportResult, resultOf } from "./import-result.ts";
import { importerFor } from "./registry.ts";

async function read(content: unknown, context: ImportContext = {}): Promise<ImportResult & { codes: string[] }> {
	const bytes = Buffer.from(typeof content === "string" ? content : JSON.stringify(content));
	const importer = importerFor(headOf("file", bytes));
	if (importer === undefined) throw new Error("no importer");
	const account = newAccount(importer.kind);
	const source = {
		name: "file",
		bytes: async function* () {
			yield bytes;
		},
	};
	for await (const item of importer.read(source, context)) note(account, item);
	return { ...resultOf(account, []), codes: [...account.warnings.values()].map(({ code }) => code) };
}

const tokens = ({ totals }: ImportResult): Record<string, number | undefined> =>
	Object.fromEntries(Object.entries(totals.tokens).map(([name, { value }]) => [name, value]));

describe("AIPerf", () => {
	const metrics = {
		request_count: { unit: "requests", avg: 89 },
		error_request_count: { unit: "requests", avg: 11 },
		total_isl: { unit: "tokens", avg: 48950 },
		total_osl: { unit: "tokens", avg: 21624 },
		total_output_tokens: { unit: "tokens", avg: 1832 },
		total_reasoning_tokens: { unit: "tokens", avg: 19792 },
		benchmark_duration: { unit: "sec", avg: 9.3 },
	};

	it.each([
		["older", { records: metrics, input_config: {} }],
		["newer", { ...metrics, aiperf_version: "0.9", schema_version: "1.2", input_config: {} }],
	])(
		"takes all that was generated for output in the %s schema, not what is left without reasoning",
		async (_, summary) => {
			const found = await read(summary, { gpus: 2 });
			expect(found.kind).toBe("aiperf");
			expect(tokens(found)).toMatchObject({ input_total: 48950, output: 21624, reasoning: 19792 });
			expect(found.totals).toMatchObject({ requests: { value: 89 }, gpu_seconds: { value: 18.6 } });
		},
	);

	it("reads the two stacked tables of its CSV", async () => {
		const csv =
			"Metric,avg,min,p99\nInput Sequence Length (tokens),550.00,550.00,550.00\n\nMetric,Value\nRequest Count,89.00\nTotal Input Sequence Length (tokens),48950.00\nTotal Output Sequence Length (tokens),21624.00\nTotal Reasoning Tokens (tokens),19792.00\n";
		expect(tokens(await read(csv))).toMatchObject({ input_total: 48950, output: 21624, reasoning: 19792 });
	});

	it("counts requests of both layouts, of the profiling phase, and failures without tokens", async () => {
		const metric = (value: number): object => ({ value, unit: "tokens" });
		const older = {
			metadata: { x_request_id: "a", timestamp_ns: 1_759_522_419_154_829_600, credit_phase: "profiling" },
			metrics: {
				input_sequence_length: metric(550),
				output_sequence_length: metric(240),
				reasoning_token_count: metric(200),
				ttft: { value: 5, unit: "ms" },
				request_latency: { value: 100, unit: "ms" },
			},
			error: null,
		};
		const newer = {
			metadata: {
				x_request_id: "b",
				request_start_ns: 1_759_813_207_532_900_400,
				request_end_ns: 1_759_813_207_838_764_500,
				benchmark_phase: "profiling",
			},
			metrics: { input_sequence_length: metric(550), output_sequence_length: metric(9) },
		};
		const warmup = {
			metadata: { ...newer.metadata, x_request_id: "c", benchmark_phase: "warmup" },
			metrics: newer.metrics,
		};
		const failed = {
			metadata: { ...newer.metadata, x_request_id: "d", was_cancelled: true },
			metrics: { error_isl: metric(550) },
			error: { code: 499 },
		};
		const found = await read([older, newer, warmup, failed].map((each) => JSON.stringify(each)).join("\n"));
		expect(tokens(found)).toMatchObject({ input_total: 1100, output: 249, reasoning: 200 });
		expect([found.totals.requests?.value, found.records, found.skipped[0]?.count, found.coverage]).toEqual([
			2, 3, 1, 1,
		]);
	});
});

describe("GuideLLM", () => {
	const metrics = (requests: object): object => ({
		...requests,
		prompt_token_count: { successful: { total_sum: 143, count: 2 }, errored: { total_sum: 999 } },
		output_token_count: { successful: { total_sum: 16, count: 2 } },
		output_tokens_per_second: { successful: { mean: 3195 } },
	});

	it.each([
		[
			"2",
			{
				metadata: { version: 2, guidellm_version: "0.8" },
				benchmarks: [{ duration: 5, metrics: metrics({ request_totals: { successful: 2, errored: 1 } }) }],
			},
		],
		[
			"1",
			{
				benchmarks: [
					{
						args: {},
						run_stats: { requests_made: { successful: 2 } },
						start_time: 10,
						end_time: 15,
						metrics: metrics({}),
					},
				],
			},
		],
	])("adds tokens of requests that succeeded, version %s, and takes no weighted rate for one", async (_, report) => {
		const found = await read(report);
		expect(tokens(found)).toMatchObject({ input_total: 143, output: 16 });
		expect(found.totals.requests?.value).toBe(2);
		expect(found.details).toMatchObject([{ output_tokens_per_second: 3.2 }]);
	});
});

describe("inference-perf and llm-d", () => {
	const lifecycle = {
		load_summary: { count: 3149, send_duration: 60 },
		successes: {
			count: 3149,
			prompt_len: { mean: 200 },
			output_len: { mean: 63 },
			throughput: { output_tokens_per_sec: 3300 },
		},
		failures: { count: 0 },
	};

	it("believes the client, not the server's counters of the same stage", async () => {
		const found = await read(lifecycle);
		expect(tokens(found)).toMatchObject({ input_total: 629800, output: 198387 });
		const server = await read({
			load_summary: {},
			successes: { count: 6411, rate: 81, output_len: { mean: 2512 } },
			failures: {},
		});
		expect([server.totals.requests, server.skipped[0]?.count]).toEqual([undefined, 1]);
	});

	it("reads reports of both versions in YAML, without the requests that failed", async () => {
		const requests =
			"{total: 500, failures: 100, input_length: {units: count, mean: 20}, output_length: {units: count, mean: 10}}";
		for (const yaml of [
			`version: '0.1'\nscenario: {host: {accelerator: [{count: 1}, {count: 8}]}}\nmetrics:\n  requests: ${requests}\n`,
			`version: '0.2'\nscenario: {}\nresults:\n  request_performance:\n    aggregate:\n      requests: ${requests}\n`,
		]) {
			const found = await read(yaml);
			expect([found.kind, found.totals.requests?.value]).toEqual(["llm-d-report", 400]);
			expect(tokens(found)).toMatchObject({ input_total: 8000, output: 4000 });
		}
		expect((await read("version: '0.1'\nscenario: {a: [}\nmetrics: 1\n")).quarantined).toBe(1);
	});
});

it("SGLang's bench: server counts, cached tokens apart, retokenised counts as a check", async () => {
	const run = {
		tag: null,
		backend: "sglang",
		duration: 10,
		completed: 5,
		total_input_tokens: 1000,
		total_output_tokens: 200,
		total_output_tokens_retokenized: 150,
		median_tpot_ms: 20,
		server_info: { model_path: "m" },
		cache_report: { total_cached_tokens: 600 },
		odd: 1,
	};
	const found = await read(`${JSON.stringify(run)}\n${JSON.stringify({ ...run, total_output_tokens: -1 })}\n`, {
		gpus: 2,
	});
	expect(tokens(found)).toMatchObject({ input: 400, cached_input: 600, output: 200 });
	expect([found.quarantined, found.unknown, found.codes]).toEqual([
		1,
		[{ name: "odd", count: 1 }],
		["figures-disagree"],
	]);
	expect(found.benchmarks).toMatchObject([{ tokensPerGpuSecond: 60, interactivity: 50 }]);
});

describe("Langfuse", () => {
	const event = (type: string, body: object): object => ({ id: type, type, body });

	it("merges a create and an update that comes before it, and adds cached tokens beside the input", async () => {
		const update = event("generation-update", {
			id: "g",
			endTime: "2025-01-16T11:28:56.000Z",
			usageDetails: { input: 186, input_cached_tokens: 1024, output: 84, output_reasoning_tokens: 256, total: 1550 },
			costDetails: { total: 0.5 },
		});
		const create = event("generation-create", {
			id: "g",
			startTime: "2025-01-16T11:28:54.000-08:00",
			endTime: null,
			model: "m",
			traceId: "t",
		});
		const batch = [
			event("trace-create", { id: "t", userId: "u1" }),
			update,
			{ ...create, body: { ...(create as { body: object }).body, startTime: "2025-01-16T11:28:54.000Z" } },
		];
		const found = await read({ batch });
		expect(found.records).toBe(1);
		expect(tokens(found)).toMatchObject({
			input: 186,
			cached_input: 1024,
			input_total: 1210,
			output: 340,
			reasoning: 256,
		});
		expect(found.totals.cost).toMatchObject({ list_usd: { value: 0.5 } });
	});

	it("reads the older usage, only where it counts tokens", async () => {
		const of = (unit: string): object => ({
			batch: [
				event("generation-create", {
					id: unit,
					startTime: "2025-01-16T11:28:54Z",
					usage: { input: 10, output: 20, unit },
				}),
			],
		});
		expect(tokens(await read(of("TOKENS")))).toMatchObject({ input_total: 10, output: 20 });
		expect((await read(of("CHARACTERS"))).quarantined).toBe(1);
	});
});

describe("admin APIs of providers", () => {
	it("OpenAI: cached tokens are within the input", async () => {
		const result = {
			object: "organization.usage.completions.result",
			input_tokens: 1210,
			input_cached_tokens: 1024,
			output_tokens: 340,
			num_model_requests: 5,
			model: "gpt",
			project_id: "p",
		};
		const found = await read({
			object: "page",
			data: [{ object: "bucket", start_time: 1730419200, end_time: 1730505600, results: [result] }],
			has_more: true,
		});
		expect(tokens(found)).toMatchObject({ input: 186, cached_input: 1024, output: 340 });
		expect([found.totals.requests?.value, found.codes]).toEqual([5, ["more-pages"]]);
	});

	it("Anthropic: three kinds of input add up, amounts are cents as text", async () => {
		const usage = {
			uncached_input_tokens: 100,
			cache_read_input_tokens: 1000,
			cache_creation: { ephemeral_5m_input_tokens: 20, ephemeral_1h_input_tokens: 30 },
			output_tokens: 7,
			model: "claude",
		};
		const bucket = { starting_at: "2025-08-01T00:00:00Z", ending_at: "2025-08-02T00:00:00Z" };
		expect(tokens(await read({ data: [{ ...bucket, results: [usage] }] }))).toMatchObject({
			input: 150,
			cached_input: 1000,
			cache_write: 50,
			input_total: 1150,
			output: 7,
		});
		const cost = await read({ data: [{ ...bucket, results: [{ currency: "USD", amount: "123.45" }] }] });
		expect(cost.totals.cost).toMatchObject({ billed_usd: { value: 1.2345 } });
	});
});

describe("gateways", () => {
	it("Envoy: counts may be text or null, failures count no tokens", async () => {
		const row = {
			start_time: "2025-08-30T16:51:37.894Z",
			duration: 1526,
			response_code: 200,
			"gen_ai.request.model": "m",
			"gen_ai.usage.input_tokens": "15",
			"gen_ai.usage.output_tokens": 7,
			"gen_ai.usage.cached_input_tokens": "5",
			"x-request-id": "r",
		};
		const found = await read(
			[
				row,
				{ ...row, response_code: 500, "gen_ai.usage.input_tokens": null, "gen_ai.usage.output_tokens": null },
				{ ...row, "gen_ai.usage.output_tokens": null },
				{ ...row, "gen_ai.usage.output_tokens": "x" },
			]
				.map((each) => JSON.stringify(each))
				.join("\n"),
		);
		expect(tokens(found)).toMatchObject({ input: 20, cached_input: 10, output: 7 });
		expect([found.records, found.quarantined, found.coverage]).toEqual([3, 1, 0.5]);
	});

	it("Kong: usage under whatever plugin served it", async () => {
		const usage = {
			prompt_tokens: 14,
			completion_tokens: 21,
			prompt_tokens_details: { cached_tokens: 4 },
			completion_tokens_details: { reasoning_tokens: 6 },
			cost: 0.5,
		};
		const found = await read({
			ai: { "ai-proxy-advanced": { usage, meta: { request_model: "m", llm_latency: 2670, plugin_id: "x" } } },
			started_at: 1737710446000,
			consumer: { username: "ann" },
		});
		expect(tokens(found)).toMatchObject({ input: 10, cached_input: 4, output: 21, reasoning: 6 });
	});
});

describe("MLPerf", () => {
	it("takes GPUs from the stated total, not from nodes or names; tokens are output", async () => {
		const heading =
			"Public ID\tOrganization\tModel MLC\tScenario\tUnits\t# of Nodes\tAccelerators per node\tAccelerator (click + for details)\tTotal Accelerators \tAvg. Result at System Name";
		const rows = [
			"v6.0-0076\tNVIDIA\tgpt-oss-120b\tOffline\tTokens/s\t72\t4\tNVIDIA GB300\t288\t2880000",
			'v6.0-0001\tAMD\tllama2-70b-99\tOffline\tTokens/s\t11\t8\tMI355X\t87\t"1,042,110"',
			"v6.0-0002\tAMD\tretinanet\tServer\tQueries/s\t1\t8\tMI355X\t8\t100",
		];
		const utf16 = await read([heading, ...rows].join("\n"));
		expect(
			utf16.benchmarks?.map(({ gpus, outputPerGpuSecond }) => [gpus, Math.round(outputPerGpuSecond ?? 0)]),
		).toEqual([
			[288, 10000],
			[87, 11978],
		]);
		expect(utf16.skipped).toMatchObject([{ count: 1 }]);
	});

	it("reads the crosstab's results, not its other measures", async () => {
		const csv = [
			",,,,,,Benchmark  /  Model MLC  /  Scenario  /  Units,,",
			",,,,,,llama2-70b-99,,retinanet",
			",,,,,,Offline,Server,Offline",
			"Public ID,Organization,# of Nodes,Accelerator,# of Accelerators,,Tokens/s,Tokens/s,Samples/s",
			"5.1-0001,AMD,2,MI300X,8,# of  Processors ,2,2,2",
			',,,,,Avg. Result at System Name,"34,548.20","33,163.34",5',
		].join("\n");
		const found = await read(csv);
		expect(found.benchmarks).toMatchObject([
			{ model: "llama2-70b-99", hardware: "MI300X", gpus: 16, outputPerGpuSecond: 34548.2 / 16 },
			{ outputPerGpuSecond: 33163.34 / 16 },
		]);
		expect([found.records, found.skipped[0]?.count]).toEqual([3, 1]);
	});

	it("reads a submitter's table, the repository's JSON, and logs of both kinds", async () => {
		const csv =
			"Organization,MlperfModel,Scenario,Result,number_of_nodes,accelerator_model_name,accelerators_per_node,Units,weight_data_types\nX,deepseek-r1,Offline,30873.9,1,B200,8,Tokens/s,fp4\n";
		expect((await read(csv)).benchmarks).toMatchObject([
			{ gpus: 8, precision: "fp4", outputPerGpuSecond: 30873.9 / 8 },
		]);
		const json = [
			{
				UsedModel: "m",
				Nodes: 2,
				"a#": 8,
				Accelerator: "B200",
				Performance_Result: 1600,
				Performance_Units: "Tokens/s",
			},
		];
		expect((await read(json)).benchmarks).toMatchObject([{ gpus: 16, outputPerGpuSecond: 100 }]);
		const summary =
			"====\nMLPerf Results Summary\n====\nScenario : Server\nCompleted tokens per second: 18592.24\nResult is : VALID\n";
		expect((await read(summary, { gpus: 8 })).details).toMatchObject([
			{ output_tokens_per_second: 18592.24, output_tokens_per_gpu_second: 2324.03 },
		]);
		const event = (key: string, time: number, value: unknown = null): string =>
			`:::MLLOG {"time_ms": ${time}, "key": "${key}", "value": ${JSON.stringify(value)}, "metadata": {"samples_count": 384}}`;
		const log = [
			"noise",
			event("run_start", 1000),
			event("eval_accuracy", 50_000, 0.92),
			event("run_stop", 61_000),
			":::MLLOG {broken",
		].join("\n");
		const run = await read(log, { gpus: 8 });
		expect(run.details).toMatchObject([{ duration_s: 60, samples: 384 }]);
		expect([run.totals.gpu_seconds?.value, run.quarantined]).toEqual([480, 1]);
	});
});

it("a table keyed in by hand: each row is checked against itself", async () => {
	const csv =
		"system,gpus,model,precision,concurrency,output_tps,speed_per_query,note\nB200,8,gpt-oss-120b,mxfp4,64,3200,50,x\nB200,8,m,fp8,4,3200,50,\nB200,0,m,fp8,4,100,50,\nB200,8,,fp8,4,100,50,\n";
	const found = await read(csv);
	expect(found.benchmarks).toMatchObject([{ outputPerGpuSecond: 400, interactivity: 50, concurrency: 64 }]);
	expect([found.records, found.quarantined, found.unknown]).toEqual([1, 3, [{ name: "note", count: 1 }]]);
});

it("reads saved answers of Prometheus: vectors as scrapes, raw samples as windows", async () => {
	const answer = (resultType: string, result: object[]): object => ({
		status: "success",
		data: { resultType, result },
	});
	const metric = { __name__: "sglang:generation_tokens_total", model_name: "m" };
	expect(tokens(await read(answer("vector", [{ metric, value: [1795311205.9, "7557572"] }])))).toMatchObject({
		output: 7557572,
	});
	const values = [
		[1000, "10"],
		[1015, "40"],
		[1030, "5"],
		[1045, "35"],
	];
	const found = await read(answer("matrix", [{ metric, values }]));
	expect(found.codes).toContain("counter-reset");
	expect(tokens(found)["output"]).toBeGreaterThanOrEqual(65);
	expect((await read(answer("scalar", []))).quarantined).toBe(1);
	const nameless = await read(answer("vector", [{ metric: {}, value: [1795311205.9, "NaN"] }]));
	expect(nameless.unknown).toEqual([{ name: expect.stringMatching(/^a series without a name/), count: 1 }]);
});
