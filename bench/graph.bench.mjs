// Draws of the delivered cost of a fleet through the graph, against the same formula written by hand over plain numbers
// with the same draws. The ratio is the price of having one formula for number, tree, bridge and draws.
import {
	buildModel,
	fraction,
	gpu,
	gpusPerReplica,
	input,
	one,
	quantileFunction,
	ratio,
	replica,
	sample,
	sizedFleet,
	tokensPerDay,
	tokensPerGpuSecond,
	uniformStream,
	usdPerGpuHour,
} from "@farthing/engine";

const DRAWS = 100_000;
const ROUNDS = 7;
const facts = { source: "bench", asOf: "2026-11-22", grade: "E" };
const point = (id, unit, value) =>
	input(id, unit, { ...facts, label: id, value: { kind: "point", value: value * unit.factor } });
const range = (id, unit, p5, p95) =>
	input(id, unit, { ...facts, label: id, value: { kind: "lognormal", p5: p5 * unit.factor, p95: p95 * unit.factor } });

const demand = range("demand", tokensPerDay("total"), 3e9, 8e9);
const rate = range("rate", usdPerGpuHour, 1.85, 2.6);
const fleet = sizedFleet("", {
	demand,
	rate,
	speed: point("speed", tokensPerGpuSecond("total"), 2497.2),
	replicaSize: point("size", gpusPerReplica, 4),
	sizing: {
		peakToMean: point("peak", ratio, 2),
		availability: point("availability", fraction, 1),
		wholeReplicas: point("whole", one, 1),
		spareReplicas: point("spare", replica, 1),
		wholeHosts: point("hosts", one, 0),
		hostSize: point("host", gpu, 8),
	},
});
const model = buildModel([fleet.delivered]);
const output = "unit_cost.delivered.total";

function byGraph() {
	return sample(model, { draws: DRAWS, seed: 7, keep: [output] }).values.get(output);
}

function byHand() {
	const out = new Float64Array(DRAWS);
	const demands = uniformStream(7, "demand");
	const rates = uniformStream(7, "rate");
	const demandAt = quantileFunction(demand.data.spec.value);
	const rateAt = quantileFunction(rate.data.spec.value);
	for (let i = 0; i < DRAWS; i++) {
		const d = demandAt(demands.next());
		const needed = (d * 2) / (2497.2 * 4 * 1);
		const replicas = Math.ceil(needed - 1e-9 * needed) + 1;
		out[i] = (replicas * 4 * rateAt(rates.next())) / d;
	}
	return out;
}

const graph = byGraph();
const hand = byHand();
const apart = hand.reduce((worst, value, i) => Math.max(worst, Math.abs(value / graph[i] - 1)), 0);
if (!(apart < 1e-12)) throw new Error(`graph and hand differ by ${apart}`);

const times = { graph: [], hand: [] };
for (let round = 0; round < ROUNDS; round++) {
	for (const [name, work] of [
		["graph", byGraph],
		["hand", byHand],
	]) {
		const start = performance.now();
		work();
		times[name].push(performance.now() - start);
	}
}
const median = (values) => values.sort((a, b) => a - b)[values.length >> 1];
const [g, h] = [median(times.graph), median(times.hand)];
console.log(
	`${DRAWS} draws, ${model.nodes.length} nodes: graph ${g.toFixed(1)} ms, by hand ${h.toFixed(1)} ms, ratio ${(g / h).toFixed(2)}; values agree to ${apart.toExponential(1)}`,
);
