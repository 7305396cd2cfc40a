import { decodeFrames } from "../frame.ts";
import { StoreError } from "../store-error.ts";
import type { LedgerStore } from "../store.ts";
import type { SealedSegment, Spool } from "./spool.ts";

/** Bytes of segments in the store's log before a checkpoint is asked for, so that their files can go. */
const CHECKPOINT_BYTES = 64 * 1_048_576;

/**
 * Takes sealed segments from the spool into the store, each in one transaction with its id, and removes their files
 * after the checkpoint that covers them: a segment is either in the spool or safely in the store, or in both and known.
 */
export class Loader {
	private readonly store: LedgerStore;
	private readonly spool: Spool;
	private readonly everyMs: number;
	private readonly loaded: SealedSegment[] = [];
	private loadedBytes = 0;
	private timer: NodeJS.Timeout | undefined;
	private running: Promise<void> | undefined;
	private lastFailure: unknown;
	/** Called after segments came into the store. */
	onLoaded: () => void = () => undefined;

	constructor(store: LedgerStore, spool: Spool, everyMs = 1000) {
		this.store = store;
		this.spool = spool;
		this.everyMs = everyMs;
	}

	/** Loads what waits, then again every second. What fails stays in the spool and is tried again. */
	start(): void {
		this.timer = setInterval(() => void this.tick(), this.everyMs);
		// What waits is on the disk: the loader alone keeps no process alive.
		this.timer.unref();
	}

	/** The error of the last try, where it failed. */
	get failure(): unknown {
		return this.lastFailure;
	}

	/** Loads all there is, and leaves the spool empty. Throws where the store refuses. */
	async drain(): Promise<void> {
		await this.running;
		await this.spool.seal();
		await this.loadSealed();
		await this.release();
	}

	/** Resolves once all that was acknowledged before the call is in the store. Throws where the store refuses. */
	async catchUp(): Promise<void> {
		// A run that is under way may have closed its segment before the last of it came: only the one after has it all.
		await this.running;
		await this.tick();
		if (this.lastFailure === undefined) return;
		throw this.lastFailure instanceof Error ? this.lastFailure : new Error(describeFailure(this.lastFailure));
	}

	async stop(): Promise<void> {
		clearInterval(this.timer);
		this.timer = undefined;
		await this.running;
	}

	/** Loads sealed segments now; several calls at once are one. */
	tick(): Promise<void> {
		this.running ??= this.run().finally(() => {
			this.running = undefined;
		});
		return this.running;
	}

	private async run(): Promise<void> {
		try {
			await this.spool.seal();
			await this.loadSealed();
			if (this.loadedBytes >= CHECKPOINT_BYTES || this.spool.sealedSegments.length > 60) await this.release();
			this.lastFailure = undefined;
		} catch (error) {
			this.lastFailure = error;
		}
	}

	private async loadSealed(): Promise<void> {
		for (const segment of this.spool.sealedSegments) {
			if (this.loaded.includes(segment)) continue;
			const bytes = await this.spool.read(segment);
			const { frames } = decodeFrames(bytes);
			await this.store.load(segment.id, frames, { name: "http", bytes: segment.bytes });
			this.loaded.push(segment);
			this.loadedBytes += segment.bytes;
			this.onLoaded();
		}
	}

	private async release(): Promise<void> {
		if (this.loaded.length === 0) return;
		const done = this.loaded.splice(0);
		try {
			await this.store.checkpoint();
		} catch (error) {
			this.loaded.unshift(...done);
			throw error;
		}
		this.loadedBytes = 0;
		await this.spool.remove(done);
	}
}

/** Why a loader that fell behind did: for people who operate it. */
export function describeFailure(failure: unknown): string {
	if (failure instanceof StoreError)
		return failure.hint === undefined ? failure.message : `${failure.message}; ${failure.hint}`;
	return failure instanceof Error ? failure.message : String(failure);
}
