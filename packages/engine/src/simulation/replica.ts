/**
 * One replica: continuous batching over a KV memory. Each step decodes all running sequences and fills the rest of its
 * token budget with chunks of prompts; between changes of the batch, decode steps are taken many at once (in `exact` runs
 * one by one). Admission is first come, first served within a priority; where a decode step finds no block, the sequence
 * admitted last is preempted and computed again.
 */
import { toTick } from "./clock.ts";
import { FinishQueue } from "./finish-queue.ts";
import type { PoolSpec } from "./fleet-spec.ts";
import { KvMemory } from "./kv-memory.ts";
import { PrefixCache } from "./prefix-cache.ts";
import type { ReplicaState } from "./replica-books.ts";
import { FAILED_MACHINE, PREEMPTED, ReplicaBooks } from "./replica-books.ts";
import type { RequestSlots } from "./request-slots.ts";
import { NONE } from "./request-slots.ts";
import { SlotQueue } from "./slot-queue.ts";
import { decodeRunSeconds, decodeStepsWithin, secondsOfStep } from "./step-costs.ts";

/** What a replica tells the simulation. */
export interface ReplicaHost {
	/** A step of the replica ends at `time`, unless its version has changed by then. */
	schedule(time: number, replica: Replica): void;
	firstToken(slot: number, time: number): void;
	finished(slot: number, time: number, replica: Replica): void;
	/** The prompt is computed on a machine that does not decode. */
	prefilled(slot: number, time: number, replica: Replica): void;
	preempted(slot: number): void;
}

/** A share of the KV memory that admission leaves free for growth. */
const WATERMARK = 0.01;

export class Replica {
	readonly index: number;
	readonly pool: PoolSpec;
	readonly kv: KvMemory;
	readonly prefix: PrefixCache | undefined;
	readonly books: ReplicaBooks = new ReplicaBooks();
	readonly #slots: RequestSlots;
	readonly #host: ReplicaHost;
	readonly #exact: boolean;
	readonly #waiting: readonly SlotQueue[];
	readonly #running: SlotQueue;
	readonly #runningByPriority: Int32Array;
	readonly #finish: FinishQueue;
	/** Running sequences whose prompt is not computed yet, in the order of admission. */
	#prefills: number[] = [];
	readonly #planSlot: number[] = [];
	readonly #planChunk: number[] = [];
	state: ReplicaState = "off";
	/** Raised when a scheduled step end no longer holds. */
	version = 0;
	/** Raised when what was to happen to the machine (ready, failed, repaired) no longer holds. */
	epoch = 0;
	/** Requests whose KV cache is on its way to another machine. */
	readonly #sending = new Set<number>();
	/** Requests given to it and not done. */
	inFlight = 0;
	waitingCount = 0;
	/** When the link that sends its KV caches is free. */
	linkFreeAt = 0;
	#steps = 0;
	#decoding = 0;
	#context = 0;
	/** The end of a step is being worked off: what comes meanwhile is looked at when the next one begins. */
	#settling = false;
	#stepStart = 0;
	/** Decode steps of what is under way; 0 in a step of prefill alone. */
	#runSteps = 0;

	constructor(
		index: number,
		pool: PoolSpec,
		slots: RequestSlots,
		host: ReplicaHost,
		priorities: number,
		exact: boolean,
	) {
		const { engine } = pool;
		this.index = index;
		this.pool = pool;
		this.#slots = slots;
		this.#host = host;
		this.#exact = exact;
		this.prefix = engine.prefixCache === undefined ? undefined : new PrefixCache();
		const entryTokens = engine.prefixCache?.entryTokens ?? engine.blockTokens;
		this.kv = new KvMemory(engine.kvBlocks, engine.blockTokens, engine.tokensPerStep, entryTokens, this.prefix);
		this.#waiting = Array.from({ length: priorities }, () => new SlotQueue(slots));
		this.#running = new SlotQueue(slots);
		this.#runningByPriority = new Int32Array(priorities);
		this.#finish = new FinishQueue(engine.largestBatch);
	}

