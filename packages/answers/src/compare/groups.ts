/** Deployments grouped by a part of their name, the cheapest of each standing for it, and the volumes at which groups cross. */
import type { QuantityJson } from "@farthing/engine";
import type { PlanOption } from "../plan-result.ts";
import type { VolumeTable } from "../plan-volumes.ts";
import { toldName } from "../told-why.ts";

export const DIMENSIONS = ["hardware", "precision", "stack"] as const;
export type Dimension = (typeof DIMENSIONS)[number];

export interface Group {
	readonly name: string;
	/** How many ranked deployments are in it. */
	readonly options: number;
	/** The cheapest of them at the scenario's demand. */
	readonly best: string;
	readonly delivered: QuantityJson;
	readonly headline: QuantityJson;
	/** Delivered cost over that of the cheapest group. */
	readonly ratio: number;
	readonly gpus: number;
	readonly utilization: QuantityJson;
	readonly deployment: string;
}

export interface GroupCrossing {
	readonly of: string;
	readonly against: string;
	/** `reached`: from the volume on `of` is no dearer, at every higher one looked at; `not-verified`: over too short a stretch. */
	readonly state: "reached" | "not-reached" | "not-verified";
	readonly tokens_per_day?: QuantityJson;
	/** It is so at the lowest volume looked at already. */
	readonly from_lowest?: true;
	/** Lowest and highest volume looked at. */
	readonly looked_at?: readonly [number, number];
	/** Least cost of both, in USD/Mtok, at the volume before it and at it; without that of a group that has no room there. */
	readonly sides?: readonly {
		readonly tokens_per_day: number;
		readonly cost: Readonly<Record<string, number>>;
	}[];
}

export interface Grouped {
	readonly groups: readonly Group[];
	/** Every pair of groups of which one overtakes the other along daily volume. */
	readonly crossovers: readonly GroupCrossing[];
}

/** Cheapest group first. `options` are in order of delivered cost. */
export function groupedBy(dimension: Dimension, options: readonly PlanOption[], along: VolumeTable): Grouped {
	const names = [...new Set(options.map((option) => option[dimension]))];
	const least = options[0]?.delivered.value ?? Number.NaN;
	const groups = names.map((name) =>
		groupOf(
			name,
			options.filter((option) => option[dimension] === name),
			least,
		),
	);
	const dimensionOf = new Map(options.map((option) => [option.id, option[dimension]]));
	const lowest = new Map(names.map((name) => [name, lowestOf(along, (id) => dimensionOf.get(id) === name)]));
	const crossovers = names.flatMap((of) =>
		names
			.filter((against) => against !== of)
			.map((against) => crossing(of, against, along.grid, lowest, toldName.groupVolume(dimension, of, against))),
	);
	return { groups, crossovers };
}

function groupOf(name: string, options: readonly PlanOption[], least: number): Group {
	const { id, delivered, headline, gpus, utilization, deployment } = options[0] as PlanOption;
	return {
		name,
		options: options.length,
		best: id,
		delivered,
		headline,
		ratio: (delivered.value as number) / least,
		gpus,
		utilization,
		deployment: deployment.layout,
	};
}

/** Least cost of a group at each volume. */
function lowestOf({ grid, table }: VolumeTable, isOf: (id: string) => boolean): readonly number[] {
	const members = table.filter(({ id }) => isOf(id));
	return grid.map((_, i) => Math.min(...members.map(({ delivered }) => delivered[i] as number)));
}

/** A lead counts if it holds over at least this ratio of volumes. */
const HOLDS_OVER = 2;

function crossing(
	of: string,
	against: string,
	grid: readonly number[],
	lowest: ReadonlyMap<string, readonly number[]>,
	node: string,
): GroupCrossing {
	const [a, b] = [lowest.get(of), lowest.get(against)] as [readonly number[], readonly number[]];
	// Where the site has room for neither, neither is dearer.
	const last = grid.findLastIndex((_, i) => Number.isFinite(a[i]) || Number.isFinite(b[i]));
	const dearer = grid.findLastIndex((_, i) => i <= last && (a[i] as number) > (b[i] as number));
	const from = grid[dearer + 1];
	if (from === undefined || dearer >= last) return { of, against, state: "not-reached" };
	const holds = (grid[last] as number) / from >= HOLDS_OVER;
	return {
		of,
		against,
		state: holds ? "reached" : "not-verified",
		tokens_per_day: { value: from, unit: "tok/day", tokens: "total", grade: "D", node },
		...(dearer === -1 ? { from_lowest: true as const } : {}),
		looked_at: [grid[0] as number, grid[last] as number],
		sides: [dearer, dearer + 1].flatMap((i) => {
			const volume = grid[i];
			if (volume === undefined) return [];
			const costs = [[of, a[i] as number] as const, [against, b[i] as number] as const];
			return [{ tokens_per_day: volume, cost: Object.fromEntries(costs.filter(([, cost]) => Number.isFinite(cost))) }];
		}),
	};
}
