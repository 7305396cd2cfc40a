/** A queue of slots, first in first out, that may also be put at the front. Linked through the slots' own columns. */
import type { RequestSlots } from "./request-slots.ts";
import { NONE } from "./request-slots.ts";

export class SlotQueue {
	readonly #slots: RequestSlots;
	first: number = NONE;
	last: number = NONE;
	size = 0;

	constructor(slots: RequestSlots) {
		this.#slots = slots;
	}

	addLast(slot: number): void {
		const { next, previous } = this.#slots;
		next[slot] = NONE;
		previous[slot] = this.last;
		if (this.last === NONE) this.first = slot;
		else next[this.last] = slot;
		this.last = slot;
		this.size++;
	}

	addFirst(slot: number): void {
		const { next, previous } = this.#slots;
		previous[slot] = NONE;
		next[slot] = this.first;
		if (this.first === NONE) this.last = slot;
		else previous[this.first] = slot;
		this.first = slot;
		this.size++;
	}

	takeFirst(): number {
		const slot = this.first;
		if (slot !== NONE) this.remove(slot);
		return slot;
	}

	remove(slot: number): void {
		const { next, previous } = this.#slots;
		const before = previous[slot] as number;
		const after = next[slot] as number;
		if (before === NONE) this.first = after;
		else next[before] = after;
		if (after === NONE) this.last = before;
		else previous[after] = before;
		this.size--;
	}
}
