/** The decoding sequences of one replica by the step at which they finish. A binary heap on typed arrays. */

export class FinishQueue {
	readonly #step: Float64Array;
	readonly #slot: Int32Array;
	#size = 0;

	constructor(capacity: number) {
		this.#step = new Float64Array(capacity);
		this.#slot = new Int32Array(capacity);
	}

	get size(): number {
		return this.#size;
	}

	/** Step at which the next one finishes. */
	get nextStep(): number {
		return this.#step[0] as number;
	}

	/** Slot at a place of the heap, in no order: for walks over all of them. */
	slotAt(place: number): number {
		return this.#slot[place] as number;
	}

	add(step: number, slot: number): void {
		let at = this.#size++;
		while (at > 0) {
			const parent = (at - 1) >> 1;
			if (!this.#isAfter(parent, step, slot)) break;
			this.#move(parent, at);
			at = parent;
		}
		this.#step[at] = step;
		this.#slot[at] = slot;
	}

	/** Takes the first off and gives its slot. */
	take(): number {
		const slot = this.#slot[0] as number;
		this.#removeAt(0);
		return slot;
	}

	remove(slot: number): void {
		for (let at = 0; at < this.#size; at++) {
			if (this.#slot[at] !== slot) continue;
			this.#removeAt(at);
			return;
		}
	}

	clear(): void {
		this.#size = 0;
	}

	#removeAt(place: number): void {
		const last = --this.#size;
		if (place === last) return;
		const step = this.#step[last] as number;
		const slot = this.#slot[last] as number;
		let at = place;
		while (at > 0 && this.#isAfter((at - 1) >> 1, step, slot)) {
			this.#move((at - 1) >> 1, at);
			at = (at - 1) >> 1;
		}
		for (;;) {
			let child = 2 * at + 1;
			if (child >= last) break;
			if (child + 1 < last && this.#isAfter(child, this.#step[child + 1] as number, this.#slot[child + 1] as number))
				child++;
			if (this.#isAfter(child, step, slot)) break;
			this.#move(child, at);
			at = child;
		}
		this.#step[at] = step;
		this.#slot[at] = slot;
	}

	#isAfter(place: number, step: number, slot: number): boolean {
		const difference = (this.#step[place] as number) - step;
		return difference > 0 || (difference === 0 && (this.#slot[place] as number) > slot);
	}

	#move(from: number, to: number): void {
		this.#step[to] = this.#step[from] as number;
		this.#slot[to] = this.#slot[from] as number;
	}
}
