/**
 * How many replicas keep a limit on waiting: the replicas' places in a batch as the c servers of one queue, Erlang's C for the
 * chance of waiting, and its exponential tail with the variability of arrivals and services in the exponent (Allen-Cunneen,
 * Kingman): P(W > w) = C(c, a)·exp(−2(c − a)·w / (S·(ca² + cs²))). An estimate to start a simulation from, not an answer.
 */
import { exp } from "../numerics/elementary.ts";

export interface QueueingQuestion {
	readonly requestsPerSecond: number;
	/** What one replica answers at its full batch. */
	readonly replicaRequestsPerSecond: number;
	/** Places in its batch. */
	readonly places: number;
	/** The longest wait, and the share of requests that may exceed it. */
	readonly waitSeconds: number;
	readonly mayExceed: number;
	/** Coefficients of variation of gaps and of services. */
	readonly arrivalVariation: number;
	readonly serviceVariation: number;
}

/** The fewest replicas, at least one and at least `from`, which the caller knows to be too few or just enough. */
export function replicasForWait(question: QueueingQuestion, from = 1): number {
	const { requestsPerSecond, replicaRequestsPerSecond: each } = question;
	const keeps = (replicas: number): boolean => waitExceedance(question, replicas) <= question.mayExceed;
	let low = Math.max(1, from, Math.ceil(requestsPerSecond / each - 1e-9));
	if (keeps(low)) return low;
	let step = 1;
	while (!keeps(low + step)) {
		low += step;
		step *= 2;
	}
	let high = low + step;
	while (high - low > 1) {
		const middle = (low + high) >> 1;
		if (keeps(middle)) high = middle;
		else low = middle;
	}
	return high;
}

/** Share of the requests that wait longer than the limit; 1 where the replicas cannot keep up. */
export function waitExceedance(question: QueueingQuestion, replicas: number): number {
	const { requestsPerSecond, replicaRequestsPerSecond: each, places, waitSeconds } = question;
	const service = places / each;
	const offered = requestsPerSecond * service;
	const servers = replicas * places;
	if (offered >= servers) return 1;
	const { arrivalVariation: ca, serviceVariation: cs } = question;
	const spread = Math.max(0.05, (ca * ca + cs * cs) / 2);
	return erlangC(servers, offered) * exp((-(servers - offered) * waitSeconds) / (service * spread));
}

/**
 * Chance of waiting in M/M/c with c servers and a offered load. Erlang's B is 1 ÷ Σⱼ c·(c − 1)···(c − j + 1) ÷ aʲ, whose terms
 * rise up to j = c − a and then fall; the sum ends where they no longer count, or where B is as good as nothing.
 */
export function erlangC(servers: number, offered: number): number {
	if (offered === 0) return 0;
	let term = 1;
	let sum = 1;
	for (let j = 0; j < servers && (term > sum * 1e-17 || servers - j > offered) && sum < 1e300; j++) {
		term *= (servers - j) / offered;
		sum += term;
	}
	const blocked = 1 / sum;
	return (servers * blocked) / (servers - offered * (1 - blocked));
}
