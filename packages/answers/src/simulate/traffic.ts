/** The requests of a scenario: its demand over its lengths, Poisson, over a day with its peak. */
import type { RequestSource } from "@farthing/engine";
import { BUSIEST_HOUR, centralValue, dayProfile, generatedLoad } from "@farthing/engine";
import type { Scenario } from "@farthing/scenario";
import { requestLengths } from "../plan-candidates.ts";

export interface Traffic {
	readonly source: RequestSource;
	/** Tokens of a block of the prefix ids that the requests carry; none: they carry none. */
	readonly prefixTokens?: number;
	readonly words: TrafficWords;
}

/** What the requests are, for the result. */
export interface TrafficWords {
	readonly requests: string;
	readonly arrivals?: string;
	readonly lengths?: string;
	readonly profile?: string;
	readonly scaling?: string;
}

/** Less than a day is the stretch around its busiest hour: that is when limits are missed. */
export function scenarioTraffic(scenario: Scenario, seed: number, hours: number): Traffic {
	const { input, output } = requestLengths(scenario);
	const requestsPerSecond = centralValue(scenario.demand.tokensPerDay.distribution) / (input + output);
	const peak = centralValue(scenario.demand.peakToMean.distribution);
	const startHour = hours >= 24 ? 0 : Math.max(0, BUSIEST_HOUR - Math.floor(hours / 2));
	const stretch = hours >= 24 ? "" : `, the ${hours} hours around it`;
	const source = generatedLoad(
		{
			arrivals: { process: { kind: "poisson" }, requestsPerSecond, hourly: dayProfile(peak), startHour },
			lengths: { kind: "fixed", input, output },
		},
		seed,
	);
	return {
		source,
		words: {
			requests: `generated, ${requestsPerSecond.toFixed(2)} a second on average`,
			arrivals: "Poisson",
			lengths: `${input} tokens in, ${output} out, all alike`,
			profile: `a day whose busiest hour is ${peak} times the mean${stretch}`,
		},
	};
}
