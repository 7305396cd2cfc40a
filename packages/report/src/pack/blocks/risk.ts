/** Risk: chances over the draws, what moves the result, what turns the decision, what each stage must keep. */
import type { FanResult, InputSensitivity, PricedResult } from "@farthing/answers";
import type { QuantityJson } from "@farthing/engine";
import { TORNADO_STYLES } from "../../charts/tornado-chart.ts";
import { fill, joined } from "../../messages/fill.ts";
import { capitalised, plainText } from "../../plain-text.ts";
import type { Block, Column, Figure, Span, Table, Text } from "../../report-model.ts";
import { measured, quantity, quantityText } from "../../show-number.ts";
import { cells, type PlacedQuantity, yearFigure } from "../charts.ts";
import { labelOf, named, noteOn, noteOnInput, ofPlan, type PackContext, paragraph } from "../source.ts";
import { bestPlaced, fleetLabel, measureOf, type Placed, pricedStrategies, strategyLabel } from "../strategy-words.ts";

const CHANCES = ["best", "loss", "no_payback"] as const;
type ChanceName = (typeof CHANCES)[number];

export function chancesBlock(context: PackContext): Block[] {
	const { uncertainty } = context.result;
	if (uncertainty === undefined) return [];
	const { words } = context;
	const strategies = pricedStrategies(context);
	const shown = CHANCES.filter((name) => uncertainty.chances.some(({ of }) => of === name));
	const table: Table = {
		caption: fill(words.risk.chances, { draws: measured(uncertainty.draws, "", "plan/result/uncertainty/draws") }),
		columns: [
			{ heading: words.risk.columns.strategy, align: "start" },
			...shown.map((name): Column => ({ heading: words.risk.columns[name], align: "end" })),
		],
		rows: strategies.map((each) => [
			[strategyLabel(context, each.of.strategy)],
			...shown.map((name): Text => {
				const found = chance(context, each.of, name);
				return found === undefined ? [words.none] : [found];
			}),
		]),
	};
	return [paragraph(chanceWords(context)), { kind: "table", table }];
}

/** The widest inputs, with what they do at their ends. */
export function tornadoBlock(context: PackContext): Block[] {
	const inputs = context.source.sensitivity?.result.inputs ?? [];
	const wide = widest(inputs);
	return wide.length === 0 ? [] : [{ kind: "figure", figure: tornadoFigure(context, wide) }];
}

export function flipsBlock(context: PackContext): Block[] {
	const decision = context.source.sensitivity?.result.decision;
	if (decision === undefined) return [];
	const { words } = context;
	const items = decision.flips.flatMap((flip, i): Text[] => {
		if (flip.state !== "flips" || flip.value === undefined || flip.to === undefined) return [];
		const at = `sensitivity/result/decision/flips/${i}`;
		const other = optionWords(context, flip.to);
		return [
			[
				...fill(words.risk.flip, {
					label: named(labelOf(context, flip.label)),
					value: quantity(flip.value, `${at}/value`),
					central: quantity(flip.central, `${at}/central`),
					other,
				}),
				...noteOnInput(context, flip.input),
			],
		];
	});
	if (items.length === 0) return [paragraph([words.risk.flipNone])];
	return [paragraph([{ kind: "strong", text: [words.risk.flipHeading] }]), { kind: "list", items }];
}

export function priceStressBlock(context: PackContext): Block[] {
	const inputs = context.source.sensitivity?.result.inputs ?? [];
	const prices = inputs
		.map((input, i) => ({ input, i }))
		.filter(({ input }) => /^(?:price_path\.revenue|revenue\.price)/.test(input.input));
	const items = prices.map(({ input, i }): Text => {
		const at = `sensitivity/result/inputs/${i}`;
		return [
			...fill(context.words.stress.words, {
				label: named(labelOf(context, input.label)),
				central: quantity(input.central, `${at}/central`),
				high: quantity(input.high, `${at}/high`),
				atHigh: quantity(input.at_high, `${at}/at_high`),
				low: quantity(input.low, `${at}/low`),
				atLow: quantity(input.at_low, `${at}/at_low`),
			}),
			...noteOnInput(context, input.input),
		];
	});
	return items.map((text) => paragraph(text));
}

