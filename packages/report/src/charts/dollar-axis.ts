/** A logarithmic money axis whose labels are all shown: a log scale of its own accord leaves some out. */
import * as Plot from "@observablehq/plot";
import { dollarTick, logTicks, roundedLogRange } from "./axis-ticks.ts";
import { type ChartSize, letterWidth } from "./svg-plot.ts";

export interface DollarAxis {
	readonly domain: readonly [number, number];
	/** Room for its labels. */
	readonly marginLeft: number;
	readonly marks: readonly Plot.Markish[];
}

export function dollarAxis(values: readonly number[], label: string, size: ChartSize): DollarAxis {
	const domain = roundedLogRange(Math.min(...values), Math.max(...values));
	const ticks = logTicks(domain[0], domain[1], size.narrow ? 8 : 11);
	const longest = Math.max(...ticks.map((tick) => dollarTick(tick).length));
	const marginLeft = Math.max(52, longest * letterWidth(size) + 12);
	const named = Plot.axisY(ticks, {
		text: (value: number) => dollarTick(value),
		tickSize: 0,
		label,
		labelArrow: "none",
		labelOffset: marginLeft,
		labelAnchor: "top",
	});
	return { domain, marginLeft, marks: [Plot.gridY(ticks, { stroke: "var(--rule)", strokeOpacity: 1 }), named] };
}
