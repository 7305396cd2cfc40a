/**
 * Days that cost what nothing before them suggests. A day is measured against the median of up to 28 days before it (at least
 * seven with data, {@link FEWEST_DAYS_BEFORE}), in robust deviations: `|x − median| ÷ (1.4826 · MAD)`, the MAD being at least 5% of the median ÷ 1.4826, so that a
 * steady series does not cry at a cent. It is an anomaly beyond 4 deviations and by more than a quarter. A day that was one does not
 * raise the bar for the next: it is left out of what later days are measured against. Where the median is nothing, there is no
 * usual cost to stand out from: a first day of something new is no anomaly of it.
 */
import type { Amount } from "../records/money.ts";
import { median } from "./forecast.ts";

export interface CostAnomaly {
	/** Place of the day in the series. */
	readonly day: number;
	readonly amount: Amount;
	readonly expected: Amount;
	/** Robust deviations from what was expected; negative where it cost less. */
	readonly deviations: number;
}

export interface AnomalyLimits {
	readonly deviations: number;
	/** Least difference as a share of what was expected. */
	readonly share: number;
}

export const ANOMALY_LIMITS: AnomalyLimits = { deviations: 4, share: 0.25 };

export const FEWEST_DAYS_BEFORE = 7;
const MOST_DAYS = 28;
const SCALE_OF_MAD = 1.4826;
const LEAST_SPREAD = 0.05;

/** Amounts of one series, day by day, in one currency. */
export function costAnomalies(days: readonly Amount[], limits: AnomalyLimits = ANOMALY_LIMITS): CostAnomaly[] {
	const found: CostAnomaly[] = [];
	const normal: number[] = [];
	for (const [day, amount] of days.entries()) {
		const cost = Number(amount.nano);
		const before = normal.slice(-MOST_DAYS);
		if (before.length >= FEWEST_DAYS_BEFORE && median(before) !== 0) {
			const expected = median(before);
			const spread = SCALE_OF_MAD * median(before.map((each) => Math.abs(each - expected)));
			const deviations = (cost - expected) / Math.max(spread, LEAST_SPREAD * Math.abs(expected), 1);
			if (Math.abs(deviations) > limits.deviations && Math.abs(cost - expected) > limits.share * Math.abs(expected)) {
				const nano = BigInt(Math.round(expected));
				found.push({ day, amount, expected: { currency: amount.currency, nano }, deviations });
				continue;
			}
		}
		normal.push(cost);
	}
	return found;
}
