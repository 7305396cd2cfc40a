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

export function arrivals(spec: ArrivalSpec, seed: number): Arrivals {
	const gaps = unitGaps(spec.process, seed, spec.requestsPerSecond);
	const clock = new RateClock(spec);
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

/** Virtual time in which requests come at rate 1, read off against seconds. */
class RateClock {
	readonly #spec: ArrivalSpec;
	#hour = 0;
	#rate: number;
	#time = 0;

	constructor(spec: ArrivalSpec) {
		this.#spec = spec;
		this.#rate = rateOfHour(spec, 0);
	}

	after(gap: number): number {
		let left = gap;
		const isFlat = this.#spec.hourly === undefined && this.#spec.growthPerDay === undefined;
		if (isFlat) {
			this.#time += left / this.#rate;
			return this.#time;
		}
		for (;;) {
			const end = (this.#hour + 1) * HOUR;
			const fits = (end - this.#time) * this.#rate;
			if (left < fits) {
				this.#time += left / this.#rate;
				return this.#time;
			}
			left -= fits;
			this.#time = end;
			this.#hour++;
			this.#rate = rateOfHour(this.#spec, this.#hour);
		}
	}
}

function rateOfHour(spec: ArrivalSpec, hour: number): number {
	const { hourly, startHour = 0, growthPerDay = 1, requestsPerSecond } = spec;
	const share = hourly === undefined ? 1 : (hourly[(hour + startHour) % hourly.length] as number);
	return requestsPerSecond * share * (growthPerDay === 1 ? 1 : pow(growthPerDay, (hour + 0.5) / 24));
}

/** Gaps of a stream whose mean rate is 1. */
function unitGaps(process: ArrivalKind, seed: number, rate: number): () => number {
	const draws = new Draws(seed, "arrivals");
	switch (process.kind) {
		case "even":
			return () => 1;
		case "poisson":
			return () => draws.exponential();
		case "gamma":
			return () => draws.gamma(process.variation);
		case "mmpp":
			return switchedGaps(process, draws, new Draws(seed, "busy and quiet"), rate);
	}
}

/** States switch in the stretched time, so that a busy stretch holds as many requests at any hour. */
function switchedGaps(
	process: Extract<ArrivalKind, { kind: "mmpp" }>,
	draws: Draws,
	states: Draws,
	rate: number,
): () => number {
	const { busyRate, busyShare, busySeconds } = process;
	const quietRate = (1 - busyRate * busyShare) / (1 - busyShare);
	const busyLength = busySeconds * rate;
	const quietLength = (busyLength * (1 - busyShare)) / busyShare;
	let isBusy = false;
	let left = states.exponential() * quietLength;
	return () => {
		let gap = 0;
		let needed = draws.exponential();
		for (;;) {
			const pace = isBusy ? busyRate : quietRate;
			if (needed <= left * pace) {
				left -= needed / pace;
				return gap + needed / pace;
			}
			needed -= left * pace;
			gap += left;
			isBusy = !isBusy;
			left = states.exponential() * (isBusy ? busyLength : quietLength);
		}
	};
}
