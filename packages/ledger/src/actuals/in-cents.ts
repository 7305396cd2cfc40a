import { roundShares } from "../records/money.ts";

/** Amounts as text with two decimals that add up to their sum with two decimals: `1,234.50`, `-0.01`. */
export function inCents(values: readonly number[]): string[] {
	const nanos = values.map((value) => ({ numerator: BigInt(Math.round(value * 1e9)), denominator: 1n }));
	return roundShares(nanos, NANO_PER_CENT).map((nano) => {
		const cents = nano / NANO_PER_CENT;
		const digits = String(cents < 0n ? -cents : cents).padStart(3, "0");
		const whole = digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ",");
		return `${cents < 0n ? "-" : ""}${whole}.${digits.slice(-2)}`;
	});
}

const NANO_PER_CENT = 10_000_000n;
