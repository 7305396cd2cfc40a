/** The event loop of a run: requests arrive, are routed, batched and answered; what the replicas tell is booked. */
import { toTick } from "./clock.ts";
import { Course } from "./course.ts";
import { FAIL, ISSUE, READY, REPAIRED, SCALE, SENT, STEP, WINDOW } from "./event-kinds.ts";
import { EventQueue } from "./event-queue.ts";
import { SimulationError } from "./fleet-check.ts";
import { FleetLife } from "./fleet-life.ts";
import type { FleetMoment } from "./fleet-moment.ts";
import { momentOf } from "./fleet-moment.ts";
import type { PoolState } from "./pool-state.ts";
import type { Replica, ReplicaHost } from "./replica.ts";
import type { NextRequest, RequestSource } from "./request-source.ts";
import { emptyRequest } from "./request-source.ts";
import { NONE, RequestSlots } from "./request-slots.ts";
import { Router } from "./router.ts";
import { RunStatistics } from "./run-statistics.ts";
import type { SimulationRun, SimulationSpec } from "./simulation.ts";
import type { SimulationReport } from "./simulation-report.ts";
import { reportOf } from "./simulation-summary.ts";
import { SlotQueue } from "./slot-queue.ts";

export class FleetRun implements SimulationRun, ReplicaHost {
	readonly #spec: SimulationSpec;
	readonly #horizon: number;
	readonly #events = new EventQueue();
	readonly #slots = new RequestSlots();
	readonly #statistics: RunStatistics;
	readonly #fleet: FleetLife;
	readonly #course: Course;
	readonly #router: Router;
	readonly #decodeRouter: Router;
	/** Requests for which no replica has a place yet. */
	readonly #held: SlotQueue;
	readonly #heldForDecode: SlotQueue;
	readonly #next: NextRequest = emptyRequest();
	#hasNext = false;
	#now = 0;
	#lastArrival = 0;
	#waitingAtLastArrival = 0;
	#waitingAtHalf = 0;
	/** Requests of a closed loop that are still to be sent. */
	#toIssue = 0;
	#issuing = 0;
	#transfers = 0;
	#worked = 0;
	#isOver = false;

	constructor(spec: SimulationSpec) {
		this.#spec = spec;
		this.#horizon = spec.horizonSeconds ?? Number.POSITIVE_INFINITY;
		const alike = Array.from({ length: spec.fleet.priorities }, () => spec.limits);
		const limits = spec.loads?.map((load) => load.limits) ?? alike;
		this.#statistics = new RunStatistics(this.#slots, limits, spec.lengthClasses);
		this.#router = new Router(spec.fleet.router);
		this.#decodeRouter = new Router(spec.fleet.router === "central" ? "central" : "least-loaded");
		this.#held = new SlotQueue(this.#slots);
		this.#heldForDecode = new SlotQueue(this.#slots);
		this.#fleet = new FleetLife(spec, this.#events, this.#slots, this);
		this.#course = new Course(spec.windowSeconds);
		this.#events.add(toTick(spec.windowSeconds), WINDOW, 0, 0);
		this.#startSource(spec.source);
	}

	get seconds(): number {
		return this.#now;
	}

	get arrived(): number {
		return this.#statistics.arrived;
	}

