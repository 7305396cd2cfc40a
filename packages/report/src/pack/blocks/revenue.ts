/** What the tokens bring in, and what stays of it. */
import type { PricedResult } from "@farthing/answers";
import { fill } from "../../messages/fill.ts";
import type { Block, Column, Figure, Text } from "../../report-model.ts";
import { cells, type PlacedQuantity, yearFigure } from "../charts.ts";
import { noteOn, noteOnInput, ofGraph, ofPlan, type PackContext, paragraph } from "../source.ts";
import { bestPlaced, measureOf, type Placed, strategyLabel } from "../strategy-words.ts";
import { yearName } from "../year-names.ts";

export function revenueBlock(context: PackContext): Block[] {
	const best = bestPlaced(context);
	if (best === undefined || best.of.years.every(({ revenue }) => revenue === undefined)) return [];
	const words = [marginWords(context, best), floorWords(context, best), perMegawattWords(context, best)];
	return [
		paragraph(...words.filter((text) => text.length > 0)),
		{ kind: "figure", figure: revenueFigure(context, best) },
	];
}

function marginWords(context: PackContext, best: Placed<PricedResult>): Text {
	const { words } = context;
	const margin = measureOf(best, "gross_margin");
	const share = measureOf(best, "gross_margin_share");
	const price = ofGraph(context, "revenue.price");
	if (margin === undefined || share === undefined || price === undefined) return [];
	const common = {
		price: [price, ...noteOnInput(context, "revenue.price.output")],
		margin: [ofPlan(margin.quantity, margin.at), ...noteOn(context, margin.quantity)],
	};
	return (margin.quantity.value as number) < 0
		? fill(words.revenue.loses, common)
		: fill(words.revenue.words, { ...common, share: ofPlan(share.quantity, share.at) });
}

function floorWords(context: PackContext, best: Placed<PricedResult>): Text {
	const floor = measureOf(best, "price_floor");
	if (floor === undefined) return [];
	return fill(context.words.revenue.floor, {
		floor: [ofPlan(floor.quantity, floor.at), ...noteOn(context, floor.quantity)],
	});
}

function perMegawattWords(context: PackContext, best: Placed<PricedResult>): Text {
	const revenue = measureOf(best, "revenue_per_megawatt");
	const profit = measureOf(best, "profit_per_megawatt");
	if (revenue === undefined || profit === undefined) return [];
	return fill(context.words.revenue.perMegawatt, {
		revenue: ofPlan(revenue.quantity, revenue.at),
		profit: ofPlan(profit.quantity, profit.at),
	});
}

const LINES = ["revenue", "cost", "cash"] as const;

function revenueFigure(context: PackContext, best: Placed<PricedResult>): Figure {
	const { words } = context;
	const { years } = best.of;
	const values = (name: (typeof LINES)[number]): (PlacedQuantity | undefined)[] =>
		years.map((year, i) => {
			const quantity = year[name];
			return quantity === undefined ? undefined : { quantity, at: `${best.at}/years/${i}/${name}` };
		});
	const series = LINES.map((name, style) => ({
		name: words.revenue.columns[name],
		mark: name === "cash" ? ("line" as const) : ("column" as const),
		style,
		values: values(name),
	}));
	const columns = series.map((each) => cells(each.values, "USD"));
	const unitCosts = cells(
		years.map(({ unit_cost }, i) =>
			unit_cost === undefined ? undefined : { quantity: unit_cost, at: `${best.at}/years/${i}/unit_cost` },
		),
		"USD/Mtok",
	);
	const strategy = strategyLabel(context, best.of.strategy);
	return yearFigure(context, {
		id: "revenue-chart",
		caption: fill(words.revenue.caption, { strategy }),
		alternative: (bars) => fill(words.revenue.alternative, { bars }),
		tableInPlace: true,
		xAxis: words.fleet.yearAxis,
		yAxis: words.revenue.yAxis,
		unit: "USD",
		categories: years.map(({ year }) => yearName(context, year)),
		series,
		table: {
			caption: fill(words.revenue.table, { strategy }),
			columns: [
				{ heading: words.revenue.columns.year, align: "start" },
				...series.map(({ name }): Column => ({ heading: name, align: "end" })),
				{ heading: words.revenue.columns.unitCost, align: "end" },
			],
			rows: years.map(({ year }, i) => [
				[yearName(context, year)],
				...columns.map((each) => each[i] as Text),
				unitCosts[i] as Text,
			]),
		},
	});
}
