/**
 * When requests come. A stream of unit rate (Poisson, Gamma with more or less spread, or one that switches between a quiet
 * and a busy state) is stretched over time by the rate of the hour: mean rate × profile of the day or week × growth. With
 * a rate that is constant within an hour the stretching is exact.
 */
import { pow } from "../numerics/elementary.ts";
import { Draws } from "./draws.ts";

export type ArrivalKind =
	| { readonly kind: "even" }
	| { readonly kind: "poisson" }
	/** Gaps with this coefficient of variation: 1 is Poisson, above it requests come in clusters. */
	| { readonly kind: "gamma"; readonly variation: number }
	/** Two states: `busyRate` times the mean rate in one, what is left in the other. */
	| {
			readonly kind: "mmpp";
			readonly busyRate: number;
			/** Share of the time that is busy, and how long it is at a stretch on average. */
			readonly busyShare: number;
			readonly busySeconds: number;
	  };

export interface ArrivalSpec {
	readonly process: ArrivalKind;
	/** Mean over the profile, before growth. */
	readonly requestsPerSecond: number;
	/** Rate of each hour over the mean: 24 for a day, 168 for a week; none: the same at all times. */
	readonly hourly?: readonly number[];
	/** Hour of the profile at which the run starts. */
	readonly startHour?: number;
	/** Factor by which the rate grows in a day. */
	readonly growthPerDay?: number;
}

export interface Arrivals {
	/** Time of the next arrival, seconds from the start. */
	next(): number;
}

/** Requests end where the rate has died away: {@link Arrivals.next} is then Infinity. */
export function arrivals(spec: ArrivalSpec, seed: number): Arrivals {
	const gaps = unitGaps(spec.process, seed);
	const clock = new RateClock(spec, pacesOf(spec.process, seed));
	return { next: () => clock.after(gaps()) };
}

/** Mean rate of a stretch from the start, with profile and growth. */
export function meanRate(spec: ArrivalSpec, seconds: number): number {
	let expected = 0;
	for (let hour = 0; hour * HOUR < seconds; hour++) {
		expected += rateOfHour(spec, hour) * Math.min(HOUR, seconds - hour * HOUR);
	}
	return expected / seconds;
}

const HOUR = 3600;
/** A request that would come later than this never comes. */
const LATEST = 100 * 365.25 * 24 * HOUR;

/** Virtual time in which requests come at rate 1, read off against seconds. */
class RateClock {
	readonly #spec: ArrivalSpec;
	readonly #paces: Paces | undefined;
	#hour = 0;
	#hourEnd: number;
	#rate: number;
	#time = 0;

	constructor(spec: ArrivalSpec, paces: Paces | undefined) {
		this.#spec = spec;
		this.#paces = paces;
		this.#rate = rateOfHour(spec, 0);
		const isFlat = spec.hourly === undefined && spec.growthPerDay === undefined;
		this.#hourEnd = isFlat ? Number.POSITIVE_INFINITY : HOUR;
	}

	after(gap: number): number {
		let left = gap;
		const paces = this.#paces;
		while (this.#time < LATEST) {
			const rate = paces === undefined ? this.#rate : this.#rate * paces.pace;
			const end = paces === undefined ? this.#hourEnd : Math.min(this.#hourEnd, paces.until);
			const fits = (end - this.#time) * rate;
			if (left < fits) {
				this.#time += left / rate;
				return this.#time;
			}
			left -= fits;
			this.#time = end;
			if (end === this.#hourEnd) this.#nextHour();
			if (end === paces?.until) paces.next();
		}
		return Number.POSITIVE_INFINITY;
	}

	#nextHour(): void {
		this.#hour++;
		this.#hourEnd += HOUR;
		this.#rate = rateOfHour(this.#spec, this.#hour);
	}
}

function rateOfHour(spec: ArrivalSpec, hour: number): number {
	const { hourly, startHour = 0, growthPerDay = 1, requestsPerSecond } = spec;
	const share = hourly === undefined ? 1 : (hourly[(hour + startHour) % hourly.length] as number);
	return requestsPerSecond * share * (growthPerDay === 1 ? 1 : pow(growthPerDay, (hour + 0.5) / 24));
}

/** Gaps of a stream whose mean rate is 1; what switches has its paces in the clock. */
function unitGaps(process: ArrivalKind, seed: number): () => number {
	const draws = new Draws(seed, "arrivals");
	switch (process.kind) {
		case "even":
			return () => 1;
		case "poisson":
		case "mmpp":
			return () => draws.exponential();
		case "gamma":
			return () => draws.gamma(process.variation);
	}
}

/** How fast requests come over the rate of the hour, until a time. */
interface Paces {
	readonly pace: number;
	readonly until: number;
	next(): void;
}

/** Busy and quiet in turn, each for an exponential time; busy at the start as often as ever. */
function pacesOf(process: ArrivalKind, seed: number): Paces | undefined {
	if (process.kind !== "mmpp") return undefined;
	const { busyRate, busyShare, busySeconds } = process;
	const states = new Draws(seed, "busy and quiet");
	const quietRate = (1 - busyRate * busyShare) / (1 - busyShare);
	const quietSeconds = (busySeconds * (1 - busyShare)) / busyShare;
	let isBusy = states.uniform() < busyShare;
	let until = states.exponential() * (isBusy ? busySeconds : quietSeconds);
	return {
		get pace() {
			return isBusy ? busyRate : quietRate;
		},
		get until() {
			return until;
		},
		next() {
			isBusy = !isBusy;
			until += states.exponential() * (isBusy ? busySeconds : quietSeconds);
		},
	};
}
