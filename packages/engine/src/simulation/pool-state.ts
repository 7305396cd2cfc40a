/** The replicas of one pool as they come and go, and what its autoscaler has seen since its last decision. */
import type { PoolObservation } from "./autoscaler.ts";
import { wantedReplicas } from "./autoscaler.ts";
import type { PoolSpec } from "./fleet-spec.ts";
import { LatencyHistogram } from "./latency-histogram.ts";
import type { Replica } from "./replica.ts";

export class PoolState {
	readonly spec: PoolSpec;
	readonly replicas: readonly Replica[];
	/** Ready ones: requests may be sent there. */
	routable: Replica[] = [];
	mostServing = 0;
	readonly #ttft: LatencyHistogram | undefined;
	#arrived = 0;
	#arrivedBefore = 0;
	#input = 0;
	#cached = 0;
	#output = 0;
	#since = 0;
	#busy = 0;
	#ready = 0;
	#fewerSince = Number.NaN;

	constructor(spec: PoolSpec, replicas: readonly Replica[]) {
		this.spec = spec;
		this.replicas = replicas;
		const policy = spec.autoscaler?.policy;
		this.#ttft = policy?.kind === "sla" ? new LatencyHistogram() : undefined;
	}

	sort(): void {
		this.routable = this.replicas.filter(({ state }) => state === "ready");
		this.mostServing = Math.max(this.mostServing, this.routable.length);
	}

	countOf(state: Replica["state"]): number {
		return this.replicas.filter((replica) => replica.state === state).length;
	}

	sawArrival(input: number, output: number): void {
		this.#arrived++;
		this.#input += input;
		this.#output += output;
	}

	sawCached(tokens: number): void {
		this.#cached += tokens;
	}

	sawFirstToken(seconds: number): void {
		this.#ttft?.add(seconds);
	}

	/** How many replicas to add (or, negative, to take away) at `now`; begins a new interval. */
	decide(now: number): number {
		const scaler = this.spec.autoscaler;
		if (scaler === undefined) return 0;
		const seen = this.#observe(now, scaler.policy.kind === "sla" ? scaler.policy.percentile : undefined);
		const change = wantedReplicas(this.spec, scaler, seen) - seen.ready - seen.starting;
		if (change >= 0) {
			this.#fewerSince = Number.NaN;
			return change;
		}
		if (Number.isNaN(this.#fewerSince)) this.#fewerSince = now;
		if (now - this.#fewerSince < scaler.patienceSeconds) return 0;
		return change;
	}

	#observe(now: number, percentile: number | undefined): PoolObservation {
		const seconds = now - this.#since;
		let busy = 0;
		let paid = 0;
		let inFlight = 0;
		for (const replica of this.replicas) {
			busy += replica.books.busyUntil(now);
			paid += replica.books.readyUntil(now);
			inFlight += replica.inFlight;
		}
		const ready = paid - this.#ready;
		const ttft = this.#ttft;
		const seen: PoolObservation = {
			now,
			seconds,
			arrived: this.#arrived,
			arrivedBefore: this.#arrivedBefore,
			meanInput: this.#arrived === 0 ? 0 : this.#input / this.#arrived,
			meanOutput: this.#arrived === 0 ? 0 : this.#output / this.#arrived,
			cachedShare: this.#input === 0 ? 0 : Math.min(1, this.#cached / this.#input),
			inFlight,
			ready: this.routable.length,
			starting: this.countOf("starting"),
			busyShare: ready > 0 ? (busy - this.#busy) / ready : 0,
			ttft: ttft === undefined || percentile === undefined || ttft.count === 0 ? undefined : ttft.quantile(percentile),
		};
		this.#arrivedBefore = this.#arrived;
		this.#arrived = 0;
		this.#input = 0;
		this.#cached = 0;
		this.#output = 0;
		this.#since = now;
		this.#busy = busy;
		this.#ready = paid;
		ttft?.clear();
		return seen;
	}
}
