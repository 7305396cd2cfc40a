/** Numbers and short names as people read them on a terminal. */
import type { QuantityJson } from "@farthing/engine";
import { formatQuantity, formatRange, powerOfTen } from "@farthing/engine";
import { frameWords } from "../messages/frame.ts";

/** `$0.517/M tok`; `–` where there is no value. */
export function shown(of: QuantityJson | undefined): string {
	if (of?.value === undefined) return of?.state === "unreachable" ? frameWords.unreachable : "–";
	const power = powerOfTen(of.value, of.unit);
	if (power !== undefined) return power;
	if (of.unit === "month") return frameWords.months(number(of.value), isOne(of.value));
	return of.unit === "x" ? `${formatQuantity(of.value, "")}x` : formatQuantity(of.value, of.unit);
}

/** `$0.42–0.61/M tok` from p10 to p90, or nothing where there is no range. */
export function shownRange(of: QuantityJson): string {
	if (of.looked_at !== undefined) return timeRange(of);
	return of.p10 === undefined || of.p90 === undefined || of.p10 === of.p90 ? "" : rangeText(of.p10, of.p90, of.unit);
}

/** `36 to 60 months`; `36 months to not reached within 60 months` where some draws never get there. */
export function timeRange({ p10, p90, looked_at: within }: QuantityJson): string {
	const months = (of: number): string => frameWords.months(number(of), isOne(of));
	const never = within === undefined ? "" : frameWords.notWithin(months(within));
	if (p10 === undefined) return never;
	if (p90 === undefined) return never === "" ? "" : frameWords.to(months(p10), never);
	return p10 === p90 ? "" : frameWords.to(number(p10), months(p90));
}

/** The bare number of a quantity in its unit, for columns whose head says the unit. */
export function bare(of: QuantityJson | undefined): string {
	return of?.value === undefined ? "–" : formatQuantity(of.value, "");
}

/** The bare numbers of a range. */
export function bareRange(of: QuantityJson): string {
	return of.p10 === undefined || of.p90 === undefined || of.p10 === of.p90 ? "" : rangeText(of.p10, of.p90, "");
}

function rangeText(low: number, high: number, unit: string): string {
	return formatRange(low, high, unit, { to: frameWords.to("", "") });
}

/** A count as it is shown: `1`, `12,000`. */
export function number(n: number): string {
	return formatQuantity(n, "");
}

/** For words that have a singular. */
export function isOne(n: number): boolean {
	return n === 1;
}

/** `1 row`, `3 rows`. */
export function counted(n: number, one: string, many: string = `${one}s`): string {
	return `${formatQuantity(n, "")} ${n === 1 ? one : many}`;
}
