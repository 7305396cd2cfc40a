/** Delivered cost along daily volume: which deployment is the cheapest where, and the volumes at which that changes. */
import type { BenchmarkPoint, Expr, TokensPerGpuSecond } from "@farthing/engine";
import { buildModel, input, sample, tokensPerDay, usdPerMtok } from "@farthing/engine";
import type { FleetQuestion } from "./plan-fleet.ts";
import { DEMAND, factorPlaces, fleetNodes } from "./plan-fleet.ts";

/** From `tokensPerDay` on, `to` is the cheapest, until the next crossover. */
export interface Change {
	readonly tokensPerDay: number;
	readonly from: string;
	readonly to: string;
}

export interface VolumeCurves {
	/** All that were looked at: between two farther apart, a step of whole replicas would be drawn as a slope. */
	readonly tokens_per_day: readonly number[];
	/** Cheapest option at each volume, by id. */
	readonly cheapest: readonly string[];
	/** Where another than the leader is the cheapest for less than a lead takes to count. */
	readonly interruptions: readonly Interruption[];
	/**
	 * Delivered USD per million tokens of every option that is the cheapest somewhere. Shorter than the volumes where the
	 * site has no room for more of it.
	 */
	readonly delivered: Readonly<Record<string, readonly number[]>>;
	/** How fleets are sized along the volumes: under stated traffic by the queueing estimate at each of them. */
	readonly sized_by: "throughput" | "queueing-estimate";
	/** Why the volumes end before the usual range does, or there are none. */
	readonly reason?: string;
}

/** From the first volume looked at to the next at which it is over; where the range ends first, to its last, included. */
export interface Stretch {
	readonly from: number;
	readonly to: number;
}

export interface Interruption extends Stretch {
	readonly cheapest: string;
}

export interface Volumes {
	readonly curves: VolumeCurves;
	readonly changes: readonly Change[];
	/**
	 * The first volume looked at above `volume` at which the fleet in the lead there is the cheapest and another than `best`,
	 * which is the cheapest at `volume`: the next change of the lead, or the end of a stretch that interrupts one.
	 */
	readonly nextAfter: (volume: number, best: string) => Change | undefined;
	/** Lowest daily volume from which the cheapest option costs no more than `price` USD/Mtok, there and at every higher one. */
	readonly cheaperFrom: (price: number) => number | undefined;
	/** Where it costs no more than `price` at lower volumes, but not for good. */
	readonly cheaperBetween: (price: number) => readonly Stretch[];
}

const NO_ROOM = "the site has no room for a fleet that serves more";
const NO_ROOM_AT_ALL = "the site has no room for a fleet at the lowest volume looked at";

const LOWEST = 1e8;
const PER_DECADE = 100;
const DECADES = 4;
/** A lead that ends within this ratio of volumes is a step of whole replicas, not a change of the winner. */
export const HOLDS = 1.25;

/** A cost as ties are told: two fleets of one size cost the same, whatever the last bits say. */
export function told(cost: number): number {
	return Number(cost.toPrecision(12));
}

export interface Costed {
	readonly point: { readonly id: string };
	readonly delivered: number;
	readonly headline: number;
}

/** Order of fleets wherever one is chosen: of those that cost the same the lower headline, which needs fewer GPUs; then by id. */
export function cheaperFirst(a: Costed, b: Costed): number {
	return (
		told(a.delivered) - told(b.delivered) || told(a.headline) - told(b.headline) || (a.point.id < b.point.id ? -1 : 1)
	);
}

