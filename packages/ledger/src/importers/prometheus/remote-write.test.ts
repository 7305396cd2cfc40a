import { mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import protobuf from "protobufjs/light.js";
import snappy from "snappyjs";
import { expect, it } from "vitest";
import { decodeRemoteWrite } from "./remote-write.ts";
import { type RemoteWriteOptions, RemoteWriteReceiver } from "./remote-write-receiver.ts";

type Sample = readonly [atMs: number, value: number];

/** A request as Prometheus writes it, by hand: field 1 series, of it 1 labels (1 name, 2 value), 2 samples (1 double, 2 int64). */
function request(name: string, labels: Readonly<Record<string, string>>, samples: readonly Sample[]): Uint8Array {
	const writer = protobuf.Writer.create().uint32(10).fork();
	for (const [label, value] of Object.entries({ __name__: name, ...labels })) {
		writer.uint32(10).fork().uint32(10).string(label).uint32(18).string(value).ldelim();
	}
	for (const [at, value] of samples) writer.uint32(18).fork().uint32(9).double(value).uint32(16).int64(at).ldelim();
	return snappy.compress(writer.ldelim().finish());
}

const SECOND = 1000;
const T0 = Date.UTC(2026, 10, 20, 10);
const HOUR = 3600 * SECOND;
/** Windows of a minute, at a time that all samples are before unless they are meant not to be. */
const options = { step: 60 * SECOND, margin: 30 * SECOND, now: () => T0 + HOUR };

/** Ten tokens a second at a target, sampled each 15 s between two seconds from T0. */
function tokens(instance: string, from: number, to: number): Uint8Array {
	const samples = Array.from({ length: (to - from) / 15 }, (_, i) => from + i * 15).map(
		(at) => [T0 + at * SECOND, at * 10] as const,
	);
	return request("vllm:generation_tokens_total", { model_name: "m", instance }, samples);
}

/** A receiver, and the output tokens that it handed on, by target. */
function receiving(folder = mkdtempSync(join(tmpdir(), "farthing-remote-")), over: Partial<RemoteWriteOptions> = {}) {
	const sums: Record<string, number> = {};
	const windows: string[] = [];
	const keys = new Set<string>();
	const receiver = new RemoteWriteReceiver({ folder, ...options, ...over }, async (_, lines, key) => {
		if (keys.has(key)) throw new Error(`${key} twice`);
		keys.add(key);
		for (const line of Buffer.from(lines).toString("utf8").trim().split("\n")) {
			const record = JSON.parse(line) as { tokens: { out_total: number }; t0: string; source: { instance: string } };
			const { instance } = record.source;
			windows.push(`${instance} ${record.t0}`);
			sums[instance] = (sums[instance] ?? 0) + record.tokens.out_total;
		}
	});
	const send = async (...bodies: Uint8Array[]) => {
		const answers = [];
		for (const body of bodies) answers.push(await receiver.receive(body));
		await receiver.flush();
		return answers;
	};
	return { folder, receiver, send, sums, windows };
}

it("leaves a sample with a wrong date out, takes the others of its request, and meters on", async () => {
	for (const days of [10, 1 / 12]) {
		const { send, sums, folder } = receiving();
		const at = T0 + HOUR + days * 24 * HOUR;
		const series = { model_name: "m", instance: "a" };
		const [first, wrong] = await send(
			tokens("a", 0, 120),
			request("vllm:generation_tokens_total", series, [
				[T0 + 120 * SECOND, 1200],
				[at, 5000],
			]),
			tokens("a", 135, 300),
		);
		expect(first).toEqual({ leftOut: 0 });
		expect(wrong).toEqual({ leftOut: 0, ahead: { samples: 1, series: "vllm:generation_tokens_total of a", at } });
		await send(tokens("b", 0, 300));
		expect(sums).toEqual({ a: 2400, b: 2400 });
		const again = receiving(folder);
		await again.send(tokens("a", 300, 480), tokens("b", 300, 480));
		expect(again.sums).toEqual({ a: 1800, b: 1800 });
	}
});

it("goes no further than the clock, though samples within the hour are taken", async () => {
	let now = T0 + 150 * SECOND;
	const { send, windows } = receiving(undefined, { now: () => now });
	await send(tokens("a", 0, 600));
	expect(windows).toHaveLength(2);
	now = T0 + 180 * SECOND;
	await send(tokens("a", 600, 615));
	expect(windows).toHaveLength(3);
});

it("finds the horizon anew where that of an earlier version lies ahead of the clock", async () => {
	const folder = mkdtempSync(join(tmpdir(), "farthing-remote-"));
	writeFileSync(join(folder, "handed-on.json"), JSON.stringify({ from: T0 + 240 * HOUR }));
	// What was acknowledged since, and waits.
	writeFileSync(join(folder, "000000000000.snappy"), tokens("a", 0, 120));
	const { send, sums } = receiving(folder);
	await send(tokens("a", 120, 300));
	expect(sums).toEqual({ a: 2400 });
});

it("meters a target that catches up behind another once and whole, also over a new start", async () => {
	const { send, sums, folder } = receiving();
	await send(tokens("a", 0, 900));
	expect(sums).toEqual({ a: 8400 });
	await send(tokens("b", 0, 150), tokens("b", 150, 300));
	expect(sums).toEqual({ a: 8400, b: 2400 });
	const { send: more, sums: later, windows } = receiving(folder);
	await more(tokens("b", 300, 600), tokens("a", 900, 1200));
	expect(later).toEqual({ a: 3000, b: 3000 });
	expect(new Set(windows).size).toBe(windows.length);
});

it("counts and names what is of a window that its target was handed on for; a repeated sample is none", async () => {
	const { send, sums } = receiving();
	await send(tokens("a", 0, 900));
	const [repeated, late] = await send(
		tokens("a", 840, 900),
		request("vllm:generation_tokens_total", { model_name: "other", instance: "a" }, [
			[T0 + 60 * SECOND, 5],
			[T0 + 75 * SECOND, 9],
		]),
	);
	expect(repeated).toEqual({ leftOut: 0 });
	const first = { series: "vllm:generation_tokens_total of a", at: T0 + 60 * SECOND };
	expect(late).toEqual({ leftOut: 0, late: { samples: 2, ...first } });
	expect(sums).toEqual({ a: 8400 });
});

it("waits for a series of a target that lags, ten minutes at most", async () => {
	let now = T0 + HOUR;
	const { send, windows } = receiving(undefined, { now: () => now });
	const lagging = request("vllm:prompt_tokens_total", { model_name: "m", instance: "a" }, [[T0, 1]]);
	await send(lagging, tokens("a", 0, 300));
	expect(windows).toEqual([]);
	now += 600 * SECOND;
	await send(tokens("a", 300, 315));
	expect(windows).toHaveLength(4);
});

it("decodes series, labels and samples; a mark of an end is no sample", () => {
	const body = request("vllm:generation_tokens_total", { model_name: "m" }, [
		[T0, 0],
		[T0 + 1, 7.5],
		[T0 + 2, Number.NaN],
	]);
	expect(decodeRemoteWrite(body)).toEqual([
		{
			name: "vllm:generation_tokens_total",
			labels: { model_name: "m" },
			points: [
				{ at: T0, value: 0 },
				{ at: T0 + 1, value: 7.5 },
			],
		},
	]);
	expect(() => decodeRemoteWrite(Buffer.from("hello"))).toThrow();
	// A block that says it unpacks to 4 GB.
	expect(() => decodeRemoteWrite(Uint8Array.of(255, 255, 255, 255, 15, 0))).toThrow(/at most/);
});

it("hands windows on once they are complete, with their edges, once each, also after a new start", async () => {
	const folder = mkdtempSync(join(tmpdir(), "farthing-remote-"));
	const handed: { key: string; output: number; t0: string }[] = [];
	const intake = async (_: string, lines: Uint8Array, key: string): Promise<void> => {
		for (const line of Buffer.from(lines).toString("utf8").trim().split("\n")) {
			const { tokens, t0 } = JSON.parse(line) as { tokens: { out_total: number }; t0: string };
			handed.push({ key, output: tokens.out_total, t0 });
		}
	};
	const of = (from: number, to: number): Uint8Array =>
		request(
			"vllm:generation_tokens_total",
			{ model_name: "m", instance: "a" },
			Array.from(
				{ length: (to - from) / 15 },
				(_, i) => [T0 + (from + i * 15 + 7) * SECOND, (from + i * 15 + 7) * 10] as const,
			),
		);
	const first = new RemoteWriteReceiver({ folder, ...options }, intake);
	await first.receive(of(0, 90));
	await first.receive(request("go_goroutines", {}, [[T0, 5]]));
	await first.flush();
	// No sample lies half a minute beyond the first yet.
	expect(handed).toEqual([]);
	await first.receive(of(90, 180));
	await first.flush();
	// The window in which receiving began is metered from the first sample on, at 7 s.
	const begun = { key: `remote-write:usage:${T0}`, output: 530, t0: "2026-11-20T10:00:00Z" };
	expect(handed).toEqual([
		begun,
		{ key: `remote-write:usage:${T0 + 60_000}`, output: 600, t0: "2026-11-20T10:01:00Z" },
	]);
	const second = new RemoteWriteReceiver({ folder, ...options }, intake);
	await second.flush();
	expect(handed).toHaveLength(2);
	await second.receive(of(180, 600));
	await second.flush();
	expect(handed.map(({ output }) => output)).toEqual([530, ...Array.from({ length: 8 }, () => 600)]);
	expect(new Set(handed.map(({ key }) => key)).size).toBe(9);
	expect(readdirSync(folder).filter((name) => name.endsWith(".snappy")).length).toBeLessThan(4);
});

it("keeps a window that could not be handed on, for the next time", async () => {
	const folder = mkdtempSync(join(tmpdir(), "farthing-remote-"));
	let isFull = true;
	const keys: string[] = [];
	const receiver = new RemoteWriteReceiver({ folder, ...options, margin: 15 * SECOND }, async (_kind, _lines, key) => {
		if (isFull) throw new Error("disk full");
		keys.push(key);
	});
	const samples = Array.from({ length: 20 }, (_, i) => [T0 + i * 15 * SECOND, i] as const);
	await receiver.receive(request("sglang:generation_tokens_total", { model_name: "m" }, samples));
	await expect(receiver.flush()).rejects.toThrow("disk full");
	isFull = false;
	await receiver.flush();
	expect(keys[0]).toBe(`remote-write:usage:${T0}`);
});
