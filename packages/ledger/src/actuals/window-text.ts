/**
 * A window in words: `30d` or `36h` up to an end, a month `2026-10`, a day `2026-10-05`, or `FROM..TO` of days or instants, the
 * end not included. All UTC.
 */
import type { Span } from "../attribution/spans.ts";
import type { Instant } from "../records/units.ts";
import { MICROS_PER_DAY, MICROS_PER_HOUR, parseInstant } from "../records/units.ts";

/** `end`: where a length ends, asked for only then. Nothing where the text is no window. */
export function parseWindow(text: string, end: () => Instant): Span | undefined {
	const length = /^(\d{1,5})([dh])$/.exec(text);
	if (length !== null) {
		const to = end();
		const micros = Number(length[1]) * (length[2] === "d" ? MICROS_PER_DAY : MICROS_PER_HOUR);
		return micros > 0 && micros <= to ? { from: (to - micros) as Instant, to } : undefined;
	}
	const range = /^(.+)\.\.(.+)$/.exec(text);
	if (range !== null) return ordered(pointOf(range[1] ?? ""), pointOf(range[2] ?? ""));
	const month = /^(\d{4})-(\d{2})$/.exec(text);
	if (month !== null) {
		const [year, number] = [Number(month[1]), Number(month[2])];
		const next = number === 12 ? `${year + 1}-01` : `${year}-${String(number + 1).padStart(2, "0")}`;
		return ordered(pointOf(`${text}-01`), pointOf(`${next}-01`));
	}
	const day = pointOf(text);
	return day === undefined ? undefined : { from: day, to: (day + MICROS_PER_DAY) as Instant };
}

function pointOf(text: string): Instant | undefined {
	if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return parseInstant(`${text}T00:00:00Z`);
	// Seconds may be left out, as people write times.
	return parseInstant(text.replace(/T(\d{2}:\d{2})(?=Z|[+-]\d{2}:\d{2}$)/, "T$1:00"));
}

function ordered(from: Instant | undefined, to: Instant | undefined): Span | undefined {
	return from === undefined || to === undefined || to <= from ? undefined : { from, to };
}