	get isRoutable(): boolean {
		return this.state === "ready";
	}

	/** Whether the longest this request gets ever fits. */
	canHold(input: number, output: number): boolean {
		return this.kv.mostBlocks(input, output) <= this.kv.capacity;
	}

	setState(state: ReplicaState, now: number): void {
		this.state = state;
		this.books.enter(state, now);
	}

	/** A machine that is given back takes its prefix cache with it. */
	forgetPrefixes(): void {
		this.prefix?.clear();
	}

	/** A request joins the queue; an idle replica begins at once, a running one looks at it after the step under way. */
	enqueue(slot: number, now: number): void {
		const priority = this.#slots.priority[slot] as number;
		this.#slots.replica[slot] = this.index;
		const isFirst = this.waitingCount === 0 || priority < this.#firstPriorityWaiting();
		(this.#waiting[priority] as SlotQueue).addLast(slot);
		this.waitingCount++;
		this.inFlight++;
		if (this.#settling) return;
		if (!this.books.isStepping) this.#begin(now);
		else if (isFirst && this.#mayAdmit(priority)) this.#cutRunAt(now);
	}

	/** The step under way has ended. */
	endStep(now: number): void {
		const steps = this.#runSteps;
		this.#settling = true;
		this.#settleStep(now, now - this.#stepStart);
		if (steps > 0 && this.#decoding > 0) {
			this.kv.take(this.kv.growthIn(this.#steps, steps));
			this.#steps += steps;
			this.#context += this.#decoding * this.pool.engine.tokensPerStep * steps;
			this.#finishSequences(now);
		}
		this.#applyPrefill(now);
		this.#settling = false;
		this.#begin(now);
	}

	/** Everything it had is lost; the requests are given back, to be computed again elsewhere. */
	fail(now: number): number[] {
		if (this.books.isStepping) this.#loseStep(now);
		const orphans: number[] = [];
		for (let slot = this.#running.takeFirst(); slot !== NONE; slot = this.#running.takeFirst()) {
			this.#slots.lostBy[slot] = FAILED_MACHINE;
			this.#forget(slot);
			this.#slots.waitingSince[slot] = now;
			orphans.push(slot);
		}
		for (const slot of this.#sending) {
			this.#slots.lostBy[slot] = FAILED_MACHINE;
			this.#slots.produced[slot] = (this.#slots.produced[slot] as number) - 1;
			this.#unsetKv(slot);
			this.#slots.waitingSince[slot] = now;
			orphans.push(slot);
		}
		for (const queue of this.#waiting) {
			for (let slot = queue.takeFirst(); slot !== NONE; slot = queue.takeFirst()) {
				if (this.#slots.transferred[slot] === 1) this.#slots.lostBy[slot] = FAILED_MACHINE;
				this.#unsetKv(slot);
				orphans.push(slot);
			}
		}
		this.#sending.clear();
		this.epoch++;
		this.#runningByPriority.fill(0);
		this.#finish.clear();
		this.#prefills = [];
		this.#planSlot.length = 0;
		this.#planChunk.length = 0;
		this.kv.clear();
		this.#decoding = 0;
		this.#context = 0;
		this.version++;
		this.inFlight = 0;
		this.waitingCount = 0;
		this.books.setStepping(false, now);
		this.setState("failed", now);
		return orphans;
	}

	/** Of a run of decode steps those that have ended count; the step under way is lost. */
	#loseStep(now: number): void {
		const elapsed = now - this.#stepStart;
		const steps = this.#runSteps <= 1 || this.#planSlot.length > 0 ? 0 : this.#stepsEndedIn(elapsed);
		const seconds = steps === 0 ? 0 : Math.min(elapsed, toTick(this.#runSeconds(steps)));
		if (steps > 0) this.books.ran(steps, this.#decoding, seconds, seconds);
		this.#steps += steps;
		this.books.lostSeconds += elapsed - seconds;
	}

	#stepsEndedIn(seconds: number): number {
		const { law, tokensPerStep } = this.pool.engine;
		const growth = this.#decoding * tokensPerStep;
		const within = decodeStepsWithin(law, this.#decoding, this.#context, growth, seconds);
		const ended = this.#runSeconds(within) <= seconds ? within : within - 1;
		return Math.min(ended, this.#runSteps - 1);
	}

	/** The KV cache of a request has left for another machine. */
	sent(slot: number, now: number): void {
		this.#sending.delete(slot);
		this.#free(slot);
		this.inFlight--;
		if (this.books.isStepping) {
			if (this.waitingCount > 0) this.#cutRunAt(now);
		} else this.#begin(now);
	}

	#begin(now: number): void {
		this.#admit(now);
		if (this.#running.size === 0) {
			this.books.setStepping(false, now);
			return;
		}
		const prefillsAlone = this.#prefills.length > 0 && this.pool.engine.schedule === "prefill-first";
		if (!prefillsAlone) this.#makeRoomToDecode(now);
		const seconds = this.#prefills.length > 0 ? this.#planStep(prefillsAlone) : this.#planRun();
		this.books.setStepping(true, now);
		this.#stepStart = now;
		this.version++;
		this.#host.schedule(now + seconds, this);
	}

	/** One step with chunks of prompts. */
	#planStep(prefillsAlone: boolean): number {
		const { engine } = this.pool;
		const batch = prefillsAlone ? 0 : this.#decoding;
		let budget = engine.stepTokens - Math.ceil(batch * engine.tokensPerStep);
		let tokens = 0;
		let before = 0;
		const { prefilled, target } = this.#slots;
		for (const slot of this.#prefills) {
			if (budget <= 0) break;
			const done = prefilled[slot] as number;
			const chunk = Math.min(budget, (target[slot] as number) - done);
			this.#planSlot.push(slot);
			this.#planChunk.push(chunk);
			tokens += chunk;
			before += chunk * (done + chunk / 2);
			budget -= chunk;
		}
		if (tokens === 0) return this.#planRun();
		this.#runSteps = batch > 0 ? 1 : 0;
		return atLeastATick(secondsOfStep(engine.law, batch, batch > 0 ? this.#context : 0, tokens, before));
	}

	/** Decode steps until a sequence finishes or the blocks run out. */
	#planRun(): number {
		const until = this.#exact ? 1 : this.#finish.nextStep - this.#steps;
		this.#runSteps = Math.max(1, this.kv.stepsThatFit(this.#steps, until));
		return atLeastATick(this.#runSeconds(this.#runSteps));
	}

	/** Of the first steps of a run of decode alone. */
	#runSeconds(steps: number): number {
		const { law, tokensPerStep } = this.pool.engine;
		return decodeRunSeconds(law, this.#decoding, this.#context, this.#decoding * tokensPerStep, steps);
	}

	/** A run of decode steps ends with the step during which something came. */
	#cutRunAt(now: number): void {
		if (this.#runSteps <= 1 || this.#planSlot.length > 0) return;
		const { law, tokensPerStep } = this.pool.engine;
		const growth = this.#decoding * tokensPerStep;
		const steps = decodeStepsWithin(law, this.#decoding, this.#context, growth, now - this.#stepStart);
		if (steps >= this.#runSteps) return;
		this.#runSteps = steps;
		this.version++;
		const end = this.#stepStart + atLeastATick(this.#runSeconds(steps));
		this.#host.schedule(end < now ? now : end, this);
	}

	/** Splits the seconds of a step by what its terms were spent on. */
	#settleStep(now: number, seconds: number): void {
		const { law } = this.pool.engine;
		const { books } = this;
		books.close(now);
		const batch = this.#runSteps > 0 ? this.#decoding : 0;
		const steps = Math.max(1, this.#runSteps);
		if (this.#planSlot.length === 0) {
			books.ran(steps, batch, seconds, seconds);
			return;
		}
		const decode = batch === 0 ? 0 : secondsOfStep(law, batch, this.#context, 0, 0);
		const whole = decode + (seconds - Math.min(decode, seconds));
		const decodeShare = whole === 0 ? 0 : Math.min(seconds, toTick((seconds * Math.min(decode, seconds)) / whole));
		books.ran(steps, batch, seconds, decodeShare);
	}

	#finishSequences(now: number): void {
		while (this.#finish.size > 0 && this.#finish.nextStep <= this.#steps) {
			const slot = this.#finish.take();
			this.#stopDecoding(slot);
			this.#slots.produced[slot] = this.#slots.output[slot] as number;
			this.#leave(slot);
			this.#free(slot);
			this.inFlight--;
			this.#host.finished(slot, now, this);
		}
	}

	#applyPrefill(now: number): void {
		const { prefilled, target } = this.#slots;
		let complete = 0;
		for (let i = 0; i < this.#planSlot.length; i++) {
			const slot = this.#planSlot[i] as number;
			const chunk = this.#planChunk[i] as number;
			prefilled[slot] = (prefilled[slot] as number) + chunk;
			this.#bookChunk(slot, chunk);
			if (prefilled[slot] === target[slot]) complete++;
		}
		if (complete > 0) this.#prefills.splice(0, complete);
		for (let i = 0; i < complete; i++) this.#promptDone(this.#planSlot[i] as number, now);
		this.#planSlot.length = 0;
		this.#planChunk.length = 0;
	}

	/** What of a chunk lies beyond all that was ever known of the prompt is computed the first time. */
	#bookChunk(slot: number, chunk: number): void {
		const { reached, prefilled, input, lostBy } = this.#slots;
		const before = reached[slot] as number;
		const after = Math.max(before, Math.min(prefilled[slot] as number, input[slot] as number));
		reached[slot] = after;
		this.books.computed(chunk, chunk - (after - before), lostBy[slot] as number);
	}

	#promptDone(slot: number, now: number): void {
		const slots = this.#slots;
		this.#keepPrefix(slot);
		const produced = (slots.produced[slot] as number) + 1;
		slots.produced[slot] = produced;
		if (this.pool.role === "prefill") {
			this.#leave(slot);
			this.#sending.add(slot);
			this.#host.prefilled(slot, now, this);
			return;
		}
		if (produced === 1) this.#host.firstToken(slot, now);
		if (produced < (slots.output[slot] as number)) {
			this.#join(slot);
			return;
		}
		this.#leave(slot);
		this.#free(slot);
		this.inFlight--;
		this.#host.finished(slot, now, this);
	}

	/** The whole blocks of a prompt become entries of the prefix cache, held as long as the request runs. */
	#keepPrefix(slot: number): void {
		const { prefix, kv } = this;
		const ids = this.#slots.ids[slot];
		if (prefix === undefined || ids === undefined) return;
		const entryTokens = kv.entryBlocks * kv.blockTokens;
		const whole = Math.min(ids.length, Math.floor((this.#slots.input[slot] as number) / entryTokens));
		const held = this.#slots.held[slot] as number;
		if (whole <= held) return;
		prefix.add(ids, held, whole);
		this.#slots.held[slot] = whole;
		const blocks = (whole - held) * kv.entryBlocks;
		this.#slots.blocks[slot] = (this.#slots.blocks[slot] as number) - blocks;
		kv.give(blocks);
		kv.makeRoom();
	}

	#join(slot: number): void {
		const slots = this.#slots;
		const { tokensPerStep, admission } = this.pool.engine;
		const left = (slots.output[slot] as number) - (slots.produced[slot] as number);
		slots.joinStep[slot] = this.#steps;
		this.#finish.add(this.#steps + Math.ceil(left / tokensPerStep), slot);
		this.#decoding++;
		const tokens = slots.target[slot] as number;
		this.#context += tokens;
		if (admission === "reserve") return;
		const blocks = (slots.blocks[slot] as number) + (slots.held[slot] as number) * this.kv.entryBlocks;
		slots.phase[slot] = this.kv.startGrowing(this.#steps, tokens, blocks, tokensPerStep);
	}

	/** Takes a sequence out of decode; the blocks it has grown become its own. */
	#stopDecoding(slot: number): void {
		const slots = this.#slots;
		const joined = slots.joinStep[slot] as number;
		this.#decoding--;
		const grown = (this.#steps - joined) * this.pool.engine.tokensPerStep;
		this.#context = this.#decoding === 0 ? 0 : this.#context - (slots.target[slot] as number) - grown;
		const phase = slots.phase[slot] as number;
		if (phase === NONE) return;
		slots.blocks[slot] = (slots.blocks[slot] as number) + this.kv.grownBy(phase, joined, this.#steps);
		this.kv.stopGrowing(phase);
		slots.phase[slot] = NONE;
	}

	#leave(slot: number): void {
		this.#running.remove(slot);
		const priority = this.#slots.priority[slot] as number;
		this.#runningByPriority[priority] = (this.#runningByPriority[priority] as number) - 1;
	}

	/** Gives its KV memory back. */
	#free(slot: number): void {
		const slots = this.#slots;
		this.kv.give(slots.blocks[slot] as number);
		slots.blocks[slot] = 0;
		const held = slots.held[slot] as number;
		if (held > 0) this.prefix?.release(slots.ids[slot] as ArrayLike<number>, held);
		slots.held[slot] = 0;
		this.kv.makeRoom();
	}

	/** A request whose KV cache is gone: what it gave out so far is part of what must be computed again. */
	#forget(slot: number): void {
		const slots = this.#slots;
		if (slots.prefilled[slot] === slots.target[slot]) {
			const steps = this.#steps - (slots.joinStep[slot] as number);
			const gained = Math.floor(steps * this.pool.engine.tokensPerStep);
			slots.produced[slot] = Math.min((slots.produced[slot] as number) + gained, (slots.output[slot] as number) - 1);
		}
		this.#unsetKv(slot);
	}

	#unsetKv(slot: number): void {
		const slots = this.#slots;
		slots.target[slot] = (slots.input[slot] as number) + (slots.produced[slot] as number);
		slots.prefilled[slot] = 0;
		slots.transferred[slot] = 0;
		slots.transferId[slot] = NONE;
		slots.blocks[slot] = 0;
		slots.held[slot] = 0;
		slots.phase[slot] = NONE;
	}

	#makeRoomToDecode(now: number): void {
		while (this.#decoding > 0 && this.kv.growthIn(this.#steps, 1) > this.kv.free) {
			if (this.#running.size === 1) return;
			this.#preempt(this.#lastAdmitted(0), now);
		}
	}

	/** The running request of the least urgent priority that was admitted last, if it is at least as late as `priority`. */
	#lastAdmitted(priority: number): number {
		let least = this.#runningByPriority.length - 1;
		while (least > priority && this.#runningByPriority[least] === 0) least--;
		let slot = this.#running.last;
		while (slot !== NONE && this.#slots.priority[slot] !== least) slot = this.#slots.previous[slot] as number;
		return slot;
	}

	#preempt(slot: number, now: number): void {
		const slots = this.#slots;
		slots.lostBy[slot] = PREEMPTED;
		const place = this.#prefills.indexOf(slot);
		if (place >= 0) this.#prefills.splice(place, 1);
		else {
			this.#finish.remove(slot);
			this.#stopDecoding(slot);
		}
		this.#leave(slot);
		this.#free(slot);
		if (place >= 0) slots.prefilled[slot] = 0;
		else this.#forget(slot);
		slots.waitingSince[slot] = now;
		(this.#waiting[slots.priority[slot] as number] as SlotQueue).addFirst(slot);
		this.waitingCount++;
		this.#host.preempted(slot);
	}

	#firstPriorityWaiting(): number {
		let priority = 0;
		while (priority < this.#waiting.length && this.#waiting[priority]?.size === 0) priority++;
		return priority;
	}

	/** Whether a request of this priority could get a place: a free one, or that of a less urgent one. */
	#mayAdmit(priority: number): boolean {
		return this.#running.size < this.pool.engine.largestBatch || this.#hasLater(priority);
	}

	#hasLater(priority: number): boolean {
		for (let later = priority + 1; later < this.#runningByPriority.length; later++) {
			if ((this.#runningByPriority[later] as number) > 0) return true;
		}
		return false;
	}

	#admit(now: number): void {
		for (let priority = 0; priority < this.#waiting.length; priority++) {
			const queue = this.#waiting[priority] as SlotQueue;
			while (queue.size > 0) {
				if (!this.#admitOne(queue.first, now)) {
					if (!this.#hasLater(priority)) return;
					this.#preempt(this.#lastAdmitted(priority + 1), now);
				}
			}
		}
	}

	/** Moves a waiting request into the batch if there is a place and memory for it. */
	#admitOne(slot: number, now: number): boolean {
		const slots = this.#slots;
		const { engine } = this.pool;
		if (this.#running.size >= engine.largestBatch) return false;
		const { kv, prefix } = this;
		const target = slots.target[slot] as number;
		const ids = slots.ids[slot];
		const isTransferred = slots.transferred[slot] === 1;
		let matched = 0;
		if (prefix !== undefined && ids !== undefined && !isTransferred) {
			matched = prefix.matched(ids, Math.floor((target - 1) / (kv.entryBlocks * kv.blockTokens)));
		}
		const tokens =
			engine.admission === "reserve" ? (slots.input[slot] as number) + (slots.output[slot] as number) : target;
		const blocks = kv.blocksOf(tokens) - matched * kv.entryBlocks;
		const taken =
			matched === 0 ? 0 : (prefix as PrefixCache).unusedAmong(ids as ArrayLike<number>, matched) * kv.entryBlocks;
		const spare = engine.admission === "reserve" || this.#running.size === 0 ? 0 : Math.floor(kv.capacity * WATERMARK);
		if (blocks + taken + spare > kv.free) return false;
		(this.#waiting[slots.priority[slot] as number] as SlotQueue).remove(slot);
		this.waitingCount--;
		if (matched > 0) (prefix as PrefixCache).hold(ids as ArrayLike<number>, matched);
		slots.held[slot] = matched;
		slots.blocks[slot] = blocks;
		kv.take(blocks);
		slots.waited[slot] = (slots.waited[slot] as number) + (now - (slots.waitingSince[slot] as number));
		this.#running.addLast(slot);
		const priority = slots.priority[slot] as number;
		this.#runningByPriority[priority] = (this.#runningByPriority[priority] as number) + 1;
		if (isTransferred) {
			slots.prefilled[slot] = target;
			this.#join(slot);
			return true;
		}
		const known = matched * kv.entryBlocks * kv.blockTokens;
		slots.prefilled[slot] = known;
		this.#bookFound(slot, known);
		this.#addPrefill(slot, priority);
		return true;
	}

	/** What the prefix cache has of a prompt and nobody has computed or found before is cached input. */
	#bookFound(slot: number, known: number): void {
		const { reached, input, cached } = this.#slots;
		const before = reached[slot] as number;
		const after = Math.max(before, Math.min(known, input[slot] as number));
		reached[slot] = after;
		cached[slot] = (cached[slot] as number) + (after - before);
	}

	/** Behind the prompts that are as urgent, before those that are less so. */
	#addPrefill(slot: number, priority: number): void {
		let place = this.#prefills.length;
		while (place > 0 && (this.#slots.priority[this.#prefills[place - 1] as number] as number) > priority) place--;
		if (place === this.#prefills.length) this.#prefills.push(slot);
		else this.#prefills.splice(place, 0, slot);
	}
}

/** A step takes time, however fast the law: else two steps could end at once for ever. */
function atLeastATick(seconds: number): number {
	const ticks = toTick(seconds);
	return ticks > 0 ? ticks : toTick(6e-8);
}
