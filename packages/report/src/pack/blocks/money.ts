/** Strategies side by side: what each is worth, its cash by year, and where one overtakes another. */
import type { BreakEven, PricedResult, RateOfReturn, StrategyResult } from "@farthing/answers";
import { fill } from "../../messages/fill.ts";
import { capitalised } from "../../plain-text.ts";
import type { Block, Column, Figure, Table, Text } from "../../report-model.ts";
import { measured } from "../../show-number.ts";
import { cells, type PlacedQuantity, yearFigure } from "../charts.ts";
import { note, noteOn, ofPlan, type PackContext, paragraph, rangeText } from "../source.ts";
import { bestPlaced, measureOf, type Placed, pricedStrategies, strategyLabel } from "../strategy-words.ts";
import { monthCount } from "./decision.ts";
import { yearName } from "../year-names.ts";

export function strategiesBlock(context: PackContext): Block[] {
	const strategies = pricedStrategies(context);
	if (strategies.length === 0) return [];
	return [
		paragraph(
			...[firstWords(context, strategies), marginalWords(context, strategies)].filter((text) => text.length > 0),
		),
		{ kind: "table", table: strategiesTable(context, strategies) },
		...leftOut(context),
	];
}

export function cashBlock(context: PackContext): Block[] {
	const strategies = pricedStrategies(context);
	if (strategies.length === 0) return [];
	return [{ kind: "figure", figure: cashFigure(context, strategies) }];
}

export function costItemsBlock(context: PackContext): Block[] {
	const best = bestPlaced(context);
	return best === undefined ? [] : [{ kind: "table", table: costTable(context, best) }];
}

export function breakEvensBlock(context: PackContext): Block[] {
	const all = context.result.break_evens ?? [];
	if (all.length === 0) return [];
	const { words } = context;
	const table: Table = {
		caption: [words.breakEvens.caption],
		columns: [
			{ heading: words.breakEvens.columns.pair, align: "start" },
			{ heading: words.breakEvens.columns.months, align: "end" },
			{ heading: words.breakEvens.columns.volume, align: "end" },
			{ heading: words.breakEvens.columns.use, align: "end" },
		],
		rows: all.map((each, i) => breakEvenRow(context, each, `break_evens/${i}`)),
	};
	return [paragraph([words.breakEvens.intro]), { kind: "table", table }];
}

function firstWords(context: PackContext, strategies: readonly Placed<PricedResult>[]): Text {
	const best = strategies.find(({ of }) => of.rank === 1);
	if (best === undefined) return [];
	const { words, result } = context;
	const sold = result.ranked_by === "npv";
	const found = measureOf(best, sold ? "npv" : "present_cost");
	if (found === undefined) return [];
	const range = rangeText(context, found.quantity, found.at);
	return fill(sold ? words.money.first : words.money.firstCost, {
		best: strategyLabel(context, best.of.strategy),
		count: String(strategies.length),
		[sold ? "npv" : "cost"]: [ofPlan(found.quantity, found.at), ...noteOn(context, found.quantity)],
		range: range.length === 0 ? [] : fill(words.money.rangeIn, { range: [...range, `, ${words.rangeNote}`] }),
	});
}

function marginalWords(context: PackContext, strategies: readonly Placed<PricedResult>[]): Text {
	const { words } = context;
	const best = strategies.find(({ of }) => of.marginal.rank === 1);
	const full = strategies.find(({ of }) => of.rank === 1);
	if (best === undefined || full === undefined) return [];
	const same =
		best === full ? [words.money.same] : fill(words.money.notSame, { other: strategyLabel(context, full.of.strategy) });
	return fill(words.money.marginal, { best: strategyLabel(context, best.of.strategy), same });
}

