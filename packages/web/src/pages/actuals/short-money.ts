const short = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });

/** An amount at the tick of an axis, which says the currency: `20K`. */
export function shortMoney(value: number): string {
	return short.format(value);
}
