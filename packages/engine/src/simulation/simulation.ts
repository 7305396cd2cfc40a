/**
 * Discrete-event simulation of serving: requests arrive, are routed, batched and answered; replicas start, drain, fail and
 * are repaired. One queue of events in virtual time; every random draw has a stream of its own, so that the same spec and
 * seed give the same bits. A run is a stepper: it can report progress and stop between any two events.
 */
import { log } from "../numerics/elementary.ts";
import type { UniformStream } from "../numerics/random.ts";
import { uniformStream } from "../numerics/random.ts";
import { toTick } from "./clock.ts";
import { EventQueue } from "./event-queue.ts";
import type { FleetSpec, PoolSpec } from "./fleet-spec.ts";
import { PoolState } from "./pool-state.ts";
import type { ReplicaHost } from "./replica.ts";
import { Replica } from "./replica.ts";
import type { NextRequest, RequestSource } from "./request-source.ts";
import { emptyRequest } from "./request-source.ts";
import { NONE, RequestSlots } from "./request-slots.ts";
import { Router } from "./router.ts";
import type { GoodputLimits, LengthClass, WindowReport } from "./run-statistics.ts";
import { RunStatistics } from "./run-statistics.ts";
import { saturationOf } from "./saturation.ts";
import type { SimulationReport } from "./simulation-report.ts";
import { poolReport, summaryOf } from "./simulation-summary.ts";
import { SlotQueue } from "./slot-queue.ts";
import { stepCostsFault } from "./step-costs.ts";

export interface SimulationSpec {
	readonly fleet: FleetSpec;
	readonly source: RequestSource;
	/** Requests that arrive later are left out; the fleet is paid for at least until then. */
	readonly horizonSeconds?: number;
	readonly limits: GoodputLimits;
	readonly lengthClasses: readonly LengthClass[];
	/** Length of the stretches of the course over time. */
	readonly windowSeconds: number;
	readonly seed: number;
	/** One decode step at a time, to check the steps that are taken at once. */
	readonly exact?: boolean;
}

export interface SimulationRun {
	/** Virtual time reached. */
	readonly seconds: number;
	/** Requests that have arrived. */
	readonly arrived: number;
	/** Works off up to `events` events. False when the run is over. */
	advance(events: number): boolean;
	/** What the run says; to be asked when it is over. */
	report(): SimulationReport;
}

export class SimulationError extends Error {
	readonly code: string;
	constructor(code: string, message: string) {
		super(message);
		this.name = "SimulationError";
		this.code = code;
	}
}

/** The whole run. Throws {@link SimulationError} for a fleet that cannot be. */
export function simulate(spec: SimulationSpec): SimulationReport {
	const run = startSimulation(spec);
	while (run.advance(1_000_000));
	return run.report();
}

export function startSimulation(spec: SimulationSpec): SimulationRun {
	requireFleet(spec.fleet);
	return new Run(spec);
}

const STEP = 0;
const READY = 1;
const SCALE = 2;
const FAIL = 3;
const REPAIRED = 4;
const SENT = 5;
const ISSUE = 6;
const WINDOW = 7;

class Run implements SimulationRun, ReplicaHost {
	readonly #spec: SimulationSpec;
	readonly #horizon: number;
	readonly #events = new EventQueue();
	readonly #slots = new RequestSlots();
	readonly #statistics: RunStatistics;
	readonly #replicas: Replica[] = [];
	readonly #pools: PoolState[];
	readonly #poolOf: PoolState[] = [];
	readonly #router: Router;
	readonly #decodeRouter: Router;
	/** Requests for which no replica has a place yet. */
	readonly #held: SlotQueue;
	readonly #heldForDecode: SlotQueue;
	/** Pools that take requests, and pools that take their KV caches. */
	readonly #entryPools: PoolState[];
	readonly #decodePools: PoolState[];
	#entry: Replica[] = [];
	#decode: Replica[] = [];
	readonly #failureDraws = new Map<number, UniformStream>();
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
	#windowFrom = 0;
	#windowBusy = 0;
	#windowPaid = 0;
	readonly #windows: WindowReport[] = [];
	#isOver = false;

