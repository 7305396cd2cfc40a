/** What a site has room for, turned round: the most tokens a day that a fleet within it serves. */
import type { BenchmarkPoint, Expr, QuantityJson, TokensPerGpuSecond } from "@farthing/engine";
import { centralValue, megawatt, tokensPerDay } from "@farthing/engine";
import type { FleetQuestion } from "./plan-fleet.ts";
import type { RoomBook } from "./plan-room.ts";
import { fleetAlong } from "./plan-volumes.ts";
import { rowName } from "./rows.ts";

export interface MostWithin {
	readonly row: string;
	readonly name: string;
	readonly tokensPerDay: number;
	readonly gpus: number;
	readonly isEstimated: boolean;
}

/** Limits of a plan as a result carries them. */
export interface RoomAnswer {
	readonly power?: QuantityJson;
	readonly pue: QuantityJson;
	readonly hosts?: number;
	readonly gpus?: number;
	/** The deployment that serves the most within them; absent where there is no room for the least fleet of any. */
	readonly most?: {
		readonly tokens_per_day: QuantityJson;
		readonly row: string;
		readonly name: string;
		readonly gpus: number;
		/** How its fleet was sized. */
		readonly sized_by: "throughput" | "queueing-estimate";
	};
}

/** Of several that serve as much the first. Undefined where there is no room for the least fleet of any. */
export function mostWithin(
	points: readonly BenchmarkPoint[],
	question: FleetQuestion,
	room: RoomBook,
	speedOf: (point: BenchmarkPoint) => Expr<TokensPerGpuSecond<"total">>,
): MostWithin | undefined {
	let best: MostWithin | undefined;
	for (const point of points) {
		const most = mostOf(point, question, room.mostGpus(point.hardware) ?? 0, speedOf(point));
		if (most === undefined || most.tokensPerDay <= (best?.tokensPerDay ?? 0)) continue;
		const isEstimated = question.traffic !== undefined;
		best = { row: point.id, name: rowName(point), ...most, isEstimated };
	}
	return best;
}

export function mostWords({ tokensPerDay, name, gpus }: MostWithin): string {
	return `the most that fits is ${Number((tokensPerDay / 1e9).toPrecision(3))}B tok/day, on ${gpus} GPUs of ${name}`;
}

export function roomAnswer({ limits }: RoomBook, most: MostWithin | undefined, asOf: string): RoomAnswer {
	const { power, pue, hosts, gpus } = limits;
	const given = { grade: "E", as_of: asOf } as const;
	return {
		...(power === undefined
			? {}
			: {
					power: { value: centralValue(power.distribution) / megawatt.factor, unit: megawatt.symbol, ...given },
				}),
		pue: { value: centralValue(pue.distribution), unit: "ratio", ...given },
		...(hosts === undefined ? {} : { hosts }),
		...(gpus === undefined ? {} : { gpus }),
		...(most === undefined
			? {}
			: {
					most: {
						tokens_per_day: {
							value: most.tokensPerDay,
							unit: "tok/day",
							tokens: "total",
							grade: most.isEstimated ? "D" : "B",
							as_of: asOf,
						},
						row: most.row,
						name: most.name,
						gpus: most.gpus,
						sized_by: most.isEstimated ? "queueing-estimate" : "throughput",
					},
				}),
	};
}

/** Parts that a stretch of volumes is cut into at a time, and the relative width at which it is narrow enough. */
const CUTS = 64;
const NARROW = 1e-6;
/** Relative to what the GPUs could serve without peak, headroom or spares: less is no service. */
const LEAST = 1e-6;

/** A fleet never shrinks as volume grows. Rounded down to what is surely served. */
function mostOf(
	point: BenchmarkPoint,
	question: FleetQuestion,
	mostGpus: number,
	speed: Expr<TokensPerGpuSecond<"total">>,
): { readonly tokensPerDay: number; readonly gpus: number } | undefined {
	if (mostGpus < (question.utilisation === undefined ? (point.gpus as number) : Number.MIN_VALUE)) return undefined;
	const bound = (mostGpus * point.tokensPerGpuSecond) / tokensPerDay("total").factor;
	let [low, high] = [bound * LEAST, bound * (1 + NARROW)];
	let fleet: number | undefined;
	while (high / low - 1 > NARROW) {
		const volumes = Array.from({ length: CUTS + 1 }, (_, i) => low + ((high - low) * i) / CUTS);
		const { gpus } = fleetAlong(volumes, point, question, speed);
		const last = gpus.findLastIndex((each) => each <= mostGpus * (1 + 1e-9));
		if (last === -1) return undefined;
		fleet = gpus[last] as number;
		if (last === CUTS) return { tokensPerDay: Math.floor(volumes[CUTS] as number), gpus: fleet };
		[low, high] = [volumes[last] as number, volumes[last + 1] as number];
	}
	return fleet === undefined ? undefined : { tokensPerDay: Math.floor(low), gpus: fleet };
}
