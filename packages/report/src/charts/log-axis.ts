/** A logarithmic money axis whose labels are all shown: a log scale of its own accord leaves some out. */
import * as Plot from "@observablehq/plot";
import { dollarTick } from "./axis-ticks.ts";

export function dollarAxisY(ticks: readonly number[], label: string): Plot.Markish[] {
	return [
		Plot.gridY(ticks, { stroke: "var(--rule)", strokeOpacity: 1 }),
		Plot.axisY(ticks, {
			text: (value: number) => dollarTick(value),
			tickSize: 0,
			label,
			labelArrow: "none",
			labelOffset: 52,
			labelAnchor: "top",
		}),
	];
}
