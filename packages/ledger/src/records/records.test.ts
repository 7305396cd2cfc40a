import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { capacityShape } from "./capacity.ts";
import { chargeShape } from "./charge.ts";
import { costWindowShape } from "./cost-window.ts";
import { recordsJsonSchema } from "./json-schema.ts";
import { priceShape } from "./price.ts";
import { readRecord, type JsonObject, type RecordShape } from "./record-shape.ts";
import { formatInstant, instant, parseInstant } from "./units.ts";
import { usageShape } from "./usage.ts";

const usage = {
	grain: "request",
	t0: "2026-11-28T13:00:00.500000Z",
	t1: "2026-11-28T13:00:02.750000Z",
	source: { adapter: "litellm", version: "1", kind: "gateway" },
	request_id: "r-1",
	model: { served: "deepseek-r1" },
	tenant: { team: "search", tags: { env: "prod" } },
	tokens: { in_total: 1210, in_cached_local: 1024, in_cached_remote: 0, in_transferred: 0, out_total: 340 },
	latency: { ttft: { value: 250_000 }, e2e: { bounds: [1000, 2000], counts: [1, 2, 3], sum: 9000 } },
};
const capacity = {
	t0: "2026-11-28T13:00:00Z",
	t1: "2026-11-28T13:01:00Z",
	source: { adapter: "dcgm", version: "1" },
	gpu: { uuid: "GPU-1", model: "h100-sxm" },
	gpu_time: { held: 60_000_000, held_source: "kube_request" },
	energy: { used: 36_000_000, scope: "board", method: "counter", power_valid: true },
};
const price = {
	id: "own.h100",
	resource: "gpu_hour",
	amount: { value: "1.95", currency: "USD" },
	per: 1,
	selector: { gpu_model: "h100-sxm" },
	valid_from: "2026-11-01T00:00:00Z",
	basis: "owned",
	includes_power: true,
	provenance: "books of 2026-11",
};
const charge = {
	charge_period_start: "2026-11-01T00:00:00Z",
	charge_period_end: "2026-11-02T00:00:00Z",
	billing_period_start: "2026-11-01T00:00:00Z",
	billing_period_end: "2026-12-01T00:00:00Z",
	billed_cost: { value: "10.01", currency: "USD" },
	effective_cost: { value: "-9.99", currency: "USD" },
	charge_category: "Usage",
	billing_account_id: "a",
	service_provider_name: "p",
	columns: { x_Team: "search" },
};
const line = (value: string) => ({ kind: "serving", keys: { model: "m" }, amount: { value, currency: "USD" } });
const costWindow = {
	t0: "2026-11-01T00:00:00Z",
	t1: "2026-12-01T00:00:00Z",
	basis: "busy",
	rule: "busy/1",
	lines: [line("1.5"), { ...line("0.5"), kind: "residual" }],
	charges: [{ value: "2", currency: "USD" }],
	reconciliation: [],
	coverage: 0.75,
};
const examples: [string, RecordShape<unknown>, JsonObject][] = [
	["usage", usageShape as RecordShape<unknown>, usage as unknown as JsonObject],
	["capacity", capacityShape as RecordShape<unknown>, capacity],
	["price", priceShape as RecordShape<unknown>, price],
	["charge", chargeShape as RecordShape<unknown>, charge],
	["cost_window", costWindowShape as RecordShape<unknown>, costWindow],
];
const ajv = new Ajv({ strict: false, formats: { "date-time": true } });
const schema = recordsJsonSchema() as { definitions: Record<string, object> };

describe.each(examples)("%s", (name, shape, example) => {
	test("is read, and written as it was", () => {
		const read = readRecord(shape, example);
		expect(read).toMatchObject({ ok: true });
		if (read.ok) expect(shape.write(read.record)).toEqual(example);
	});

	test("follows the JSON Schema, which refuses what the reader refuses", () => {
		const isValid = ajv.compile(schema.definitions[name] as object);
		expect(isValid(example)).toBe(true);
		for (const key of Object.keys(example)) {
			const { [key]: _, ...without } = example;
			expect(isValid(without), `without ${key}`).toBe(readRecord(shape, without).ok);
			const strange = { ...example, [key]: [["strange"]] };
			expect(isValid(strange), `strange ${key}`).toBe(readRecord(shape, strange).ok);
		}
		expect(isValid({ ...example, more: 1 })).toBe(false);
		expect(readRecord(shape, { ...example, more: 1 })).toMatchObject({ issues: [{ code: "unknown-field" }] });
	});

	test("survives anything without throwing", () => {
		fc.assert(
			fc.property(fc.jsonValue(), fc.constantFrom(...Object.keys(example)), (value, key) => {
				readRecord(shape, value);
				readRecord(shape, { ...example, [key]: value });
			}),
			{ numRuns: 100 },
		);
	});
});

