import fc from "fast-check";
import { expect, test } from "vitest";
import { linesOf as lines, wireRequests as wire } from "../../../test-support/usage-records.ts";
import { readRecord, type JsonObject } from "../../records/record-shape.ts";
import { usageShape, type UsageRecord } from "../../records/usage.ts";
import { BatchBuilder } from "../column-batch.ts";
import { usageEncoder } from "../encode-usage.ts";
import { encodeFrame } from "../frame.ts";
import { RequestLines } from "./request-lines.ts";

const LATEST = Number.MAX_SAFE_INTEGER;
const encoded = (line: string, org?: string): { isFast: boolean; fast: Buffer; slow: Buffer } => {
	const [fast, slow, windows] = [
		new BatchBuilder("usage_request"),
		new BatchBuilder("usage_request"),
		new BatchBuilder("usage_window"),
	];
	const bytes = Buffer.from(line);
	const end = new RequestLines(fast).take(bytes, 0, org, LATEST);
	const value = parsed(line);
	const read = readRecord(usageShape, org === undefined ? value : { ...value, tenant: { ...value?.["tenant"], org } });
	if (read.ok) usageEncoder(slow, windows)(read.record);
	expect([-1, bytes.length]).toContain(end);
	return { isFast: end >= 0, fast: bytesOf(fast), slow: bytesOf(slow) };
};
const without = ({ tenant, ...rest }: JsonObject): JsonObject => {
	const { tags: _, ...labels } = (tenant ?? {}) as JsonObject;
	return tenant === undefined ? rest : { ...rest, tenant: labels };
};
const records = wire(300, 1).map(without);

test("takes the bulk of events as writers of JSON write them, and writes what the shapes write", () => {
	const written: ((record: JsonObject) => string)[] = [
		(record) => JSON.stringify(record),
		(record) => `${JSON.stringify(record)}\r\n`,
		(record) => `${JSON.stringify(record)} \n`,
		(record) => spaced(record),
		(record) => JSON.stringify(Object.fromEntries(Object.entries(record).reverse())),
		(record) => JSON.stringify({ request_id: null, status: null, scope: null, tenant: null, latency: null, ...record }),
		({ tokens, ...record }) =>
			JSON.stringify({ ...record, tokens: { draft_proposed: null, ...(tokens as JsonObject) } }),
	];
	for (const [i, record] of records.entries()) {
		const line = (written[i % written.length] as (record: JsonObject) => string)(record);
		const { isFast, fast, slow } = encoded(line);
		expect(isFast, line).toBe(true);
		expect(fast.equals(slow), line).toBe(true);
		const owned = encoded(line, "acme");
		expect(owned.isFast && owned.fast.equals(owned.slow), line).toBe(true);
	}
});

test("takes many lines, each to its end, and knows labels again that came before", () => {
	const [fast, slow, windows] = [
		new BatchBuilder("usage_request"),
		new BatchBuilder("usage_request"),
		new BatchBuilder("usage_window"),
	];
	const reader = new RequestLines(fast);
	for (let body = 0; body < 3; body++) {
		const many = Array.from({ length: 1500 }, (_, i) => ({
			...(records[i % 300] as JsonObject),
			tenant: { team: `é-${i % 7}`, key: `${body}-${i % 1000}` },
		}));
		const bytes = Buffer.from(lines(many));
		for (let at = 0; at < bytes.length; ) at = taken(reader.take(bytes, at, undefined, LATEST));
		const add = usageEncoder(slow, windows);
		for (const record of many) add(read(record));
		expect(bytesOf(fast).equals(bytesOf(slow))).toBe(true);
	}
});

