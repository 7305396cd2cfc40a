/** Events by time; of equal times the one that was set first. A binary heap on typed arrays. */

export class EventQueue {
	#time = new Float64Array(64);
	#order = new Float64Array(64);
	#kind = new Uint8Array(64);
	#target = new Int32Array(64);
	#version = new Float64Array(64);
	#size = 0;
	#set = 0;

	get size(): number {
		return this.#size;
	}

	/** Time of the next event, Infinity where there is none. */
	get nextTime(): number {
		return this.#size === 0 ? Number.POSITIVE_INFINITY : (this.#time[0] as number);
	}

	/** Kind, target and version of the event taken last. */
	kind = 0;
	target = 0;
	version = 0;

	add(time: number, kind: number, target: number, version: number): void {
		if (this.#size === this.#time.length) this.#grow();
		const order = this.#set++;
		let at = this.#size++;
		while (at > 0) {
			const parent = (at - 1) >> 1;
			if ((this.#time[parent] as number) <= time) break;
			this.#move(parent, at);
			at = parent;
		}
		this.#put(at, time, order, kind, target, version);
	}

	/** Takes the next event off into {@link kind}, {@link target} and {@link version}; its time is given back. */
	take(): number {
		const time = this.#time[0] as number;
		this.kind = this.#kind[0] as number;
		this.target = this.#target[0] as number;
		this.version = this.#version[0] as number;
		const last = --this.#size;
		if (last > 0) this.#sink(last);
		return time;
	}

	/** Puts the event at `from` in place of the root and moves it down. */
	#sink(from: number): void {
		const time = this.#time[from] as number;
		const order = this.#order[from] as number;
		const kind = this.#kind[from] as number;
		const target = this.#target[from] as number;
		const version = this.#version[from] as number;
		let at = 0;
		for (;;) {
			let child = 2 * at + 1;
			if (child >= this.#size) break;
			if (child + 1 < this.#size && this.#isBefore(child + 1, child)) child++;
			const childTime = this.#time[child] as number;
			if (childTime > time || (childTime === time && (this.#order[child] as number) > order)) break;
			this.#move(child, at);
			at = child;
		}
		this.#put(at, time, order, kind, target, version);
	}

	#isBefore(a: number, b: number): boolean {
		const difference = (this.#time[a] as number) - (this.#time[b] as number);
		return difference < 0 || (difference === 0 && (this.#order[a] as number) < (this.#order[b] as number));
	}

	#move(from: number, to: number): void {
		this.#time[to] = this.#time[from] as number;
		this.#order[to] = this.#order[from] as number;
		this.#kind[to] = this.#kind[from] as number;
		this.#target[to] = this.#target[from] as number;
		this.#version[to] = this.#version[from] as number;
	}

	#put(at: number, time: number, order: number, kind: number, target: number, version: number): void {
		this.#time[at] = time;
		this.#order[at] = order;
		this.#kind[at] = kind;
		this.#target[at] = target;
		this.#version[at] = version;
	}

	#grow(): void {
		const more = this.#time.length * 2;
		this.#time = grownFloats(this.#time, more);
		this.#order = grownFloats(this.#order, more);
		this.#version = grownFloats(this.#version, more);
		const kind = new Uint8Array(more);
		kind.set(this.#kind);
		this.#kind = kind;
		const target = new Int32Array(more);
		target.set(this.#target);
		this.#target = target;
	}
}

function grownFloats(from: Float64Array<ArrayBuffer>, length: number): Float64Array<ArrayBuffer> {
	const grown = new Float64Array(length);
	grown.set(from);
	return grown;
}
