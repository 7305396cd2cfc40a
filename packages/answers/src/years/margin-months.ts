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
	readonly tokens: MonthSeries;
	/** Revenue per million tokens served: the price of the month, over what is not sold too. */
	readonly earned: MonthSeries;
	/** With the charge on the machines in service, which has interest in it. */
	readonly unit_cost: MonthSeries;
	/** Running cost and depreciation per million tokens served. */
	readonly book_cost: MonthSeries;
	/** Revenue less running cost and depreciation: `tokens` times what `earned` is above `book_cost`. */
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
		tokens: series("tokens", false),
		earned: series("earned", true),
		unit_cost: series("unit_cost.delivered", true),
		book_cost: series("book_cost", true),
		margin: series("margin", false),
	};
}
