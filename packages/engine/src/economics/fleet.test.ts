import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fact } from "../../test-support/point-fact.ts";
import { bridge } from "../model/bridge.ts";
import { evaluate, scalarOf } from "../model/evaluate.ts";
import type { Model } from "../model/flatten.ts";
import { buildModel } from "../model/flatten.ts";
import { quantityJson } from "../model/quantity-json.ts";
import {
	fraction,
	gpu,
	one,
	replica,
	tokensPerDay,
	tokensPerGpuSecond,
	usdPerGpuHour,
	usdPerMtok,
} from "../quantity/unit.ts";
import { fleetAtStatedLoad, gpusPerReplica, sizedFleet } from "./fleet.ts";
import { headlineCost } from "./unit-cost.ts";

interface Deployment {
	/** tok/s/GPU, GPUs a replica, USD/GPU-hr. */
	readonly speed: number;
	readonly size: number;
	readonly rate: number;
}

interface Question {
	readonly tokensPerDay: number;
	readonly peak: number;
	readonly availability: number;
	readonly whole: boolean;
	readonly spare: number;
	/** GPUs of a host; undefined: single GPUs. */
	readonly host?: number | undefined;
	/** Present: traffic is stated. */
	readonly headroom?: number;
	readonly failureSpares?: number;
}

const usual = { peak: 2, availability: 1, whole: true, spare: 1 };

