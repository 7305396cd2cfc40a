import { expect, it } from "vitest";
import type { QueueingQuestion } from "./queueing-estimate.ts";
import { erlangC, replicasForWait, waitExceedance } from "./queueing-estimate.ts";

it("gives Erlang's C: ρ for one server, 8/15 for two at a load of 4/3", () => {
	expect(erlangC(1, 0.7)).toBeCloseTo(0.7, 12);
	// C(2, a) = (a²/2)·2/(2 − a) over 1 + a + that, at a = 4/3: (8/3) / (5).
	expect(erlangC(2, 4 / 3)).toBeCloseTo(8 / 15, 12);
});

it("is the recursion of Erlang's B, term by term, up to fleets of any size", () => {
	const recursive = (servers: number, offered: number): number => {
		let blocked = 1;
		for (let n = 1; n <= servers; n++) blocked = (offered * blocked) / (n + offered * blocked);
		return (servers * blocked) / (servers - offered * (1 - blocked));
	};
	for (const [servers, share] of [
		[10, 0.3],
		[10, 0.95],
		[640, 0.99],
		[50_000, 0.9],
		[50_000, 0.998],
	] as const) {
		expect(erlangC(servers, servers * share)).toBeCloseTo(recursive(servers, servers * share), 10);
	}
	expect(erlangC(10, 0)).toBe(0);
});

it("finds the fewest from wherever the search starts", () => {
	const large = { ...question, requestsPerSecond: 900, places: 8 };
	const fewest = replicasForWait(large);
	expect(waitExceedance(large, fewest)).toBeLessThanOrEqual(0.01);
	expect(waitExceedance(large, fewest - 1)).toBeGreaterThan(0.01);
	expect(replicasForWait(large, fewest - 3)).toBe(fewest);
});

const question: QueueingQuestion = {
	requestsPerSecond: 10,
	replicaRequestsPerSecond: 1,
	places: 1,
	waitSeconds: 0.5,
	mayExceed: 0.01,
	arrivalVariation: 1,
	serviceVariation: 1,
};

it("needs more replicas for shorter waits, for bursts, and never fewer than the load does", () => {
	const plain = replicasForWait(question);
	expect(plain).toBeGreaterThan(10);
	expect(replicasForWait({ ...question, waitSeconds: 0.05 })).toBeGreaterThan(plain);
	expect(replicasForWait({ ...question, arrivalVariation: 4 })).toBeGreaterThan(plain);
	expect(waitExceedance(question, plain)).toBeLessThanOrEqual(0.01);
	expect(waitExceedance(question, plain - 1)).toBeGreaterThan(0.01);
});

it("is M/M/1's own tail with one server: P(W > w) = ρ·exp(−(μ − λ)w)", () => {
	const one = { ...question, requestsPerSecond: 0.5, waitSeconds: 2 };
	expect(waitExceedance(one, 1)).toBeCloseTo(0.5 * Math.exp(-0.5 * 2), 12);
});
