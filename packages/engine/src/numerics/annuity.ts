/**
 * Closed forms of level payments. `rate` is per period, payments fall at the end of each period, and all amounts are
 * positive. R. A. Brealey, S. C. Myers and F. Allen, "Principles of Corporate Finance", chapter on present values.
 */
import { exp, log } from "./elementary.ts";

/** What `payment` at the end of each of `periods` is worth today: payment · (1 − (1 + rate)^−periods) / rate. */
export function presentValueOfPayments(payment: number, rate: number, periods: number): number {
	return payment * annuityFactor(rate, periods);
}

/** Level payment that pays `principal` back in so many periods, but for a `balloon` due with the last. */
export function annuityPayment(principal: number, rate: number, periods: number, balloon = 0): number {
	return (principal - balloon * exp(-periods * logOnePlus(rate))) / annuityFactor(rate, periods);
}

/** What is owed after `paid` of the payments. */
export function balanceAfter(principal: number, rate: number, payment: number, paid: number): number {
	const growth = exp(paid * logOnePlus(rate));
	return growth * (principal - presentValueOfPayments(payment, rate, paid));
}

/** Rate per month that compounds to a rate per year, and back. */
export function monthlyRate(annual: number): number {
	return expMinusOne(logOnePlus(annual) / 12);
}

export function annualRate(monthly: number): number {
	return expMinusOne(12 * logOnePlus(monthly));
}

/** (1 − (1 + rate)^−periods) / rate, to the last digits for the smallest rates too. */
function annuityFactor(rate: number, periods: number): number {
	return rate === 0 ? periods : -expMinusOne(-periods * logOnePlus(rate)) / rate;
}

/** log(1 + x): what the sum loses of x is put right (W. Kahan; Hewlett-Packard, HP-15C Advanced Functions Handbook). */
function logOnePlus(x: number): number {
	const sum = 1 + x;
	return sum === 1 ? x : log(sum) * (x / (sum - 1));
}

/** exp(x) − 1, in the same way. */
function expMinusOne(x: number): number {
	const power = exp(x);
	if (power === 1) return x;
	return power - 1 === -1 ? -1 : (power - 1) * (x / log(power));
}
