/** What a million tokens costs: by stage, by year, and why it changes. */
import type { CostBridge, PlanYearsResult } from "@farthing/answers";
import { formatQuantity } from "@farthing/engine";
import type { WaterfallBar } from "../../charts/chart.ts";
import { fill, joined } from "../../messages/fill.ts";
import { capitalised, plainText } from "../../plain-text.ts";
import { lowered } from "../../plan-report/bridge.ts";
import type { Block, Column, Figure, Table, Text } from "../../report-model.ts";
import { measured } from "../../show-number.ts";
import { cells, type PlacedQuantity, yearFigure } from "../charts.ts";
import { isSame } from "../as-alike.ts";
import { gradeSpan, labelOf, noteOn, noteOnInput, ofPlan, type PackContext, paragraph } from "../source.ts";
import { bestPlaced, fleetLabel, pricedStrategies, strategyLabel } from "../strategy-words.ts";
import { yearName } from "../year-names.ts";
import { servedYears } from "./decision.ts";

type Stages = PlanYearsResult["stages"];

const UNIT = "USD/Mtok";

export function stagesBlock(context: PackContext): Block[] {
	const stages = context.result.stages ?? [];
	if (stages.length === 0) return [];
	return [
		...(stages.length === 1 ? [] : [paragraph(stageWords(context, stages))]),
		{ kind: "figure", figure: stageFigure(context, stages) },
	];
}

export function unitCostYearsBlock(context: PackContext): Block[] {
	const strategies = pricedStrategies(context);
	const best = bestPlaced(context) ?? strategies[0];
	if (best === undefined) return [];
	const last = servedYears(best).at(-1);
	if (last === undefined) return [];
	const { words } = context;
	const years = best.of.years.filter(({ year }) => year > 0).map(({ year }) => year);
	const series = strategies.map((each, style) => ({
		name: strategyLabel(context, each.of.strategy),
		mark: "line" as const,
		style,
		values: years.map((year): PlacedQuantity | undefined => servedYears(each).find((served) => served.year === year)),
	}));
	const figure = yearFigure(context, {
		id: "unit-cost-chart",
		caption: fill(words.unitYears.caption, {
			best: strategyLabel(context, best.of.strategy),
			cost: ofPlan(last.quantity, last.at),
			year: String(last.year),
		}),
		alternative: (lines) => fill(words.unitYears.alternative, { unit: UNIT, lines }),
		xAxis: words.fleet.yearAxis,
		yAxis: words.unitYears.yAxis,
		unit: UNIT,
		categories: years.map((year) => yearName(context, year)),
		series,
		table: unitTable(context, years, series),
	});
	return [{ kind: "figure", figure }];
}

export function costCausesBlock(context: PackContext): Block[] {
	const best = bestPlaced(context);
	const place = (context.result.bridges ?? []).findIndex(({ strategy }) => strategy === best?.of.strategy);
	const bridge = context.result.bridges?.[place];
	if (best === undefined || bridge === undefined || bridge.from.value === undefined) return [];
	const year = String(best.of.years.length - 1);
	return [
		paragraph(fill(context.words.bridge.intro, { year })),
		{ kind: "figure", figure: causesFigure(context, bridge, `bridges/${place}`, year) },
	];
}

export function softwareBlock(context: PackContext): Block[] {
	const curve = context.result.software_curve;
	if (curve === undefined) return [];
	const { words, messages } = context;
	const at = "plan/result/software_curve";
	const texts: Text[] = [];
	const { estimate, recipes } = curve;
	if (estimate !== undefined) {
		const { per_90_days: pace } = estimate;
		texts.push(
			fill(words.software.fitted, {
				median: measured(pace.median, "x", `${at}/estimate/per_90_days/median`),
				low: measured(pace.p10, "x", `${at}/estimate/per_90_days/p10`),
				high: measured(pace.p90, "x", `${at}/estimate/per_90_days/p90`),
				pairs: measured(estimate.pairs, "", `${at}/estimate/pairs`),
				group: { kind: "name", name: labelOf(context, estimate.group) },
				regressions: measured(estimate.regressions, "", `${at}/estimate/regressions`),
				from: { kind: "name", name: estimate.from },
				to: { kind: "name", name: estimate.to },
			}),
		);
	}
	if (recipes !== undefined) {
		texts.push([
			...fill(words.software.recipes, {
				before: { kind: "code", code: recipes.before },
				after: { kind: "code", code: recipes.after },
				ratio: measured(recipes.ratio, "x", `${at}/recipes/ratio`),
			}),
			...noteOnInput(context, `${recipes.after}.tokens_per_gpu_second.total`),
		]);
	}
	texts.push(fill(words.software.method, { method: words.software.methods[curve.method] ?? curve.method }));
	return [
		{ kind: "list", items: texts },
		{ kind: "table", table: believedTable(context, messages.pack.software) },
	];
}

