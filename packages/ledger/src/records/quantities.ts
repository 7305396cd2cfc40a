import {
	currency as currencyUnit,
	joule,
	quantity,
	second,
	token,
	type Currency,
	type Energy,
	type Money,
	type Quantity,
	type Time,
	type TokenKind,
	type Tokens,
} from "@farthing/engine";
import { CURRENCIES, gpuHour } from "@farthing/engine";
import { NANO_PER_UNIT, type Amount } from "./money.ts";
import { RecordError } from "./record-error.ts";
import {
	MICROS_PER_HOUR,
	MICROS_PER_SECOND,
	type GpuMicros,
	type Micros,
	type Millijoules,
	type TokenCount,
} from "./units.ts";

/** The one place where whole numbers of the ledger become quantities of the engine, in float64. */
export function quantityOfAmount(amount: Amount): Quantity<Money> {
	const known = CURRENCIES.find((code) => code === amount.currency);
	if (known === undefined) {
		throw new RecordError("not-a-currency", `${amount.currency} is no currency that the engine reckons in`, amount);
	}
	const whole = amount.nano / NANO_PER_UNIT;
	const rest = amount.nano % NANO_PER_UNIT;
	return quantity(Number(whole) + Number(rest) / 1e9, currencyUnit<Currency>(known));
}

export function quantityOfTokens<K extends TokenKind>(n: TokenCount, kind: K): Quantity<Tokens<K>> {
	return quantity(n, token(kind));
}

export function quantityOfGpuTime(n: GpuMicros): Quantity<{ readonly gpu: 1; readonly s: 1 }> {
	return quantity(n / MICROS_PER_HOUR, gpuHour);
}

export function quantityOfTime(n: Micros): Quantity<Time> {
	return quantity(n / MICROS_PER_SECOND, second);
}

export function quantityOfEnergy(n: Millijoules): Quantity<Energy> {
	return quantity(n / 1000, joule);
}
