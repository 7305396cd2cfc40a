import { openStore } from "../open-store.ts";
import { Loader } from "../spool/loader.ts";
import { Spool, type SpoolOptions } from "../spool/spool.ts";
import type { LedgerStore, StoreOptions } from "../store.ts";
import { Ingest } from "./ingest.ts";

/** A store that takes events in: what was acknowledged is on the disk, and reaches the store within seconds. */
export interface LiveLedger {
	readonly store: LedgerStore;
	readonly ingest: Ingest;
	readonly spool: Spool;
	readonly loader: Loader;
	/** Loads what waits, then closes. */
	close(): Promise<void>;
}

export interface LiveOptions {
	readonly store?: Partial<StoreOptions>;
	readonly spool?: Partial<SpoolOptions>;
	readonly loadEveryMs?: number;
}

/**
 * Opens a store with its spool. The store comes first: its lock keeps a second process out of the spool too. What an
 * earlier process acknowledged and did not load is loaded before this resolves.
 */
export async function openLedger(url: string, spoolFolder: string, options: LiveOptions = {}): Promise<LiveLedger> {
	const store = await openStore(url, options.store);
	try {
		const spool = await Spool.open(spoolFolder, options.spool);
		const loader = new Loader(store, spool, options.loadEveryMs);
		await loader.drain();
		const ingest = new Ingest(store, spool);
		loader.onLoaded = () => ingest.settle();
		loader.start();
		return {
			store,
			ingest,
			spool,
			loader,
			close: async () => {
				await loader.stop();
				await loader.drain();
				await spool.close();
				await store.close();
			},
		};
	} catch (error) {
		await store.close();
		throw error;
	}
}
