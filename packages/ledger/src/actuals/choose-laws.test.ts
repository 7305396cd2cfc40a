import { describe, expect, it } from "vitest";
import type { HeldTime, UsedWork } from "../attribution/attribute.ts";
import type { GpuMicros, Instant, TokenCount } from "../records/units.ts";
import { modelledCalibration } from "./calibration.ts";
import { chooseLaws, STAND_IN_LAW } from "./choose-laws.ts";

const HOUR = 3_600_000_000;
const span = { from: 0 as Instant, to: HOUR as Instant };
const held: HeldTime = { ...span, pools: ["node a"], deployment: "chat", model: "m", gpu: HOUR as GpuMicros };
const work = (tokens: number): UsedWork => ({
	...span,
	owner: { model: "m", deployment: "chat" },
	work: { uncachedInputTokens: tokens, outputTokens: 0, outputContextTokens2: 0 },
	tokens: { input: tokens as TokenCount },
});
const parts = new Map([["chat", "h100"]]);
/** A GPU that takes 100 µs for a token of either kind, whatever it attends to. */
const runs = [512, 2048, 8192].flatMap((isl) => [128, 512].map((osl) => ({ isl, osl, tokensPerGpuSecond: 10_000 })));
const of = { model: "m-8b", hardware: "h100-sxm", configuration: "vllm, fp8, TP1", runs };
const modelled = modelledCalibration(of, { model: "m", hardware: "h100" });
const given = modelled === undefined ? [] : [modelled];

describe("chooseLaws", () => {
	it("takes what a model of the engine gives where nobody measured, and says so", () => {
		const law = chooseLaws([held], [work(18_000_000)], given, parts).get("chat");
		expect(law?.state).toBe("modelled");
		expect(law?.note).toBe(
			"no saturated runs of this model: the step-time law for m-8b on h100-sxm (vllm, fp8, TP1) is taken",
		);
		expect((law?.law.gpuSecondsPerUncachedInputToken ?? 0) * 1e6).toBeCloseTo(100, 0);
	});

	it("is as much faster as the fullest span needs: 72 million tokens of an hour that would take two", () => {
		const law = chooseLaws([held], [work(72_000_000)], given, parts).get("chat");
		expect(law?.note).toMatch(/2\.00 times as fast/);
		expect((law?.law.gpuSecondsPerUncachedInputToken ?? 0) * 1e6).toBeCloseTo(50, 0);
	});

	it("prefers measured runs, and takes the stand-in where the part is another", () => {
		const measured = given.map(({ modelledBy: _, ...each }) => each);
		expect(chooseLaws([held], [work(1e6)], [...given, ...measured], parts).get("chat")?.state).toBe("measured");
		const other = chooseLaws([held], [work(1e6)], given, new Map([["chat", "b200"]])).get("chat");
		const ratio = ({ gpuSecondsPerOutputToken: b, gpuSecondsPerUncachedInputToken: a }: typeof STAND_IN_LAW): number =>
			b / a;
		expect(other?.law && ratio(other.law)).toBeCloseTo(ratio(STAND_IN_LAW), 9);
	});
});