/** What cannot be priced or ranked stays in sight. */
function leftOut(context: PackContext): Block[] {
	const { words, result } = context;
	const items = (result.strategies ?? []).flatMap((each: StrategyResult): Text[] => {
		const strategy = strategyLabel(context, each.strategy);
		if (!each.priced) return [fill(words.money.unpriced, { strategy, reason: { kind: "name", name: each.reason } })];
		if (each.unranked_because === undefined) return [];
		return [fill(words.money.unranked, { strategy, reason: { kind: "name", name: each.unranked_because } })];
	});
	return items.length === 0 ? [] : [{ kind: "list", items }];
}

const MEASURES = [
	["npv", "npv", "USD"],
	["present_cost", "cost", "USD"],
	["levelised", "levelised", "USD/Mtok"],
	["peak_cash", "peak", "USD"],
] as const;

function strategiesTable(context: PackContext, strategies: readonly Placed<PricedResult>[]): Table {
	const { words } = context;
	const shown = MEASURES.filter(([name]) => strategies.some((each) => measureOf(each, name) !== undefined));
	const heads = [...shown.map(([, head]) => head), "payback", "irr"] as const;
	const range = note(context, [context.words.rangeNote]);
	return {
		caption: [words.money.caption],
		columns: [
			{ heading: words.money.columns.rank, align: "start" },
			{ heading: words.money.columns.strategy, align: "start" },
			...heads.map((head): Column => ({ heading: words.money.columns[head], align: "end" })),
		],
		rows: strategies.map((each) => [
			each.of.rank === undefined ? [words.none] : [measured(each.of.rank, "", `plan/result/${each.at}/rank`)],
			[strategyLabel(context, each.of.strategy)],
			...shown.map(([name]) => rangedCell(context, each, name, range)),
			paybackCell(context, each),
			irrCell(context, each.of.irr, `${each.at}/irr`),
		]),
	};
}

function rangedCell(context: PackContext, each: Placed<PricedResult>, name: string, mark: Text[number]): Text {
	const found = measureOf(each, name);
	if (found === undefined) return [];
	const range = rangeText(context, found.quantity, found.at);
	const value = [ofPlan(found.quantity, found.at)];
	return range.length === 0 ? value : [{ kind: "lines", lines: [value, [{ kind: "small", text: [...range, mark] }]] }];
}

function paybackCell({ words }: PackContext, each: Placed<PricedResult>): Text {
	const payback = measureOf(each, "payback_months");
	return payback === undefined ? [words.none] : [monthCount(payback)];
}

function irrCell({ words }: PackContext, irr: RateOfReturn | undefined, at: string): Text {
	if (irr === undefined) return [];
	if (irr.roots !== "one" || irr.value === undefined)
		return [irr.roots === "many" ? words.money.irrMany : words.money.irrNone];
	return [ofPlan(irr.value, `${at}/value`)];
}

function cashFigure(context: PackContext, strategies: readonly Placed<PricedResult>[]): Figure {
	const { words } = context;
	const best = strategies.find(({ of }) => of.rank === 1);
	const peak = best === undefined ? undefined : measureOf(best, "peak_cash");
	const years = (strategies[0] as Placed<PricedResult>).of.years.map(({ year }) => year);
	const series = strategies.map((each, style) => ({
		name: strategyLabel(context, each.of.strategy),
		mark: "column" as const,
		style,
		values: each.of.years.map(
			({ cash }, i): PlacedQuantity => ({ quantity: withoutRange(cash), at: `${each.at}/years/${i}/cash` }),
		),
	}));
	const columns = series.map(({ values }) => cells(values, "USD"));
	return yearFigure(context, {
		id: "cash-chart",
		caption:
			best === undefined || peak === undefined
				? [words.money.cashCaptionBare]
				: fill(words.money.cashCaption, {
						best: strategyLabel(context, best.of.strategy),
						peak: ofPlan(peak.quantity, peak.at),
					}),
		alternative: (bars) => fill(words.money.cashAlternative, { bars }),
		xAxis: words.fleet.yearAxis,
		yAxis: words.money.cashAxis,
		unit: "USD",
		categories: years.map((year) => yearName(context, year)),
		series,
		table: {
			caption: [words.money.cashTable],
			columns: [
				{ heading: words.fleet.columns.year, align: "start" },
				...series.map(({ name }): Column => ({ heading: name, align: "end" })),
			],
			rows: years.map((year, i) => [[yearName(context, year)], ...columns.map((each) => each[i] as Text)]),
		},
	});
}

