/** Events that are worked on at once, so that what is held meanwhile stays within memory. */
export const SLICE_EVENTS = 100_000;

/** Neighbouring hours, first and last of each slice, that together hold no more than so many events where one alone does not. */
export function slicesOf(
	hours: readonly (readonly [bigint, bigint])[],
	most: bigint = BigInt(SLICE_EVENTS),
): [bigint, bigint][] {
	const slices: [bigint, bigint][] = [];
	let held = most;
	for (const [hour, events] of hours) {
		const slice = slices.at(-1);
		if (slice === undefined || held + events > most) {
			slices.push([hour, hour]);
			held = events;
		} else {
			slice[1] = hour;
			held += events;
		}
	}
	return slices;
}
