import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import type { ImportItem } from "./import-item.ts";
import { type ImportOptions, type Imported, importFiles, importScrapes } from "./import-files.ts";
import { ImportError } from "./source/import-error.ts";

const folder = mkdtempSync(join(tmpdir(), "farthing-import-"));
let files = 0;

function file(content: string | Uint8Array, name = "source"): string {
	const path = join(folder, `${files++}-${name}`);
	writeFileSync(path, content);
	return path;
}

async function imported(
	content: string | Uint8Array,
	options: ImportOptions = {},
): Promise<Imported & { items: ImportItem[] }> {
	const items: ImportItem[] = [];
	const read = await importFiles([file(content)], options, { item: (item) => void items.push(item) });
	return { ...read, items };
}

/** A zstd frame of one raw block, by hand: RFC 8878. */
function zstd(text: string): Uint8Array {
	const data = Buffer.from(text);
	const header = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0xa0, 0, 0, 0, 0]);
	header.writeUInt32LE(data.length, 5);
	const block = Buffer.alloc(3);
	block.writeUIntLE((data.length << 3) | 1, 0, 3);
	return Buffer.concat([header, block, data]);
}

const mooncake = (n: number): string =>
	Array.from(
		{ length: n },
		(_, i) => `{"timestamp": ${i}, "input_length": 10, "output_length": 2, "hash_ids": [${i}]}\n`,
	).join("");

describe("sources of any packing", () => {
	const csv =
		"TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:17:03.9799600,4808,10\n2023-11-16 18:17:04.0319600,3180,8\n";

	it.each([
		["plain", Buffer.from(csv)],
		["with a byte order mark", Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(csv)])],
		["gzip", gzipSync(csv)],
		["gzip in two members", Buffer.concat([gzipSync(csv.slice(0, 50)), gzipSync(csv.slice(50))])],
		["zstd", zstd(csv)],
		["UTF-16LE with mark", Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(csv, "utf16le")])],
		["UTF-16LE without mark", Buffer.from(csv, "utf16le")],
		["UTF-16BE with mark", Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from(csv, "utf16le").swap16()])],
		["UTF-16LE in gzip", gzipSync(Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(csv, "utf16le")]))],
	])("reads %s", async (_, bytes) => {
		const { result } = await imported(bytes);
		expect(result.kind).toBe("trace");
		expect([result.totals.requests?.value, result.totals.tokens["input_total"]?.value, result.quarantined]).toEqual([
			2, 7988, 0,
		]);
	});

	it("keeps what came before a gzip that ends early, and says that it does", async () => {
		const whole = gzipSync(mooncake(5000));
		const { result } = await imported(whole.subarray(0, whole.length >> 1));
		expect(result.records).toBeGreaterThan(100);
		expect(result.records).toBeLessThan(5000);
		expect(result.faults?.at(-1)?.reason).toMatch(/damaged or ends early/);
		expect(result.coverage).toBeLessThan(1);
		// Every record that was read is whole.
		expect(result.totals.tokens["input_total"]?.value).toBe(result.records * 10);
	});

	it.each([
		["zip", Buffer.from([0x50, 0x4b, 3, 4, 0, 0]), "unsupported-compression"],
		["nothing", Buffer.alloc(0), "empty-file"],
		["prose", Buffer.from("dear reader\nthis is a letter\n"), "unknown-format"],
	])("refuses %s with a reason", async (_, bytes, code) => {
		await expect(imported(bytes)).rejects.toMatchObject({ code });
	});

	it("tells where it is and what it is not, and does not name the file twice", async () => {
		await expect(imported("dear reader\n")).rejects.toMatchObject({
			message: "it is in no format that import knows",
			place: { line: 1, file: expect.any(String) },
			expected: expect.stringMatching(/FOCUS/),
		});
	});

	it("names a file that is not there", async () => {
		await expect(importFiles([join(folder, "none")])).rejects.toMatchObject({ code: "unreadable-file" });
	});
});

