import { FarthingError } from "../farthing-error.ts";
import { describe, expect, it } from "vitest";
import { layoutFlag } from "./train-layout.ts";

describe("--layout", () => {
	it("reads members in any order, with commas or blanks, and fills in the usual", () => {
		expect(layoutFlag("batch=1024, tp=8,pp=4 dp=16", undefined)).toEqual({
			tensor: 8,
			pipeline: 4,
			data: 16,
			interleave: 1,
			microbatch: 1,
			batch: 1024,
			recompute: "selective",
			sequenceParallel: true,
			fusedAttention: true,
		});
		expect(layoutFlag("batch=4 recompute=full sequence-parallel=off attention=unfused", undefined)).toMatchObject({
			recompute: "full",
			sequenceParallel: false,
			fusedAttention: false,
		});
		expect(layoutFlag(undefined, undefined)).toBeUndefined();
	});

	it("reads a shape, all heads with keys of their own and two feed-forward matrices unless said", () => {
		const shape = "layers=96 hidden=12288 ffn=49152 heads=96 vocab=51200";
		expect(layoutFlag("batch=64", shape)?.shape).toEqual({
			layers: 96,
			hidden: 12_288,
			feedforward: 49_152,
			feedforwardMatrices: 2,
			heads: 96,
			keyValueHeads: 96,
			vocabulary: 51_200,
		});
		expect(layoutFlag("batch=64", `${shape} kv-heads=8 ffn-matrices=3`)?.shape).toMatchObject({
			keyValueHeads: 8,
			feedforwardMatrices: 3,
		});
	});

	it.each<[string | undefined, string | undefined, string]>([
		["tp=8", undefined, "missing-field"],
		["batch=0", undefined, "wrong-type"],
		["batch=1.5", undefined, "wrong-type"],
		["batch=8 tp", undefined, "wrong-type"],
		["batch=8 tpp=8", undefined, "unknown-field"],
		["batch=8 batch=9", undefined, "contradiction"],
		["batch=8 recompute=some", undefined, "unknown-value"],
		["batch=8", "layers=96", "missing-field"],
		[undefined, "layers=96", "missing-field"],
	])("refuses %s with %s", (layout, shape, code) => {
		try {
			layoutFlag(layout, shape);
			expect.unreachable();
		} catch (error) {
			expect(error).toBeInstanceOf(FarthingError);
			expect(error).toMatchObject({ exit: 2, code });
		}
	});
});
