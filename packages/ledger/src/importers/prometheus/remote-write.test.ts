import { mkdtempSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import protobuf from "protobufjs/light.js";
import snappy from "snappyjs";
import { expect, it } from "vitest";
import { decodeRemoteWrite } from "./remote-write.ts";
import { RemoteWriteReceiver } from "./remote-write-receiver.ts";

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
	const options = { folder, step: 60 * SECOND, margin: 30 * SECOND };
	const of = (from: number, to: number): Uint8Array =>
		request(
			"vllm:generation_tokens_total",
			{ model_name: "m", instance: "a" },
			Array.from(
				{ length: (to - from) / 15 },
				(_, i) => [T0 + (from + i * 15 + 7) * SECOND, (from + i * 15 + 7) * 10] as const,
			),
		);
	const first = new RemoteWriteReceiver(options, intake);
	await first.receive(of(0, 90));
	await first.receive(request("go_goroutines", {}, [[T0, 5]]));
	await first.flush();
	// The window in which receiving began is not whole, the next one not yet.
	expect(handed).toEqual([]);
	await first.receive(of(90, 180));
	await first.flush();
	expect(handed).toEqual([{ key: `remote-write:usage:${T0 + 60_000}`, output: 600, t0: "2026-11-20T10:01:00Z" }]);
	const second = new RemoteWriteReceiver(options, intake);
	await second.flush();
	expect(handed).toHaveLength(1);
	await second.receive(of(180, 600));
	await second.flush();
	expect(handed.map(({ output }) => output)).toEqual(Array.from({ length: 8 }, () => 600));
	expect(new Set(handed.map(({ key }) => key)).size).toBe(8);
	expect(readdirSync(folder).filter((name) => name.endsWith(".snappy")).length).toBeLessThan(4);
});

it("keeps a window that could not be handed on, for the next time", async () => {
	const folder = mkdtempSync(join(tmpdir(), "farthing-remote-"));
	let isFull = true;
	const keys: string[] = [];
	const receiver = new RemoteWriteReceiver(
		{ folder, step: 60 * SECOND, margin: 15 * SECOND },
		async (_kind, _lines, key) => {
			if (isFull) throw new Error("disk full");
			keys.push(key);
		},
	);
	const samples = Array.from({ length: 20 }, (_, i) => [T0 + i * 15 * SECOND, i] as const);
	await receiver.receive(request("sglang:generation_tokens_total", { model_name: "m" }, samples));
	await expect(receiver.flush()).rejects.toThrow("disk full");
	isFull = false;
	await receiver.flush();
	expect(keys[0]).toBe(`remote-write:usage:${T0 + 60_000}`);
});