	constructor(spec: SimulationSpec) {
		this.#spec = spec;
		this.#horizon = spec.horizonSeconds ?? Number.POSITIVE_INFINITY;
		this.#statistics = new RunStatistics(this.#slots, spec.limits, spec.lengthClasses, spec.fleet.priorities);
		this.#router = new Router(spec.fleet.router);
		this.#decodeRouter = new Router(spec.fleet.router === "central" ? "central" : "least-loaded");
		this.#held = new SlotQueue(this.#slots);
		this.#heldForDecode = new SlotQueue(this.#slots);
		this.#pools = spec.fleet.pools.map((pool) => this.#pool(pool));
		this.#entryPools = this.#pools.filter(({ spec: { role } }) => role !== "decode");
		this.#decodePools = this.#pools.filter(({ spec: { role } }) => role === "decode");
		for (const pool of this.#pools) this.#startPool(pool);
		this.#sortReplicas();
		this.#events.add(toTick(spec.windowSeconds), WINDOW, 0, 0);
		this.#startSource(spec.source);
	}

	get seconds(): number {
		return this.#now;
	}

	get arrived(): number {
		return this.#statistics.arrived;
	}

	advance(events: number): boolean {
		for (let i = 0; i < events; i++) {
			if (this.#isOver) return false;
			if (this.#isDone()) {
				this.#close();
				return false;
			}
			this.#worked++;
			const nextEvent = this.#events.nextTime;
			if (this.#hasNext && this.#next.seconds <= nextEvent) this.#arrival();
			else this.#work();
		}
		return true;
	}

	report(): SimulationReport {
		if (!this.#isOver) throw new SimulationError("not-over", "the run is not over");
		const statistics = this.#statistics;
		const pools = this.#pools.map((pool) => poolReport(pool));
		const saturation = saturationOf({
			pools: this.#pools.map(({ spec, mostServing }) => ({ spec, serving: mostServing })),
			statistics,
			lastArrival: this.#lastArrival,
			seconds: this.#now,
			waitingAtLastArrival: this.#waitingAtLastArrival,
			waitingAtHalf: this.#waitingAtHalf,
			closed: this.#spec.source.kind === "closed",
		});
		return {
			seconds: this.#now,
			lastArrivalSeconds: this.#lastArrival,
			requests: {
				arrived: statistics.arrived,
				finished: statistics.finished,
				rejected: statistics.rejected,
				good: statistics.good,
				preemptions: statistics.preemptions,
			},
			tokens: {
				input: statistics.input - statistics.cachedInput,
				cachedInput: statistics.cachedInput,
				output: statistics.output,
				good: statistics.goodTokens,
				prefilled: this.#replicas.reduce((sum, { prefilledTokens }) => sum + prefilledTokens, 0),
			},
			ttft: summaryOf(statistics.ttft),
			tpot: summaryOf(statistics.tpot),
			e2e: summaryOf(statistics.e2e),
			queue: summaryOf(statistics.queue),
			pools,
			lengthClasses: this.#spec.lengthClasses.map((each, i) => ({
				...each,
				requests: statistics.requestsByClass[i] as number,
				input: statistics.inputByClass[i] as number,
				output: statistics.outputByClass[i] as number,
			})),
			priorities: statistics.byPriority.map(({ arrived, finished, good, longest }) => ({
				arrived,
				finished,
				good,
				longestSeconds: longest,
			})),
			littlesLaw: { area: statistics.inSystemArea, sojourn: statistics.sojourn },
			saturation,
			windows: this.#windows,
			events: this.#worked,
		};
	}

	schedule(time: number, replica: Replica): void {
		this.#events.add(time, STEP, replica.index, replica.version);
	}

	firstToken(slot: number, time: number): void {
		const replica = this.#replicas[this.#slots.replica[slot] as number] as Replica;
		const { requestSeconds } = replica.pool.engine.law;
		this.#statistics.firstToken(slot, time, requestSeconds);
		const pool = this.#poolOf[replica.index] as PoolState;
		pool.sawFirstToken(time - (this.#slots.arrival[slot] as number) + requestSeconds);
		pool.sawCached(Math.max(0, this.#slots.cached[slot] as number));
	}

	finished(slot: number, time: number, replica: Replica): void {
		this.#statistics.finish(slot, time, replica.pool.engine.law.requestSeconds);
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

	#pool(spec: PoolSpec): PoolState {
		const most = Math.max(spec.replicas, spec.autoscaler?.most ?? 0);
		const replicas = Array.from({ length: most }, () => {
			const { fleet, exact } = this.#spec;
			const replica = new Replica(this.#replicas.length, spec, this.#slots, this, fleet.priorities, exact === true);
			this.#replicas.push(replica);
			return replica;
		});
		const pool = new PoolState(spec, replicas);
		for (const { index } of replicas) this.#poolOf[index] = pool;
		return pool;
	}

	#startPool(pool: PoolState): void {
		const { spec, replicas } = pool;
		for (let i = 0; i < spec.replicas; i++) this.#makeReady(replicas[i] as Replica, 0);
		if (spec.autoscaler !== undefined) {
			this.#events.add(toTick(spec.autoscaler.intervalSeconds), SCALE, this.#pools.indexOf(pool), 0);
		}
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
		for (const replica of this.#replicas) replica.closeBooks(this.#now);
		this.#statistics.close(this.#now);
		if (this.#now > this.#windowFrom) this.#endWindow();
		this.#isOver = true;
	}

	#arrival(): void {
		const next = this.#next;
		this.#now = next.seconds;
		this.#enter(next);
		this.#readNext();
	}

	#enter({ inputTokens, outputTokens, priority, prefixIds }: NextRequest): void {
		const slot = this.#slots.take(this.#now, inputTokens, outputTokens, priority, prefixIds);
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
		for (const replica of this.#replicas) waiting += replica.waitingCount;
		this.#waitingCount = waiting;
		return waiting;
	}

	#route(slot: number, isNew: boolean): void {
		const { input, output, ids } = this.#slots;
		const replicas = this.#holding(this.#entry, slot);
		if (replicas.length === 0 && !this.#everHolds(slot)) {
			this.#statistics.reject(slot, this.#now);
			this.#leave(slot, this.#now);
			return;
		}
		const replica = this.#router.choose(replicas, input[slot] as number, ids[slot]);
		if (replica === undefined) {
			this.#held.addLast(slot);
			if (isNew) this.#seeArrival(this.#entryPools, slot);
			return;
		}
		if (isNew) (this.#poolOf[replica.index] as PoolState).sawArrival(input[slot] as number, output[slot] as number);
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

	#everHolds(slot: number): boolean {
		const input = this.#slots.input[slot] as number;
		const output = this.#slots.output[slot] as number;
		const holds = (pools: readonly PoolState[]): boolean =>
			pools.some(({ replicas }) => replicas.some((replica) => replica.canHold(input, output)));
		return holds(this.#entryPools) && (this.#decodePools.length === 0 || holds(this.#decodePools));
	}

	#leave(slot: number, now: number): void {
		this.#slots.give(slot);
		const { source } = this.#spec;
		if (source.kind === "closed") this.#issueAt(now + toTick(source.thinkSeconds));
	}

	#afterFinish(replica: Replica, now: number): void {
		this.#offIfDrained(replica, now);
		if (this.#held.size > 0) this.#dispatch();
		if (this.#heldForDecode.size > 0) this.#dispatchDecode();
	}

	#offIfDrained(replica: Replica, now: number): void {
		if (replica.state === "draining" && replica.inFlight === 0) replica.setState("off", now);
	}

	/** Gives requests that wait in front of the replicas to those with a place. */
	#dispatch(): void {
		for (let slot = this.#held.first; slot !== NONE; slot = this.#held.first) {
			const replicas = this.#holding(this.#entry, slot);
			const replica = this.#router.choose(replicas, this.#slots.input[slot] as number, this.#slots.ids[slot]);
			if (replica === undefined) return;
			this.#held.remove(slot);
			replica.enqueue(slot, this.#now);
		}
	}

	#dispatchDecode(): void {
		for (let slot = this.#heldForDecode.first; slot !== NONE; slot = this.#heldForDecode.first) {
			const replica = this.#decodeRouter.choose(this.#holding(this.#decode, slot), 0, undefined);
			if (replica === undefined) return;
			this.#heldForDecode.remove(slot);
			this.#toDecode(slot, replica);
		}
	}

	#toDecode(slot: number, replica: Replica): void {
		(this.#poolOf[replica.index] as PoolState).sawArrival(
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
				const replica = this.#replicas[target] as Replica;
				if (replica.version === version) replica.endStep(this.#now);
				return;
			}
			case READY: {
				const replica = this.#replicas[target] as Replica;
				if (replica.state === "starting" && replica.epoch === version) this.#becomeReady(replica);
				return;
			}
			case SCALE:
				this.#scale(target);
				return;
			case FAIL: {
				const replica = this.#replicas[target] as Replica;
				const serves = replica.state === "ready" || replica.state === "draining";
				if (serves && replica.epoch === version) this.#fail(replica);
				return;
			}
			case REPAIRED: {
				const replica = this.#replicas[target] as Replica;
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
				events.add(this.#now + toTick(this.#spec.windowSeconds), WINDOW, 0, 0);
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
		const from = this.#replicas[slots.replica[slot] as number] as Replica;
		from.sent(slot, this.#now);
		if (slots.produced[slot] === 1) this.firstToken(slot, this.#now);
		this.#offIfDrained(from, this.#now);
		if ((slots.produced[slot] as number) >= (slots.output[slot] as number)) {
			this.#statistics.finish(slot, this.#now, from.pool.engine.law.requestSeconds);
			this.#leave(slot, this.#now);
			if (this.#held.size > 0) this.#dispatch();
			return;
		}
		slots.transferred[slot] = 1;
		slots.waitingSince[slot] = this.#now;
		const replica = this.#decodeRouter.choose(this.#holding(this.#decode, slot), 0, undefined);
		if (replica === undefined) this.#heldForDecode.addLast(slot);
		else this.#toDecode(slot, replica);
		if (this.#held.size > 0) this.#dispatch();
	}

	#makeReady(replica: Replica, now: number): void {
		replica.setState("ready", now);
		const { failures } = replica.pool;
		if (failures === undefined) return;
		let draws = this.#failureDraws.get(replica.index);
		if (draws === undefined) {
			draws = uniformStream(this.#spec.seed, `failures of replica ${replica.index}`);
			this.#failureDraws.set(replica.index, draws);
		}
		const until = -log(draws.next()) * failures.meanSecondsBetween;
		this.#events.add(now + toTick(until), FAIL, replica.index, replica.epoch);
	}

	#becomeReady(replica: Replica): void {
		this.#makeReady(replica, this.#now);
		this.#sortReplicas();
		this.#dispatch();
		this.#dispatchDecode();
	}

	#sortReplicas(): void {
		for (const pool of this.#pools) pool.sort();
		this.#entry = this.#entryPools.flatMap(({ routable }) => routable);
		this.#decode = this.#decodePools.flatMap(({ routable }) => routable);
	}

	#fail(replica: Replica): void {
		const wasDraining = replica.state === "draining";
		const orphans = replica.fail(this.#now);
		if (wasDraining) replica.setState("off", this.#now);
		else {
			const repair = replica.pool.failures?.repairSeconds ?? 0;
			this.#events.add(this.#now + toTick(repair), REPAIRED, replica.index, replica.epoch);
		}
		this.#sortReplicas();
		for (const slot of orphans) this.#route(slot, false);
	}

	#scale(target: number): void {
		const pool = this.#pools[target] as PoolState;
		const scaler = pool.spec.autoscaler;
		if (scaler === undefined) return;
		const change = pool.decide(this.#now);
		if (change > 0) this.#start(pool, change, scaler.startSeconds);
		if (change < 0) this.#drain(pool, -change);
		if (change !== 0) {
			this.#sortReplicas();
			this.#dispatch();
			this.#dispatchDecode();
		}
		this.#events.add(this.#now + toTick(scaler.intervalSeconds), SCALE, target, 0);
	}

	/** Those that drain serve on; the rest start cold. */
	#start(pool: PoolState, count: number, startSeconds: number): void {
		let left = count;
		for (const replica of pool.replicas) {
			if (left === 0) return;
			if (replica.state !== "draining") continue;
			replica.setState("ready", this.#now);
			left--;
		}
		for (const replica of pool.replicas) {
			if (left === 0) return;
			if (replica.state !== "off") continue;
			replica.epoch++;
			replica.setState("starting", this.#now);
			this.#events.add(this.#now + toTick(startSeconds), READY, replica.index, replica.epoch);
			left--;
		}
	}

	/** Those that start are given up first, then those with the least to do. */
	#drain(pool: PoolState, count: number): void {
		const starting = pool.replicas.filter(({ state }) => state === "starting").reverse();
		const ready = [...pool.routable].sort((a, b) => a.inFlight - b.inFlight || b.index - a.index);
		for (const replica of [...starting, ...ready].slice(0, count)) {
			const isIdle = replica.state === "starting" || replica.inFlight === 0;
			replica.epoch += replica.state === "starting" ? 1 : 0;
			replica.setState(isIdle ? "off" : "draining", this.#now);
			if (isIdle) replica.forgetPrefixes();
		}
	}

	#endWindow(): void {
		let busy = 0;
		let paid = 0;
		let waiting = this.#held.size + this.#heldForDecode.size;
		let replicas = 0;
		for (const replica of this.#replicas) {
			busy += replica.busyUntil(this.#now);
			paid += replica.paidUntil(this.#now);
			waiting += replica.waitingCount;
			if (replica.isRoutable) replicas++;
		}
		const paidNow = paid - this.#windowPaid;
		const busyShare = paidNow > 0 ? (busy - this.#windowBusy) / paidNow : undefined;
		this.#windows.push(this.#statistics.window(this.#windowFrom, this.#now, { waiting, replicas, busyShare }));
		this.#windowFrom = this.#now;
		this.#windowBusy = busy;
		this.#windowPaid = paid;
	}
}

function requireFleet({ pools, priorities, router }: FleetSpec): void {
	const refuse = (code: string, message: string): never => {
		throw new SimulationError(code, message);
	};
	if (!Number.isInteger(priorities) || priorities < 1) refuse("bad-fleet", "there is at least one priority");
	if (pools.every(({ role }) => role === "decode")) refuse("bad-fleet", "no pool takes requests");
	const splits = pools.some(({ role }) => role === "prefill");
	if (splits !== pools.some(({ role }) => role === "decode"))
		refuse("bad-fleet", "prefill and decode pools go together");
	if (splits && pools.some(({ role }) => role === "both")) {
		refuse("bad-fleet", "a pool that does both does not stand beside prefill and decode pools");
	}
	for (const { name, engine, replicas, autoscaler, gpusPerReplica, weight } of pools) {
		const fault = stepCostsFault(engine.law);
		if (fault !== undefined) refuse("bad-step-costs", `${name}: ${fault}`);
		if (engine.law.decodeSeconds.length <= engine.largestBatch) {
			refuse("bad-step-costs", `${name}: the step law ends before a batch of ${engine.largestBatch}`);
		}
		if (engine.largestBatch < 1 || engine.kvBlocks < 1 || engine.blockTokens < 1 || engine.tokensPerStep < 1) {
			refuse("bad-fleet", `${name}: batch, KV blocks, tokens of a block and tokens of a step are at least 1`);
		}
		if (engine.stepTokens < 1) refuse("bad-fleet", `${name}: a step has at least one token`);
		const entry = engine.prefixCache?.entryTokens ?? engine.blockTokens;
		if (entry % engine.blockTokens !== 0) refuse("bad-fleet", `${name}: a prefix entry is a whole number of blocks`);
		if (replicas < 1 && (autoscaler?.most ?? 0) < 1) refuse("bad-fleet", `${name} has no replica`);
		if (!(gpusPerReplica > 0) || !(weight > 0)) refuse("bad-fleet", `${name}: GPUs and weight are above 0`);
		if (autoscaler !== undefined && !(autoscaler.intervalSeconds > 0)) {
			refuse("bad-fleet", `${name}: the interval of the autoscaler is above 0`);
		}
	}
	if (router === "prefix-aware" && pools.every(({ engine }) => engine.prefixCache === undefined)) {
		refuse("bad-fleet", "a prefix-aware router needs a prefix cache");
	}
}
