import { RecordError } from "./record-error.ts";

/**
 * Units of the ledger. Meters count whole things, so each is a whole number with a brand that keeps it from meeting
 * another; sums in SQL and in TypeScript then agree to the last digit. `quantities.ts` turns them into quantities of
 * the engine.
 */
declare const unitOf: unique symbol;
type Whole<U extends string> = number & { readonly [unitOf]: U };

/** Microseconds since 1970-01-01T00:00:00Z; safe until the year 2255. */
export type Instant = Whole<"instant in microseconds">;
/** Microseconds of time. */
export type Micros = Whole<"microseconds">;
/** Microseconds of one GPU held or busy: 3,600,000,000 are a GPU-hour. */
export type GpuMicros = Whole<"GPU microseconds">;
/** Thousandths of a joule. */
export type Millijoules = Whole<"millijoules">;
/** Requests, or other things that are only counted. */
export type Count = Whole<"count">;
/** Tokens; which ones is said by the member that holds them. */
export type TokenCount = Whole<"tokens">;

export const MICROS_PER_SECOND = 1_000_000;
export const MICROS_PER_HOUR = 3_600_000_000;
export const MICROS_PER_DAY = 86_400_000_000;

export function instant(micros: number): Instant {
	return whole(micros, "an instant in microseconds") as Instant;
}
export function micros(n: number): Micros {
	return whole(n, "microseconds") as Micros;
}
export function gpuMicros(n: number): GpuMicros {
	return whole(n, "GPU microseconds") as GpuMicros;
}
export function millijoules(n: number): Millijoules {
	return whole(n, "millijoules") as Millijoules;
}
export function count(n: number): Count {
	return whole(n, "a count") as Count;
}
export function tokenCount(n: number): TokenCount {
	return whole(n, "tokens") as TokenCount;
}

/** Seconds, as exporters write them, to whole microseconds: half up. Throws for NaN, infinities and negative time. */
export function microsOfSeconds(seconds: number): Micros {
	return micros(Math.round(seconds * MICROS_PER_SECOND));
}

/** The instant of an ISO 8601 text with `Z` or an offset, or undefined where it is none: exact to the microsecond. */
export function parseInstant(text: string): Instant | undefined {
	const match = ISO.exec(text);
	if (match === null) return undefined;
	const [, year, month, day, hour, minute, second, fraction = "", zone = "Z"] = match;
	const wanted = [year, month, day, hour, minute, second].map(Number) as [
		number,
		number,
		number,
		number,
		number,
		number,
	];
	const [y, mo, d, h, mi, s] = wanted;
	if (mo < 1 || mo > 12 || d < 1 || d > daysIn(y, mo) || h > 23 || mi > 59 || s > 59) return undefined;
	const offset = offsetMinutes(zone);
	if (offset === undefined) return undefined;
	const milliseconds = Date.UTC(y, mo - 1, d, h, mi, s) - offset * 60_000;
	const result = milliseconds * 1000 + Number(fraction.slice(0, 6).padEnd(6, "0"));
	return result >= 0 && Number.isSafeInteger(result) ? (result as Instant) : undefined;
}

/** `2026-11-28T13:00:00.123456Z`; the fraction is left out where it is zero. */
export function formatInstant(at: Instant): string {
	const fraction = at % MICROS_PER_SECOND;
	const whole = new Date((at - fraction) / 1000).toISOString().slice(0, 19);
	return fraction === 0 ? `${whole}Z` : `${whole}.${String(fraction).padStart(6, "0")}Z`;
}

const ISO = /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?(Z|[+-]\d{2}:\d{2})$/;

function whole(n: number, of: string): number {
	if (Number.isSafeInteger(n) && n >= 0) return n;
	throw new RecordError("not-a-whole-number", `${of} must be a whole number from 0 to 2^53 - 1, not ${n}`, n);
}

function daysIn(year: number, month: number): number {
	const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
	return [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
}

function offsetMinutes(zone: string): number | undefined {
	if (zone === "Z") return 0;
	const [hours = 0, minutes = 0] = zone.slice(1).split(":").map(Number);
	if (hours > 14 || minutes > 59) return undefined;
	return (zone.startsWith("-") ? -1 : 1) * (hours * 60 + minutes);
}
