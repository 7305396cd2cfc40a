import { describe, expect, it } from "vitest";
import { catalogue, refusal } from "../test-support/questions.ts";
import { hardwareNamed, modelNamed, precisionsNamed, stacksNamed, unknownName } from "./names.ts";

describe("names that people use", () => {
	it("stand for catalogue ids", () => {
		expect(modelNamed(catalogue, "dsr1").id).toBe("deepseek-r1");
		expect(hardwareNamed(catalogue, "b200").id).toBe("b200-sxm");
		expect(stacksNamed(catalogue, "trt")).toEqual(["tensorrt-llm"]);
		expect(stacksNamed(catalogue, "dynamo-trt")).toEqual(["dynamo-tensorrt-llm"]);
		expect(precisionsNamed(catalogue, "fp4")).toEqual(expect.arrayContaining(["nvfp4", "mxfp4"]));
		expect(precisionsNamed(catalogue, "fp8")).toEqual(["fp8"]);
	});

	it("are refused with the nearest, the place and the list to look at", () => {
		const where = { field: "--model" };
		const model = refusal(() => modelNamed(catalogue, "deepsek-r1", where));
		expect(model).toMatchObject({
			exit: 3,
			code: "unknown-model",
			detail: { field: "--model", hint: "farthing catalog list models" },
		});
		expect(model.detail.nearest?.[0]).toBe("deepseek-r1");
		expect(refusal(() => hardwareNamed(catalogue, "b20"))).toMatchObject({
			code: "unknown-hardware",
			detail: { hint: "farthing catalog list hardware" },
		});
		expect(refusal(() => stacksNamed(catalogue, "trtt"))).toMatchObject({ code: "unknown-stack" });
		expect(refusal(() => precisionsNamed(catalogue, "fp9"))).toMatchObject({ code: "unknown-precision" });
	});

	it("are quoted in part where they are long", () => {
		const { message } = unknownName("model", "x".repeat(500), []);
		expect(message).toBe(`no model "${"x".repeat(60)}…" in the catalogue`);
	});
});
