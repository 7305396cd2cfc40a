import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fact } from "../../../test-support/point-fact.ts";
import { evaluate } from "../../model/evaluate.ts";
import { buildModel } from "../../model/flatten.ts";
import { quantityJson } from "../../model/quantity-json.ts";
import { uniformStream } from "../../numerics/random.ts";
import { gpu, minute } from "../../quantity/unit.ts";
import { checkpointGoodput, failuresPerGpuYear } from "./goodput.ts";

interface Case {
	readonly failures: number;
	readonly gpus: number;
	/** Minutes. */
	readonly restart: number;
	readonly checkpoint: number;
	readonly interval?: number;
}

function goodputOf({ failures, gpus, restart, checkpoint, interval }: Case) {
	const of = checkpointGoodput("", {
		failures: fact("failures", failuresPerGpuYear, failures),
		gpus: fact("gpus", gpu, gpus),
		restart: fact("restart", minute, restart),
		checkpoint: fact("checkpoint", minute, checkpoint),
		...(interval === undefined ? {} : { interval: fact("interval", minute, interval) }),
	});
	const evaluation = evaluate(buildModel([of.goodput, of.interval]));
	const read = (id: string): number => quantityJson(evaluation, id).value ?? Number.NaN;
	return {
		goodput: read("goodput"),
		meanHours: read("mean_time_to_failure"),
		interval: interval ?? read("checkpoint_interval"),
	};
}

/** Llama 3 on 16,384 H100: 419 failures in 54 days. */
const llama: Case = { failures: 0.1729, gpus: 16_384, restart: 10, checkpoint: 0.5 };

describe("goodput", () => {
	it("is above 90% on the fleet of Llama 3, as its paper says, a failure each three hours", () => {
		const { goodput, meanHours } = goodputOf(llama);
		expect(meanHours).toBeCloseTo((54 * 24) / 419, 1);
		expect(goodput).toBeGreaterThan(0.85);
		expect(goodput).toBeLessThan(0.95);
	});

	it("is best near Young's interval", () => {
		const best = goodputOf(llama);
		expect(best.interval).toBeCloseTo(Math.sqrt(2 * 0.5 * best.meanHours * 60), 6);
		for (const factor of [0.5, 0.8, 1.25, 2]) {
			expect(goodputOf({ ...llama, interval: best.interval * factor }).goodput).toBeLessThan(best.goodput);
		}
	});

	it("lies between 0 and 1, and falls with failures, GPUs, restarts and checkpoints", () => {
		const positive = (max: number) => fc.double({ min: max / 1000, max, noNaN: true });
		const cases = fc.record({
			failures: positive(1),
			gpus: fc.integer({ min: 8, max: 20_000 }),
			restart: positive(60),
			checkpoint: positive(10),
			interval: positive(240),
		});
		fc.assert(
			fc.property(cases, fc.constantFrom("failures", "gpus", "restart", "checkpoint" as const), (of, more) => {
				const { goodput } = goodputOf(of);
				expect(goodput).toBeGreaterThan(0);
				expect(goodput).toBeLessThan(1);
				expect(goodputOf({ ...of, [more]: of[more] * 1.5 }).goodput).toBeLessThan(goodput);
			}),
			{ seed: 5, numRuns: 100 },
		);
	});

	it("is that of a run played out failure by failure", () => {
		const of = { failures: 0.5, gpus: 20_000, restart: 8, checkpoint: 2, interval: 25 };
		const { goodput, meanHours } = goodputOf(of);
		expect(played(of, meanHours * 60, 40_000) / goodput).toBeCloseTo(1, 2);
	});
});

/** Useful minutes over all minutes, with failures drawn one by one; they strike in work, checkpoints and restarts alike. */
function played({ restart, checkpoint, interval = 0 }: Case, meanMinutes: number, intervals: number): number {
	const stream = uniformStream(1, "goodput");
	let clock = 0;
	for (let done = 0; done < intervals; ) {
		const failsAfter = -Math.log(stream.next()) * meanMinutes;
		if (failsAfter >= interval + checkpoint) {
			clock += interval + checkpoint;
			done++;
			continue;
		}
		clock += failsAfter;
		let again = -Math.log(stream.next()) * meanMinutes;
		while (again < restart) {
			clock += again;
			again = -Math.log(stream.next()) * meanMinutes;
		}
		clock += restart;
	}
	return (intervals * interval) / clock;
}
