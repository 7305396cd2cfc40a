const DAY_MS = 86_400_000;

/** `2026`, `2026-H1`, `2026-07` or `2026-07-20`, and a day of the calendar. */
export function isDate(text: string): boolean {
	return /^\d{4}$/.test(text) || /^\d{4}-H[12]$/.test(text) || /^\d{4}-(0[1-9]|1[0-2])$/.test(text) || isDay(text);
}

export function isDay(text: string): boolean {
	if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
	return new Date(dayNumber(text) * DAY_MS).toISOString().startsWith(text);
}

/** Days since 1970-01-01 of the first day that the date can mean. */
export function dayNumber(date: string): number {
	const year = Number(date.slice(0, 4));
	const half = /-H([12])$/.exec(date)?.[1];
	const month = half === undefined ? Number(date.slice(5, 7) || 1) : half === "1" ? 1 : 7;
	const day = half === undefined ? Number(date.slice(8, 10) || 1) : 1;
	return Date.UTC(year, month - 1, day) / DAY_MS;
}
