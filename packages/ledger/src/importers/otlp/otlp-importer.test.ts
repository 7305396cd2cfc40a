import { describe, expect, it } from "vitest";
import { newAccount, note } from "../account.ts";
import { headOf } from "../head.ts";
import type { ImportItem } from "../import-item.ts";
import { type ImportResult, resultOf } from "../import-result.ts";
import { importerFor } from "../registry.ts";
import { decodeOtlp, signalOf } from "./otlp-protobuf.ts";

async function read(content: string | Uint8Array): Promise<{ result: ImportResult; items: ImportItem[] }> {
	const bytes = Buffer.from(content);
	const importer = importerFor(headOf("export", bytes));
	if (importer === undefined) throw new Error("no importer");
	const account = newAccount(importer.kind);
	const items: ImportItem[] = [];
	const source = {
		name: "export",
		bytes: async function* () {
			yield bytes;
		},
	};
	for await (const item of importer.read(source, {})) {
		note(account, item);
		items.push(item);
	}
	return { result: resultOf(account, []), items };
}

type Plain = string | number;
const attributes = (of: Readonly<Record<string, Plain>>) =>
	Object.entries(of).map(([key, value]) => ({
		key,
		value: typeof value === "number" ? { intValue: value } : { stringValue: value },
	}));

let ids = 0;
const span = (of: Readonly<Record<string, Plain>>, more: object = {}) => ({
	traceId: "f1c96e939cb96ae463c7fa1dcae77a6b",
	spanId: (0x1000_0000_0000_0000n + BigInt(ids++)).toString(16),
	name: "chat m",
	startTimeUnixNano: "1795309852961000000",
	endTimeUnixNano: "1795309853041172085",
	attributes: attributes(of),
	status: { code: 0 },
	...more,
});
const traces = (...spans: object[]): string =>
	JSON.stringify({
		resourceSpans: [
			{
				resource: { attributes: attributes({ "service.name": "shop" }) },
				scopeSpans: [{ scope: { name: "lib", version: "1" }, spans }],
			},
		],
	});

const values = ({ result }: { result: ImportResult }) =>
	Object.fromEntries(Object.entries(result.totals.tokens).map(([name, { value }]) => [name, value]));

const old = { "gen_ai.system": "openai", "gen_ai.operation.name": "chat", "gen_ai.request.model": "m" };