export function gatesBlock(context: PackContext): Block[] {
	const stages = context.result.stages ?? [];
	if (stages.length === 0) return [];
	const { words, result } = context;
	const column = (name: "total" | "idle"): Text[] =>
		cells(
			stages.map((stage, i) => ({ quantity: stage[name], at: `stages/${i}/${name}` })),
			"USD/Mtok",
		);
	const [costs, idle] = [column("total"), column("idle")];
	const dated = result.start !== undefined;
	const table: Table = {
		caption: fill(words.gates.caption, { fleet: fleetLabel(context, stages[0]?.strategy) }),
		columns: [
			{ heading: words.gates.columns.stage, align: "start" },
			{ heading: words.gates.columns.month, align: "end" },
			...(dated ? [{ heading: words.gates.columns.date, align: "start" } as const] : []),
			{ heading: words.gates.columns.cost, align: "end" },
			{ heading: words.gates.columns.idle, align: "end" },
		],
		rows: stages.map(({ stage, month }, i) => [
			[capitalised(words.stages.names[stage] ?? stage)],
			[measured(month, "", `plan/result/stages/${i}/month`)],
			...(dated ? [[monthAfter(result.start as string, month)]] : []),
			costs[i] as Text,
			idle[i] as Text,
		]),
	};
	const best = bestPlaced(context);
	const floor = best === undefined ? undefined : measureOf(best, "price_floor");
	const said =
		floor === undefined
			? []
			: [
					paragraph(
						fill(words.gates.floor, { floor: [ofPlan(floor.quantity, floor.at), ...noteOn(context, floor.quantity)] }),
					),
				];
	return [{ kind: "table", table }, ...said];
}

export function cashFanBlock(context: PackContext): Block[] {
	const best = bestPlaced(context);
	const fans = context.result.uncertainty?.fans ?? [];
	const place = fans.findIndex(({ strategy, of }) => of === "cash_so_far" && strategy === best?.of.strategy);
	const fan = fans[place];
	return best === undefined || fan === undefined
		? []
		: [{ kind: "figure", figure: fanFigure(context, best, fan, place) }];
}

function chance({ result }: PackContext, { strategy }: PricedResult, name: ChanceName): Span | undefined {
	const chances = result.uncertainty?.chances ?? [];
	const i = chances.findIndex((each) => each.strategy === strategy && each.of === name);
	const found = chances[i];
	return found === undefined
		? undefined
		: measured(found.probability, "fraction", `plan/result/uncertainty/chances/${i}/probability`);
}

function chanceWords(context: PackContext): Text {
	const best = bestPlaced(context);
	if (best === undefined) return [];
	const { words } = context;
	const [first, loss, noPayback] = CHANCES.map((name) => chance(context, best.of, name));
	const label = strategyLabel(context, best.of.strategy);
	if (loss === undefined) return [];
	return first === undefined || noPayback === undefined
		? fill(words.risk.chanceLoss, { best: label, loss })
		: fill(words.risk.chanceWords, { best: label, loss, first, noPayback });
}

interface PlacedInput {
	readonly input: InputSensitivity;
	readonly at: string;
}

const MOST_BARS = 8;

function widest(inputs: readonly InputSensitivity[]): PlacedInput[] {
	return inputs
		.map((input, i) => ({ input, at: `sensitivity/result/inputs/${i}` }))
		.filter(({ input }) => input.at_low.value !== undefined && input.at_high.value !== undefined)
		.sort((a, b) => reach(b) - reach(a))
		.slice(0, MOST_BARS)
		.filter((each) => reach(each) > 0);
}

function reach({ input }: PlacedInput): number {
	return Math.abs((input.at_high.value as number) - (input.at_low.value as number));
}

function tornadoFigure(context: PackContext, inputs: readonly PlacedInput[]): Figure {
	const { words, messages, source } = context;
	const result = source.sensitivity?.result as NonNullable<typeof source.sensitivity>["result"];
	const { unit } = result.value;
	const name = result.of.split(".").at(-1) ?? result.of;
	const of = words.risk.measures[name] ?? result.label;
	const money = (value: number): string => quantityText(value, unit).replace(/\/M ?tok$/, "");
	const bars = inputs.map(({ input }) => ({
		label: capitalised(labelOf(context, input.label)),
		atLow: input.at_low.value as number,
		atHigh: input.at_high.value as number,
		lowText: money(input.at_low.value as number),
		highText: money(input.at_high.value as number),
	}));
	const [first] = inputs as [PlacedInput];
	return {
		id: "tornado-chart",
		caption: [
			...fill(words.risk.tornado, {
				largest: named(capitalised(labelOf(context, first.input.label))),
				low: quantity(first.input.at_low, `${first.at}/at_low`),
				high: quantity(first.input.at_high, `${first.at}/at_high`),
			}),
			...noteOnInput(context, first.input.input),
		],
		alternative: fill(words.risk.tornadoAlternative, {
			of,
			unit,
			bars: joined(
				bars.map(({ label, lowText, highText }) =>
					fill(words.risk.tornadoBar, { label, low: lowText, high: highText }),
				),
				messages.list,
			),
		}),
		chart: {
			kind: "tornado",
			axis: plainText(fill(words.risk.tornadoAxis, { of: capitalised(of) })),
			unit,
			central: result.value.value as number,
			bars,
		},
		legend: [
			{ swatch: { kind: "block", style: TORNADO_STYLES.low }, text: [words.risk.tornadoLegend.low] },
			{ swatch: { kind: "block", style: TORNADO_STYLES.high }, text: [words.risk.tornadoLegend.high] },
		],
		table: tornadoTable(context, inputs, of),
	};
}

