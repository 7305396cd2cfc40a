/** What a token costs by each way over volumes, and which is the cheapest at each: the curves in which ways cross. */
import { usdPerMtok } from "@farthing/engine";
import type { Answer } from "./answer.ts";
import { json } from "./answer.ts";
import type { Volumes } from "./comparisons.ts";
import type { StrategyName } from "./strategies.ts";

export interface ByVolume {
	/** Mean daily volume over the years, at each point looked at; the years keep their shape. */
	readonly tokens_per_day: readonly number[];
	readonly unit: "USD/Mtok";
	/** Levelised cost, without the power limit of one site; null where a way serves nothing. */
	readonly levelised: Readonly<Partial<Record<StrategyName, readonly (number | null)[]>>>;
	/** At each volume; null where no way serves. */
	readonly cheapest: readonly (StrategyName | null)[];
}

export function byVolume(answer: Answer, { scales, levelised }: Volumes): ByVolume {
	const mean = json(answer, "demand.mean").value as number;
	const { factor } = usdPerMtok("total");
	const ways = [...levelised].map(([name, values]) => ({
		name,
		costs: Array.from(values, (value) => (Number.isFinite(value) && value > 0 ? value / factor : null)),
	}));
	return {
		tokens_per_day: scales.map((scale) => scale * mean),
		unit: "USD/Mtok",
		levelised: Object.fromEntries(ways.map(({ name, costs }) => [name, costs])),
		cheapest: scales.map((_, i) => {
			const priced = ways.flatMap(({ name, costs }) => {
				const cost = costs[i];
				return cost === null || cost === undefined ? [] : [{ name, cost }];
			});
			const least = Math.min(...priced.map(({ cost }) => cost));
			return priced.find(({ cost }) => cost === least)?.name ?? null;
		}),
	};
}
