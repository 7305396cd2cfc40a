/** The replicas of a run as they start, serve, drain, fail and are repaired; and which of them may be sent requests. */
import { log } from "../numerics/elementary.ts";
import type { UniformStream } from "../numerics/random.ts";
import { uniformStream } from "../numerics/random.ts";
import { toTick } from "./clock.ts";
import { FAIL, READY, REPAIRED, SCALE } from "./event-kinds.ts";
import type { EventQueue } from "./event-queue.ts";
import type { PoolSpec } from "./fleet-spec.ts";
import { PoolState } from "./pool-state.ts";
import type { ReplicaHost } from "./replica.ts";
import { Replica } from "./replica.ts";
import type { RequestSlots } from "./request-slots.ts";
import type { SimulationSpec } from "./simulation.ts";

export class FleetLife {
	readonly replicas: Replica[] = [];
	readonly pools: readonly PoolState[];
	/** By the index of a replica. */
	readonly poolOf: PoolState[] = [];
	/** Pools that take requests, and pools that take their KV caches. */
	readonly entryPools: readonly PoolState[];
	readonly decodePools: readonly PoolState[];
	/** Their replicas that serve. */
	entry: readonly Replica[] = [];
	decode: readonly Replica[] = [];
	readonly #events: EventQueue;
	readonly #seed: number;
	readonly #failureDraws = new Map<number, UniformStream>();

	constructor(spec: SimulationSpec, events: EventQueue, slots: RequestSlots, host: ReplicaHost) {
		this.#events = events;
		this.#seed = spec.seed;
		this.pools = spec.fleet.pools.map((pool) => this.#pool(pool, spec, slots, host));
		this.entryPools = this.pools.filter(({ spec: { role } }) => role !== "decode");
		this.decodePools = this.pools.filter(({ spec: { role } }) => role === "decode");
		this.pools.forEach((pool, i) => this.#startPool(pool, i));
		this.#sort();
	}

	/** It has started or is repaired. */
	becomeReady(replica: Replica, now: number): void {
		this.#makeReady(replica, now);
		this.#sort();
	}

	/** Gives the requests that have to be computed again elsewhere. */
	fail(replica: Replica, now: number): number[] {
		const wasDraining = replica.state === "draining";
		const orphans = replica.fail(now);
		if (wasDraining) replica.setState("off", now);
		else {
			const repair = replica.pool.failures?.repairSeconds ?? 0;
			this.#events.add(now + toTick(repair), REPAIRED, replica.index, replica.epoch);
		}
		this.#sort();
		return orphans;
	}

	/** The autoscaler of a pool decides. True where replicas come or go. */
	scale(target: number, now: number): boolean {
		const pool = this.pools[target] as PoolState;
		const scaler = pool.spec.autoscaler;
		if (scaler === undefined) return false;
		const change = pool.decide(now);
		if (change > 0) this.#start(pool, change, scaler.startSeconds, now);
		if (change < 0) this.#drain(pool, -change, now);
		if (change !== 0) this.#sort();
		return change !== 0;
	}

	/** The next decision, set once what waits was sent to those that are there now. */
	scheduleScaling(target: number, now: number): void {
		const scaler = (this.pools[target] as PoolState).spec.autoscaler;
		if (scaler !== undefined) this.#events.add(now + toTick(scaler.intervalSeconds), SCALE, target, 0);
	}

	offIfDrained(replica: Replica, now: number): void {
		if (replica.state === "draining" && replica.inFlight === 0) replica.setState("off", now);
	}

	#pool(pool: PoolSpec, { fleet, exact }: SimulationSpec, slots: RequestSlots, host: ReplicaHost): PoolState {
		const most = Math.max(pool.replicas, pool.autoscaler?.most ?? 0);
		const replicas = Array.from({ length: most }, () => {
			const replica = new Replica(this.replicas.length, pool, slots, host, fleet.priorities, exact === true);
			this.replicas.push(replica);
			return replica;
		});
		const state = new PoolState(pool, replicas);
		for (const { index } of replicas) this.poolOf[index] = state;
		return state;
	}

	#startPool({ spec, replicas }: PoolState, place: number): void {
		for (let i = 0; i < spec.replicas; i++) this.#begin(replicas[i] as Replica);
		if (spec.autoscaler !== undefined) this.#events.add(toTick(spec.autoscaler.intervalSeconds), SCALE, place, 0);
	}

	/**
	 * In a state that it would be found in at any time: a fleet whose replicas are all up at first has its failures and repairs
	 * in step for as long as these take. A repair is under way for a uniform part of its time; what is left to a failure has no memory.
	 */
	#begin(replica: Replica): void {
		const { failures } = replica.pool;
		if (failures === undefined) return this.#makeReady(replica, 0);
		const { meanSecondsBetween, repairSeconds } = failures;
		const draws = uniformStream(this.#seed, `beginning of replica ${replica.index}`);
		if (draws.next() * (meanSecondsBetween + repairSeconds) >= repairSeconds) return this.#makeReady(replica, 0);
		replica.setState("failed", 0);
		this.#events.add(toTick(draws.next() * repairSeconds), REPAIRED, replica.index, replica.epoch);
	}

	#makeReady(replica: Replica, now: number): void {
		replica.setState("ready", now);
		const { failures } = replica.pool;
		if (failures === undefined) return;
		let draws = this.#failureDraws.get(replica.index);
		if (draws === undefined) {
			draws = uniformStream(this.#seed, `failures of replica ${replica.index}`);
			this.#failureDraws.set(replica.index, draws);
		}
		const until = -log(draws.next()) * failures.meanSecondsBetween;
		this.#events.add(now + toTick(until), FAIL, replica.index, replica.epoch);
	}

	#sort(): void {
		for (const pool of this.pools) pool.sort();
		this.entry = this.entryPools.flatMap(({ routable }) => routable);
		this.decode = this.decodePools.flatMap(({ routable }) => routable);
	}

	/** Those that drain serve on; the rest start cold. */
	#start(pool: PoolState, count: number, startSeconds: number, now: number): void {
		let left = count;
		for (const replica of pool.replicas) {
			if (left === 0) return;
			if (replica.state !== "draining") continue;
			replica.setState("ready", now);
			left--;
		}
		for (const replica of pool.replicas) {
			if (left === 0) return;
			if (replica.state !== "off") continue;
			replica.epoch++;
			replica.setState("starting", now);
			this.#events.add(now + toTick(startSeconds), READY, replica.index, replica.epoch);
			left--;
		}
	}

	/** Those that start are given up first, then those with the least to do. */
	#drain(pool: PoolState, count: number, now: number): void {
		const starting = pool.replicas.filter(({ state }) => state === "starting").reverse();
		const ready = [...pool.routable].sort((a, b) => a.inFlight - b.inFlight || b.index - a.index);
		for (const replica of [...starting, ...ready].slice(0, count)) {
			const isIdle = replica.state === "starting" || replica.inFlight === 0;
			replica.epoch += replica.state === "starting" ? 1 : 0;
			replica.setState(isIdle ? "off" : "draining", now);
			if (isIdle) replica.forgetPrefixes();
		}
	}
}
