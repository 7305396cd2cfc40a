/**
 * Who pays when: depreciation in a straight line over the book life, a loan on each purchase repaid in level payments
 * `PMT = i / (1 − (1+i)^−n)`, and tax on what is left, losses carried forward without end. Tax falls due in the month.
 */
import type { AnyExpr, Expr } from "../../model/expression.ts";
import { constant, cumulative, lagged, lastMonth, previous, seriesRef } from "../../model/expression.ts";
import type { Dimensionless } from "../../quantity/dimension.ts";
import { one, usd } from "../../quantity/unit.ts";
import type { PerYear } from "../gpu-hour-build-up.ts";
import type { Usd } from "./capital.ts";
import type { Calendar } from "./calendar.ts";
import { growthPerYear, raised } from "./calendar.ts";
import { choose, minus, monthly, named, number, over, plus, positive, times, zeroOf } from "./formula.ts";

const NO_USD: Expr<Usd> = constant(0, usd);

export interface Depreciation {
	readonly charge: Expr<Usd>;
	/** Cost not yet depreciated at the end of the month. */
	readonly bookValue: Expr<Usd>;
}

/** `cost ÷ n` in each of the n months after it was placed in service; nodes `<id>depreciation`, `<id>book_value`. */
export function straightLine(id: string, placed: AnyExpr, bookMonths: number): Depreciation {
	const cost = placed as Expr<Usd>;
	const inLife = previous(cumulative(minus(cost, lagged(cost, bookMonths, NO_USD)) as Expr<Usd>), NO_USD);
	const charge = monthly(`${id}depreciation`, usd, over(inLife, number(bookMonths)), {
		label: "depreciation",
		formula: `cost of the last ${bookMonths} months' purchases ÷ ${bookMonths}`,
	});
	const bookValue = monthly(`${id}book_value`, usd, minus(cumulative(cost), cumulative(charge)), {
		label: "book value",
		formula: "cost − depreciation so far",
	});
	return { charge, bookValue };
}

export interface DebtInputs {
	readonly calendar: Calendar;
	/** Capital that may be borrowed against, as paid. */
	readonly capital: AnyExpr;
	/** Share of it that is borrowed. */
	readonly share: Expr<Dimensionless>;
	readonly interest: Expr<PerYear>;
	readonly termMonths: number;
}

export interface Debt {
	readonly drawn: Expr<Usd>;
	readonly interest: Expr<Usd>;
	readonly repaid: Expr<Usd>;
	readonly balance: Expr<Usd>;
	/** Still owed at the horizon after the payment due there, and repaid with it. */
	readonly owedAtHorizon: Expr<Usd>;
}

/** Each purchase with a loan of its own; what is owed at the horizon is repaid there. Nodes `<id>debt.*`. */
export function loan(id: string, of: DebtInputs): Debt {
	const rate = named(`${id}debt.rate`, one, minus(raised(growthPerYear(of.interest), number(1 / 12)), number(1)), {
		label: "interest a month",
		formula: "(1 + r)^(1/12) − 1",
	});
	const payment = named(`${id}debt.payment_factor`, one, levelPayment(rate, of.termMonths), {
		label: "level payment a month on one USD borrowed",
		formula: "PMT = i / (1 − (1+i)^−n)",
	});
	const drawn = monthly(`${id}debt.drawn`, usd, times(of.capital, of.share), { label: "borrowed" });
	const owing = previous(cumulative(minus(drawn, lagged(drawn, of.termMonths, NO_USD)) as Expr<Usd>), NO_USD);
	const due = monthly(`${id}debt.payment`, usd, times(owing, payment), {
		label: "payment due",
		formula: "borrowed in the term × PMT",
	});
	const before = previous(seriesRef(`${id}debt.balance`, usd), NO_USD);
	const interest = monthly(`${id}debt.interest`, usd, times(before, rate), {
		label: "interest",
		formula: "balance × i",
	});
	const carried = minus(plus(before, interest, drawn), due);
	const atHorizon = choose(of.calendar.month, "=", number(of.calendar.months), zeroOf(drawn), carried);
	const balance = monthly(`${id}debt.balance`, usd, atHorizon, {
		label: "owed at the end of the month",
		formula: "balance before + interest + borrowed − payment; at the horizon all is repaid",
	});
	const repaid = monthly(`${id}debt.repaid`, usd, minus(plus(before, drawn), balance), {
		label: "repayment",
		formula: "balance before + borrowed − balance",
	});
	const owed = monthly(`${id}debt.owed`, usd, carried, { label: "owed before what is repaid at the horizon" });
	const owedAtHorizon = named(`${id}debt.owed_at_horizon`, usd, lastMonth(owed), {
		label: "owed at the horizon and repaid there",
	});
	return { drawn, interest, repaid, balance, owedAtHorizon };
}

/** Level payment on one USD over n months, `1/n` where it bears no interest. */
export function levelPayment(rate: AnyExpr, months: number): AnyExpr {
	const annuity = over(rate, minus(number(1), raised(plus(number(1), rate), number(-months))));
	return choose(rate, "=", number(0), number(1 / months), annuity);
}

export interface Tax {
	readonly tax: Expr<Usd>;
	/** Losses that may still be set against profit. */
	readonly losses: Expr<Usd>;
}

/** Tax on profit after losses of earlier months. Nodes `<id>taxable`, `<id>losses`, `<id>tax`. */
export function taxOn(id: string, profit: AnyExpr, rate: Expr<Dimensionless>): Tax {
	const taxable = monthly(`${id}taxable`, usd, profit, { label: "profit before losses of earlier months" });
	const brought = previous(seriesRef(`${id}losses`, usd), NO_USD);
	const losses = monthly(`${id}losses`, usd, positive(minus(brought, taxable)), {
		label: "losses carried forward",
		formula: "max(0, losses before − profit)",
	});
	const tax = monthly(`${id}tax`, usd, times(rate, plus(minus(taxable, brought), losses)), {
		label: "tax",
		formula: "rate × max(0, profit − losses carried forward)",
		note: "no refund: losses are set against later profit only",
	});
	return { tax, losses };
}