describe("quarantine", () => {
	const broken = `${mooncake(2)}{"timestamp": 3, "input_length"\n{"timestamp": 4, "input_length": -5, "output_length": 2}\n${mooncake(1)}`;

	it("sets damaged lines aside with their numbers and reads the rest", async () => {
		const { result } = await imported(broken);
		expect(result.records).toBe(3);
		expect(result.faults?.map(({ line }) => line)).toEqual([3, 4]);
		expect(result.coverage).toBeCloseTo(3 / 5);
	});

	it("says where several sources counted the same tokens, and not where times or models differ", async () => {
		const usage = (kind: string, model: string, day: number): string =>
			`${JSON.stringify({
				usage: {
					grain: "window",
					t0: `2026-10-0${day}T00:00:00Z`,
					t1: `2026-10-0${day + 1}T00:00:00Z`,
					source: { adapter: "test", version: "1", kind },
					model: { served: model },
					tokens: { in_total: 400_000_000, out_total: 80_000_000 },
				},
			})}\n`;
		const twice = await imported(usage("engine", "m", 1) + usage("gateway", "m", 1) + usage("benchmark", "m", 1));
		expect(twice.result.totals.tokens["total"]?.value).toBe(1_440_000_000);
		expect(twice.warnings.find(({ code }) => code === "token-of-record")?.message).toContain(
			"m was counted by several sources in the same time (engine 480,000,000, gateway 480,000,000 tokens)",
		);
		const apart = await imported(usage("engine", "m", 1) + usage("gateway", "m", 2) + usage("gateway", "n", 1));
		expect(apart.warnings.map(({ code }) => code)).not.toContain("token-of-record");
	});

	it("sets aside events of a time that has not come", async () => {
		const event = (year: number, end = `${year}-10-01T10:00:01Z`): string =>
			JSON.stringify({
				usage: {
					grain: "request",
					t0: `${year}-10-01T10:00:00Z`,
					t1: end,
					source: { adapter: "test", version: "1", kind: "gateway" },
					model: { served: "m" },
					tokens: { in_total: 10, out_total: 5 },
				},
			});
		const open = `${event(2026, "2026-10-02T00:00:00Z")}\n${event(2026, "2126-10-01T10:00:01Z")}\n`;
		const { result: begun } = await imported(open, { latest: Date.UTC(2026, 9, 1, 11) });
		expect([begun.records, begun.faults?.map(({ reason }) => reason)]).toEqual([
			1,
			["an event that ends at 2126-10-01T10:00:01Z is not over yet: expected one that ends by 2026-10-02T00:00:00Z"],
		]);
		const both = `${event(2026)}\n${event(2126)}\n`;
		const { result, items } = await imported(both, { latest: Date.UTC(2027, 10, 28) });
		expect([result.records, result.quarantined, items.filter(({ kind }) => kind === "usage").length]).toEqual([
			1, 1, 1,
		]);
		expect(result.faults?.[0]).toMatchObject({ line: 2, reason: expect.stringMatching(/2126-10-01.*2027-11-28/) });
		expect((await imported(both)).result.quarantined).toBe(0);
	});

	it("with --strict ends at the first", async () => {
		await expect(imported(broken, { strict: true })).rejects.toBeInstanceOf(ImportError);
		await expect(imported(broken, { strict: true })).rejects.toMatchObject({ place: { line: 3 } });
	});

	it("sets a line in another encoding aside", async () => {
		const latin = Buffer.concat([
			Buffer.from(mooncake(1)),
			Buffer.from([0x7b, 0xe9, 0x7d, 0x0a]),
			Buffer.from(mooncake(1)),
		]);
		const { result } = await imported(latin);
		expect(result.records).toBe(2);
		expect(result.faults).toMatchObject([{ line: 2, reason: expect.stringMatching(/UTF-8/) }]);
	});
});

