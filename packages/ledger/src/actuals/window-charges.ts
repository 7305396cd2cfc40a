/** All that is to be paid for a window, in one currency: rows of the bill, and rated capacity that no bill pays for. */
import type { PoolCharge, WindowCharge } from "../attribution/charge.ts";
import type { Span } from "../attribution/spans.ts";
import type { ExchangeRate, ExchangeTable } from "../currency/exchange.ts";
import type { Amount } from "../records/money.ts";
import type { GpuMicros } from "../records/units.ts";
import { sumByCurrency } from "../records/money.ts";
import { billedTime } from "./billed-time.ts";
import type { LedgerFacts } from "./facts.ts";
import type { CostColumn, MatchedBill } from "./match-charges.ts";
import { matchCharges } from "./match-charges.ts";
import type { Unpriced } from "./rate-capacity.ts";
import { rateCapacity } from "./rate-capacity.ts";

export interface ChargeOptions {
	readonly window: Span;
	readonly cost: CostColumn;
	readonly currency: string;
	readonly exchange: ExchangeTable;
	readonly pue?: string;
}

export interface WindowCharges {
	/** In the currency of the report. */
	readonly charges: readonly WindowCharge[];
	readonly bill: BillTotals | undefined;
	/** Rated capacity that no bill pays for, in the currency of the report. */
	readonly rated: Amount;
	/** Of nodes that the bill pays for and that have a price on file: what the price comes to, and what was billed. */
	readonly compared: readonly RatedAgainstBill[];
	readonly rates: readonly ExchangeRate[];
	/** GPU time that neither a bill nor a price pays for, by pool. */
	readonly unpriced: ReadonlyMap<string, Unpriced>;
	/** Of that the time that a deployment held. */
	readonly unpricedHeld: ReadonlyMap<string, GpuMicros>;
	/** Pools that rows of the bill pay for, at whatever amount, 0 too. */
	readonly billedPools: ReadonlySet<string>;
	readonly withoutTariff: readonly string[];
	readonly prorated: number;
}

export interface BillTotals {
	/** Counted rows in the currency of the report, converted by day. */
	readonly converted: Amount;
	/** As the bill has it, by currency: of the rows that fall wholly or in part in the window, their part of it. */
	readonly counted: readonly Amount[];
	readonly billed: readonly Amount[];
	readonly effective: readonly Amount[];
	readonly rows: number;
}

export interface RatedAgainstBill {
	readonly pool: string;
	readonly rated: Amount;
	readonly billed: Amount;
}

/** Throws `unknown-rate` where an amount cannot be converted. */
export function windowCharges(facts: LedgerFacts, options: ChargeOptions): WindowCharges {
	const { window, cost, currency, exchange } = options;
	const matched = matchCharges(facts.charges, facts.capacity, window, cost);
	const { billed, notBilled } = billedTime(facts.capacity, matched.pools);
	const rating = options.pue === undefined ? {} : { pue: options.pue };
	const own = rateCapacity(notBilled, facts.prices, window, rating);
	const again = rateCapacity(billed, facts.prices, window, rating);
	const rows = matched.charges.map(({ charge }) => charge);
	const converted = exchange.convertAll(
		[...rows, ...own.charges, ...again.charges].map(({ amount, from }) => ({ amount, at: from })),
		currency,
	);
	const amountAt = (i: number): Amount => (converted[i] as { readonly amount: Amount }).amount;
	const charges = [...rows, ...own.charges].map((charge, i) => ({ ...charge, amount: amountAt(i) }));
	const ratedAgain = again.charges.map((charge, i) => ({ ...charge, amount: amountAt(charges.length + i) }));
	return {
		charges,
		bill: facts.charges.length === 0 ? undefined : billTotals(matched, charges, currency, window, facts),
		rated: sumIn(charges.slice(rows.length), currency),
		compared: againstBill(ratedAgain, charges.slice(0, rows.length), currency),
		rates: [...new Set(converted.flatMap(({ by }) => by ?? []))],
		unpriced: own.unpriced,
		unpricedHeld: own.unpricedHeld,
		billedPools: new Set(matched.pools.keys()),
		withoutTariff: own.withoutTariff,
		prorated: matched.prorated,
	};
}

function billTotals(
	matched: MatchedBill,
	charges: readonly WindowCharge[],
	currency: string,
	window: Span,
	facts: LedgerFacts,
): BillTotals {
	const of = (cost: CostColumn): Amount[] =>
		sumByCurrency(matchCharges(facts.charges, facts.capacity, window, cost).charges.map(({ charge }) => charge.amount));
	return {
		converted: sumIn(charges.slice(0, matched.charges.length), currency),
		counted: sumByCurrency(matched.charges.map(({ charge }) => charge.amount)),
		billed: of("billed"),
		effective: of("effective"),
		rows: matched.rows,
	};
}

function againstBill(
	rated: readonly PoolCharge[],
	billed: readonly WindowCharge[],
	currency: string,
): RatedAgainstBill[] {
	const pools = [...new Set(rated.map(({ pool }) => pool))].sort();
	return pools.map((pool) => ({
		pool,
		rated: sumIn(
			rated.filter((charge) => charge.pool === pool),
			currency,
		),
		billed: sumIn(
			billed.filter((charge) => charge.kind === "pool" && charge.pool === pool),
			currency,
		),
	}));
}

function sumIn(charges: readonly WindowCharge[], currency: string): Amount {
	return { currency, nano: charges.reduce((sum, { amount }) => sum + amount.nano, 0n) };
}
