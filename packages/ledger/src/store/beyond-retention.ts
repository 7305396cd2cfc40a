import { formatInstant, type Instant } from "../records/units.ts";
import { StoreError } from "./store-error.ts";

/** What roll-ups can tell of days whose events are gone: requests; or nothing. */
export type Needs = "some-events" | "all-events";

/** Throws where events from an instant on are needed and were dropped. */
export function requireKept(from: number, since: Instant | undefined, needs: Needs): void {
	if (since === undefined || from >= since) return;
	const limit = formatInstant(since);
	const hint =
		needs === "some-events"
			? "ask for whole hours, by labels other than pod and instance; by minute only without team, user and key"
			: `ask for a window from ${limit.slice(0, 10)} on; GPU time and single requests of days before are gone`;
	throw new StoreError("beyond-retention", `events before ${limit} were dropped, and roll-ups cannot tell`, { hint });
}
