/** The limits and lengths of a scenario as a result carries them: every cost is a cost at these. */
import type { QuantityJson } from "@farthing/engine";
import { centralValue, interactivity, second } from "@farthing/engine";
import type { AnyQuantityInput, Scenario } from "@farthing/scenario";

export interface ServiceLimits {
	readonly tokens_per_s_per_user?: QuantityJson;
	readonly ttft?: QuantityJson;
	readonly ttft_statistic?: string;
}

/** Absent members are limits that were switched off. */
export function serviceLimits({ slo }: Scenario, asOf: string): ServiceLimits {
	const { tokensPerSecondPerUser: speed, ttft, ttftStatistic } = slo;
	return {
		...(speed === undefined
			? {}
			: { tokens_per_s_per_user: { ...limit(speed, interactivity, asOf), tokens: "output" } }),
		...(ttft === undefined ? {} : { ttft: limit(ttft, second, asOf), ttft_statistic: ttftStatistic }),
	};
}

function limit(
	of: AnyQuantityInput,
	unit: { readonly symbol: string; readonly factor: number },
	asOf: string,
): QuantityJson {
	const value = centralValue(of.distribution) / unit.factor;
	return { value, unit: unit.symbol, grade: of.grade ?? "E", as_of: of.asOf ?? asOf };
}