describe("sizedFleet", () => {
	// DeepSeek-R1, 8k in and 1k out, at 50 tok/s/user or more; peak twice the mean, N+1, neocloud tier of July 2026.
	it.each<[string, Deployment, number, readonly number[]]>([
		["H200 TP8", { speed: 932.9, size: 8, rate: 1.59 }, 0.473, [1.526, 1.038, 1.007, 0.959, 0.952]],
		["MI355X TP8", { speed: 2249, size: 8, rate: 2.09 }, 0.258, [1.204, 0.642, 0.562, 0.53, 0.522]],
		["B200 TP4", { speed: 2497.2, size: 4, rate: 2.07 }, 0.23, [0.795, 0.517, 0.497, 0.465, 0.463]],
		["B200 4+8", { speed: 3131.8, size: 12, rate: 2.07 }, 0.184, [1.192, 0.596, 0.477, 0.382, 0.376]],
		["B200 20+16", { speed: 9510.7, size: 36, rate: 2.07 }, 0.06, [3.577, 0.715, 0.358, 0.179, 0.143]],
		["GB300 26+16", { speed: 14_550.9, size: 42, rate: 2.79 }, 0.053, [5.625, 1.125, 0.562, 0.169, 0.141]],
	])(
		"gives the published delivered cost at 1, 5, 10, 50 and 100 billion tokens a day: %s",
		(_, of, headline, costs) => {
			const delivered = [1e9, 5e9, 1e10, 5e10, 1e11].map((volume) => sized(of, { ...usual, tokensPerDay: volume }));
			expect(delivered.map(({ cost }) => Math.round(cost * 1000) / 1000)).toEqual(costs);
			for (const each of delivered) expect(each.headline).toBeCloseTo(headline, 3);
		},
	);

	it("needs 12 replicas and a spare of B200 TP4 at five billion tokens a day, 45% used", () => {
		const { replicas, gpus, utilisation } = sized(
			{ speed: 2497.2, size: 4, rate: 2.07 },
			{ ...usual, tokensPerDay: 5e9 },
		);
		expect(replicas).toBe(13);
		expect(gpus).toBe(52);
		expect(utilisation).toBeCloseTo(0.4457, 4);
	});

	it("under traffic has headroom, and the spares that failures ask for, of which N+1 is the first", () => {
		const at = (headroom: number, failureSpares: number, spare: number): Sized =>
			sized({ speed: 2497.2, size: 4, rate: 2.07 }, { ...usual, spare, tokensPerDay: 5e9, headroom, failureSpares });
		// 11.59 replicas for throughput, 13.09 with an eighth and a bit more for the limits.
		expect(at(1.13, 0, 0).replicas).toBe(14);
		expect(at(1.13, 1, 1).replicas).toBe(15);
		expect(at(1.13, 3, 1).replicas).toBe(17);
		expect(at(1, 0, 1).cost).toBe(sized({ speed: 2497.2, size: 4, rate: 2.07 }, { ...usual, tokensPerDay: 5e9 }).cost);
	});

	it("agrees with plain arithmetic", () => {
		fc.assert(
			fc.property(deployments, questions, (of, question) => {
				const found = sized(of, question);
				const plain = byHand(of, question);
				for (const key of ["replicas", "gpus", "utilisation", "cost", "headline"] as const) {
					expect(found[key] / plain[key]).toBeCloseTo(1, 10);
				}
			}),
			{ seed: 1, numRuns: 300 },
		);
	});

	it("never delivers below the headline where there is a peak, and then utilisation is headline over delivered", () => {
		fc.assert(
			fc.property(deployments, questions, (of, question) => {
				const { cost, headline, utilisation } = sized(of, question);
				expect(cost).toBeGreaterThanOrEqual(headline * (1 - 1e-9));
				expect(utilisation).toBeCloseTo(headline / cost, 10);
			}),
			{ seed: 2, numRuns: 300 },
		);
	});

	it("never needs fewer replicas or GPUs for more demand, a higher peak or less availability", () => {
		const harder = fc.double({ min: 1, max: 20, noNaN: true });
		fc.assert(
			fc.property(deployments, questions, harder, (of, question, by) => {
				const before = sized(of, question);
				for (const more of [
					{ ...question, tokensPerDay: question.tokensPerDay * by },
					{ ...question, peak: question.peak * by },
					{ ...question, availability: question.availability / by },
					{ ...question, spare: question.spare + 1 },
				]) {
					const after = sized(of, more);
					expect(after.replicas).toBeGreaterThanOrEqual(before.replicas);
					expect(after.gpus).toBeGreaterThanOrEqual(before.gpus);
				}
			}),
			{ seed: 3, numRuns: 100 },
		);
	});

	it("buys whole replicas and whole hosts, and forgives a last digit", () => {
		const of = { speed: 1000, size: 8, rate: 2 };
		const perReplica = 1000 * 8 * 86_400;
		const alone = { peak: 1, availability: 1, whole: true, spare: 0 };
		expect(sized(of, { ...alone, tokensPerDay: 3 * perReplica }).replicas).toBe(3);
		expect(sized(of, { ...alone, tokensPerDay: 3 * perReplica * (1 + 1e-10) }).replicas).toBe(3);
		expect(sized(of, { ...alone, tokensPerDay: 3 * perReplica * (1 + 1e-8) }).replicas).toBe(4);
		expect(sized(of, { ...alone, tokensPerDay: 3 * perReplica, host: 72 }).gpus).toBe(72);
		expect(sized(of, { ...alone, tokensPerDay: 10 * perReplica, host: 72 }).gpus).toBe(144);
		expect(sized(of, { ...alone, tokensPerDay: 9 * perReplica, host: 72 }).gpus).toBe(72);
		expect(sized(of, { ...alone, whole: false, tokensPerDay: 2.5 * perReplica }).gpus).toBe(20);
	});

	it("is the headline where every step is switched off", () => {
		fc.assert(
			fc.property(deployments, questions, (of, question) => {
				const off = { ...question, peak: 1, availability: 1, whole: false, spare: 0, host: undefined };
				const { cost, headline, utilisation } = sized(of, off);
				expect(cost / headline).toBeCloseTo(1, 12);
				expect(utilisation).toBeCloseTo(1, 12);
			}),
			{ seed: 4 },
		);
	});

	it("is bridged from the headline by steps that add up to the last bit", () => {
		const all = [
			["peak", "peak", 1],
			["availability", "availability", 1],
			["whole replicas", "whole", 0],
			["N+1", "spare", 0],
			["whole hosts", "hosts", 0],
		] as const;
		fc.assert(
			fc.property(deployments, questions, (of, question) => {
				const model = modelOf(of, question);
				const planned = (id: string): number => scalarOf(evaluate(model), id);
				const steps = all.map(([cause, id]) => ({ cause, inputs: new Map([[id, planned(id)]]) }));
				const from = new Map(all.map(([, id, off]) => [id, off]));
				const found = bridge(model, { output: "x.unit_cost.delivered.total", from, steps, method: "ordered" });
				const factor = usdPerMtok("total").factor;
				expect(found.from / factor / sized(of, question).headline).toBeCloseTo(1, 12);
				expect(found.causes.reduce((sum, { delta }) => sum + delta, found.from)).toBe(found.to);
				expect(found.to / factor / sized(of, question).cost).toBeCloseTo(1, 12);
				for (const { cause, delta } of found.causes) {
					if (cause !== "rounding") expect(delta / found.to).toBeGreaterThan(-1e-9);
				}
			}),
			{ seed: 5, numRuns: 200 },
		);
	});

	it("marks the delivered cost as such, by total tokens", () => {
		const model = modelOf({ speed: 1000, size: 8, rate: 2 }, { ...usual, tokensPerDay: 1e9 });
		const json = quantityJson(evaluate(model), "x.unit_cost.delivered.total");
		expect(json).toMatchObject({ unit: "USD/Mtok", tokens: "total", basis: "delivered" });
	});
});

