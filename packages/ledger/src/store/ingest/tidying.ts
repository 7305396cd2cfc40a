import { type Instant, instant, MICROS_PER_DAY, MICROS_PER_HOUR } from "../../records/units.ts";
import type { LedgerStore, Retained } from "../store.ts";

export interface TidyingOptions {
	readonly everyMs: number;
	/** Days before today whose events are kept; undefined: all. */
	readonly retainDays: number | undefined;
	/** Microseconds since 1970; the wall clock unless given. */
	readonly now: (() => bigint) | undefined;
	/** Goes around dropping old events; `since`: those before it go. */
	readonly retaining: Retaining | undefined;
}

/** So that it can be written down who dropped events, and how many. */
export type Retaining = (since: Instant, drop: () => Promise<Retained>) => Promise<Retained>;

/** An hour after midnight a day is taken for closed: what comes later is added to its roll-ups all the same. */
const LATE_MICROS = MICROS_PER_HOUR;

/**
 * The housekeeping of a live ledger: every round roll-ups, without what came twice since, and once a day the days before today compacted and old events
 * dropped. What fails is tried again with the next round; a round that takes long is not overtaken.
 */
export class Tidying {
	private readonly store: LedgerStore;
	private readonly options: TidyingOptions;
	private readonly timer: NodeJS.Timeout;
	private running: Promise<void> | undefined;
	private tidiedDay = -1;

	constructor(store: LedgerStore, options: TidyingOptions) {
		this.store = store;
		this.options = options;
		this.timer = setInterval(() => {
			this.running ??= this.round()
				.catch(() => undefined)
				.finally(() => {
					this.running = undefined;
				});
		}, options.everyMs);
		this.timer.unref();
	}

	async stop(): Promise<void> {
		clearInterval(this.timer);
		await this.running;
	}

	private async round(): Promise<void> {
		await this.store.dropRepeated();
		const { now, retainDays, retaining = (_, drop) => drop() } = this.options;
		const at = now === undefined ? Date.now() * 1000 : Number(now());
		const today = Math.floor((at - LATE_MICROS) / MICROS_PER_DAY);
		if (today === this.tidiedDay) return;
		await this.store.compact(instant(today * MICROS_PER_DAY));
		if (retainDays !== undefined) {
			const since = instant((today - retainDays) * MICROS_PER_DAY);
			await retaining(since, () => this.store.retain(since));
		}
		this.tidiedDay = today;
	}
}
