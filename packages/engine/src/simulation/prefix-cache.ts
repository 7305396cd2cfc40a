/**
 * The prefix cache of one replica: which blocks of prompts it holds, by integer id, and which of them nobody uses, oldest
 * first. An id stands for a prompt up to the end of its block, so that a chain of ids is a path in a radix tree and a
 * look-up stops at the first id that is missing. An open-addressing table with the list of unused entries threaded
 * through it: no object per block.
 */

const NONE = -1;

export class PrefixCache {
	/** Hash table from id to entry; -1 is empty. */
	#table: Int32Array<ArrayBuffer>;
	#mask: number;
	#id: Float64Array<ArrayBuffer>;
	/** Requests that hold the entry. */
	#holders: Int32Array<ArrayBuffer>;
	#older: Int32Array<ArrayBuffer>;
	#newer: Int32Array<ArrayBuffer>;
	#free: Int32Array<ArrayBuffer>;
	#freeCount: number;
	#oldest = NONE;
	#newest = NONE;
	/** Entries that requests hold, and entries that nobody holds. */
	held = 0;
	unused = 0;

	constructor(capacity = 256) {
		this.#table = new Int32Array(capacity * 2).fill(NONE);
		this.#mask = capacity * 2 - 1;
		this.#id = new Float64Array(capacity);
		this.#holders = new Int32Array(capacity);
		this.#older = new Int32Array(capacity);
		this.#newer = new Int32Array(capacity);
		this.#free = new Int32Array(capacity);
		this.#freeCount = capacity;
		for (let i = 0; i < capacity; i++) this.#free[i] = capacity - 1 - i;
	}

	/** How many ids from the start of the chain it holds, of the first `most`. */
	matched(ids: ArrayLike<number>, most: number): number {
		const end = Math.min(ids.length, most);
		let count = 0;
		while (count < end && this.#entryOf(ids[count] as number) !== NONE) count++;
		return count;
	}

	/** How many of the first `count` ids, all of which it must hold, nobody else holds. */
	unusedAmong(ids: ArrayLike<number>, count: number): number {
		let unused = 0;
		for (let i = 0; i < count; i++) {
			if (this.#holders[this.#entryOf(ids[i] as number)] === 0) unused++;
		}
		return unused;
	}

	/** Takes a hold of the first `count` ids, all of which it must hold. */
	hold(ids: ArrayLike<number>, count: number): void {
		for (let i = 0; i < count; i++) this.#holdEntry(this.#entryOf(ids[i] as number));
	}

	/** Adds and holds the ids from `from` to `to`. Gives the number that were there already. */
	add(ids: ArrayLike<number>, from: number, to: number): number {
		let known = 0;
		for (let i = from; i < to; i++) {
			const id = ids[i] as number;
			const entry = this.#entryOf(id);
			if (entry !== NONE) {
				known++;
				this.#holdEntry(entry);
			} else this.#insert(id);
		}
		return known;
	}

	/** Lets go of the first `count` ids, the deepest first, so that a prefix outlives what follows it. */
	release(ids: ArrayLike<number>, count: number): void {
		for (let i = count - 1; i >= 0; i--) {
			const entry = this.#entryOf(ids[i] as number);
			const left = (this.#holders[entry] as number) - 1;
			this.#holders[entry] = left;
			if (left > 0) continue;
			this.held--;
			this.unused++;
			this.#older[entry] = this.#newest;
			this.#newer[entry] = NONE;
			if (this.#newest === NONE) this.#oldest = entry;
			else this.#newer[this.#newest] = entry;
			this.#newest = entry;
		}
	}

	/** Drops the entry that has been unused for longest. */
	evictOldest(): void {
		const entry = this.#oldest;
		this.#unlink(entry);
		this.unused--;
		this.#removeFromTable(this.#id[entry] as number);
		this.#free[this.#freeCount++] = entry;
	}

	/** Forgets everything: a machine that failed or was given back. */
	clear(): void {
		this.#table.fill(NONE);
		this.#freeCount = this.#free.length;
		for (let i = 0; i < this.#freeCount; i++) this.#free[i] = this.#freeCount - 1 - i;
		this.#oldest = NONE;
		this.#newest = NONE;
		this.held = 0;
		this.unused = 0;
	}

	#holdEntry(entry: number): void {
		const holders = this.#holders[entry] as number;
		this.#holders[entry] = holders + 1;
		if (holders > 0) return;
		this.#unlink(entry);
		this.unused--;
		this.held++;
	}

	#unlink(entry: number): void {
		const older = this.#older[entry] as number;
		const newer = this.#newer[entry] as number;
		if (older === NONE) this.#oldest = newer;
		else this.#newer[older] = newer;
		if (newer === NONE) this.#newest = older;
		else this.#older[newer] = older;
	}

	#insert(id: number): void {
		if (this.#freeCount === 0) this.#grow();
		const entry = this.#free[--this.#freeCount] as number;
		this.#id[entry] = id;
		this.#holders[entry] = 1;
		this.held++;
		this.#place(id, entry);
	}

	#place(id: number, entry: number): void {
		let at = hashOf(id) & this.#mask;
		while (this.#table[at] !== NONE) at = (at + 1) & this.#mask;
		this.#table[at] = entry;
	}

	#entryOf(id: number): number {
		const mask = this.#mask;
		for (let at = hashOf(id) & mask; ; at = (at + 1) & mask) {
			const entry = this.#table[at] as number;
			if (entry === NONE || this.#id[entry] === id) return entry;
		}
	}

	/** Removal that leaves no gap in a run of entries. */
	#removeFromTable(id: number): void {
		const mask = this.#mask;
		let gap = hashOf(id) & mask;
		while (this.#id[this.#table[gap] as number] !== id) gap = (gap + 1) & mask;
		for (let at = (gap + 1) & mask; ; at = (at + 1) & mask) {
			const entry = this.#table[at] as number;
			if (entry === NONE) break;
			const home = hashOf(this.#id[entry] as number) & mask;
			if (((at - home) & mask) < ((at - gap) & mask)) continue;
			this.#table[gap] = entry;
			gap = at;
		}
		this.#table[gap] = NONE;
	}

	#grow(): void {
		const before = this.#id.length;
		const after = before * 2;
		const ints = (from: Int32Array): Int32Array<ArrayBuffer> => {
			const grown = new Int32Array(after);
			grown.set(from);
			return grown;
		};
		const id = new Float64Array(after);
		id.set(this.#id);
		this.#id = id;
		this.#holders = ints(this.#holders);
		this.#older = ints(this.#older);
		this.#newer = ints(this.#newer);
		this.#free = new Int32Array(after);
		for (let i = 0; i < before; i++) this.#free[i] = after - 1 - i;
		this.#freeCount = before;
		this.#table = new Int32Array(after * 2).fill(NONE);
		this.#mask = after * 2 - 1;
		for (let entry = 0; entry < before; entry++) this.#place(id[entry] as number, entry);
	}
}

/** Mixes both halves of an id of up to 53 bits. */
function hashOf(id: number): number {
	const low = id | 0;
	const high = (id / 4_294_967_296) | 0;
	let x = Math.imul(low ^ Math.imul(high, 0x9e3779b1), 0x85ebca6b);
	x ^= x >>> 13;
	x = Math.imul(x, 0xc2b2ae35);
	return x ^ (x >>> 16);
}
