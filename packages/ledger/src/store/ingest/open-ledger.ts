import { openStore } from "../open-store.ts";
import { Loader } from "../spool/loader.ts";
import { lockSpool } from "../spool/spool-lock.ts";
import { Spool, type SpoolOptions } from "../spool/spool.ts";
import { StoreError } from "../store-error.ts";
import { besideStore } from "../store-folder.ts";
import type { LedgerStore, StoreOptions } from "../store.ts";
import { Ingest } from "./ingest.ts";
import { type Retaining, Tidying } from "./tidying.ts";

/** A store that takes events in: what was acknowledged is on the disk, and reaches the store within seconds. */
export interface LiveLedger {
	readonly store: LedgerStore;
	readonly ingest: Ingest;
	readonly spool: Spool;
	readonly loader: Loader;
	/** Loads what waits, drops what came twice, then closes. */
	close(): Promise<void>;
}

export interface LiveOptions {
	readonly store?: Partial<StoreOptions>;
	readonly spool?: Partial<SpoolOptions>;
	readonly loadEveryMs?: number;
	/** How often roll-ups are brought up to date, and closed days compacted. */
	readonly tidyEveryMs?: number;
	/** Events of days further back are dropped, once a day; roll-ups stay. Absent: all are kept. */
	readonly retainDays?: number;
	readonly retaining?: Retaining;
}

/** Where a ledger's spool is kept unless another place is named: beside its file; of a ClickHouse ledger in `.farthing`, here. */
export function spoolFolderOf(url: string): string {
	return besideStore(url, ".spool");
}

/**
 * Opens a store with its spool. The store comes first: its lock keeps a second process out of the spool too; where several may
 * have the store, the spool has a lock of its own. What an earlier process acknowledged and did not load is loaded before this
 * resolves.
 */
export async function openLedger(url: string, spoolFolder: string, options: LiveOptions = {}): Promise<LiveLedger> {
	const unlock = isShared(url) ? await lockSpool(spoolFolder) : () => undefined;
	const store = await openStore(url, options.store).catch((error: unknown) => {
		unlock();
		throw error;
	});
	try {
		const spool = await Spool.open(spoolFolder, options.spool);
		const loader = new Loader(store, spool, options.loadEveryMs);
		await loader.drain();
		const ingest = new Ingest(store, spool, options.store?.now);
		loader.onLoaded = () => ingest.settle();
		loader.start();
		const { tidyEveryMs = 60_000, retainDays, retaining } = options;
		const tidying = new Tidying(store, { everyMs: tidyEveryMs, retainDays, retaining, now: options.store?.now });
		const loadAndClose = async (): Promise<void> => {
			await tidying.stop();
			await loader.stop();
			try {
				await loader.drain();
				await spool.close();
			} catch (error) {
				await store.close();
				throw keptInSpool(error, spoolFolder);
			}
			try {
				// Of a store that others have open too the next one to tidy up does it.
				if (!isShared(url)) await store.dropRepeated();
			} finally {
				await store.close();
			}
		};
		let closing: Promise<void> | undefined;
		return { store, ingest, spool, loader, close: () => (closing ??= loadAndClose().finally(unlock)) };
	} catch (error) {
		await store.close();
		unlock();
		throw error;
	}
}

/** What cannot be loaded at the end is not lost. */
function keptInSpool(error: unknown, spoolFolder: string): unknown {
	if (!(error instanceof StoreError)) return error;
	return new StoreError(error.code, error.message, {
		hint: `what was acknowledged waits in ${spoolFolder} and is loaded at the next start; ${error.hint ?? "start again"}`,
		cause: error,
	});
}

/** True where several processes may have the store open. */
function isShared(url: string): boolean {
	return /^clickhouse:/i.test(url);
}
