/**
 * A made-up month of a fleet: what was served, who held which GPU, and the bill, as records, all drawn from one seed. The
 * truth is kept beside it: what the bill adds up to by currency, and who kept which GPUs at work for how long.
 */
import type { BusyLaw, BusyRun, UniformStream } from "@farthing/engine";
import { alikeWork, busyTime, uniformStream } from "@farthing/engine";
import type { ExchangeRate } from "../src/currency/exchange.ts";
import type { CapacitySample } from "../src/records/capacity.ts";
import type { ChargeRecord } from "../src/records/charge.ts";
import type { Amount } from "../src/records/money.ts";
import type { Count, GpuMicros, Instant, Millijoules, TokenCount } from "../src/records/units.ts";
import { MICROS_PER_DAY, MICROS_PER_HOUR, parseInstant } from "../src/records/units.ts";
import type { UsageRecord } from "../src/records/usage.ts";
import { billOf } from "./fleet-bill.ts";
import type { FleetPart, FleetShape, FleetWindow } from "./fleet-shape.ts";
import { nodesOf } from "./fleet-shape.ts";

export interface FleetMonth {
	readonly shape: FleetShape;
	readonly window: FleetWindow;
	readonly usage: readonly UsageRecord[];
	readonly capacity: readonly CapacitySample[];
	readonly charges: readonly ChargeRecord[];
	readonly rates: readonly ExchangeRate[];
	readonly calibrations: readonly { readonly model: string; readonly runs: readonly BusyRun[] }[];
	readonly truth: {
		/** Sums of the bill in billionths, by currency. */
		readonly billed: ReadonlyMap<string, bigint>;
		readonly effective: ReadonlyMap<string, bigint>;
		/** GPU-seconds at work by `deployment team`; no team where no gateway logged it. */
		readonly busy: ReadonlyMap<string, number>;
		readonly held: ReadonlyMap<string, number>;
	};
}

export const TEAMS: readonly string[] = ["ads", "assistant", "research", "search", "support", "translation"];

/** Three models on nodes rented by the hour, reserved for a term, and owned; two currencies. */
export const THREE_MODELS: readonly FleetPart[] = [
	{
		model: "llama-3.3-70b",
		deployment: "chat",
		hardware: "h100-sxm",
		basis: "on_demand",
		currency: "USD",
		nodes: 2,
		centsPerHour: [2359, 1983],
		load: 0.38,
		inputTokens: 1800,
		outputTokens: 350,
		cachedShare: 0.4,
		law: lawOf(60e-6, 700e-6, 20e-9),
	},
	{
		model: "deepseek-r1",
		deployment: "reasoning",
		hardware: "h200-sxm",
		basis: "reserved",
		currency: "USD",
		nodes: 2,
		centsPerHour: [2190, 2190],
		load: 0.55,
		inputTokens: 2400,
		outputTokens: 3200,
		cachedShare: 0.2,
		law: lawOf(50e-6, 520e-6, 9e-9),
	},
	{
		model: "gpt-oss-120b",
		deployment: "agents",
		hardware: "b200-sxm",
		basis: "owned",
		currency: "EUR",
		nodes: 1,
		centsPerHour: [1604, 1604],
		load: 0.71,
		inputTokens: 12_000,
		outputTokens: 420,
		cachedShare: 0.8,
		law: lawOf(9e-6, 95e-6, 4e-9),
	},
];

export const OCTOBER: FleetShape = {
	seed: 1,
	start: "2026-10-01",
	days: 31,
	stepHours: 6,
	gpusPerNode: 8,
	teams: TEAMS,
	fleets: THREE_MODELS,
	unlogged: 0.015,
};

export function fleetMonth(shape: FleetShape): FleetMonth {
	const from = parseInstant(`${shape.start}T00:00:00Z`) as Instant;
	const window = { from, to: (from + shape.days * MICROS_PER_DAY) as Instant };
	const stream = uniformStream(shape.seed, "fleet month");
	const draft: Draft = { shape, window, stream, usage: [], capacity: [], busy: new Map(), held: new Map() };
	for (const part of shape.fleets) addPart(part, draft);
	const charges = billOf(shape, window);
	return {
		shape,
		window,
		usage: draft.usage,
		capacity: draft.capacity,
		charges,
		rates: ratesOf(shape, window),
		calibrations: shape.fleets.map(({ model, law }) => ({ model, runs: saturatedRunsOf(law) })),
		truth: {
			billed: sums(charges, ({ billed_cost }) => billed_cost),
			effective: sums(charges, ({ effective_cost }) => effective_cost),
			busy: draft.busy,
			held: draft.held,
		},
	};
}

interface Draft {
	readonly shape: FleetShape;
	readonly window: FleetWindow;
	readonly stream: UniformStream;
	readonly usage: UsageRecord[];
	readonly capacity: CapacitySample[];
	readonly busy: Map<string, number>;
	readonly held: Map<string, number>;
}

interface Step extends FleetWindow {
	readonly hours: number;
}

function stepsOf({ shape: { days, stepHours }, window: { from } }: Draft): Step[] {
	const count = Math.round((days * 24) / stepHours);
	return Array.from({ length: count }, (_, i) => ({
		from: (from + i * stepHours * MICROS_PER_HOUR) as Instant,
		to: (from + (i + 1) * stepHours * MICROS_PER_HOUR) as Instant,
		hours: stepHours,
	}));
}

