/** What a token earns and costs, and what is left over, month by month: as planned, without draws. */
import { nodeIndex, seriesOf } from "@farthing/engine";
import type { Answer } from "./answer.ts";
import type { PricedStrategy } from "./strategies.ts";

export interface MonthSeries {
	readonly node: string;
	readonly unit: string;
	/** From the opening on; null in a month in which it has no value. */
	readonly values: readonly (number | null)[];
}

export interface MarginMonths {
	/** Revenue per million tokens served: the price of the month, over what is not sold too. */
	readonly earned: MonthSeries;
	readonly unit_cost: MonthSeries;
	/** Revenue less running cost and depreciation. */
	readonly margin: MonthSeries;
}

/** Nothing where no token is sold. */
export function marginMonths(answer: Answer, { name }: PricedStrategy): MarginMonths | undefined {
	const { evaluation } = answer;
	if (!evaluation.model.byId.has(`${name}.margin`)) return undefined;
	const served = seriesOf(evaluation, `${name}.tokens`);
	const series = (of: string, isPerToken: boolean): MonthSeries => {
		const node = `${name}.${of}`;
		const { unit } = evaluation.model.nodes[nodeIndex(evaluation.model, node)] ?? {};
		if (unit === undefined) throw new TypeError(`${node} has no unit`);
		const values = Array.from(seriesOf(evaluation, node), (value, month) =>
			isPerToken && served[month] === 0 ? null : value / unit.factor + 0,
		);
		return { node, unit: unit.symbol, values };
	};
	return {
		earned: series("earned", true),
		unit_cost: series("unit_cost.delivered", true),
		margin: series("margin", false),
	};
}