describe("vllm bench serve", () => {
	const run = {
		date: "20260817-061117",
		backend: "openai",
		model_id: "Qwen/Qwen3.5-4B",
		duration: 100,
		completed: 20,
		failed: 1,
		total_input_tokens: 2000,
		total_output_tokens: 400,
		request_throughput: 0.2,
		output_throughput: 4,
		total_token_throughput: 24,
		mean_ttft_ms: 500,
		median_tpot_ms: 20,
	};

	it("gives totals, GPU-seconds for given GPUs, and a window that ends at its date", async () => {
		const { result, items } = await imported(JSON.stringify(run), { gpus: 4 });
		expect(result.kind).toBe("vllm-bench");
		expect(result.totals).toMatchObject({
			requests: { value: 20 },
			tokens: { input_total: { value: 2000 }, output: { value: 400 }, input: { value: 2000, state: "modelled" } },
			gpu_seconds: { value: 400 },
		});
		const usage = items.find((item) => item.kind === "usage");
		expect(usage).toMatchObject({
			record: { t1: Date.UTC(2026, 7, 17, 6, 11, 17) * 1000, tokens: { in_total: 2000 } },
		});
		expect(result.benchmarks).toMatchObject([{ tokensPerGpuSecond: 6, interactivity: 50, isl: 100, osl: 20 }]);
	});

	it("reads the key with a colon of older files, and seconds of wrappers", async () => {
		const { mean_ttft_ms: _a, median_tpot_ms: _b, failed: _c, ...old } = run;
		const { result } = await imported(
			JSON.stringify({ ...old, "request_goodput:": null, mean_ttft: 0.5, median_tpot: 0.02 }),
		);
		expect(result.unknown).toEqual([]);
		expect(result.benchmarks).toMatchObject([{ medianTpot: 0.02, interactivity: 50 }]);
	});

	it("lists what the user added and does not take it for a figure", async () => {
		const { result } = await imported(
			JSON.stringify({ ...run, shape: { input_tokens: 9 }, tensor_parallel_size: "4" }),
		);
		expect(result.unknown.map(({ name }) => name)).toEqual(["shape", "tensor_parallel_size"]);
	});

	it("reads several runs of one file, also over several lines each", async () => {
		const two = `${JSON.stringify(run, null, 1)}\n${JSON.stringify(run, null, 1)}\n`;
		expect((await imported(two)).result.totals.requests?.value).toBe(40);
		expect((await imported(`${JSON.stringify(run)}\n${JSON.stringify(run)}\n`)).result.records).toBe(2);
		expect((await imported(JSON.stringify([run, run]))).result.records).toBe(2);
	});

	it.each([
		["negative tokens", { total_output_tokens: -4 }],
		["tokens that are no number", { total_input_tokens: "NaN" }],
		["a duration of zero", { duration: 0 }],
	])("sets a run with %s aside", async (_, change) => {
		const { result } = await imported(JSON.stringify({ ...run, ...change }));
		expect([result.records, result.quarantined]).toEqual([0, 1]);
	});

	it("sets 1e400 aside: JSON reads it as infinite", async () => {
		const { result } = await imported(
			JSON.stringify(run).replace('"total_output_tokens":400', '"total_output_tokens":1e400'),
		);
		expect(result.quarantined).toBe(1);
	});

	it("names figures that contradict each other", async () => {
		const { warnings } = await imported(JSON.stringify({ ...run, output_throughput: 40 }));
		expect(warnings.map(({ code }) => code)).toContain("figures-disagree");
	});
});

describe("InferenceX", () => {
	it("counts GPUs of one engine as TP·PP·PCP, of split deployments over both sides", async () => {
		const v1 = {
			hw: "b200-trt",
			tp: 8,
			ep: 8,
			conc: 8,
			model: "m",
			framework: "trt",
			precision: "fp8",
			tput_per_gpu: 124,
			output_tput_per_gpu: 62,
			input_tput_per_gpu: 62,
			median_intvty: 64,
		};
		const v2 = {
			hw: "gb200",
			framework: "dynamo-trt",
			conc: 8,
			is_multinode: true,
			disagg: true,
			prefill_tp: 4,
			prefill_num_workers: 2,
			decode_tp: 8,
			decode_num_workers: 2,
			num_prefill_gpu: 8,
			num_decode_gpu: 16,
			tput_per_gpu: 200,
			input_tput_per_gpu: 300,
			output_tput_per_gpu: 150,
			isl: 8192,
			osl: 1024,
		};
		const { result } = await imported(JSON.stringify([v1, { ...v1, pp: 2, pcp_size: 2 }, v2]));
		expect(result.kind).toBe("inferencex");
		expect(result.benchmarks?.map(({ gpus, doubts }) => [gpus, doubts])).toEqual([
			[8, undefined],
			[32, undefined],
			[24, undefined],
		]);
	});

	it("opens the nested blocks of agentic rows", async () => {
		const row = {
			hw: "b300",
			framework: "vllm",
			isl: null,
			osl: null,
			users: 64,
			tp: 8,
			request_metrics: {
				qps: 2,
				latency: { ttft: { p50: 1.5 }, tpot: { p50: 0.02 } },
				throughput: { total_tput_per_gpu: 900 },
			},
			server_metrics: { cache: { hit: 0.9 } },
		};
		const { result } = await imported(JSON.stringify([row]));
		expect(result.benchmarks).toMatchObject([
			{ layout: "inferencex-v3", medianTtft: 1.5, medianTpot: 0.02, tokensPerGpuSecond: 900, concurrency: 64 },
		]);
	});

	it("names rows whose figures contradict each other, and unknown keys", async () => {
		const row = {
			hw: "gb200",
			tp: 36,
			conc: 16,
			framework: "f",
			tput_per_gpu: 164.6,
			input_tput_per_gpu: 744.3,
			output_tput_per_gpu: 92.1,
			wobble: 1,
		};
		const { result, warnings } = await imported(JSON.stringify([row]));
		expect(warnings).toMatchObject([{ code: "row-in-doubt" }]);
		expect(result.unknown).toEqual([{ name: "wobble", count: 1 }]);
	});
});

