/** What an event of the queue is. Target and version mean what stands beside. */

/** A step of a replica ends; its version. */
export const STEP = 0;
/** A replica has started; its epoch. */
export const READY = 1;
/** The autoscaler of a pool decides. */
export const SCALE = 2;
/** A replica fails; its epoch. */
export const FAIL = 3;
/** A replica is repaired; its epoch. */
export const REPAIRED = 4;
/** The KV cache of a request has arrived; the number of the transfer. */
export const SENT = 5;
/** A user of a closed loop sends the next request. */
export const ISSUE = 6;
/** A stretch of the course over time ends. */
export const WINDOW = 7;