	get moment(): FleetMoment {
		const held = this.#held.size + this.#heldForDecode.size;
		return momentOf(this.#now, this.#fleet.replicas, held, this.#statistics.inSystem);
	}

	get nextSeconds(): number {
		if (this.#isOver) return Number.POSITIVE_INFINITY;
		return this.#hasNext ? Math.min(this.#next.seconds, this.#events.nextTime) : this.#events.nextTime;
	}

	advance(events: number, until: number = Number.POSITIVE_INFINITY): boolean {
		for (let i = 0; i < events; i++) {
			if (this.#isOver) return false;
			if (this.#isDone()) {
				// The rest of the hours, in which nothing happens, is still to pass.
				if (this.#horizon !== Number.POSITIVE_INFINITY && this.#horizon > until) return true;
				this.#close();
				return false;
			}
			const nextEvent = this.#events.nextTime;
			const isArrival = this.#hasNext && this.#next.seconds <= nextEvent;
			if ((isArrival ? this.#next.seconds : nextEvent) > until) return true;
			this.#worked++;
			if (isArrival) this.#arrival();
			else this.#work();
		}
		return true;
	}

	report(): SimulationReport {
		if (!this.#isOver) throw new SimulationError("not-over", "the run is not over");
		return reportOf({
			spec: this.#spec,
			fleet: this.#fleet,
			statistics: this.#statistics,
			windows: this.#course.windows,
			seconds: this.#now,
			lastArrival: this.#lastArrival,
			waitingAtLastArrival: this.#waitingAtLastArrival,
			waitingAtHalf: this.#waitingAtHalf,
			events: this.#worked,
		});
	}

	schedule(time: number, replica: Replica): void {
		this.#events.add(time, STEP, replica.index, replica.version);
	}

	firstToken(slot: number, time: number): void {
		const replica = this.#fleet.replicas[this.#slots.replica[slot] as number] as Replica;
		const { requestSeconds } = replica.pool.engine.law;
		this.#statistics.firstToken(slot, time, requestSeconds);
		const pool = this.#fleet.poolOf[replica.index] as PoolState;
		pool.sawFirstToken(time - (this.#slots.arrival[slot] as number) + requestSeconds);
		pool.sawCached(this.#slots.cached[slot] as number);
	}

	finished(slot: number, time: number, replica: Replica): void {
		this.#statistics.finish(slot, time);
		this.#leave(slot, time);
		this.#afterFinish(replica, time);
	}

	prefilled(slot: number, time: number, replica: Replica): void {
		const { transfer } = this.#spec.fleet;
		const tokens = this.#slots.target[slot] as number;
		const seconds =
			transfer === undefined ? 0 : transfer.setUpSeconds + (tokens * transfer.bytesPerToken) / transfer.bytesPerSecond;
		const end = Math.max(time, replica.linkFreeAt) + toTick(seconds);
		replica.linkFreeAt = end;
		const transferId = ++this.#transfers;
		this.#slots.transferId[slot] = transferId;
		this.#events.add(end, SENT, slot, transferId);
	}

	preempted(): void {
		this.#statistics.preemptions++;
	}

	#startSource(source: RequestSource): void {
		if (source.kind === "open") {
			this.#readNext();
			return;
		}
		this.#toIssue = source.requests;
		for (let user = 0; user < source.users && this.#toIssue > 0; user++) this.#issueAt(0);
	}

	#issueAt(time: number): void {
		if (this.#toIssue === 0 || time >= this.#horizon) return;
		this.#toIssue--;
		this.#issuing++;
		this.#events.add(time, ISSUE, 0, 0);
	}

	#readNext(): void {
		const { source } = this.#spec;
		if (source.kind !== "open") return;
		this.#hasNext = source.next(this.#next);
		if (!this.#hasNext) return;
		this.#next.seconds = toTick(this.#next.seconds);
		if (this.#next.seconds >= this.#horizon) this.#hasNext = false;
	}

	/** Nothing is under way or to come, and the horizon is reached. */
	#isDone(): boolean {
		if (this.#hasNext || this.#issuing > 0 || this.#slots.used > 0) return false;
		return this.#horizon === Number.POSITIVE_INFINITY || this.#events.nextTime > this.#horizon;
	}

	#close(): void {
		if (this.#horizon !== Number.POSITIVE_INFINITY && this.#horizon > this.#now) this.#now = toTick(this.#horizon);
		for (const replica of this.#fleet.replicas) replica.books.close(this.#now);
		this.#statistics.close(this.#now);
		if (this.#now > this.#course.from) this.#endWindow();
		this.#isOver = true;
	}

	#arrival(): void {
		const next = this.#next;
		this.#now = next.seconds;
		this.#enter(next);
		this.#readNext();
	}

	#enter({ inputTokens, outputTokens, priority: load, prefixIds }: NextRequest): void {
		const priority = this.#spec.loads?.[load]?.priority ?? load;
		const slot = this.#slots.take(this.#now, inputTokens, outputTokens, priority, prefixIds);
		this.#slots.load[slot] = load;
		this.#statistics.arrive(slot, this.#now);
		this.#lastArrival = this.#now;
		this.#route(slot, true);
		const waiting = this.#waiting();
		this.#waitingAtLastArrival = waiting;
		if ((this.#statistics.arrived & (this.#statistics.arrived - 1)) === 0) this.#waitingAtHalf = waiting;
	}

	#waitingCount = 0;

	#waiting(): number {
		// A walk over the replicas on each arrival would cost more than the arrival: look now and then.
		if ((this.#statistics.arrived & 63) !== 0 && this.#statistics.arrived > 256) return this.#waitingCount;
		let waiting = this.#held.size + this.#heldForDecode.size;
		for (const replica of this.#fleet.replicas) waiting += replica.waitingCount;
		this.#waitingCount = waiting;
		return waiting;
	}

	#route(slot: number, isNew: boolean): void {
		const { input, output, ids } = this.#slots;
		const replicas = this.#holding(this.#fleet.entry, slot);
		const isTooLong =
			(replicas.length === 0 && !this.#everHolds(this.#fleet.entryPools, slot)) ||
			(this.#fleet.decodePools.length > 0 && !this.#everHolds(this.#fleet.decodePools, slot));
		if (isTooLong) {
			this.#statistics.reject(slot, this.#now);
			this.#leave(slot, this.#now);
			return;
		}
		const replica = this.#router.choose(replicas, input[slot] as number, ids[slot]);
		if (replica === undefined) {
			this.#held.addLast(slot);
			if (isNew) this.#seeArrival(this.#fleet.entryPools, slot);
			return;
		}
		if (isNew)
			(this.#fleet.poolOf[replica.index] as PoolState).sawArrival(input[slot] as number, output[slot] as number);
		replica.enqueue(slot, this.#now);
	}

	#seeArrival(pools: readonly PoolState[], slot: number): void {
		pools[0]?.sawArrival(this.#slots.input[slot] as number, this.#slots.output[slot] as number);
	}

	/** Replicas whose memory is large enough for a request. */
	#holding(replicas: readonly Replica[], slot: number): readonly Replica[] {
		const input = this.#slots.input[slot] as number;
		const output = this.#slots.output[slot] as number;
		for (const replica of replicas) {
			if (!replica.canHold(input, output)) return replicas.filter((each) => each.canHold(input, output));
		}
		return replicas;
	}

	#everHolds(pools: readonly PoolState[], slot: number): boolean {
		const input = this.#slots.input[slot] as number;
		const output = this.#slots.output[slot] as number;
		return pools.some(({ replicas }) => replicas.some((replica) => replica.canHold(input, output)));
	}

	#leave(slot: number, now: number): void {
		this.#slots.give(slot);
		const { source } = this.#spec;
		if (source.kind === "closed") this.#issueAt(now + toTick(source.thinkSeconds));
	}

	#afterFinish(replica: Replica, now: number): void {
		this.#fleet.offIfDrained(replica, now);
		if (this.#held.size > 0) this.#dispatch();
		if (this.#heldForDecode.size > 0) this.#dispatchDecode();
	}

	/** Gives requests that wait in front of the replicas to those with a place. */
	#dispatch(): void {
		for (let slot = this.#held.first; slot !== NONE; slot = this.#held.first) {
			const replicas = this.#holding(this.#fleet.entry, slot);
			const replica = this.#router.choose(replicas, this.#slots.input[slot] as number, this.#slots.ids[slot]);
			if (replica === undefined) return;
			this.#held.remove(slot);
			replica.enqueue(slot, this.#now);
		}
	}

	#dispatchDecode(): void {
		for (let slot = this.#heldForDecode.first; slot !== NONE; slot = this.#heldForDecode.first) {
			const replica = this.#decodeRouter.choose(this.#holding(this.#fleet.decode, slot), 0, undefined);
			if (replica === undefined) return;
			this.#heldForDecode.remove(slot);
			this.#toDecode(slot, replica);
		}
	}

	#toDecode(slot: number, replica: Replica): void {
		(this.#fleet.poolOf[replica.index] as PoolState).sawArrival(
			this.#slots.input[slot] as number,
			this.#slots.output[slot] as number,
		);
		replica.enqueue(slot, this.#now);
	}

	#work(): void {
		const events = this.#events;
		this.#now = events.take();
		const { kind, target, version } = events;
		switch (kind) {
			case STEP: {
				const replica = this.#fleet.replicas[target] as Replica;
				if (replica.version === version) replica.endStep(this.#now);
				return;
			}
			case READY: {
				const replica = this.#fleet.replicas[target] as Replica;
				if (replica.state === "starting" && replica.epoch === version) this.#becomeReady(replica);
				return;
			}
			case SCALE:
				this.#scale(target);
				return;
			case FAIL: {
				const replica = this.#fleet.replicas[target] as Replica;
				const serves = replica.state === "ready" || replica.state === "draining";
				if (!serves || replica.epoch !== version) return;
				for (const slot of this.#fleet.fail(replica, this.#now)) this.#route(slot, false);
				return;
			}
			case REPAIRED: {
				const replica = this.#fleet.replicas[target] as Replica;
				if (replica.state === "failed" && replica.epoch === version) this.#becomeReady(replica);
				return;
			}
			case SENT:
				this.#sent(target, version);
				return;
			case ISSUE:
				this.#issue();
				return;
			case WINDOW:
				this.#endWindow();
				events.add(this.#now + toTick(this.#course.seconds), WINDOW, 0, 0);
				return;
		}
	}

	#issue(): void {
		this.#issuing--;
		const { source } = this.#spec;
		if (source.kind !== "closed") return;
		source.draw(this.#next);
		this.#enter(this.#next);
	}

	/** A KV cache has arrived: the request goes on where tokens are decoded. */
	#sent(slot: number, transferId: number): void {
		const slots = this.#slots;
		if (slots.transferId[slot] !== transferId) return;
		slots.transferId[slot] = NONE;
		const from = this.#fleet.replicas[slots.replica[slot] as number] as Replica;
		from.sent(slot, this.#now);
		if (slots.produced[slot] === 1) this.firstToken(slot, this.#now);
		this.#fleet.offIfDrained(from, this.#now);
		if ((slots.produced[slot] as number) >= (slots.output[slot] as number)) {
			this.#statistics.finish(slot, this.#now);
			this.#leave(slot, this.#now);
			if (this.#held.size > 0) this.#dispatch();
			return;
		}
		slots.transferred[slot] = 1;
		slots.waitingSince[slot] = this.#now;
		const replica = this.#decodeRouter.choose(this.#holding(this.#fleet.decode, slot), 0, undefined);
		if (replica === undefined) this.#heldForDecode.addLast(slot);
		else this.#toDecode(slot, replica);
		if (this.#held.size > 0) this.#dispatch();
	}

	#becomeReady(replica: Replica): void {
		this.#fleet.becomeReady(replica, this.#now);
		this.#dispatch();
		this.#dispatchDecode();
	}

	#scale(target: number): void {
		if (this.#fleet.scale(target, this.#now)) {
			this.#dispatch();
			this.#dispatchDecode();
		}
		this.#fleet.scheduleScaling(target, this.#now);
	}

	#endWindow(): void {
		const held = this.#held.size + this.#heldForDecode.size;
		this.#course.end(this.#now, this.#fleet.replicas, held, this.#statistics);
	}
}