function addPart(part: FleetPart, draft: Draft): void {
	const gpus = part.nodes * draft.shape.gpusPerNode;
	for (const [i, step] of stepsOf(draft).entries()) {
		// Of GPUs rented by the hour a quarter is given back in every fifth step, and held by nobody.
		const held = gpus - (part.basis === "on_demand" && i % 5 === 4 ? Math.floor(gpus / 4) : 0);
		addCapacity(part, step, held, draft);
		addUsage(part, step, i, held * step.hours * 3600, draft);
		note(draft.held, part.deployment, held * step.hours * 3600);
	}
}

function addCapacity(part: FleetPart, { from, to }: Step, held: number, { shape, stream, capacity }: Draft): void {
	for (const [n, node] of nodesOf(part).entries()) {
		for (let g = 0; g < shape.gpusPerNode; g++) {
			const isHeld = n * shape.gpusPerNode + g < held;
			const watts = isHeld ? 480 + Math.floor(stream.next() * 200) : 95;
			capacity.push({
				t0: from,
				t1: to,
				source: { adapter: "made-up", version: "1" },
				gpu: {
					uuid: `GPU-${node}-${g}`,
					model: part.hardware,
					node,
					cluster: part.basis === "owned" ? "berlin" : "east",
				},
				...(isHeld ? { held_by: { group: part.deployment, namespace: "inference" } } : {}),
				gpu_time: { ...(isHeld ? { held: (to - from) as GpuMicros } : {}), held_source: "static" },
				energy: {
					used: Math.round(((to - from) / 1e6) * watts * 1000) as Millijoules,
					scope: "board",
					method: "counter",
					power_valid: true,
				},
			});
		}
	}
}

function addUsage(part: FleetPart, step: Step, place: number, heldSeconds: number, draft: Draft): void {
	const { shape, stream } = draft;
	const perRequest = busyTime(part.law, alikeWork({ requests: 1, ...part })).gpuSeconds;
	const hour = (place * shape.stepHours) % 24;
	const daily = hour >= 6 && hour < 18 ? 1.25 : 0.75;
	const load = Math.min(0.97, part.load * daily * (0.9 + 0.2 * stream.next()));
	const requests = Math.floor((load * heldSeconds) / perRequest);
	const weights = shape.teams.map((_, i) => (i + 1) * (0.5 + stream.next()));
	const total = weights.reduce((sum, weight) => sum + weight, 0) / (1 - shape.unlogged);
	let logged = 0;
	for (const [i, team] of shape.teams.entries()) {
		const own = Math.floor((requests * (weights[i] as number)) / total);
		logged += own;
		if (own === 0) continue;
		draft.usage.push(usageOf(part, step, own, "gateway", { org: "example", team, key: `key-${team}` }));
		note(draft.busy, `${part.deployment} ${team}`, own * perRequest);
	}
	note(draft.busy, part.deployment, (requests - logged) * perRequest);
	if (requests > 0) draft.usage.push(usageOf(part, step, requests, "engine", undefined));
}

function usageOf(
	part: FleetPart,
	{ from, to }: Step,
	requests: number,
	kind: "gateway" | "engine",
	tenant: UsageRecord["tenant"],
): UsageRecord {
	const input = requests * part.inputTokens;
	const cached = Math.round(input * part.cachedShare);
	return {
		grain: "window",
		t0: from,
		t1: to,
		source: { adapter: "made-up", version: "1", kind },
		...(kind === "engine" ? { scope: { group: part.deployment, namespace: "inference", role: "agg" as const } } : {}),
		model: { served: part.model, id: part.model },
		...(tenant === undefined ? {} : { tenant }),
		tokens: {
			in_total: input as TokenCount,
			in_computed: (input - cached) as TokenCount,
			in_cached_local: cached as TokenCount,
			in_cached_remote: 0 as TokenCount,
			in_transferred: 0 as TokenCount,
			out_total: (requests * part.outputTokens) as TokenCount,
		},
		requests: { finished: requests as Count, aborted: 0 as Count, errored: 0 as Count },
	};
}

/** A rate each weekday, and none at the weekend, as central banks have it. */
function ratesOf(shape: FleetShape, { from }: FleetWindow): ExchangeRate[] {
	const draw = uniformStream(shape.seed, "rates");
	return Array.from({ length: shape.days + 4 }, (_, i): ExchangeRate[] => {
		const at = new Date(from / 1000 + (i - 4) * 86_400_000);
		if (at.getUTCDay() === 0 || at.getUTCDay() === 6) return [];
		const rate = (1.12 + 0.06 * draw.next()).toFixed(4);
		return [{ day: at.toISOString().slice(0, 10), from: "EUR", to: "USD", rate, source: "made up" }];
	}).flat();
}

function saturatedRunsOf(law: BusyLaw): BusyRun[] {
	return [500, 2000, 8000, 20_000].flatMap((inputTokens) =>
		[50, 500, 2000].map((outputTokens) => {
			const work = alikeWork({ requests: 100, inputTokens, outputTokens, cachedShare: 0 });
			return { id: `${inputTokens}/${outputTokens}`, ...work, gpuSeconds: busyTime(law, work).gpuSeconds };
		}),
	);
}

function lawOf(input: number, output: number, context: number): BusyLaw {
	return {
		gpuSecondsPerUncachedInputToken: input,
		gpuSecondsPerOutputToken: output,
		gpuSecondsPerOutputContextToken2: context,
	};
}

function sums(charges: readonly ChargeRecord[], of: (charge: ChargeRecord) => Amount): Map<string, bigint> {
	const found = new Map<string, bigint>();
	for (const charge of charges) {
		const { currency, nano } = of(charge);
		found.set(currency, (found.get(currency) ?? 0n) + nano);
	}
	return found;
}

function note(into: Map<string, number>, key: string, value: number): void {
	into.set(key, (into.get(key) ?? 0) + value);
}
