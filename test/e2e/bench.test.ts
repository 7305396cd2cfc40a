/** `price --bench`: throughput from a benchmark result that somebody has at hand. */
import { describe, expect, it } from "vitest";
import { BENCH_INFERENCEX, BENCH_VLLM } from "./bench-results.ts";
import { contentOf, farthing, folderWith, refusal, refusalJson, resultOf } from "./farthing.ts";

const folder = (): string => folderWith({ "vllm.json": BENCH_VLLM, "inferencex.json": BENCH_INFERENCEX });

describe("a result of vllm bench serve", () => {
	it("is of the whole server: divided by its GPUs, split by the mean lengths of its requests", () => {
		const result = resultOf("price --gpu-hour 2 --bench vllm.json --gpus 8 --json", { cwd: folder() });
		// 18,432 tok/s ÷ 8 GPUs = 2,304; 2 USD ÷ (2,304 × 3,600) × 10⁶
		expect(result["tokens_per_gpu_second"]?.["value"]).toBe(2304);
		expect(result["unit_cost"]?.["value"]).toBeCloseTo(2e6 / (2304 * 3600), 12);
		expect(result["by_tokens"]?.["output"]?.["value"]).toBeCloseTo((9 * 2e6) / (2304 * 3600), 10);
	});

	it("without --gpus asks for them", () => {
		const told = refusal("price --gpu-hour 2 --bench vllm.json", 2, { cwd: folder() });
		expect(told).toContain("how many GPUs");
		expect(refusalJson("price --gpu-hour 2 --bench vllm.json", 2, { cwd: folder() })["field"]).toBe("--gpus");
	});

	it("comes from standard input, and counts for the id by its content", () => {
		const cwd = folder();
		const id = (line: string, input = ""): string =>
			JSON.parse(farthing(`price --gpu-hour 2 --gpus 8 --json --bench ${line}`, { cwd, input }).stdout).id;
		expect(id("-", BENCH_VLLM)).toBe(id("vllm.json"));
		expect(id("-", BENCH_VLLM.replace("18432", "18433"))).not.toBe(id("vllm.json"));
	});
});

describe("a row of InferenceX", () => {
	it("is per GPU already", () => {
		const result = resultOf("price --gpu-hour 2 --bench inferencex.json --json", { cwd: folder() });
		expect(result["tokens_per_gpu_second"]?.["value"]).toBe(1500.5);
		expect(result["unit_cost"]?.["value"]).toBeCloseTo(2e6 / (1500.5 * 3600), 12);
		expect(Object.keys(result["by_tokens"] as object)).toEqual(["input", "output", "total"]);
	});

	it("goes with a rate card and a load", () => {
		const line = "price --hardware b200 --bench inferencex.json --util 45% --json --quiet";
		const result = resultOf(line, { cwd: folder() });
		expect(result["unit_cost"]?.["basis"]).toBe("delivered");
		expect(result["unit_cost"]?.["value"]).toBeCloseTo(2.07e6 / (1500.5 * 0.45 * 3600), 12);
	});
});

describe("what is no benchmark result", () => {
	it.each([
		["empty", ""],
		["no JSON", "throughput: 5"],
		["a list", "[1, 2, 3]"],
		["a number", "2497"],
		["another layout", '{"tokens_per_second": 2497}'],
		["a throughput in words", '{"total_token_throughput": "fast"}'],
		["a throughput of zero", '{"tput_per_gpu": 0}'],
		["a negative throughput", '{"tput_per_gpu": -5}'],
	])("%s", (_, content) => {
		const cwd = folderWith({ "run.json": content });
		const before = contentOf(cwd);
		refusal("price --gpu-hour 2 --bench run.json --gpus 8 -o out.json", 2, { cwd });
		expect(contentOf(cwd)).toEqual(before);
	});

	it("a file that is not there, a folder, a binary", () => {
		const cwd = folderWith({ "sub/x": "", "run.bin": Buffer.from([0xff, 0x00, 0xfe]) });
		expect(refusalJson("price --gpu-hour 2 --bench none.json", 2, { cwd })["code"]).toBe("no-such-file");
		expect(refusalJson("price --gpu-hour 2 --bench sub", 2, { cwd })["code"]).toBe("not-a-file");
		expect(refusalJson("price --gpu-hour 2 --bench run.bin", 2, { cwd })["code"]).toBe("not-text");
	});

	it.each(["0", "-8", "eight", "2.5"])("--gpus %s", (gpus) => {
		expect(refusal(`price --gpu-hour 2 --bench vllm.json --gpus ${gpus}`, 2, { cwd: folder() })).toContain("--gpus");
	});

	it("flags that the result makes idle are refused", () => {
		const cwd = folder();
		const line = "price --gpu-hour 2 --bench vllm.json --gpus 8";
		expect(refusal(`${line} --tokens-per-second 9`, 2, { cwd })).toContain("--tokens-per-second");
		expect(refusal(`${line} --tokens output`, 2, { cwd })).toContain("--tokens");
	});
});
