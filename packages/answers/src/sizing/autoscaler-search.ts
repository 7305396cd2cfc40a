/**
 * The settings of an autoscaler that keep the limits over a simulated day with the fewest GPU-hours up: the share of capacity it
 * aims at, the time between decisions, and the fewest replicas. What the scenario states is held. Targets are tried from the
 * boldest down, since the first that keeps the limits is the cheapest of them; then the other intervals and floors at the
 * target found and at the next bolder one, where a faster hand or a higher floor may make up for less slack.
 */
import type { AutoscalerSetting } from "../simulate/traffic.ts";
import type { SimulatedDay } from "./simulated.ts";

export interface SettingChoice {
	readonly targets: readonly number[];
	readonly intervals: readonly number[];
	readonly floors: readonly number[];
}

export interface FoundSetting {
	readonly setting: AutoscalerSetting;
	readonly day: SimulatedDay;
}

export interface SettingSearch {
	/** Undefined where no day that was tried keeps the limits. */
	readonly found: FoundSetting | undefined;
	/** Days that were simulated. */
	readonly tried: number;
	/** Whether the search came to its end before the days it may simulate did. */
	readonly complete: boolean;
}

/** The first of each list is where the search starts for intervals and floors; targets fall. `days` is at least one. */
export function searchedSetting(
	choice: SettingChoice,
	enough: number,
	days: number,
	simulate: (setting: AutoscalerSetting) => SimulatedDay,
): SettingSearch {
	const search = new Search(enough, days, simulate);
	const [interval, ...intervals] = choice.intervals as [number, ...number[]];
	const [floor, ...floors] = choice.floors as [number, ...number[]];
	const place = choice.targets.findIndex((target) =>
		search.keeps({ target, intervalSeconds: interval, fewest: floor }),
	);
	const targets = place === -1 ? choice.targets.slice(-1) : choice.targets.slice(Math.max(0, place - 1), place + 1);
	for (const target of targets) {
		for (const intervalSeconds of intervals) search.keeps({ target, intervalSeconds, fewest: floor });
		for (const fewest of floors)
			search.keeps({ target, intervalSeconds: search.found?.setting.intervalSeconds ?? interval, fewest });
	}
	return search;
}

class Search implements SettingSearch {
	found: FoundSetting | undefined;
	tried = 0;
	complete = true;
	readonly #enough: number;
	readonly #days: number;
	readonly #simulate: (setting: AutoscalerSetting) => SimulatedDay;

	constructor(enough: number, days: number, simulate: (setting: AutoscalerSetting) => SimulatedDay) {
		this.#enough = enough;
		this.#days = days;
		this.#simulate = simulate;
	}

	/** Whether a day with this setting keeps the limits; the cheapest that does is kept. */
	keeps(setting: AutoscalerSetting): boolean {
		if (this.tried >= this.#days) {
			this.complete = false;
			return false;
		}
		this.tried++;
		const day = this.#simulate(setting);
		if (day.withinLimits < this.#enough) return false;
		if (this.found === undefined || day.neededShare < this.found.day.neededShare) this.found = { setting, day };
		return true;
	}
}
