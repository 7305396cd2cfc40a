import { run, type DuckDBConnection } from "./connection.ts";

/**
 * How many threads the database has: all while anybody reads, one while events are only written. A write is one task, and
 * the thread that asked for it does not sleep until another has done it: it asks again and again, so that two threads
 * cost twice the time of one.
 */
export class ThreadCount {
	private readonly connection: DuckDBConnection;
	private readonly most: number;
	private current: number;
	private busy = 0;
	private turn: Promise<void> = Promise.resolve();

	/** `connection` is used for nothing else, so that no query stands in the way; `most` is how many there are now. */
	constructor(connection: DuckDBConnection, most: number) {
		this.connection = connection;
		this.most = most;
		this.current = most;
	}

	async all<T>(work: () => Promise<T>): Promise<T> {
		this.busy++;
		try {
			await this.set(() => this.most);
			return await work();
		} finally {
			this.busy--;
		}
	}

	/** Call before a write. */
	async writing(): Promise<void> {
		await this.set(() => (this.busy > 0 ? this.most : 1));
	}

	/** Call when nothing is under way: an open connection keeps the lock on the file. */
	close(): void {
		this.connection.closeSync();
	}

	private set(wanted: () => number): Promise<void> {
		if (this.most === 1) return Promise.resolve();
		const mine = this.turn
			.catch(() => undefined)
			.then(async () => {
				const threads = wanted();
				if (threads === this.current) return;
				await run(this.connection, `SET threads = ${threads}`);
				this.current = threads;
			});
		this.turn = mine;
		return mine;
	}
}
