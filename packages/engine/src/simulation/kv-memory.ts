/**
 * The KV memory of one replica in blocks: what requests have of their own, what the prefix cache holds for them, and what
 * it keeps in the room that is left. A decoding sequence takes a block each time its last one is full; how many that are
 * in the next n steps follows from a count of sequences by the step, modulo the steps of a block, at which each is full.
 */
import type { PrefixCache } from "./prefix-cache.ts";

export class KvMemory {
	readonly capacity: number;
	readonly blockTokens: number;
	/** KV blocks of one entry of the prefix cache. */
	readonly entryBlocks: number;
	readonly #prefix: PrefixCache | undefined;
	readonly #tokensPerStep: number;
	/** Steps in which a decoding sequence fills a block. */
	readonly stepsPerBlock: number;
	/** Sequences by the phase at which they take a block. */
	readonly #growing: Int32Array;
	#growingCount = 0;
	/** Blocks that requests have of their own. */
	own = 0;
	/** Largest share of the capacity that requests held. */
	peak = 0;

	constructor(
		capacity: number,
		blockTokens: number,
		tokensPerStep: number,
		entryTokens: number,
		prefix: PrefixCache | undefined,
	) {
		this.capacity = capacity;
		this.blockTokens = blockTokens;
		this.entryBlocks = entryTokens / blockTokens;
		this.#prefix = prefix;
		this.#tokensPerStep = tokensPerStep;
		this.stepsPerBlock = Math.max(1, Math.floor(blockTokens / tokensPerStep));
		this.#growing = new Int32Array(this.stepsPerBlock);
	}

	/** Blocks that requests hold, their own and those of shared prefixes. */
	get held(): number {
		return this.own + (this.#prefix === undefined ? 0 : this.#prefix.held * this.entryBlocks);
	}

	/** Blocks that may be taken, if need be from prefixes that nobody uses. */
	get free(): number {
		return this.capacity - this.held;
	}

	blocksOf(tokens: number): number {
		return Math.ceil(tokens / this.blockTokens);
	}

	/** Blocks of a request when it is longest, growth by whole blocks included. */
	mostBlocks(input: number, output: number): number {
		if (this.stepsPerBlock === this.blockTokens) return this.blocksOf(input + output);
		return this.blocksOf(input) + 2 + Math.ceil(output / (this.#tokensPerStep * this.stepsPerBlock));
	}

	/** Takes blocks; there must be as many free. */
	take(blocks: number): void {
		this.own += blocks;
		this.makeRoom();
	}

	/** Drops unused prefixes until what requests hold fits beside the rest. */
	makeRoom(): void {
		const held = this.held;
		if (held > this.peak) this.peak = held;
		const prefix = this.#prefix;
		if (prefix === undefined) return;
		while (prefix.unused > 0 && held + prefix.unused * this.entryBlocks > this.capacity) prefix.evictOldest();
	}

	give(blocks: number): void {
		this.own -= blocks;
	}

	/** Phase of a sequence that joins at `step` with `tokens` in `blocks`. */
	startGrowing(step: number, tokens: number, blocks: number, tokensPerStep: number): number {
		const room = Math.floor((blocks * this.blockTokens - tokens) / tokensPerStep) + 1;
		const phase = (step + Math.min(room, this.stepsPerBlock)) % this.stepsPerBlock;
		this.#growing[phase] = (this.#growing[phase] as number) + 1;
		this.#growingCount++;
		return phase;
	}

	stopGrowing(phase: number): void {
		this.#growing[phase] = (this.#growing[phase] as number) - 1;
		this.#growingCount--;
	}

	/** Blocks that a sequence of this phase took after step `from` up to and including step `to`. */
	grownBy(phase: number, from: number, to: number): number {
		const period = this.stepsPerBlock;
		return Math.floor((to - phase) / period) - Math.floor((from - phase) / period);
	}

	/** Blocks that all growing sequences take in the `steps` steps after `step`. */
	growthIn(step: number, steps: number): number {
		const period = this.stepsPerBlock;
		const cycles = Math.floor(steps / period);
		let blocks = cycles * this.#growingCount;
		for (let i = steps - cycles * period; i > 0; i--) blocks += this.#growing[(step + i) % period] as number;
		return blocks;
	}

	/** The most steps after `step`, up to `steps`, for which there are blocks. */
	stepsThatFit(step: number, steps: number): number {
		const { free, stepsPerBlock: period } = this;
		if (this.#growingCount * (Math.floor(steps / period) + 1) <= free) return steps;
		let fitting = this.#growingCount === 0 ? steps : Math.min(steps, Math.floor(free / this.#growingCount) * period);
		let left = free - this.growthIn(step, fitting);
		while (fitting < steps) {
			left -= this.#growing[(step + fitting + 1) % period] as number;
			if (left < 0) break;
			fitting++;
		}
		return fitting;
	}

	clear(): void {
		this.own = 0;
		this.#growing.fill(0);
		this.#growingCount = 0;
		this.#prefix?.clear();
	}
}