function believedTable(context: PackContext, words: PackContext["words"]["software"]): Table {
	const believed = context.result.software_curve?.believed ?? [];
	const at = (i: number, name: string): string => `software_curve/believed/${i}/${name}`;
	const costs = cells(
		believed.map(({ unit_cost }, i) =>
			unit_cost === undefined ? undefined : { quantity: unit_cost, at: at(i, "unit_cost") },
		),
		UNIT,
	);
	return {
		caption: fill(words.caption, { fleet: fleetLabel(context, context.result.software_curve?.strategy) }),
		columns: [
			{ heading: words.columns.method, align: "start" },
			{ heading: words.columns.grade, align: "start" },
			{ heading: words.columns.unitCost, align: "end" },
			{ heading: words.columns.npv, align: "end" },
			{ heading: words.columns.reason, align: "start", room: "wide" },
		],
		rows: believed.map(({ method, grade, npv, reason }, i) => [
			[words.methods[method] ?? method],
			[gradeSpan(context, grade)],
			costs[i] as Text,
			npv === undefined ? [] : [ofPlan(npv, at(i, "npv"))],
			reason === undefined ? [] : [{ kind: "name", name: labelOf(context, reason) }],
		]),
	};
}

function stageWords(context: PackContext, stages: Stages): Text {
	const { words } = context;
	const [first, last] = [stages[0], stages.at(-1)] as [Stages[number], Stages[number]];
	const largest = Object.entries(first.parts).sort(([, a], [, b]) => (b.value ?? 0) - (a.value ?? 0))[0]?.[0] ?? "";
	return fill(words.stages.intro, {
		largest: words.stages.parts[largest] ?? largest,
		total: [ofPlan(first.total, "stages/0/total"), ...noteOn(context, first.total)],
		last: [ofPlan(last.total, `stages/${stages.length - 1}/total`), ...noteOn(context, last.total)],
		idle: ofPlan(first.idle, "stages/0/idle"),
	});
}

function stageFigure(context: PackContext, stages: Stages): Figure {
	const { words } = context;
	const [first, last] = [stages[0], stages.at(-1)] as [Stages[number], Stages[number]];
	const fleet = fleetLabel(context, first.strategy);
	const names = [...new Set(stages.flatMap(({ parts }) => Object.keys(parts)))] as (keyof Stages[number]["parts"])[];
	const used = names.filter((name) => stages.some(({ parts }) => (parts[name]?.value ?? 0) !== 0));
	const series = used.map((name, style) => ({
		name: words.stages.parts[name] ?? name,
		mark: "column" as const,
		style,
		values: stages.map(({ parts }, i): PlacedQuantity | undefined => {
			const quantity = parts[name];
			return quantity === undefined ? undefined : { quantity, at: `stages/${i}/parts/${name}` };
		}),
	}));
	return yearFigure(context, {
		id: "stages-chart",
		caption:
			stages.length === 1
				? fill(words.stages.captionOne, { fleet, stage: words.stages.names[first.stage] as string })
				: fill(stageCaption(context, first.total.value ?? 0, last.total.value ?? 0), {
						fleet,
						first: ofPlan(first.total, "stages/0/total"),
						last: ofPlan(last.total, `stages/${stages.length - 1}/total`),
					}),
		alternative: (parts) => fill(words.stages.alternative, { unit: UNIT, parts }),
		tableInPlace: true,
		xAxis: words.stages.xAxis,
		yAxis: words.stages.yAxis,
		unit: UNIT,
		categories: stages.map(({ stage }) => words.stages.names[stage] ?? stage),
		stacked: true,
		series,
		table: stageTable(context, stages, series),
	});
}

function stageCaption({ words: { stages } }: PackContext, first: number, last: number): string {
	if (isSame(first, last)) return stages.captionSame;
	return last < first ? stages.caption : stages.captionRises;
}

function stageTable(
	context: PackContext,
	stages: Stages,
	series: readonly { name: string; values: readonly (PlacedQuantity | undefined)[] }[],
): Table {
	const { words } = context;
	const whole = (name: "total" | "idle") =>
		stages.map((stage, i) => ({ quantity: stage[name], at: `stages/${i}/${name}` }));
	const lines = [
		...series,
		{ name: words.stages.total, values: whole("total") },
		{ name: words.stages.idle, values: whole("idle") },
	];
	const columns = stages.map((_, i) =>
		cells(
			lines.map(({ values }) => values[i]),
			UNIT,
		),
	);
	return {
		caption: fill(words.stages.table, { fleet: fleetLabel(context, stages[0]?.strategy) }),
		columns: [
			{ heading: words.stages.part, align: "start" },
			...stages.map(
				({ stage, month }): Column => ({
					heading: plainText(
						fill(words.stages.column, { stage: words.stages.names[stage] ?? stage, month: String(month) }),
					),
					align: "end",
				}),
			),
		],
		rows: lines.map(({ name }, i) => [[name], ...columns.map((each) => each[i] as Text)]),
		apart: series.length,
	};
}