/** Four strategies beside each other leave no room for ranges; the table of unit costs has them. */
function withoutRange({ p10: _, p50: __, p90: ___, ...quantity }: PricedResult["years"][number]["cash"]) {
	return quantity;
}

function costTable(context: PackContext, best: Placed<PricedResult>): Table {
	const { words } = context;
	const { years } = best.of;
	const capital = [...new Set(years.flatMap((year) => Object.keys(year.capital)))];
	const running = [...new Set(years.flatMap((year) => Object.keys(year.running)))];
	const line = (
		name: string,
		pick: (year: PricedResult["years"][number]) => PlacedQuantity["quantity"] | undefined,
		at: string,
	) => ({
		name,
		values: years.map((year, i): PlacedQuantity | undefined => {
			const quantity = pick(year);
			return quantity === undefined ? undefined : { quantity, at: `${best.at}/years/${i}/${at}` };
		}),
	});
	const lines = [
		...capital.map((item) => line(itemName(context, item), (year) => year.capital[item], `capital/${item}`)),
		...running.map((item) => line(itemName(context, item), (year) => year.running[item], `running/${item}`)),
	].filter(({ values }) => values.some((each) => (each?.quantity.value ?? 0) !== 0));
	const totals = [
		line(words.money.totalCost, (year) => year.cost, "cost"),
		line(words.money.revenue, (year) => year.revenue, "revenue"),
		line(words.money.cash, (year) => year.cash, "cash"),
	].filter(({ values }) => values.some((each) => each !== undefined));
	const all = [...lines, ...totals];
	const columns = years.map((_, i) =>
		cells(
			all.map(({ values }) => values[i]),
			"USD",
		),
	);
	return {
		caption: fill(words.money.costTable, { strategy: strategyLabel(context, best.of.strategy) }),
		columns: [
			{ heading: words.money.item, align: "start" },
			...years.map(({ year }): Column => ({ heading: yearName(context, year), align: "end" })),
		],
		rows: all.map(({ name }, i) => [[name], ...columns.map((each) => each[i] as Text)]),
		apart: lines.length,
	};
}

/** `gen1.server` as "Server (gen1)". */
function itemName({ words }: PackContext, item: string): string {
	const [first = "", second] = item.split(".");
	const [name, of] = second === undefined ? [first, ""] : [second, ` (${first})`];
	return `${words.money.items[name] ?? capitalised(name.replaceAll("_", " "))}${of}`;
}

function breakEvenRow(context: PackContext, { of, against, time, volume, utilisation }: BreakEven, at: string): Text[] {
	const { words } = context;
	const state = (of: string): Text => [words.breakEvens.states[of] ?? of];
	const months =
		time.months === undefined || time.state !== "reached"
			? state(time.state)
			: [monthCount({ quantity: time.months, at: `${at}/time/months` })];
	const volumes =
		volume.from_lowest === true
			? [words.breakEvens.always]
			: volume.tokens_per_day === undefined || volume.state !== "reached"
				? state(volume.state)
				: [ofPlan(volume.tokens_per_day, `${at}/volume/tokens_per_day`)];
	const use =
		utilisation === undefined
			? [words.none]
			: utilisation.utilisation === undefined || utilisation.state !== "reached"
				? state(utilisation.state)
				: [ofPlan(utilisation.utilisation, `${at}/utilisation/utilisation`)];
	const pair = fill(words.breakEvens.pair, {
		of: strategyLabel(context, of),
		against: strategyLabel(context, against),
	});
	return [pair, months, volumes, use];
}