describe("LiteLLM", () => {
	const row = (change: object = {}): Record<string, unknown> => ({
		request_id: "chatcmpl-1",
		call_type: "acompletion",
		api_key: "88dc28d0f030c55ed4ab77ed8faf098196cb1c05df778539800c9f1243fe6b4b",
		cache_hit: "None",
		startTime: "2025-01-24 09:20:46.000000",
		endTime: "2025-01-24 09:20:48.000000",
		completionStartTime: "2025-01-24 09:20:46.500000",
		model: "gpt-4o",
		model_group: "",
		team_id: "search",
		user: "u1",
		metadata: JSON.stringify({
			usage_object: {
				prompt_tokens: 1210,
				completion_tokens: 340,
				prompt_tokens_details: { cached_tokens: 1024 },
				completion_tokens_details: { reasoning_tokens: 256 },
			},
		}),
		spend: 0.0225,
		total_tokens: 1550,
		prompt_tokens: 1210,
		completion_tokens: 340,
		request_tags: '["prod"]',
		status: "success",
		...change,
	});

	it("finds cached and reasoning tokens inside the metadata, which is a text", async () => {
		const { result, items } = await imported(JSON.stringify([row()]));
		expect(result.totals.tokens).toMatchObject({
			input: { value: 186, state: "measured" },
			cached_input: { value: 1024 },
			output: { value: 340 },
			reasoning: { value: 256 },
		});
		expect(result.totals.cost).toMatchObject({ list_usd: { value: 0.0225, unit: "USD" } });
		expect(items[0]).toMatchObject({
			record: {
				tenant: { team: "search", user: "u1" },
				latency: { ttft: { value: 500_000 }, e2e: { value: 2_000_000 } },
			},
		});
	});

	it("does not take a source that says nothing of caching for one that cached nothing", async () => {
		const { result, items } = await imported(JSON.stringify([row({ metadata: "{}" })]));
		expect(result.totals.tokens["cached_input"]).toBeUndefined();
		expect(result.totals.tokens["input"]).toMatchObject({ value: 1210, state: "modelled" });
		expect((items[0] as { record: { tokens: object } }).record.tokens).toEqual({ in_total: 1210, out_total: 340 });
	});

	it("counts failures, repeated rows and answers of the gateway's cache as no request of the model", async () => {
		const rows = [
			row(),
			row(),
			row({ request_id: "2", status: "failure", prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 }),
			row({ request_id: "3", cache_hit: "True", spend: 0 }),
		];
		const { result } = await imported(rows.map((each) => JSON.stringify(each)).join("\n"));
		expect(result.totals.requests?.value).toBe(1);
		expect(result.totals.tokens["output"]?.value).toBe(340);
		expect(result.skipped.map(({ count }) => count)).toEqual([1, 1]);
		expect(result.coverage).toBe(1);
	});

	it("keeps no key in clear", async () => {
		const { items } = await imported(JSON.stringify([row({ api_key: "sk-very-secret-key" })]));
		expect(inspect(items, { depth: null })).not.toContain("very-secret");
		const faults: unknown[] = [];
		const bad = file(JSON.stringify([{ ...row({ total_tokens: -1 }), request_id: "sk-very-secret-key" }]));
		await importFiles([bad], {}, { quarantine: (fault) => void faults.push(fault) });
		expect(faults).toHaveLength(1);
		expect(inspect(faults)).not.toContain("very-secret");
	});

	it("reads CSV and payloads with Unix times", async () => {
		const csv =
			'request_id,call_type,startTime,endTime,model,prompt_tokens,completion_tokens,spend,metadata\na,acompletion,2025-01-24T09:20:46Z,2025-01-24T09:20:47Z,m,10,20,0.1,"{""usage_object"": {""prompt_tokens_details"": {""cached_tokens"": 4}}}"\n';
		expect((await imported(csv)).result.totals.tokens).toMatchObject({
			input: { value: 6 },
			cached_input: { value: 4 },
		});
		const payload = {
			id: "p",
			startTime: 1737710446.5,
			endTime: 1737710447.5,
			model: "m",
			model_group: "g",
			prompt_tokens: 10,
			completion_tokens: 20,
			response_cost: 0.5,
			status: "success",
		};
		expect((await imported(JSON.stringify(payload))).items[0]).toMatchObject({
			record: { t0: 1737710446500000, model: { served: "g" } },
		});
	});

	it.each([
		["negative", -1],
		["fractional", 1.5],
		["text", "many"],
	])("sets %s tokens aside", async (_, tokens) => {
		expect((await imported(JSON.stringify([row({ completion_tokens: tokens })]))).result.quarantined).toBe(1);
	});
});