test("never takes what the shapes refuse, whatever is changed in an event", () => {
	const odd = fc.oneof(
		fc.jsonValue(),
		fc.constantFrom(
			null,
			-1,
			0.5,
			2 ** 53,
			Number.POSITIVE_INFINITY,
			"",
			"\u0000",
			"é",
			"a}b",
			"x".repeat(257),
			"2026-02-30T00:00:00Z",
			[],
			{},
		),
		fc.record(
			{ value: fc.integer(), in_total: fc.nat(), in_computed: fc.nat(), team: fc.string(), kind: fc.string() },
			{ requiredKeys: [] },
		),
	);
	const path = fc.constantFrom(
		"grain",
		"t0",
		"t1",
		"source",
		"source.kind",
		"source.adapter",
		"request_id",
		"status",
		"scope",
		"scope.role",
		"scope.dp_rank",
		"model.served",
		"tenant.team",
		"tenant.tags",
		"tokens",
		"tokens.in_total",
		"tokens.out_reasoning",
		"latency",
		"latency.ttft",
		"latency.ttft.value",
		"latency.e2e.sum",
		"quality",
		"more",
		"__proto__",
	);
	fc.assert(
		fc.property(fc.nat(299), path, odd, fc.boolean(), (i, place, value, isSpaced) => {
			const event = changed(records[i] as JsonObject, place.split("."), value);
			const { isFast, fast, slow } = encoded(isSpaced ? spaced(event) : JSON.stringify(event));
			if (isFast) expect(fast.equals(slow)).toBe(true);
		}),
		{ numRuns: 500 },
	);
});

test("never takes what JSON.parse refuses or reads otherwise, whatever is changed in the bytes", () => {
	const piece = fc.constantFrom(
		"",
		"}",
		"{",
		'"',
		",",
		":",
		"\\",
		" ",
		"\n",
		"0",
		"9",
		"-",
		".",
		"e",
		"null",
		"é",
		'"t0":',
		"\u0001",
	);
	let taken = 0;
	fc.assert(
		fc.property(fc.nat(299), fc.nat(1000), fc.nat(3), piece, (i, place, cut, put) => {
			const line = JSON.stringify(records[i]);
			const at = place % line.length;
			const edited = `${line.slice(0, at)}${put}${line.slice(at + cut)}`;
			if (edited.includes("\n")) return;
			const { isFast, fast, slow } = encoded(edited);
			if (!isFast) return;
			taken++;
			expect(fast.equals(slow), edited).toBe(true);
		}),
		{ numRuns: 1500, seed: 7 },
	);
	expect(taken).toBeGreaterThan(80);
});

test("an object of labels that goes on in the next line is at fault, as every line is one event", () => {
	const text = JSON.stringify(records[0]).replace(/("model":\{[^}]*)\}/, "$1\n}");
	expect(new RequestLines(new BatchBuilder("usage_request")).take(Buffer.from(text), 0, undefined, LATEST)).toBe(-1);
});

function read(record: JsonObject): UsageRecord {
	const result = readRecord(usageShape, record);
	if (!result.ok) throw new Error(result.issues[0]?.message);
	return result.record;
}

function parsed(line: string): Readonly<Record<string, object>> | undefined {
	try {
		return JSON.parse(line) as Record<string, object>;
	} catch {
		return undefined;
	}
}

function bytesOf(builder: BatchBuilder): Buffer {
	return encodeFrame({ batches: [builder.take()] });
}

function taken(at: number): number {
	expect(at).toBeGreaterThan(0);
	return at;
}

/** As Python writes it. */
function spaced(value: unknown): string {
	if (Array.isArray(value)) return `[${value.map(spaced).join(", ")}]`;
	if (typeof value !== "object" || value === null) return JSON.stringify(value);
	const members = Object.entries(value).map(([name, member]) => `${JSON.stringify(name)}: ${spaced(member)}`);
	return `{${members.join(", ")}}`;
}

function changed(event: JsonObject, path: readonly string[], value: unknown): unknown {
	const [name = "", ...rest] = path;
	const inner = rest.length === 0 ? value : changed((event[name] ?? {}) as JsonObject, rest, value);
	return JSON.parse(
		JSON.stringify({ ...event, ...JSON.parse(`{${JSON.stringify(name)}: ${JSON.stringify(inner) ?? "null"}}`) }),
	);
}