describe("fleetAtStatedLoad", () => {
	it("takes the GPUs that the stated load needs, in parts of a replica if need be", () => {
		fc.assert(
			fc.property(
				deployments,
				fc.double({ min: 0.01, max: 1, noNaN: true }),
				positive(1e6, 1e12),
				(of, load, volume) => {
					const stated = fact("load", fraction, load);
					const fleet = fleetAtStatedLoad("x.", deployed(of, volume), stated);
					const headline = headlineCost("headline", "total", deployed(of, volume).rate, deployed(of, volume).speed);
					const value = evaluate(
						buildModel([fleet.delivered, fleet.utilisation, fleet.replicas, fleet.gpus, headline]),
					);
					expect(scalarOf(value, "x.utilisation")).toBeCloseTo(load, 12);
					expect((scalarOf(value, "x.unit_cost.delivered.total") * load) / scalarOf(value, "headline")).toBeCloseTo(
						1,
						12,
					);
					expect((scalarOf(value, "x.gpus") * of.speed * load * 86_400) / volume).toBeCloseTo(1, 12);
					expect(scalarOf(value, "x.replicas") * of.size).toBeCloseTo(scalarOf(value, "x.gpus"), 6);
				},
			),
			{ seed: 6 },
		);
	});
});

const positive = (min: number, max: number): fc.Arbitrary<number> => fc.double({ min, max, noNaN: true });
const deployments: fc.Arbitrary<Deployment> = fc.record({
	speed: positive(10, 60_000),
	size: fc.integer({ min: 1, max: 144 }),
	rate: positive(0.1, 20),
});
const questions: fc.Arbitrary<Question> = fc.record({
	tokensPerDay: positive(1e6, 1e12),
	peak: positive(1, 10),
	availability: positive(0.5, 1),
	whole: fc.boolean(),
	spare: fc.integer({ min: 0, max: 3 }),
	host: fc.constantFrom(undefined, 4, 8, 72),
});

interface Sized {
	readonly replicas: number;
	readonly gpus: number;
	readonly utilisation: number;
	/** USD per million tokens. */
	readonly cost: number;
	readonly headline: number;
}

function sized(of: Deployment, question: Question): Sized {
	const evaluation = evaluate(modelOf(of, question));
	const value = (id: string): number => scalarOf(evaluation, id);
	const factor = usdPerMtok("total").factor;
	return {
		replicas: value("x.replicas"),
		gpus: value("x.gpus"),
		utilisation: value("x.utilisation"),
		cost: value("x.unit_cost.delivered.total") / factor,
		headline: value("headline") / factor,
	};
}

function modelOf(of: Deployment, question: Question): Model {
	const { tokensPerDay: volume, peak, availability, whole, spare, host, headroom, failureSpares } = question;
	const common = deployed(of, volume);
	const fleet = sizedFleet("x.", {
		...common,
		sizing: {
			peakToMean: fact("peak", one, peak),
			availability: fact("availability", fraction, availability),
			wholeReplicas: fact("whole", one, whole ? 1 : 0),
			spareReplicas: fact("spare", replica, spare),
			wholeHosts: fact("hosts", one, host === undefined ? 0 : 1),
			hostSize: fact("host", gpu, host ?? 1),
			...(headroom === undefined
				? {}
				: {
						traffic: {
							headroom: fact("headroom", one, headroom),
							failureSpares: fact("failure_spares", replica, failureSpares ?? 0),
							paidShare: fact("paid", one, 1),
						},
					}),
		},
	});
	const headline = headlineCost("headline", "total", common.rate, common.speed);
	return buildModel([fleet.delivered, fleet.utilisation, fleet.replicas, fleet.gpus, headline]);
}

function deployed(of: Deployment, volume: number) {
	return {
		demand: fact("demand", tokensPerDay("total"), volume),
		speed: fact("speed", tokensPerGpuSecond("total"), of.speed),
		replicaSize: fact("size", gpusPerReplica, of.size),
		rate: fact("rate", usdPerGpuHour, of.rate),
	};
}

function byHand(of: Deployment, question: Question): Sized {
	const perSecond = question.tokensPerDay / 86_400;
	const needed = (question.peak * perSecond) / (of.speed * of.size * question.availability);
	const replicas = (question.whole ? up(needed) : needed) + question.spare;
	const gpus =
		question.host === undefined ? replicas * of.size : up((replicas * of.size) / question.host) * question.host;
	return {
		replicas,
		gpus,
		utilisation: perSecond / (gpus * of.speed),
		cost: (gpus * of.rate * 24) / (question.tokensPerDay / 1e6),
		headline: (of.rate / (of.speed * 3600)) * 1e6,
	};
}

function up(x: number): number {
	const nearest = Math.round(x);
	return Math.abs(x - nearest) <= 1e-9 * x ? nearest : Math.ceil(x);
}