/** `points`: of several that cost the same at a volume the first is the cheapest. */
export function volumeCurves(
	points: readonly BenchmarkPoint[],
	question: FleetQuestion,
	speedOf: (point: BenchmarkPoint) => Expr<TokensPerGpuSecond<"total">>,
): Volumes {
	const { grid, table } = deliveredByVolume(points, question, speedOf);
	const sized = question.traffic === undefined ? "throughput" : "queueing-estimate";
	if (grid.length === 0) return noVolumes(sized);
	const costAt = (option: Row, i: number): number => option.delivered[i] as number;
	const best = grid.map((_, i) => table.reduce((a, b) => (told(costAt(b, i)) < told(costAt(a, i)) ? b : a)));
	const winners = best.map(({ id }) => id);
	const held = leads(winners, grid);
	const keep = new Set(winners);
	const kept = table.filter(({ id }) => keep.has(id));
	const possible = (costs: readonly number[]): readonly number[] => costs.filter(Number.isFinite);
	return {
		curves: {
			tokens_per_day: grid,
			cheapest: winners,
			interruptions: interruptions(winners, grid, held),
			delivered: Object.fromEntries(kept.map(({ id, delivered }) => [id, possible(delivered)])),
			sized_by: sized,
			...(grid.length < VOLUMES ? { reason: NO_ROOM } : {}),
		},
		changes: held.slice(1).map((run, k) => ({ tokensPerDay: run.from, from: (held[k] as Lead).id, to: run.id })),
		nextAfter: (volume, best) => {
			const i = grid.findIndex((at, k) => {
				const leader = leaderAt(held, at);
				return at > volume && leader !== best && leader === winners[k];
			});
			return i === -1 ? undefined : { tokensPerDay: grid[i] as number, from: best, to: winners[i] as string };
		},
		cheaperFrom: (price) => {
			const dearest = best.findLastIndex((option, i) => costAt(option, i) > price);
			const [below, from] = [grid[dearest], grid[dearest + 1]];
			if (below === undefined || from === undefined) return from;
			const near = points.filter((_, k) =>
				mayBeCheaper(costAt(table[k] as Row, dearest), below / from, price, question),
			);
			const costAlong = (volumes: readonly number[]): number[] => {
				const costs = near.map((point) => deliveredAlong(volumes, point, question, speedOf(point)));
				return volumes.map((_, i) => Math.min(...costs.map((cost) => cost[i] as number)));
			};
			return cheaperWithin(below, from, price, costAlong);
		},
		cheaperBetween: (price) => {
			const isCheaper = best.map((option, i) => costAt(option, i) <= price);
			const dearest = isCheaper.lastIndexOf(false);
			return stretches(isCheaper.slice(0, dearest + 1), grid);
		},
	};
}

function stretches(holds: readonly boolean[], grid: readonly number[]): Stretch[] {
	const starts = holds.flatMap((is, i) => (is && holds[i - 1] !== true ? [i] : []));
	return starts.map((i) => ({ from: grid[i] as number, to: grid[holds.indexOf(false, i)] as number }));
}

function noVolumes(sized_by: VolumeCurves["sized_by"]): Volumes {
	const curves = {
		tokens_per_day: [],
		cheapest: [],
		interruptions: [],
		delivered: {},
		sized_by,
		reason: NO_ROOM_AT_ALL,
	};
	return { curves, changes: [], nextAfter: () => undefined, cheaperFrom: () => undefined, cheaperBetween: () => [] };
}

/**
 * Whether a fleet may cost no more than `price` within a cell at whose start it costs so much. Its bill never falls with
 * volume, unless an autoscaler happens to start fewer replicas: what is dearer even with the bill of the start is not.
 */
function mayBeCheaper(cost: number, growth: number, price: number, { traffic }: FleetQuestion): boolean {
	return traffic !== undefined || cost * growth <= price;
}

/** Parts that a stretch of volumes is cut into at a time, and the relative width at which it is narrow enough. */
const CUTS = 64;
const NARROW = 1e-6;

/** Where in the stretch between a volume that costs more than `price` and one that does not the last dear one ends. */
function cheaperWithin(
	dear: number,
	cheap: number,
	price: number,
	costAlong: (volumes: readonly number[]) => readonly number[],
): number {
	let [low, high] = [dear, cheap];
	while (high / low - 1 > NARROW) {
		const volumes = Array.from({ length: CUTS + 1 }, (_, i) => low + ((high - low) * i) / CUTS);
		const last = costAlong(volumes).findLastIndex((cost, i) => cost > price && i < CUTS);
		[low, high] = [volumes[Math.max(0, last)] as number, volumes[Math.max(0, last) + 1] as number];
	}
	return Math.ceil(high);
}

export interface VolumeTable {
	/** Tokens a day, up to the last volume that some fleet can serve. */
	readonly grid: readonly number[];
	/** Delivered USD per million tokens at each volume; infinite where the site has no room for the fleet. */
	readonly table: readonly Row[];
}

interface Row {
	readonly id: string;
	readonly delivered: readonly number[];
}

export function deliveredByVolume(
	points: readonly BenchmarkPoint[],
	question: FleetQuestion,
	speedOf: (point: BenchmarkPoint) => Expr<TokensPerGpuSecond<"total">>,
): VolumeTable {
	const all = volumeGrid();
	const table = points.map((point) => ({
		id: point.id,
		delivered: deliveredAlong(all, point, question, speedOf(point)),
	}));
	const last = all.findLastIndex((_, i) => table.some(({ delivered }) => Number.isFinite(delivered[i])));
	const upTo = <T>(values: readonly T[]): readonly T[] => values.slice(0, last + 1);
	return { grid: upTo(all), table: table.map(({ id, delivered }) => ({ id, delivered: upTo(delivered) })) };
}

/** Volumes that are looked at, where there is room for all. */
const VOLUMES = PER_DECADE * DECADES + 1;

