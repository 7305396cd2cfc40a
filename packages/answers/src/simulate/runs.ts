/** Many runs of one simulation, each with a seed of its own: the mean of every figure, and how well it is known. */
import type { QuantityJson } from "@farthing/engine";
import { meanInterval } from "@farthing/engine";
import type { Latencies, SimulateResult } from "./simulate-result.ts";

/** A number of a result by its name there, `ttft.p99`. */
export interface RunFigure {
	readonly figure: string;
	readonly unit: string;
	readonly value: number;
}

/** What a run says, as much of it as is merged. */
export interface RunOutcome {
	readonly seed: number;
	readonly saturated: boolean;
	readonly figures: readonly RunFigure[];
}

export interface SimulationRuns {
	readonly count: number;
	/** The first; each run has the next one. */
	readonly first_seed: number;
	readonly saturated: number;
	readonly figures: readonly MergedFigure[];
}

export interface MergedFigure {
	readonly figure: string;
	readonly unit: string;
	readonly mean: number;
	/** 95% interval of the mean, by Student's t over the runs, cut off at what the figure can be. */
	readonly low: number;
	readonly high: number;
	/** Ends of the interval that stand at what the figure can be, not at what Student's t says; absent where none does. */
	readonly cut_off?: readonly ("low" | "high")[];
	readonly least: number;
	readonly largest: number;
	/** Runs that have the figure. */
	readonly runs: number;
}

export function outcomeOf(seed: number, result: SimulateResult): RunOutcome {
	return { seed, saturated: result.saturated, figures: figuresOf(result) };
}

/** In the order of the seeds, whatever the order in which they were done. Needs two. */
export function mergedRuns(outcomes: readonly RunOutcome[]): SimulationRuns {
	const runs = [...outcomes].sort((a, b) => a.seed - b.seed);
	const values = new Map<string, { readonly unit: string; readonly all: number[] }>();
	for (const { figures } of runs) {
		for (const { figure, unit, value } of figures) {
			const known = values.get(figure);
			if (known === undefined) values.set(figure, { unit, all: [value] });
			else known.all.push(value);
		}
	}
	return {
		count: runs.length,
		first_seed: (runs[0] as RunOutcome).seed,
		saturated: runs.filter(({ saturated }) => saturated).length,
		figures: [...values]
			.filter(([, { all }]) => all.length > 1)
			.map(([figure, { unit, all }]) => ({
				figure,
				unit,
				...within(meanInterval(all), SHARES.has(figure) || unit === "fraction" ? 1 : Number.POSITIVE_INFINITY),
				least: Math.min(...all),
				largest: Math.max(...all),
				runs: all.length,
			})),
	};
}

const SHARES: ReadonlySet<string> = new Set(["good_share", "prefix_hit_rate", "kv_peak"]);

/** No figure of a run is below nothing and no share above all: Student's t of few runs knows neither. */
function within<I extends { readonly low: number; readonly high: number }>(
	interval: I,
	most: number,
): I & Pick<MergedFigure, "cut_off"> {
	const ends = [...(interval.low < 0 ? (["low"] as const) : []), ...(interval.high > most ? (["high"] as const) : [])];
	const cut = { ...interval, low: Math.max(0, interval.low), high: Math.min(most, interval.high) };
	return ends.length === 0 ? cut : { ...cut, cut_off: ends };
}

function figuresOf(result: SimulateResult): RunFigure[] {
	const { ttft, tpot, e2e, queue, unit_cost: cost, unit_cost_goodput: ofGood } = result;
	const quantity = (figure: string, of: QuantityJson | undefined): RunFigure[] =>
		of?.value === undefined ? [] : [{ figure, unit: of.unit, value: of.value }];
	const plain = (figure: string, value: number): RunFigure[] => [{ figure, unit: "", value }];
	const latencies = (figure: string, of: Latencies | undefined): RunFigure[] =>
		of === undefined ? [] : (["mean", "p50", "p90", "p99"] as const).flatMap((p) => quantity(`${figure}.${p}`, of[p]));
	return [
		...latencies("ttft", ttft),
		...latencies("tpot", tpot),
		...latencies("e2e", e2e),
		...latencies("queue", queue),
		...quantity("goodput", result.goodput),
		...plain("good_share", result.good_share),
		...quantity("utilization", result.utilization),
		...(result.load_share === undefined ? [] : plain("load_share", result.load_share)),
		...Object.entries(result.gpu_seconds).flatMap(([state, of]) => quantity(`gpu_seconds.${state}`, of)),
		...quantity("unit_cost.total", cost.total),
		...quantity("unit_cost.input", cost.input),
		...quantity("unit_cost.output", cost.output),
		...quantity("unit_cost_goodput", ofGood),
		...quantity("idle_cost", result.idle_cost),
		...quantity("cost.total", result.cost["total"]),
		...quantity("cost_per_request", result.cost_per_request),
		...plain("requests", result.requests),
		...plain("prefix_hit_rate", result.prefix_hit_rate),
		...plain("kv_peak", result.kv_peak),
		...plain("mean_batch", result.mean_batch),
		...quantity("energy", result.energy),
	];
}
