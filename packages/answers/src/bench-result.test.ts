import { describe, expect, it } from "vitest";
import { refusal } from "../test-support/questions.ts";
import { readBenchResult } from "./bench-result.ts";

/** Members of a `vllm bench serve` result that matter. */
const served = {
	completed: 640,
	total_input_tokens: 655_360,
	total_output_tokens: 81_920,
	total_token_throughput: 12_000,
};

describe("readBenchResult", () => {
	it("divides the throughput of a served model by its GPUs and knows the mean lengths", () => {
		expect(read(served, 4)).toEqual({
			layout: "vllm bench serve",
			tokensPerGpuSecond: 3000,
			lengths: { input: 1024, output: 128 },
		});
	});

	it("leaves lengths out that the file does not say", () => {
		const { completed: _, ...rest } = served;
		expect(read(rest, 1)).toEqual({ layout: "vllm bench serve", tokensPerGpuSecond: 12_000 });
	});

	it("takes an InferenceX row per GPU as it is", () => {
		const row = { tput_per_gpu: 28_724.2, isl: 1024, osl: 1024 };
		expect(read(row)).toEqual({
			layout: "InferenceX row",
			tokensPerGpuSecond: 28_724.2,
			lengths: { input: 1024, output: 1024 },
		});
		expect(read({ tput_per_gpu: 5 })).toEqual({ layout: "InferenceX row", tokensPerGpuSecond: 5 });
	});

	it("asks for the number of GPUs where the file holds a whole server", () => {
		expect(refusal(() => read(served))).toMatchObject({
			exit: 2,
			code: "missing-field",
			detail: { field: "--gpus", file: "run.json" },
		});
	});

	it("refuses a run in which nothing was completed, and a GPU count that has no effect", () => {
		expect(refusal(() => read({ ...served, completed: 0 }, 1))).toMatchObject({ exit: 2, code: "nothing-completed" });
		expect(refusal(() => read({ tput_per_gpu: 5 }, 8))).toMatchObject({
			code: "contradiction",
			detail: { field: "--gpus" },
		});
	});

	it.each([
		["{", 1, 2],
		['{\n  "completed": x,\n  "total_input_tokens": 655360\n}', 2, 16],
		['{\n  "total_input_tokens": 655360,\n  "total_output_tokens": 81920,\n  "completed": x\n}', 4, 16],
		['{"total_input_tokens": 1,}', 1, 26],
	])("says where JSON breaks off: %j", (text, line, column) => {
		expect(refusal(() => readBenchResult(text, "run.json", 1)).detail).toMatchObject({ line, column });
	});

	it("refuses what it cannot read, and says what it looked for", () => {
		const unknown = refusal(() => read({ throughput: 5 }, 1));
		expect(unknown).toMatchObject({ exit: 2, code: "unknown-layout", detail: { file: "run.json" } });
		expect(unknown.detail.expected).toContain("total_token_throughput");
		expect(refusal(() => read({ tput_per_gpu: "5" }))).toMatchObject({ code: "unknown-layout" });
		for (const text of ["", "{", "[1]", "null", "3", '"x"']) {
			expect(refusal(() => readBenchResult(text, "run.json", 1))).toMatchObject({ exit: 2, code: "malformed-json" });
		}
	});
});

function read(json: object, gpus?: number) {
	return readBenchResult(JSON.stringify(json), "run.json", gpus);
}