describe("spans", () => {
	it.each([
		[
			"the names up to 1.36",
			{ "gen_ai.usage.prompt_tokens": 1210, "gen_ai.usage.completion_tokens": 340 },
			{ input_total: 1210, output: 340 },
		],
		[
			"the names after, cache_creation",
			{
				"gen_ai.usage.input_tokens": 1210,
				"gen_ai.usage.output_tokens": 340,
				"gen_ai.usage.cache_read.input_tokens": 1024,
				"gen_ai.usage.cache_creation.input_tokens": 100,
			},
			{ input: 186, cached_input: 1024, cache_write: 100 },
		],
		[
			"the newest names, cache_write and reasoning",
			{
				"gen_ai.usage.input_tokens": 1210,
				"gen_ai.usage.output_tokens": 340,
				"gen_ai.usage.cache_read.input_tokens": 1024,
				"gen_ai.usage.cache_write.input_tokens": 100,
				"gen_ai.usage.reasoning.output_tokens": 256,
			},
			{ input: 186, cached_input: 1024, cache_write: 100, output: 340, reasoning: 256 },
		],
		[
			"OpenLLMetry's",
			{
				"gen_ai.usage.input_tokens": 1210,
				"gen_ai.usage.output_tokens": 340,
				"gen_ai.usage.total_tokens": 1550,
				"gen_ai.usage.cache_read_input_tokens": 1024,
			},
			{ input: 186, output: 340, total: 1550 },
		],
	])("reads %s", async (_, usage, wanted) => {
		const { result, items } = await read(traces(span({ ...old, ...usage })));
		expect(values({ result })).toMatchObject(wanted);
		expect(result.unknown).toEqual([]);
		expect(items.find(({ kind }) => kind === "usage")).toMatchObject({
			record: { t0: 1795309852961000, t1: 1795309853041172, model: { served: "m" }, source: { instance: "shop" } },
		});
	});

	it("reads OpenInference, whose prompt holds what was cached", async () => {
		const read1 = await read(
			traces(
				span({
					"openinference.span.kind": "LLM",
					"llm.model_name": "m",
					"llm.token_count.prompt": 1210,
					"llm.token_count.completion": 340,
					"llm.token_count.prompt_details.cache_read": 1024,
					"llm.token_count.completion_details.reasoning": 256,
				}),
				span({ "openinference.span.kind": "CHAIN" }),
			),
		);
		expect(values(read1)).toMatchObject({ input: 186, cached_input: 1024, output: 340, reasoning: 256 });
		expect(read1.result.skipped).toMatchObject([{ count: 1 }]);
	});

	it("adds cached tokens that stand beside the input instead of within", async () => {
		const found = await read(
			traces(
				span({
					...old,
					"gen_ai.usage.input_tokens": 10,
					"gen_ai.usage.output_tokens": 5,
					"gen_ai.usage.cache_read.input_tokens": 90,
				}),
			),
		);
		expect(values(found)).toMatchObject({ input: 10, cached_input: 90, input_total: 100 });
	});

	it("counts a call once where an agent, a wrapper or a second sending repeats it", async () => {
		const usage = { "gen_ai.usage.input_tokens": 10, "gen_ai.usage.output_tokens": 5 };
		const call = span({ ...old, ...usage });
		const wrapper = span({ ...old, ...usage }, { spanId: "aaaaaaaaaaaaaaaa" });
		const inner = span({ ...old, ...usage }, { parentSpanId: "aaaaaaaaaaaaaaaa" });
		const agent = span({ ...old, ...usage, "gen_ai.operation.name": "invoke_agent" });
		const found = await read(`${traces(call, wrapper, inner, agent)}\n${traces(call)}\n`);
		expect(values(found)).toMatchObject({ output: 10 });
		expect(found.result.totals.requests?.value).toBe(2);
	});

	it("says how many calls have no counts; failures need none", async () => {
		const found = await read(
			traces(
				span({ ...old, "gen_ai.usage.input_tokens": 10, "gen_ai.usage.output_tokens": 5 }),
				span(old),
				span({ ...old, "error.type": "RateLimitError" }),
				span(old, { status: { code: 2 } }),
			),
		);
		expect(found.result.coverage).toBe(0.75);
		expect(found.result.totals.requests?.value).toBe(2);
	});

	it("sets hostile numbers and broken times aside, and lists usage of unknown names", async () => {
		const found = await read(
			traces(
				span({ ...old, "gen_ai.usage.input_tokens": -1 }),
				span(old, { endTimeUnixNano: "1795309852960000000" }),
				span({ ...old, "gen_ai.usage.output_tokens": 5, "gen_ai.usage.wobble_units": 3 }),
			),
		);
		expect(found.result.quarantined).toBe(2);
		expect(found.result.unknown).toEqual([{ name: "gen_ai.usage.wobble_units", count: 1 }]);
	});

	it("sets a message of a wrong shape aside", async () => {
		const found = await read('{"resourceSpans": [{"scopeSpans": [{"spans": 5}]}]}');
		expect(found.result.quarantined).toBe(1);
	});
});

describe("metrics", () => {
	const point = (of: Readonly<Record<string, Plain>>, value: object, time = "1795309853173000000") => ({
		attributes: attributes({ "gen_ai.request.model": "m", ...of }),
		startTimeUnixNano: "1795309853041000000",
		timeUnixNano: time,
		...value,
	});
	const metrics = (...list: object[]): string =>
		JSON.stringify({
			resourceMetrics: [
				{ resource: { attributes: attributes({ "service.name": "shop" }) }, scopeMetrics: [{ metrics: list }] },
			],
		});
	const oldUsage = (input: number, output: number, time?: string) => ({
		name: "gen_ai.client.token.usage",
		histogram: {
			aggregationTemporality: 2,
			dataPoints: [
				point({ "gen_ai.token.type": "input" }, { count: 2, sum: input }, time),
				point({ "gen_ai.token.type": "output" }, { count: 2, sum: output }, time),
			],
		},
	});
	const counter = (name: string, value: number, temporality = 2) => ({
		name: `gen_ai.client.inference.usage.${name}`,
		sum: { aggregationTemporality: temporality, isMonotonic: true, dataPoints: [point({}, { asInt: String(value) })] },
	});

	it("reads the histogram of the older generation, by the newest cumulated point", async () => {
		const found = await read(
			`${metrics(oldUsage(1210, 340, "1795309853100000000"))}\n${metrics(oldUsage(2420, 680))}\n`,
		);
		expect(values(found)).toMatchObject({ input_total: 2420, output: 680 });
	});

	it("adds points that are differences", async () => {
		const delta = (time: string) => ({
			name: "gen_ai.client.inference.usage.output_tokens",
			sum: { aggregationTemporality: 1, dataPoints: [point({}, { asInt: 5 }, time)] },
		});
		expect(values(await read(metrics(delta("1795309853100000000"), delta("1795309853200000000"))))["output"]).toBe(10);
	});

	it("reads the counters of the newer one, and does not add the histogram beside them", async () => {
		const found = await read(
			metrics(
				oldUsage(1210, 340),
				counter("input_tokens", 1210),
				counter("output_tokens", 340),
				counter("cache_read.input_tokens", 1024),
				counter("reasoning.output_tokens", 256),
			),
		);
		expect(values(found)).toMatchObject({
			input: 186,
			cached_input: 1024,
			input_total: 1210,
			output: 340,
			reasoning: 256,
		});
	});

	it("counts requests by durations without errors", async () => {
		const found = await read(
			metrics(
				{
					name: "gen_ai.client.operation.duration",
					histogram: {
						aggregationTemporality: 2,
						dataPoints: [point({}, { count: "2", sum: 0.2 }), point({ "error.type": "x" }, { count: 1, sum: 0.1 })],
					},
				},
				oldUsage(10, 5),
			),
		);
		expect(found.result.totals.requests?.value).toBe(2);
	});

	it("does not add metrics to the spans of the same source", async () => {
		const both = JSON.stringify({
			...JSON.parse(traces(span({ ...old, "gen_ai.usage.input_tokens": 10, "gen_ai.usage.output_tokens": 5 }))),
			...JSON.parse(metrics(oldUsage(10, 5))),
		});
		expect(values(await read(both))).toMatchObject({ input_total: 10, output: 5 });
	});

	it("lists metrics that it does not know", async () => {
		expect(
			(await read(metrics(oldUsage(1, 1), { name: "shop.carts", sum: { dataPoints: [] } }))).result.unknown,
		).toEqual([{ name: "shop.carts", count: 1 }]);
	});
});