test("every fault is told at once, with the member's path", () => {
	const read = readRecord(usageShape, {
		grain: "hour",
		t0: "2026-11-28 13:00",
		t1: 5,
		source: { adapter: "a", version: "1" },
		model: {},
		tokens: { in_total: -1, out_total: 1.5, out_reasoning: "3", cached: 4 },
	});
	expect(read.ok ? [] : read.issues.map(({ code, path }) => `${code} ${path}`)).toEqual([
		"unknown-value grain",
		"not-an-instant t0",
		"not-an-instant t1",
		"missing-field source.kind",
		"missing-field model.served",
		"unknown-field tokens.cached",
		"out-of-bounds tokens.in_total",
		"out-of-bounds tokens.out_total",
		"wrong-type tokens.out_reasoning",
	]);
});

test.each([Number.NaN, JSON.parse("1e400"), -1, 2 ** 53, 0.5, "7", true, [1], {}])(
	"%s is no count of tokens",
	(bad) => {
		expect(readRecord(usageShape, { ...usage, tokens: { in_total: bad } }).ok).toBe(false);
	},
);

test("null is absent, and absent is not zero", () => {
	const read = readRecord(usageShape, { ...usage, tokens: { in_total: 0, out_total: null } });
	expect(read.ok && read.record.tokens).toEqual({ in_total: 0 });
});

test.each([
	[usageShape, { ...usage, t1: "2026-11-28T12:00:00Z" }, "t1 is before t0"],
	[usageShape, { ...usage, grain: "window" }, "a window has no request_id"],
	[usageShape, { ...usage, latency: { ttft: { bounds: [5, 4], counts: [1, 1, 1] } } }, "do not rise"],
	[usageShape, { ...usage, latency: { ttft: { bounds: [5], counts: [1] } } }, "one count more"],
	[usageShape, { ...usage, tokens: { in_total: 1, in_computed: 2 } }, "add up to 2"],
	[capacityShape, { ...capacity, gpu: { uuid: "u", mig: "1g.10gb" } }, "MIG"],
	[capacityShape, { ...capacity, gpu_time: { held: 60_000_001, held_source: "dra" } }, "longer than the window"],
	[priceShape, { ...price, valid_to: "2026-10-01T00:00:00Z" }, "valid_to"],
	[priceShape, { ...price, resource: "api_token" }, "token_bucket"],
	[priceShape, { ...price, amount: { value: "1.0000000001", currency: "USD" } }, "no amount"],
	[priceShape, { ...price, amount: { value: 1.95, currency: "USD" } }, "no amount"],
	[chargeShape, { ...charge, effective_cost: { value: "1", currency: "EUR" } }, "different currencies"],
	[costWindowShape, { ...costWindow, charges: [{ value: "2.000000001", currency: "USD" }] }, "do not add up"],
	[costWindowShape, { ...costWindow, charges: [] }, "have no charges"],
])("a contradiction is refused (%#)", (shape, value, words) => {
	const read = readRecord(shape as RecordShape<unknown>, value);
	expect(read.ok ? "" : read.issues.map(({ message }) => message).join()).toContain(words);
});

describe("instants", () => {
	test.each([
		["1970-01-01T00:00:00Z", 0],
		["2026-11-28T13:00:00.123456Z", 1_795_870_800_123_456],
		["2026-11-28T14:00:00.123456789+01:00", 1_795_870_800_123_456],
		["2024-02-29 00:00:00Z", 1_709_164_800_000_000],
	])("%s", (text, expected) => expect(parseInstant(text)).toBe(expected));

	test.each([
		"2026-02-29T00:00:00Z",
		"2026-11-28",
		"2026-11-28T13:00:00",
		"2026-13-01T00:00:00Z",
		"2026-11-28T24:00:00Z",
		"2026-11-28T13:00:00+15:00",
		"1969-12-31T23:59:59Z",
		"now",
	])("%j is none", (text) => expect(parseInstant(text)).toBeUndefined());

	test("writing and reading give the same instant", () => {
		fc.assert(
			fc.property(fc.integer({ min: 0, max: 2 ** 53 - 1 }), (at) => {
				expect(parseInstant(formatInstant(instant(at)))).toBe(at);
			}),
		);
	});
});

test("the published schema is the one that the shapes give", () => {
	const published = readFileSync(new URL("../../schema/records.v1.json", import.meta.url), "utf8");
	expect(JSON.parse(published)).toEqual(JSON.parse(JSON.stringify(recordsJsonSchema())));
});
