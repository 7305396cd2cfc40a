/** GPU time and energy go the way of money, day by day: whole microseconds and millijoules instead of an amount of a currency. */
import type { AttributionInput, HeldTime } from "../attribution/attribute.ts";
import { attribute } from "../attribution/attribute.ts";
import type { AttributedLine } from "../attribution/attributed-line.ts";
import type { PoolCharge } from "../attribution/charge.ts";
import type { Span } from "../attribution/spans.ts";
import { spanIndex } from "../attribution/spans.ts";
import { daysOf } from "./by-day.ts";
import { ALL_GPUS } from "./held-time.ts";

type MeterInput = Pick<AttributionInput, "held" | "used" | "laws">;

/** Energy by who had the work done, and what idle GPUs drew; nothing where no meter saw energy. Amounts in mJ. */
export function energyLines(input: MeterInput, window: Span): readonly AttributedLine[] {
	const metered = input.held.filter(({ energy }) => energy !== undefined);
	return lines(input, metered, window, "mJ", "energy", ({ energy }) => energy ?? 0);
}

/** GPU time at work, held without work, and held by nobody. Amounts in GPU microseconds. */
export function gpuTimeLines(input: MeterInput, window: Span): readonly AttributedLine[] {
	return lines(input, input.held, window, "GPU-us", "gpu-time", ({ gpu }) => gpu);
}

function lines(
	input: MeterInput,
	held: readonly HeldTime[],
	window: Span,
	currency: string,
	by: PoolCharge["by"],
	measure: (held: HeldTime) => number,
): readonly AttributedLine[] {
	const index = spanIndex(held);
	const charges = daysOf(window).flatMap((day): PoolCharge[] => {
		const nano = index
			.overlapping(day)
			.reduce((sum, { of, share }) => sum + BigInt(Math.round(measure(of) * share)), 0n);
		if (nano === 0n) return [];
		return [{ kind: "pool", id: by, ...day, pool: ALL_GPUS, amount: { currency, nano }, by, isAvoidable: true }];
	});
	return attribute({ ...input, basis: "busy", charges }).lines;
}
