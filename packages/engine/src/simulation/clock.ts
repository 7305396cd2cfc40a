/**
 * Virtual time runs in ticks of 2⁻²⁴ s (60 ns). Every time is a whole number of ticks and a double, so that sums and
 * differences up to 2²⁹ s (17 years of one replica) are exact: GPU-seconds by state add up to the last bit, and no run
 * drifts with its length.
 */

const TICKS_PER_SECOND = 16_777_216;

/** The nearest tick. */
export function toTick(seconds: number): number {
	return Math.floor(seconds * TICKS_PER_SECOND + 0.5) / TICKS_PER_SECOND;
}