function unitTable(
	context: PackContext,
	years: readonly number[],
	series: readonly { name: string; values: readonly (PlacedQuantity | undefined)[] }[],
): Table {
	const { words } = context;
	const columns = series.map(({ values }) => cells(values, UNIT));
	const ranges = series.map(({ values }) =>
		values.map((each): Text => {
			const { p10, p90 } = each?.quantity ?? {};
			if (each === undefined || p10 === undefined || p90 === undefined) return [];
			const shown = cells(
				[
					{ quantity: { value: p10, unit: UNIT }, at: `${each.at}/p10` },
					{ quantity: { value: p90, unit: UNIT }, at: `${each.at}/p90` },
				],
				UNIT,
			) as [Text, Text];
			return fill(words.range, { low: shown[0], high: shown[1] });
		}),
	);
	return {
		caption: [words.unitYears.table],
		columns: [
			{ heading: words.unitYears.year, align: "start" },
			...series.map(({ name }): Column => ({ heading: name, align: "end" })),
		],
		rows: years.map((year, i) => [
			[yearName(context, year)],
			...columns.map((each, k): Text => {
				const [cell, range] = [each[i] as Text, ranges[k]?.[i] as Text];
				return range.length === 0 ? cell : [{ kind: "lines", lines: [cell, [{ kind: "small", text: range }]] }];
			}),
		]),
	};
}

function causesCaption(context: PackContext, { from, to, causes }: CostBridge, at: string): Text {
	const { bridge } = context.words;
	const [first, last] = [from.value as number, to.value as number];
	const shown = [ofPlan(to, `${at}/to`), ...noteOn(context, to)];
	if (isSame(first, last)) return fill(bridge.captionSame, { to: shown });
	const largest = [...causes].sort((a, b) => Math.abs(b.delta.value ?? 0) - Math.abs(a.delta.value ?? 0))[0];
	return fill(last < first ? bridge.captionFalls : bridge.captionRises, {
		from: ofPlan(from, `${at}/from`),
		to: shown,
		largest: lowered(largest === undefined ? "" : (context.words.bridge.causes[largest.cause] ?? largest.label)),
	});
}

function causesFigure(context: PackContext, bridge: CostBridge, at: string, year: string): Figure {
	const { words, messages } = context;
	const [from, to] = [bridge.from.value as number, bridge.to.value as number];
	const money = (value: number): string => formatQuantity(Math.abs(value), UNIT).replace(/\/M ?tok$/, "");
	let height = from;
	const steps = bridge.causes.map(({ cause, label, delta }): WaterfallBar => {
		const value = delta.value ?? 0;
		const start = height;
		height += value;
		return {
			role: "step",
			label: capitalised(words.bridge.causes[cause] ?? label),
			from: start,
			to: height,
			text: `${value < 0 ? "−" : "+"}${money(value)}`,
		};
	});
	const bars: WaterfallBar[] = [
		{ role: "start", label: words.bridge.start, from: 0, to: from, text: money(from) },
		...steps,
		{ role: "end", label: plainText(fill(words.bridge.end, { year })), from: 0, to, text: money(to) },
	];
	const amounts = cells(
		[
			{ quantity: bridge.from, at: `${at}/from` },
			...bridge.causes.map(({ delta }, i) => ({ quantity: delta, at: `${at}/causes/${i}/delta` })),
			{ quantity: bridge.to, at: `${at}/to` },
		],
		UNIT,
	);
	return {
		id: "causes-chart",
		caption: causesCaption(context, bridge, at),
		alternative: fill(words.bridge.alternative, {
			unit: UNIT,
			bars: joined(
				bars.map(({ label, text }): Text => [`${label} ${text}`]),
				messages.list,
			),
		}),
		chart: { kind: "waterfall", axis: plainText(fill(words.bridge.axis, { year })), bars },
		legend: [],
		table: {
			caption: fill(words.bridge.table, { strategy: strategyLabel(context, bridge.strategy) }),
			columns: [
				{ heading: words.bridge.columns.cause, align: "start" },
				{ heading: words.bridge.columns.delta, align: "end" },
			],
			rows: bars.map(({ label }, i) => [[label], amounts[i] as Text]),
			apart: bars.length - 1,
		},
	};
}
