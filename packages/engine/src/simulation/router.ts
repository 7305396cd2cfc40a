/** Which replica a request goes to. Ties go to the one that comes first, so that a run repeats itself. */
import type { Replica } from "./replica.ts";
import type { RouterName } from "./fleet-spec.ts";

/** What a prompt that a replica has cached is worth against a request in flight there. */
const PREFIX_WORTH = 2;

export class Router {
	readonly #name: RouterName;
	#turn = 0;

	constructor(name: RouterName) {
		this.#name = name;
	}

	/** One of the replicas, or undefined where none may take it now. */
	choose(replicas: readonly Replica[], input: number, ids: ArrayLike<number> | undefined): Replica | undefined {
		if (replicas.length === 0) return undefined;
		switch (this.#name) {
			case "round-robin":
				this.#turn = (this.#turn + 1) % replicas.length;
				return replicas[this.#turn];
			case "least-loaded":
				return leastLoaded(replicas);
			case "prefix-aware":
				return ids === undefined ? leastLoaded(replicas) : bestPrefix(replicas, input, ids);
			case "central":
				return withFreePlace(replicas);
		}
	}
}

function leastLoaded(replicas: readonly Replica[]): Replica {
	let best = replicas[0] as Replica;
	let least = best.inFlight / best.pool.weight;
	for (let i = 1; i < replicas.length; i++) {
		const replica = replicas[i] as Replica;
		const load = replica.inFlight / replica.pool.weight;
		if (load < least) {
			best = replica;
			least = load;
		}
	}
	return best;
}

/** Cached share of the prompt against the load above the least loaded one's. */
function bestPrefix(replicas: readonly Replica[], input: number, ids: ArrayLike<number>): Replica {
	let best = replicas[0] as Replica;
	let highest = Number.NEGATIVE_INFINITY;
	let load = 0;
	for (const replica of replicas) load += replica.inFlight / replica.pool.weight;
	const mean = load / replicas.length + 1;
	for (const replica of replicas) {
		const { prefix, kv } = replica;
		const cached = prefix === undefined ? 0 : prefix.matched(ids, ids.length) * kv.entryBlocks * kv.blockTokens;
		const score = (PREFIX_WORTH * Math.min(cached, input)) / input - replica.inFlight / replica.pool.weight / mean;
		if (score > highest) {
			best = replica;
			highest = score;
		}
	}
	return best;
}

function withFreePlace(replicas: readonly Replica[]): Replica | undefined {
	const free = replicas.filter(({ inFlight, pool }) => inFlight < pool.engine.largestBatch);
	return free.length === 0 ? undefined : leastLoaded(free);
}
