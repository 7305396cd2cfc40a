/** Delivered cost along daily volume: which deployment is the cheapest where, and the volumes at which that changes. */
import type { BenchmarkPoint, Expr, TokensPerGpuSecond } from "@farthing/engine";
import { buildModel, input, sample, tokensPerDay, usdPerMtok } from "@farthing/engine";
import type { FleetQuestion } from "./plan-fleet.ts";
import { DEMAND, fleetNodes } from "./plan-fleet.ts";

/** From `tokensPerDay` on, `to` is the cheapest, until the next crossover. */
export interface Change {
	readonly tokensPerDay: number;
	readonly from: string;
	readonly to: string;
}

export interface VolumeCurves {
	readonly tokens_per_day: readonly number[];
	/** Cheapest option at each volume, by id. */
	readonly cheapest: readonly string[];
	/** Delivered USD per million tokens of every option that is the cheapest somewhere. */
	readonly delivered: Readonly<Record<string, readonly number[]>>;
}

export interface Volumes {
	readonly curves: VolumeCurves;
	readonly changes: readonly Change[];
	/** Lowest daily volume from which the cheapest option costs no more than `price` USD/Mtok, there and at every higher one. */
	readonly cheaperFrom: (price: number) => number | undefined;
}

const LOWEST = 1e8;
const PER_DECADE = 100;
const DECADES = 4;
/** A lead that ends within this ratio of volumes is a step of whole replicas, not a change of the winner. */
const HOLDS = 1.25;
const SHOWN_PER_DECADE = 10;

export function volumeCurves(
	points: readonly BenchmarkPoint[],
	question: FleetQuestion,
	speedOf: (point: BenchmarkPoint) => Expr<TokensPerGpuSecond<"total">>,
): Volumes {
	const { grid, table } = deliveredByVolume(points, question, speedOf);
	const costAt = (option: (typeof table)[number], i: number): number => option.delivered[i] as number;
	const best = grid.map((_, i) => table.reduce((a, b) => (costAt(b, i) < costAt(a, i) ? b : a)));
	const winners = best.map(({ id }) => id);
	const held = holdingRuns(winners, grid);
	const shown = grid.map((_, i) => i).filter((i) => i % (PER_DECADE / SHOWN_PER_DECADE) === 0);
	const keep = new Set([...held.map(({ id }) => id), ...shown.map((i) => winners[i] as string)]);
	const kept = table.filter(({ id }) => keep.has(id));
	return {
		curves: {
			tokens_per_day: shown.map((i) => grid[i] as number),
			cheapest: shown.map((i) => winners[i] as string),
			delivered: Object.fromEntries(kept.map((option) => [option.id, shown.map((i) => costAt(option, i))])),
		},
		changes: held.slice(1).map((run, k) => ({ tokensPerDay: run.from, from: (held[k] as Run).id, to: run.id })),
		cheaperFrom: (price) => {
			const dearest = best.findLastIndex((option, i) => costAt(option, i) > price);
			return grid[dearest + 1];
		},
	};
}

export interface VolumeTable {
	/** Tokens a day. */
	readonly grid: readonly number[];
	/** Delivered USD per million tokens at each volume. */
	readonly table: readonly { readonly id: string; readonly delivered: readonly number[] }[];
}

export function deliveredByVolume(
	points: readonly BenchmarkPoint[],
	question: FleetQuestion,
	speedOf: (point: BenchmarkPoint) => Expr<TokensPerGpuSecond<"total">>,
): VolumeTable {
	const grid = volumeGrid();
	const table = points.map((point) => ({
		id: point.id,
		delivered: deliveredAlong(grid, point, question, speedOf(point)),
	}));
	return { grid, table };
}

function volumeGrid(): number[] {
	const grid: number[] = [];
	for (let decade = 0; decade < DECADES; decade++) {
		for (let i = 0; i < PER_DECADE; i++) grid.push(LOWEST * 10 ** decade * (STEPS[i] as number));
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
	const model = buildModel([fleetNodes(question, point, speed, demand).fleet.delivered]);
	const places = Float64Array.from(grid, (volume) => (volume * unit.factor - low) / (high - low));
	const middle = new Float64Array(grid.length).fill(0.5);
	const ids = model.nodes.flatMap(({ op, id }) => (op === "input" && id !== undefined ? [id] : []));
	const uniforms = new Map(ids.map((id) => [id, id === DEMAND ? places : middle]));
	const id = `${point.id}.unit_cost.delivered.total`;
	const { values } = sample(model, { draws: grid.length, seed: 1, keep: [id], uniforms, block: grid.length });
	const factor = usdPerMtok("total").factor;
	return Array.from(values.get(id) as Float64Array, (value) => value / factor);
}

interface Run {
	readonly id: string;
	readonly from: number;
	readonly to: number;
}

/**
 * Runs of one winner. The shortest below {@link HOLDS} goes to its neighbours, and again, until each that is left holds:
 * around a crossing the winner may change back and forth with every replica.
 */
function holdingRuns(winners: readonly string[], grid: readonly number[]): Run[] {
	let runs = joined(winners.map((id, i) => ({ id, from: grid[i] as number, to: grid[i + 1] ?? (grid[i] as number) })));
	while (runs.length > 1) {
		const lengths = runs.map(({ from, to }) => to / from);
		const shortest = Math.min(...lengths);
		if (shortest >= HOLDS) break;
		const at = lengths.indexOf(shortest);
		const { from, to } = runs[at] as Run;
		const before = runs[at - 1];
		const after = runs[at + 1];
		const heir = before === undefined ? { ...(after as Run), from } : { ...before, to };
		runs = joined(runs.toSpliced(Math.max(0, at - 1), 2, heir));
	}
	return runs;
}

/** Neighbours of one winner as one run. */
function joined(runs: readonly Run[]): Run[] {
	return runs.reduce<Run[]>((all, run) => {
		const last = all.at(-1);
		if (last?.id === run.id) all[all.length - 1] = { ...last, to: run.to };
		else all.push(run);
		return all;
	}, []);
}
