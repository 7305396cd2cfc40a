/** The lines of delivered cost by volume, read from the answer. */
import type { PlanOption, PlanResult } from "@farthing/answers";

export interface VolumeLine {
	readonly option: string;
	readonly index: number;
	/** Delivered USD/Mtok at each volume of the answer. */
	readonly costs: readonly number[];
}

export interface VolumePoint {
	readonly volume: number;
	readonly cost: number;
	readonly option: string;
	readonly index: number;
}

const COLOURS = 8;

/**
 * The curves with the volume of the plan among theirs, at which every fleet of the answer has its cost: between two volumes
 * that were looked at, whole replicas make steps that a straight line leaves out. As they are where the plan lies outside,
 * and where they are estimates while the plan is simulated.
 */
export function curvesWithPlan({
	volumes,
	question,
	options,
}: Pick<PlanResult, "volumes" | "question" | "options">): PlanResult["volumes"] {
	const here = question["tokens"]?.value;
	const all = volumes.tokens_per_day;
	const [best] = options;
	const [low, high] = [all[0], all.at(-1)];
	if (here === undefined || best === undefined || low === undefined || high === undefined) return volumes;
	if (here < low || here > high || all.includes(here) || volumes.sized_by !== "throughput") return volumes;
	const at = all.findIndex((each) => each > here);
	const costs = new Map(options.map(({ id, delivered }) => [id, delivered.value]));
	const within = <T>(values: readonly T[], value: T): T[] => [...values.slice(0, at), value, ...values.slice(at)];
	const curves = Object.entries(volumes.delivered).flatMap(([id, values]) => {
		const cost = costs.get(id) ?? costAt(all, values, here);
		// The site has no room for more of it.
		return [[id, cost === undefined || values.length < at ? values : within(values, cost)] as const];
	});
	return {
		...volumes,
		tokens_per_day: within(all, here),
		cheapest: within(volumes.cheapest, best.id),
		delivered: Object.fromEntries(curves),
	};
}

/** In the order in which they become the cheapest. */
export function volumeLines({ volumes }: Pick<PlanResult, "volumes">): VolumeLine[] {
	const order = [...new Set(volumes.cheapest)];
	const others = Object.keys(volumes.delivered).filter((id) => !order.includes(id));
	return [...order, ...others].flatMap((option, i) => {
		const costs = volumes.delivered[option];
		return costs === undefined ? [] : [{ option, index: i % COLOURS, costs }];
	});
}

/** Where another becomes the cheapest: at the volume that the answer says, with the cost of the grid point next to it. */
export function crossoverPoints(result: Pick<PlanResult, "volumes" | "crossovers">): VolumePoint[] {
	const lines = volumeLines(result);
	return result.crossovers.flatMap(({ tokens_per_day: { value }, to }) => {
		const line = lines.find(({ option }) => option === to);
		if (line === undefined || value === undefined) return [];
		const cost = costAt(result.volumes.tokens_per_day, line.costs, value);
		return cost === undefined ? [] : [{ volume: value, cost, option: to, index: line.index }];
	});
}

/** Only for the place of a mark on its line: straight between two volumes of the answer on logarithmic axes. */
export function costAt(volumes: readonly number[], costs: readonly number[], volume: number): number | undefined {
	const after = volumes.findIndex((each) => each >= volume);
	if (after === -1) return undefined;
	const [x1, y1] = [volumes[after] as number, costs[after] as number];
	if (after === 0 || x1 === volume) return x1 === volume ? y1 : undefined;
	const [x0, y0] = [volumes[after - 1] as number, costs[after - 1] as number];
	const share = Math.log(volume / x0) / Math.log(x1 / x0);
	return y0 * Math.exp(share * Math.log(y1 / y0));
}

/** The options of the answer by id. */
export function optionsById({ options }: Pick<PlanResult, "options">): ReadonlyMap<string, PlanOption> {
	return new Map(options.map((option) => [option.id, option]));
}