describe("protobuf", () => {
	/** Wire bytes by hand: tag, then a length-delimited part. */
	const part = (field: number, ...bytes: Uint8Array[]): Uint8Array => {
		const body = Buffer.concat(bytes);
		return Buffer.concat([varint((field << 3) | 2), varint(body.length), body]);
	};
	const varint = (n: number): Uint8Array => {
		const bytes: number[] = [];
		for (let rest = n; ; rest = Math.floor(rest / 128)) {
			if (rest < 128) return Uint8Array.from([...bytes, rest]);
			bytes.push((rest % 128) | 128);
		}
	};
	const fixed = (field: number, n: bigint): Uint8Array => {
		const bytes = Buffer.alloc(8);
		bytes.writeBigUInt64LE(n);
		return Buffer.concat([varint((field << 3) | 1), bytes]);
	};
	const words = (text: string): Uint8Array => Buffer.from(text);
	const attribute = (key: string, value: Plain): Uint8Array =>
		part(
			9,
			part(1, words(key)),
			part(2, typeof value === "string" ? part(1, words(value)) : Buffer.concat([varint(3 << 3), varint(value)])),
		);
	const bytesOfSpan = part(
		1,
		part(1, part(1, part(1, words("service.name")), part(2, part(1, words("shop"))))),
		part(
			2,
			part(
				2,
				part(1, Buffer.from("f1c96e939cb96ae463c7fa1dcae77a6b", "hex")),
				part(2, Buffer.from("a76c5e031f41c62e", "hex")),
				fixed(7, 1795309852961000000n),
				fixed(8, 1795309853041172085n),
				attribute("gen_ai.operation.name", "chat"),
				attribute("gen_ai.request.model", "m"),
				attribute("gen_ai.usage.input_tokens", 1210),
				attribute("gen_ai.usage.output_tokens", 340),
			),
		),
	);

	it("reads what JSON says in the same words", async () => {
		const found = await read(bytesOfSpan);
		expect(found.result.kind).toBe("otlp-protobuf");
		expect(values(found)).toMatchObject({ input_total: 1210, output: 340 });
		expect(found.items.find(({ kind }) => kind === "usage")).toMatchObject({
			record: { t0: 1795309852961000, request_id: "f1c96e939cb96ae463c7fa1dcae77a6b/a76c5e031f41c62e" },
		});
	});

	it("tells the signals apart, and refuses what is cut short", () => {
		expect(signalOf(bytesOfSpan)).toBe("traces");
		expect(signalOf(bytesOfSpan.subarray(0, bytesOfSpan.length - 3))).toBeUndefined();
		expect(signalOf(Buffer.from("\nhello"))).toBeUndefined();
		const sum = part(
			1,
			part(
				2,
				part(
					2,
					part(1, words("gen_ai.client.inference.usage.input_tokens")),
					part(
						7,
						part(
							1,
							fixed(3, 1795309853041172085n),
							Buffer.concat([varint((6 << 3) | 1), Buffer.from([7, 0, 0, 0, 0, 0, 0, 0])]),
						),
						Buffer.concat([varint(2 << 3), varint(2)]),
					),
				),
			),
		);
		expect(signalOf(sum)).toBe("metrics");
		expect(decodeOtlp(sum, "metrics").resourceMetrics?.[0]?.scopeMetrics?.[0]?.metrics?.[0]?.sum).toMatchObject({
			aggregationTemporality: 2,
			dataPoints: [{ asInt: "7" }],
		});
	});
});
