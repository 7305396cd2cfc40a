/** `farthing import` from the outside: exit codes, JSON, the quarantine file, the ledger. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { openStore } from "@farthing/ledger/store";
import { describe, expect, it } from "vitest";
import { BENCH_VLLM } from "./bench-results.ts";
import { expectPublishedShape, farthing, folderWith } from "./farthing.ts";

const trace = '{"timestamp": 0, "input_length": 10, "output_length": 2}\n';

describe("farthing import", () => {
	it("finds the format and prints totals as quantities", () => {
		const folder = folderWith({ "run.json": BENCH_VLLM });
		const { code, stdout } = farthing("import run.json --gpus 8 --no-store --json", { cwd: folder });
		const { result, warnings } = JSON.parse(stdout) as {
			result: Record<string, unknown>;
			warnings: { code: string }[];
		};
		expect(code).toBe(0);
		expectPublishedShape(stdout);
		expect(result).toMatchObject({
			kind: "vllm-bench",
			records: 1,
			quarantined: 0,
			unknown: [],
			coverage: 1,
			totals: {
				requests: { value: 640, unit: "request" },
				tokens: { output: { value: 640 * 1024, unit: "tok", tokens: "output" }, input: { state: "modelled" } },
				gpu_seconds: { value: 2560, unit: "GPU-s" },
			},
		});
		expect(warnings.map((warning) => warning.code)).toEqual(["cached-not-split"]);
		expect(existsSync(join(folder, ".farthing"))).toBe(false);
		// Where it goes into the ledger, a number of GPUs is no GPU time there.
		const kept = JSON.parse(farthing("import run.json --gpus 8 --json", { cwd: folder }).stdout) as typeof result;
		expect(kept["warnings"]).toContainEqual(expect.objectContaining({ code: "gpus-not-stored" }));
	});

	it("ends with 4 where something was set aside, and keeps it", () => {
		const folder = folderWith({ "t.jsonl": `${trace}{"timestamp": 1, "input_length": -1}\n${trace}` });
		const { code, stdout } = farthing("import t.jsonl --no-store --json --quarantine aside.jsonl", { cwd: folder });
		const { result } = JSON.parse(stdout) as { result: { records: number; quarantine_file: string } };
		expect([code, result.records, result.quarantine_file]).toEqual([4, 2, "aside.jsonl"]);
		expect(JSON.parse(readFileSync(join(folder, "aside.jsonl"), "utf8"))).toMatchObject({ file: "t.jsonl", line: 2 });
	});

	it("ends with 2 for --strict, an unknown format and a file that is not there; with 3 for an empty one", () => {
		const folder = folderWith({
			"t.jsonl": `${trace}{"timestamp": 1}\n`,
			"prose.txt": "dear reader\n",
			"empty.json": "",
		});
		const codes = [
			"import t.jsonl --strict",
			"import prose.txt",
			"import none.json",
			"import empty.json",
			"import",
		].map((line) => farthing(`${line} --no-store --json`, { cwd: folder }));
		expect(codes.map(({ code }) => code)).toEqual([2, 2, 2, 3, 2]);
		expect(JSON.parse(codes[0]?.stdout ?? "")).toMatchObject({ error: { file: "t.jsonl", line: 2 } });
		expect(existsSync(join(folder, ".farthing", "quarantine.jsonl"))).toBe(false);
	});

	it("takes UTF-16, sets hostile numbers, other encodings and a torn gzip aside, and the ledger opens with the rest", async () => {
		const usage = (id: string, output = "7") =>
			`{"usage":{"grain":"request","t0":"2026-11-28T10:00:00Z","t1":"2026-11-28T10:00:01Z","source":{"adapter":"t","version":"1","kind":"gateway"},"request_id":"${id}","model":{"served":"m"},"tokens":{"in_total":9,"out_total":${output}}}}\n`;
		const many = (name: string, n: number) => Array.from({ length: n }, (_, i) => usage(`${name}-${i}`)).join("");
		const torn = gzipSync(many("gz", 4000));
		const folder = folderWith({
			"utf16.jsonl": Buffer.from(`\ufeff${many("wide", 3)}`, "utf16le"),
			"hostile.jsonl": ["NaN", "1e400", "-1", "9007199254740993", "7"].map((n) => usage(`h${n}`, n)).join(""),
			"mixed.jsonl": Buffer.concat([
				Buffer.from(usage("a")),
				Buffer.from(usage("\u00e9"), "latin1"),
				Buffer.from(usage("b")),
			]),
			"torn.jsonl.gz": torn.subarray(0, torn.length >> 1),
		});
		const names = ["utf16.jsonl", "hostile.jsonl", "mixed.jsonl", "torn.jsonl.gz"];
		const { code, stdout } = farthing(["import", ...names, "--json"], { cwd: folder });
		const { result } = JSON.parse(stdout) as {
			result: { records: number; files: { records: number; quarantined: number }[]; faults: { line?: number }[] };
		};
		expect(code).toBe(4);
		expect(result.files.slice(0, 3).map(({ records, quarantined }) => [records, quarantined])).toEqual([
			[3, 0],
			[1, 4],
			[2, 1],
		]);
		expect(result.faults.slice(0, 5).map(({ line }) => line)).toEqual([1, 2, 3, 4, 2]);
		expect(result.files[3]?.quarantined).toBeGreaterThan(0);
		const store = await openStore(join(folder, ".farthing", "ledger.duckdb"));
		expect(await store.rowCount("usage_request")).toBe(result.records);
		await store.close();
	});

	it("stores a file once, also under another name and in another encoding, and says that it was there", () => {
		const folder = folderWith({ "run.json": BENCH_VLLM, "copy.json": Buffer.from(`\ufeff${BENCH_VLLM}`, "utf16le") });
		const told = ["run.json", "run.json", "copy.json"].map((file) => {
			const { result, warnings } = JSON.parse(farthing(["import", file, "--json"], { cwd: folder }).stdout) as {
				result: { stored: { usage: number; already_there?: number } };
				warnings: { code: string }[];
			};
			return [result.stored.usage, result.stored.already_there, warnings.map(({ code }) => code)];
		});
		expect(told.map(([usage, there]) => [usage, there])).toEqual([
			[1, undefined],
			[1, 1],
			[1, 1],
		]);
		expect(told[1]?.[2]).toContain("already-there");
	});
});
