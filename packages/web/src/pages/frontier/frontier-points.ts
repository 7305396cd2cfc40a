/** Rows of an answer as points of the chart: plain numbers in the unit shown, one colour for each part. */
import type { FrontierRow } from "@farthing/answers";

export interface FrontierPoint {
	readonly key: string;
	readonly row: FrontierRow;
	/** Tokens per second and user. */
	readonly speed: number;
	/** USD per million tokens. */
	readonly usd: number;
	/** In the unit shown. */
	readonly cost: number;
	readonly series: number;
}

export interface FrontierLine {
	readonly key: string;
	readonly series: number;
	readonly points: readonly FrontierPoint[];
}

const SERIES = 8;

/** Parts in the order of their cheapest row: it decides their colour, so that a filter does not change it by chance. */
export function partsOf(rows: readonly FrontierRow[]): string[] {
	return [...new Set(rows.map(({ hardware }) => hardware))].sort();
}

/** Rows without a speed or a cost are no points. */
export function pointsOf(
	rows: readonly FrontierRow[],
	parts: readonly string[],
	costOf: (usdPerMtok: number) => number,
): FrontierPoint[] {
	return rows.flatMap((row) => {
		const [speed, cost] = [row.interactivity.value, row.unit_cost.total.value];
		if (speed === undefined || cost === undefined) return [];
		return [
			{
				key: keyOf(row),
				row,
				speed,
				usd: cost,
				cost: costOf(cost),
				series: Math.max(0, parts.indexOf(row.hardware)) % SERIES,
			},
		];
	});
}

/** Points of one part, precision, stack and draft method, from slow to fast. */
export function linesOf(points: readonly FrontierPoint[]): FrontierLine[] {
	const lines = new Map<string, FrontierPoint[]>();
	for (const point of points) {
		const { hardware, precision, stack, speculative } = point.row;
		const key = `${hardware} ${precision} ${stack} ${speculative}`;
		lines.set(key, [...(lines.get(key) ?? []), point]);
	}
	return [...lines].map(([key, members]) => ({
		key,
		series: members[0]?.series ?? 0,
		points: members.toSorted((a, b) => a.speed - b.speed),
	}));
}

/** A measured row, by its speeds for a user and for a GPU. */
export interface MeasuredSide {
	/** Tokens per second and user. */
	readonly speed: number;
	/** Total tokens per second and GPU. */
	readonly throughput: number;
}

/** The rows that a value is interpolated between, the slower first; none where it is that of a row. `points`: all rows of the frontiers. */
export function sidesOf({ state, sources }: FrontierRow, points: readonly FrontierRow[]): readonly MeasuredSide[] {
	if (state !== "interpolated") return [];
	return points
		.flatMap(({ nearest_row: { id }, interactivity, tokens_per_gpu_second: { value: throughput } }) => {
			const speed = interactivity.value;
			return sources.includes(id) && speed !== undefined && throughput !== undefined ? [{ speed, throughput }] : [];
		})
		.toSorted((a, b) => a.speed - b.speed);
}

/** Fast enough and cheap enough. */
export function isInside(
	{ speed, usd }: Pick<FrontierPoint, "speed" | "usd">,
	{ at, most = Number.POSITIVE_INFINITY }: { readonly at: number; readonly most: number | undefined },
): boolean {
	return speed >= at && usd <= most;
}

function keyOf({ hardware, precision, stack, speculative, nearest_row: { id } }: FrontierRow): string {
	return `${hardware}.${precision}.${stack}.${speculative}.${id}`;
}