function tornadoTable(context: PackContext, inputs: readonly PlacedInput[], of: string): Table {
	const { words } = context;
	const columns = words.risk.tornadoColumns;
	return {
		caption: fill(words.risk.tornadoTable, { of }),
		columns: [
			{ heading: columns.input, align: "start", room: "wide" },
			{ heading: columns.low, align: "end" },
			{ heading: columns.atLow, align: "end" },
			{ heading: columns.high, align: "end" },
			{ heading: columns.atHigh, align: "end" },
			{ heading: columns.share, align: "end" },
		],
		rows: inputs.map(({ input, at }) => [
			[named(labelOf(context, input.label))],
			[quantity(input.low, `${at}/low`)],
			[quantity(input.at_low, `${at}/at_low`)],
			[quantity(input.high, `${at}/high`)],
			[quantity(input.at_high, `${at}/at_high`)],
			[measured(input.total.value, "fraction", `${at}/total/value`)],
		]),
	};
}

function optionWords(context: PackContext, name: string): Text {
	const { words } = context;
	const known = (words.strategies as Readonly<Record<string, { readonly done: string }>>)[name];
	return known === undefined ? [{ kind: "code", code: name }] : [known.done];
}

function fanFigure(context: PackContext, best: Placed<PricedResult>, fan: FanResult, place: number): Figure {
	const { words } = context;
	const strategy = strategyLabel(context, best.of.strategy);
	const at = (name: "p10" | "p50" | "p90", month: number): string => `uncertainty/fans/${place}/${name}/${month}`;
	const points = fan.p50.map((value, month): PlacedQuantity => {
		const quantity: QuantityJson = {
			value,
			unit: fan.unit,
			p10: fan.p10[month] as number,
			p90: fan.p90[month] as number,
		};
		return { quantity, at: at("p50", month) };
	});
	const yearly = fan.p50.flatMap((_, month) => (month % 12 === 0 ? [month] : []));
	const columns = (["p10", "p50", "p90"] as const).map((name) =>
		yearly.map((month): Text => [measured(fan[name][month] as number, fan.unit, `plan/result/${at(name, month)}`)]),
	);
	const figure = yearFigure(context, {
		id: "cash-fan-chart",
		caption: fill(words.fan.cash, { strategy }),
		alternative: () => [],
		xAxis: words.fan.month,
		yAxis: words.fan.cashAxis,
		unit: fan.unit,
		categories: points.map((_, month) => String(month)),
		series: [{ name: strategy, mark: "line", style: 0, values: points }],
		table: {
			caption: fill(words.fan.table, { strategy }),
			columns: [
				{ heading: words.fan.columns.month, align: "start" },
				...(["p10", "p50", "p90"] as const).map((name): Column => ({ heading: words.fan.columns[name], align: "end" })),
			],
			rows: yearly.map((month, i) => [[String(month)], ...columns.map((each) => each[i] as Text)]),
		},
	});
	const lines = yearly.map((month): Text => {
		const middle = measured(fan.p50[month] as number, fan.unit, `plan/result/${at("p50", month)}`);
		return [`${words.fan.month} ${month} `, middle];
	});
	return {
		...figure,
		alternative: fill(words.fan.cashAlternative, { strategy, lines: joined(lines, context.messages.list) }),
	};
}

/** The month that ends `months` after a day: `2027-08`. */
function monthAfter(start: string, months: number): string {
	const [, year = "0", month = "1"] = /^(\d{4})-(\d{2})/.exec(start) ?? [];
	const count = Number(year) * 12 + Number(month) - 1 + months - 1;
	return `${Math.floor(count / 12)}-${String((count % 12) + 1).padStart(2, "0")}`;
}
