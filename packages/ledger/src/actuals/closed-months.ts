/** Months of a ledger that are over: three days of a later month were served, so that what comes late has come. */
import type { Instant } from "../records/units.ts";
import { formatInstant, MICROS_PER_DAY } from "../records/units.ts";
import type { LedgerStore } from "../store/store.ts";

const SETTLE_DAYS = 3;

/** `2026-10`, oldest first; of the months whose events are kept. */
export async function closedMonths(store: Pick<LedgerStore, "requests" | "windows" | "keptSince">): Promise<string[]> {
	const kept = await store.keptSince();
	const to = (MICROS_PER_DAY * 100_000) as Instant;
	const question = { from: kept ?? (0 as Instant), to, by: [], step: "day" as const };
	const days = [...(await store.requests(question)), ...(await store.windows(question))].map(({ from }) =>
		formatInstant(from).slice(0, 10),
	);
	const served = [...new Set(days)].sort();
	const months = [...new Set(served.map((day) => day.slice(0, 7)))];
	const isKeptWhole = (month: string): boolean =>
		kept === undefined || formatInstant(kept).slice(0, 10) <= `${month}-01`;
	return months.filter(
		(month) => isKeptWhole(month) && served.filter((day) => day.slice(0, 7) > month).length >= SETTLE_DAYS,
	);
}