describe("FOCUS", () => {
	const heading =
		"BilledCost,EffectiveCost,BillingCurrency,BillingAccountId,ChargeCategory,ChargePeriodStart,ChargePeriodEnd,BillingPeriodStart,BillingPeriodEnd,ProviderName,Tags,Id,x_team";
	const line = (cost: string, currency = "USD", category = "Usage"): string =>
		`${cost},${cost},${currency},acct,${category},2024-09-24 03:00:00,2024-09-24 04:00:00,2024-09-01 00:00:00,2024-10-01 00:00:00,AWS,"{""team"": ""search""}",NULL,t1`;

	it("keeps exact amounts by currency, every column, and lists foreign ones", async () => {
		const { result, items } = await imported(
			[heading, line("0.1"), line("0.2"), line("-2.61370000000"), line("5", "EUR")].join("\n"),
		);
		expect(result.kind).toBe("focus");
		expect(result.totals.cost).toMatchObject({ billed_usd: { value: -2.3137 }, billed_eur: { value: 5, unit: "EUR" } });
		expect(result.unknown).toEqual([{ name: "Id", count: 1 }]);
		expect(items.find((item) => item.kind === "charge")).toMatchObject({
			record: {
				tags: { team: "search" },
				service_provider_name: "AWS",
				columns: { ProviderName: "AWS", x_team: "t1" },
			},
		});
	});

	it.each([
		["an amount that is none", line("NaN")],
		["an unknown category", line("1", "USD", "Gift")],
		["too few cells", "1,2,USD"],
		["a day that no calendar has", line("1").replace("2024-09-24 04", "2024-09-31 04")],
	])("sets a row with %s aside", async (_, row) => {
		const { result } = await imported([heading, line("1"), row].join("\n"));
		expect([result.records, result.quarantined, result.faults?.[0]?.line]).toEqual([1, 1, 3]);
	});

	it("counts tokens of a bill by direction and cache action", async () => {
		const ai = `${heading},ConsumedQuantity,ConsumedUnit,SkuMeter,SkuPriceDetails`;
		const tokens = (n: number, meter: string, details = "{}"): string =>
			`${line("1")},${n},Tokens,${meter},"${details.replaceAll('"', '""')}"`;
		const { result } = await imported(
			[
				ai,
				tokens(10, "Input Tokens"),
				tokens(5, "Cache Read Input Tokens", '{"TokenDirection":"Input","TokenCacheAction":"Read"}'),
				tokens(3, "Cache Write Input Tokens"),
				tokens(2, "Output Tokens"),
			].join("\n"),
		);
		expect(result.totals.tokens).toMatchObject({
			input: { value: 13 },
			cached_input: { value: 5 },
			cache_write: { value: 3 },
			output: { value: 2 },
		});
	});
});

it("adds up several files of one kind, and calls several kinds mixed", async () => {
	const trace = file(mooncake(3));
	const bill = file("BilledCost,ChargePeriodStart\n");
	const { result } = await importFiles([trace, file(mooncake(2))]);
	expect([result.kind, result.records, result.files.length]).toEqual(["trace", 5, 2]);
	await expect(importFiles([trace, bill])).rejects.toMatchObject({ code: "empty-file" });
});

it("meters the window between two scrapes", async () => {
	const scrape = (tokens: number): string =>
		`# TYPE vllm:generation_tokens_total counter\nvllm:generation_tokens_total{model_name="m"} ${tokens}\n`;
	const { result } = await importScrapes(file(scrape(100)), file(scrape(350)), 10, { gpus: 2 });
	expect(result.totals).toMatchObject({ tokens: { output: { value: 250 } }, gpu_seconds: { value: 20 } });
	await expect(importScrapes(file(mooncake(1)), file(scrape(1)), 10)).rejects.toMatchObject({ code: "unknown-format" });
});
