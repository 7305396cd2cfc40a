/** What an amount in another currency rests on: a rate of the catalogue with its source, or one that the reader typed. */
import type { DollarRate } from "@farthing/answers";
import type { Grade } from "@farthing/engine";
import { createContext, useContext } from "react";
import type { Currency } from "../state/app-state.ts";
import { useAppState } from "../state/store.ts";

/** Rates that have a source. */
export const SourcedRates = createContext<readonly DollarRate[]>([]);

export interface Conversion {
	readonly currency: Currency;
	/** Absent where the reader typed the rate. */
	readonly rate?: DollarRate;
	readonly grade: Grade;
}

/** Undefined while amounts are in dollars. A link may hold any rate: it has a source only where it is that of the catalogue. */
export function useConversion(): Conversion | undefined {
	const { currency } = useAppState().display;
	return conversionOf(currency, useContext(SourcedRates));
}

export function conversionOf(currency: Currency | undefined, rates: readonly DollarRate[]): Conversion | undefined {
	if (currency === undefined) return undefined;
	const rate = rates.find(
		({ code, perDollar, date }) => code === currency.code && perDollar === currency.perDollar && date === currency.date,
	);
	return rate === undefined ? { currency, grade: "E" } : { currency, rate, grade: rate.grade };
}
