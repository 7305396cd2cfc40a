/** Amounts as a bill has them: in cents, since rounded dollars do not add up before a reader's eyes. */
import type { Display } from "../state/app-state.ts";
import { shownNumber, shownValue } from "./show-quantity.ts";

/** An amount in the currency that the reader chose; what is less than a cent keeps its digits, and so does what is no amount. */
export function moneyInCents(value: number, unit: string, display: Display): string {
	const shown = shownValue(value, unit, display);
	const isTiny = shown.value !== 0 && Math.abs(shown.value) < 0.01;
	if (!/^[A-Z]{3}$/.test(shown.unit) || isTiny) return shownNumber(value, unit, display);
	return billedInCents(shown.value, shown.unit);
}

const cents = new Intl.NumberFormat("en", { minimumFractionDigits: 2, maximumFractionDigits: 2 });

/** An amount in its own currency, whatever the reader chose to see others in. */
export function billedInCents(value: number, currency: string): string {
	const digits = cents.format(Math.abs(value));
	const text = currency === "USD" ? `$${digits}` : `${currency} ${digits}`;
	return value < 0 && /[1-9]/.test(digits) ? `−${text}` : text;
}
