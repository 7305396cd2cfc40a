/**
 * The requests in flight, one slot each, a column per property. A slot is used again when its request is done: memory
 * grows with the requests in flight and not with the length of a trace.
 */

export const NONE = -1;

export class RequestSlots {
	#free: Int32Array;
	#freeCount: number;
	/** Requests in flight. */
	used = 0;

	arrival: Float64Array<ArrayBuffer>;
	firstToken: Float64Array<ArrayBuffer>;
	/** Seconds that it spent outside the GPUs before its first token. */
	outside: Float64Array<ArrayBuffer>;
	/** When it last began to wait, and how long it has waited in all. */
	waitingSince: Float64Array<ArrayBuffer>;
	waited: Float64Array<ArrayBuffer>;
	/** Step of its replica at which it began to decode, and at which it will have finished. */
	joinStep: Float64Array<ArrayBuffer>;
	input: Int32Array<ArrayBuffer>;
	output: Int32Array<ArrayBuffer>;
	/** 0 is served first. */
	priority: Int32Array<ArrayBuffer>;
	/** Whose limits it is held to. */
	load: Int32Array<ArrayBuffer>;
	/** Tokens given out so far. */
	produced: Int32Array<ArrayBuffer>;
	/** Tokens that must be in the KV cache before it decodes: the prompt, and after a preemption what was produced. */
	target: Int32Array<ArrayBuffer>;
	prefilled: Int32Array<ArrayBuffer>;
	/** Prompt tokens that were computed or found in a prefix cache so far, lost ones included: what comes before is known. */
	reached: Int32Array<ArrayBuffer>;
	/** Why its KV cache was last lost; 0: it never was. */
	lostBy: Uint8Array<ArrayBuffer>;
	/** Prompt tokens found in a prefix cache that it had not reached before. */
	cached: Int32Array<ArrayBuffer>;
	/** KV blocks that are its own, and growth phase of them while it decodes (-1: reserved in full). */
	blocks: Int32Array<ArrayBuffer>;
	phase: Int32Array<ArrayBuffer>;
	/** Entries of the prefix cache it holds, from the start of its ids. */
	held: Int32Array<ArrayBuffer>;
	replica: Int32Array<ArrayBuffer>;
	/** Its KV cache came from a prefill replica. */
	transferred: Uint8Array<ArrayBuffer>;
	/** The transfer of its KV cache that is under way; -1: none. One that a failure cut off has another number. */
	transferId: Float64Array<ArrayBuffer>;
	previous: Int32Array<ArrayBuffer>;
	next: Int32Array<ArrayBuffer>;
	ids: (ArrayLike<number> | undefined)[] = [];

	constructor(capacity = 256) {
		this.#free = new Int32Array(capacity);
		this.#freeCount = capacity;
		for (let i = 0; i < capacity; i++) this.#free[i] = capacity - 1 - i;
		const floats = (): Float64Array<ArrayBuffer> => new Float64Array(capacity);
		const ints = (): Int32Array<ArrayBuffer> => new Int32Array(capacity);
		this.arrival = floats();
		this.firstToken = floats();
		this.outside = floats();
		this.waitingSince = floats();
		this.waited = floats();
		this.joinStep = floats();
		this.input = ints();
		this.output = ints();
		this.priority = ints();
		this.load = ints();
		this.produced = ints();
		this.target = ints();
		this.prefilled = ints();
		this.reached = ints();
		this.lostBy = new Uint8Array(capacity);
		this.cached = ints();
		this.blocks = ints();
		this.phase = ints();
		this.held = ints();
		this.replica = ints();
		this.transferred = new Uint8Array(capacity);
		this.transferId = floats();
		this.previous = ints();
		this.next = ints();
	}

	/** A slot for a request that arrives. */
	take(arrival: number, input: number, output: number, priority: number, ids: ArrayLike<number> | undefined): number {
		if (this.#freeCount === 0) this.#grow();
		const slot = this.#free[--this.#freeCount] as number;
		this.used++;
		this.arrival[slot] = arrival;
		this.firstToken[slot] = Number.NaN;
		this.outside[slot] = 0;
		this.waitingSince[slot] = arrival;
		this.waited[slot] = 0;
		this.input[slot] = input;
		this.output[slot] = output;
		this.priority[slot] = priority;
		this.load[slot] = priority;
		this.produced[slot] = 0;
		this.target[slot] = input;
		this.prefilled[slot] = 0;
		this.reached[slot] = 0;
		this.lostBy[slot] = 0;
		this.cached[slot] = 0;
		this.blocks[slot] = 0;
		this.phase[slot] = NONE;
		this.held[slot] = 0;
		this.replica[slot] = NONE;
		this.transferred[slot] = 0;
		this.transferId[slot] = NONE;
		this.ids[slot] = ids;
		return slot;
	}

	give(slot: number): void {
		this.used--;
		this.ids[slot] = undefined;
		this.#free[this.#freeCount++] = slot;
	}

	#grow(): void {
		const before = this.#free.length;
		const after = before * 2;
		this.arrival = grownFloats(this.arrival, after);
		this.firstToken = grownFloats(this.firstToken, after);
		this.outside = grownFloats(this.outside, after);
		this.waitingSince = grownFloats(this.waitingSince, after);
		this.waited = grownFloats(this.waited, after);
		this.joinStep = grownFloats(this.joinStep, after);
		this.input = grownInts(this.input, after);
		this.output = grownInts(this.output, after);
		this.priority = grownInts(this.priority, after);
		this.load = grownInts(this.load, after);
		this.produced = grownInts(this.produced, after);
		this.target = grownInts(this.target, after);
		this.prefilled = grownInts(this.prefilled, after);
		this.reached = grownInts(this.reached, after);
		this.cached = grownInts(this.cached, after);
		this.blocks = grownInts(this.blocks, after);
		this.phase = grownInts(this.phase, after);
		this.held = grownInts(this.held, after);
		this.replica = grownInts(this.replica, after);
		this.transferId = grownFloats(this.transferId, after);
		this.previous = grownInts(this.previous, after);
		this.next = grownInts(this.next, after);
		this.transferred = grownBytes(this.transferred, after);
		this.lostBy = grownBytes(this.lostBy, after);
		this.#free = new Int32Array(after);
		for (let i = 0; i < before; i++) this.#free[i] = after - 1 - i;
		this.#freeCount = before;
	}
}

function grownFloats(from: Float64Array<ArrayBuffer>, length: number): Float64Array<ArrayBuffer> {
	const grown = new Float64Array(length);
	grown.set(from);
	return grown;
}

function grownInts(from: Int32Array<ArrayBuffer>, length: number): Int32Array<ArrayBuffer> {
	const grown = new Int32Array(length);
	grown.set(from);
	return grown;
}

function grownBytes(from: Uint8Array<ArrayBuffer>, length: number): Uint8Array<ArrayBuffer> {
	const grown = new Uint8Array(length);
	grown.set(from);
	return grown;
}