function volumeGrid(): number[] {
	const grid: number[] = [];
	for (let decade = 0; decade < DECADES; decade++) {
		for (const step of STEPS) grid.push(Math.round(LOWEST * 10 ** decade * step));
	}
	return [...grid, LOWEST * 10 ** DECADES];
}

/** 10^(i/100) to three digits, so that volumes read well. */
const STEPS: readonly number[] = Array.from({ length: PER_DECADE }, (_, i) =>
	Number((10 ** (i / PER_DECADE)).toPrecision(3)),
);

function deliveredAlong(
	grid: readonly number[],
	point: BenchmarkPoint,
	question: FleetQuestion,
	speed: Expr<TokensPerGpuSecond<"total">>,
): number[] {
	const { delivered, gpus } = fleetAlong(grid, point, question, speed);
	const most = question.room === undefined ? Number.POSITIVE_INFINITY : (question.room.mostGpus(point.hardware) ?? 0);
	return delivered.map((cost, i) => ((gpus[i] as number) <= most * (1 + FORGIVEN) ? cost : Number.POSITIVE_INFINITY));
}

const FORGIVEN = 1e-9;

/** Delivered USD per million tokens and GPUs at each of some daily volumes in rising order. */
export function fleetAlong(
	grid: readonly number[],
	point: BenchmarkPoint,
	question: FleetQuestion,
	speed: Expr<TokensPerGpuSecond<"total">>,
): { readonly delivered: readonly number[]; readonly gpus: readonly number[] } {
	const unit = tokensPerDay("total");
	const low = (grid[0] as number) * unit.factor;
	const high = (grid[grid.length - 1] as number) * unit.factor;
	const demand = input(DEMAND, unit, {
		label: "daily volume",
		value: { kind: "uniform", low, high },
		source: "range of volumes looked at",
		asOf: question.sizing.asOf,
		grade: "E",
		role: "condition",
	});
	const factors = question.traffic?.factorsAlong(
		point,
		grid.map((volume) => volume * unit.factor),
	);
	const { fleet } = fleetNodes(question, point, speed, { demand, factors });
	const model = buildModel([fleet.delivered, fleet.gpus]);
	const places = Float64Array.from(grid, (volume) => (volume * unit.factor - low) / (high - low));
	const middle = new Float64Array(grid.length).fill(0.5);
	const ids = model.nodes.flatMap(({ op, id }) => (op === "input" && id !== undefined ? [id] : []));
	const moved = new Map([[DEMAND, places], ...(factors === undefined ? [] : factorPlaces(point, factors))]);
	const uniforms = new Map(ids.map((id) => [id, moved.get(id) ?? middle]));
	const keep = [`${point.id}.unit_cost.delivered.total`, `${point.id}.gpus`];
	const { values } = sample(model, { draws: grid.length, seed: 1, keep, uniforms, block: grid.length });
	const [delivered, gpus] = keep.map((id) => values.get(id) as Float64Array) as [Float64Array, Float64Array];
	const factor = usdPerMtok("total").factor;
	return { delivered: Array.from(delivered, (value) => value / factor), gpus: Array.from(gpus) };
}

interface Lead {
	readonly id: string;
	readonly from: number;
}

/**
 * The cheapest at the lowest volume, and each that takes over and is then the cheapest at every volume looked at for a
 * quarter more: around a crossing the winner may change back and forth with every replica.
 */
function leads(winners: readonly string[], grid: readonly number[]): Lead[] {
	const found: Lead[] = [{ id: winners[0] as string, from: grid[0] as number }];
	winners.forEach((id, i) => {
		if (id !== found.at(-1)?.id && holds(winners, grid, i)) found.push({ id, from: grid[i] as number });
	});
	return found;
}

/** Stretches of volumes at which another than the one in the lead is the cheapest. */
function interruptions(winners: readonly string[], grid: readonly number[], held: readonly Lead[]): Interruption[] {
	const found: Interruption[] = [];
	winners.forEach((cheapest, i) => {
		const volume = grid[i] as number;
		if (cheapest === leaderAt(held, volume)) return;
		const last = found.at(-1);
		const to = grid[i + 1] ?? volume;
		if (last?.cheapest === cheapest && last.to === volume) found[found.length - 1] = { ...last, to };
		else found.push({ from: volume, to, cheapest });
	});
	return found;
}

function leaderAt(held: readonly Lead[], volume: number): string | undefined {
	return held.findLast(({ from }) => from <= volume)?.id;
}

/** A lead that the range of volumes cuts short is not known to hold. */
function holds(winners: readonly string[], grid: readonly number[], i: number): boolean {
	const until = grid.findIndex((volume) => volume >= (grid[i] as number) * HOLDS);
	return until !== -1 && winners.slice(i, until + 1).every((id) => id === winners[i]);
}
