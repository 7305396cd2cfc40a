/**
 * Of the GPU-hours of a fleet that are needed, the share that is paid for: all where its machines are owned or under contract,
 * since what stands shut down costs as much; as much as runs where they are rented by the hour and handed back.
 */
export function paidShareOf(needed: number, isCommitted: boolean): number {
	return isCommitted ? 1 : Math.min(1, needed);
}
