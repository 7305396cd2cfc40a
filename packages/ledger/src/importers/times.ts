/** Times as exports write them, to the ISO text that records are read from. */

const NAIVE = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)$/;
const ZONED = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)\s*(Z|UTC|[+-]\d{2}:?\d{2}|[+-]\d{2})$/i;
const DAY = /^(\d{4})-?(\d{2})-?(\d{2})$/;

/**
 * An ISO text with its zone, from: ISO 8601 with or without zone, a day, Unix seconds, milliseconds, microseconds or
 * nanoseconds (told apart by size). Times without a zone are taken at `zoneMinutes` east of UTC. Undefined for others.
 */
export function isoTime(value: unknown, zoneMinutes = 0): string | undefined {
	if (typeof value === "number") return fromUnix(value);
	if (typeof value !== "string") return undefined;
	const text = value.trim();
	const zoned = ZONED.exec(text);
	if (zoned !== null) return `${zoned[1]}T${withSeconds(zoned[2] as string)}${zoneText(zoned[3] as string)}`;
	const naive = NAIVE.exec(text);
	if (naive !== null) return `${naive[1]}T${withSeconds(naive[2] as string)}${offsetText(zoneMinutes)}`;
	const day = DAY.exec(text);
	if (day !== null) return `${day[1]}-${day[2]}-${day[3]}T00:00:00${offsetText(zoneMinutes)}`;
	if (/^\d{9,19}(\.\d+)?$/.test(text)) return fromUnix(Number(text));
	return undefined;
}

/** True where a text is a time that does not say its zone. */
export function lacksZone(value: unknown): boolean {
	return typeof value === "string" && NAIVE.test(value.trim());
}

/** Milliseconds since 1970 as ISO text. */
export function isoOfMillis(milliseconds: number): string | undefined {
	if (!Number.isFinite(milliseconds) || milliseconds < 0 || milliseconds > 8.64e15) return undefined;
	const whole = Math.floor(milliseconds);
	const micros = Math.round((milliseconds - whole) * 1000);
	if (micros === 1000) return isoOfMillis(whole + 1);
	const text = new Date(whole).toISOString();
	return micros === 0 ? text : `${text.slice(0, -1)}${String(micros).padStart(3, "0")}Z`;
}

function fromUnix(value: number): string | undefined {
	if (!Number.isFinite(value) || value <= 0) return undefined;
	if (value < 1e11) return isoOfMillis(value * 1000);
	if (value < 1e14) return isoOfMillis(value);
	if (value < 1e17) return isoOfMillis(value / 1000);
	return isoOfMillis(value / 1e6);
}

function withSeconds(time: string): string {
	return time.length === 5 ? `${time}:00` : time;
}

function zoneText(zone: string): string {
	if (/^(z|utc)$/i.test(zone)) return "Z";
	const digits = zone.replace(":", "");
	return `${digits.slice(0, 3)}:${digits.slice(3, 5) || "00"}`;
}

function offsetText(minutes: number): string {
	if (minutes === 0) return "Z";
	const size = Math.abs(minutes);
	const part = (n: number): string => String(n).padStart(2, "0");
	return `${minutes < 0 ? "-" : "+"}${part(Math.floor(size / 60))}:${part(size % 60)}`;
}
