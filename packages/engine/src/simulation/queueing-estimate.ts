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

/** The fewest replicas, at least one. */
export function replicasForWait(question: QueueingQuestion): number {
	const { requestsPerSecond, replicaRequestsPerSecond: each } = question;
	let replicas = Math.max(1, Math.ceil(requestsPerSecond / each - 1e-9));
	while (waitExceedance(question, replicas) > question.mayExceed) replicas++;
	return replicas;
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

/** Chance of waiting in M/M/c with c servers and a offered load, by the recursion of Erlang's B. */
export function erlangC(servers: number, offered: number): number {
	let blocked = 1;
	for (let n = 1; n <= servers; n++) blocked = (offered * blocked) / (n + offered * blocked);
	return (servers * blocked) / (servers - offered * (1 - blocked));
}
