/**
 * Charges cut at the ends of days, UTC: the parts of a charge add up to it. A row of a bill goes to its days by time; what was
 * rated from metered capacity goes to the days on which that was held.
 */
import type { HeldPart, PoolCharge, WindowCharge } from "../attribution/charge.ts";
import type { Span } from "../attribution/spans.ts";
import { apportion } from "../records/money.ts";
import type { GpuMicros, Instant } from "../records/units.ts";
import { MICROS_PER_DAY } from "../records/units.ts";

/** Days of a window; the first and the last may be shorter. */
export function daysOf({ from, to }: Span): Span[] {
	const days: Span[] = [];
	for (let at: number = from; at < to; ) {
		const end = Math.min((Math.floor(at / MICROS_PER_DAY) + 1) * MICROS_PER_DAY, to);
		days.push({ from: at as Instant, to: end as Instant });
		at = end;
	}
	return days;
}

/** Charges of each day of {@link daysOf}. */
export function chargesByDay(charges: readonly WindowCharge[], days: readonly Span[]): WindowCharge[][] {
	const byDay: WindowCharge[][] = days.map(() => []);
	const first = days[0]?.from ?? (0 as Instant);
	for (const charge of charges) {
		if (charge.kind === "pool" && charge.held !== undefined) {
			shareHeld(charge, charge.held, days, byDay);
			continue;
		}
		const places = dayPlaces(charge, days, first);
		const parts = places.map((i) => common(charge, days[i] as Span));
		const amounts = apportion(
			charge.amount,
			parts.map(({ from, to }) => BigInt(Math.max(1, to - from))),
		);
		places.forEach((i, k) => {
			const span = parts[k] as Span;
			const amount = amounts[k] as WindowCharge["amount"];
			const share = (span.to - span.from) / Math.max(1, charge.to - charge.from);
			const paid =
				charge.kind === "pool" && charge.paid !== undefined
					? { paid: Math.round(charge.paid * share) as GpuMicros }
					: {};
			byDay[i]?.push({ ...charge, ...span, amount, ...paid });
		});
	}
	return byDay;
}

function shareHeld(
	{ held: _, ...charge }: PoolCharge,
	parts: readonly HeldPart[],
	days: readonly Span[],
	byDay: readonly WindowCharge[][],
): void {
	const weights = days.map((day) =>
		parts.reduce((sum, { from, weight }) => (from >= day.from && from < day.to ? sum + weight : sum), 0n),
	);
	const amounts = apportion(charge.amount, weights);
	days.forEach((day, i) => {
		// Nothing of it was held on the other days, so that nobody is there who could pay.
		if (weights[i] === 0n) return;
		byDay[i]?.push({ ...charge, ...common(charge, day), amount: amounts[i] as PoolCharge["amount"] });
	});
}

function dayPlaces({ from, to }: Span, days: readonly Span[], first: Instant): number[] {
	const at = (instant: number): number => Math.floor(instant / MICROS_PER_DAY) - Math.floor(first / MICROS_PER_DAY);
	const low = Math.max(0, at(from));
	const high = Math.min(days.length - 1, at(Math.max(from, to - 1)));
	return Array.from({ length: Math.max(1, high - low + 1) }, (_, i) => Math.min(low + i, days.length - 1));
}

function common(a: Span, b: Span): Span {
	return { from: Math.max(a.from, b.from) as Instant, to: Math.min(a.to, b.to) as Instant };
}
