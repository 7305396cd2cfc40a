/** Figures of a pack that stand over years: the chart, its legend and its words from one set of columns. */
import type { QuantityJson } from "@farthing/engine";
import type { CategorySeries } from "../charts/chart.ts";
import { joined } from "../messages/fill.ts";
import type { Figure, LegendEntry, Table, Text } from "../report-model.ts";
import { column, quantities } from "../show-number.ts";
import { ofPlan, type PackContext } from "./source.ts";

export interface PlacedQuantity {
	readonly quantity: QuantityJson;
	readonly at: string;
}

export interface YearSeries {
	readonly name: string;
	readonly mark: "column" | "line";
	readonly style: number;
	/** One a category; undefined where there is none. */
	readonly values: readonly (PlacedQuantity | undefined)[];
}

export interface YearFigure {
	readonly id: string;
	readonly caption: Text;
	readonly alternative: (bars: Text) => Text;
	readonly xAxis: string;
	readonly yAxis: string;
	readonly unit: string;
	readonly categories: readonly string[];
	readonly series: readonly YearSeries[];
	readonly stacked?: boolean;
	readonly table: Table;
	readonly tableInPlace?: true;
}

export function yearFigure(context: PackContext, of: YearFigure): Figure {
	const { categories, series, unit } = of;
	return {
		id: of.id,
		caption: of.caption,
		alternative: of.alternative(spoken(context, of)),
		chart: {
			kind: "category",
			xAxis: of.xAxis,
			yAxis: of.yAxis,
			unit,
			categories,
			stacked: of.stacked ?? false,
			series: series.map(drawn),
		},
		legend: series.length === 1 ? [] : series.map(legendEntry),
		table: of.table,
		...(of.tableInPlace === true ? { tableInPlace: true } : {}),
	};
}

/** Cells of one unit, each with its place: with equally many decimals, or as `$3.18M` where they are sums of money. */
export function cells(values: readonly (PlacedQuantity | undefined)[], unit: string): Text[] {
	if (unit === "USD") return quantities(values.map((each) => each && { ...each, at: `plan/result/${each.at}` }));
	return column(
		values.map((each) =>
			each?.quantity.value === undefined
				? { value: undefined }
				: { value: each.quantity.value, at: `plan/result/${each.at}` },
		),
		unit,
	);
}

function drawn({ name, mark, style, values }: YearSeries): CategorySeries {
	const ranges = values.map((each): readonly [number, number] | undefined => {
		const { p10, p90 } = each?.quantity ?? {};
		return p10 === undefined || p90 === undefined ? undefined : [p10, p90];
	});
	const hasRange = ranges.some((range) => range !== undefined);
	return {
		name,
		mark,
		style,
		values: values.map((each) => each?.quantity.value),
		...(hasRange ? { ranges } : {}),
	};
}

function legendEntry({ name, mark, style }: YearSeries): LegendEntry {
	return { swatch: { kind: mark === "column" ? "block" : "line", style }, text: [name] };
}

/** "Own: year 1 $3, year 2 $2; Rent: …". */
function spoken({ messages }: PackContext, { series, categories }: YearFigure): Text {
	const texts = series.map(({ name, values }): Text => {
		const points = values.flatMap((each, i): Text[] =>
			each?.quantity.value === undefined ? [] : [[`${categories[i]} `, ofPlan(each.quantity, each.at)]],
		);
		return series.length === 1 ? joined(points, messages.list) : [`${name}: `, ...joined(points, messages.list)];
	});
	return texts.flatMap((text, i): Text => (i === 0 ? text : ["; ", ...text]));
}
