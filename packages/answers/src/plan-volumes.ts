/** Delivered cost along daily volume: which deployment is the cheapest where, and the volumes at which that changes. */
import type { BenchmarkPoint, Expr, QuantityJson, TokensPerGpuSecond } from "@farthing/engine";
import { buildModel, input, sample, tokensPerDay, usdPerMtok } from "@farthing/engine";
import type { FleetQuestion } from "./plan-fleet.ts";
import { DEMAND, fleetNodes } from "./plan-fleet.ts";

export interface Crossover {
	/** From this volume on, `to` is the cheapest, until the next crossover. */
	readonly tokens_per_day: QuantityJson;
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
	readonly crossovers: readonly Crossover[];
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
	const grid = volumeGrid();
	const table = points.map((point) => ({ id: point.id, delivered: deliveredAlong(grid, point, question, speedOf(point)) }));
	const winners = grid.map((_, i) => table.reduce((a, b) => ((b.delivered[i] as number) < (a.delivered[i] as number) ? b : a)).id);
	const held = holdingRuns(winners, grid);
	const shown = grid.map((_, i) => i).filter((i) => i % (PER_DECADE / SHOWN_PER_DECADE) === 0);
	const keep = new Set([...held.map(({ id }) => id), ...shown.map((i) => winners[i] as string)]);
	return {
		curves: {
			tokens_per_day: shown.map((i) => grid[i] as number),
			cheapest: shown.map((i) => winners[i] as string),
			delivered: Object.fromEntries(
				table.filter(({ id }) => keep.has(id)).map(({ id, delivered }) => [id, shown.map((i) => delivered[i] as number)]),
			),
		},
		crossovers: held.slice(1).map((run, k) => ({
			tokens_per_day: { value: run.from, unit: "tok/day", tokens: "total", grade: "B", node: DEMAND },
			from: (held[k] as Run).id,
			to: run.id,
		})),
	};
}

/** Lowest daily volume from which `below` holds at every higher one, or undefined where it never does. */
export function holdsFrom(curves: VolumeCurves, below: number): number | undefined {
	const cheapest = curves.tokens_per_day.map((_, i) => Math.min(...Object.values(curves.delivered).map((path) => path[i] as number)));
	let from: number | undefined;
	for (let i = cheapest.length - 1; i >= 0 && (cheapest[i] as number) <= below; i--) from = curves.tokens_per_day[i];
	return from;
}

function volumeGrid(): number[] {
	const grid: number[] = [];
	for (let decade = 0; decade < DECADES; decade++) {
		for (let i = 0; i < PER_DECADE; i++) grid.push(LOWEST * 10 ** decade * (STEPS[i] as number));
	}
	return [...grid, LOWEST * 10 ** DECADES];
}

/** 10^(i/100) to three digits, so that volumes read well. */
const STEPS: readonly number[] = Array.from({ length: PER_DECADE }, (_, i) => Number((10 ** (i / PER_DECADE)).toPrecision(3)));

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
	const draws = sample(model, { draws: grid.length, seed: 1, keep: [id], uniforms, block: grid.length }).values.get(id) as Float64Array;
	const factor = usdPerMtok("total").factor;
	return Array.from(draws, (value) => value / factor);
}

interface Run {
	readonly id: string;
	readonly from: number;
	readonly to: number;
}

/** Runs of one winner; a run shorter than {@link HOLDS} goes to the one before it. */
function holdingRuns(winners: readonly string[], grid: readonly number[]): Run[] {
	const runs: Run[] = [];
	winners.forEach((id, i) => {
		const last = runs[runs.length - 1];
		const to = grid[Math.min(i + 1, grid.length - 1)] as number;
		if (last?.id === id) runs[runs.length - 1] = { ...last, to };
		else runs.push({ id, from: grid[i] as number, to });
	});
	const lasting = runs.filter(({ from, to }, i) => to / from >= HOLDS || i === runs.length - 1);
	return lasting.reduce<Run[]>((merged, run) => {
		const last = merged[merged.length - 1];
		if (last?.id === run.id) merged[merged.length - 1] = { ...last, to: run.to };
		else merged.push(run);
		return merged;
	}, []);
}
