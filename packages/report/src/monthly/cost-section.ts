/** What a million tokens cost, from week to week, and by model and team. */
import type { QuantityJson } from "@farthing/engine";
import type { ActualsResult, ActualsRow } from "@farthing/ledger";
import { fill, joined } from "../messages/fill.ts";
import type { MonthlyWords } from "../messages/monthly.ts";
import type { Block, Figure, Section, Text } from "../report-model.ts";
import { maybe, type MonthlyContext, name, of, orUnknown, tableOf } from "./monthly-source.ts";

/** What a million tokens cost in all; then how that went from week to week, which stands beside the way from plan to actual. */
export function costSections(context: MonthlyContext): Section[] {
	const { words } = context;
	const { result } = context.actuals;
	const { unit_cost, cost, rows, weeks } = result;
	const card = (term: string, value: Text) => (value.length === 0 ? [] : [{ term, value }]);
	const [only] = rows.length === 1 ? rows : [];
	const known = weeks.flatMap((week, i) =>
		week.unit_cost === undefined ? [] : [{ ...week, unit_cost: week.unit_cost, i }],
	);
	const cards = [
		...card(words.cost.all, [of(unit_cost, "unit_cost")]),
		...card(words.cost.input, maybe(only?.by_tokens?.input, "rows/0/by_tokens/input")),
		...card(words.cost.output, maybe(only?.by_tokens?.output, "rows/0/by_tokens/output")),
		...card(words.cost.total, [of(cost, "cost")]),
		...card(words.cost.residual, result.bill === undefined ? [] : [of(result.residual, "residual")]),
		...card(words.cost.atWork, maybe(result.use.utilization, "use/utilization")),
	];
	const trend: Block[] =
		known.length > 1
			? [{ kind: "figure", figure: weekFigure(context, known) }]
			: [{ kind: "text", text: [words.cost.oneWeek] }];
	return [
		{ id: "unit-cost", heading: words.cost.heading, blocks: [{ kind: "cards", cards }] },
		{ id: "trend", heading: words.cost.trend, blocks: trend, follows: true },
	];
}

type KnownWeek = ActualsResult["weeks"][number] & {
	readonly unit_cost: NonNullable<ActualsResult["weeks"][number]["unit_cost"]>;
	readonly i: number;
};

function weekFigure({ actuals, messages, words }: MonthlyContext, weeks: readonly KnownWeek[]): Figure {
	const { unit_cost } = actuals.result;
	const [first, last] = [weeks[0] as KnownWeek, weeks.at(-1) as KnownWeek];
	const place = ({ i }: KnownWeek): string => `weeks/${i}/unit_cost`;
	const spoken = weeks.map((week): Text => [`${week.from} `, of(week.unit_cost, place(week))]);
	return {
		id: "unit-cost-by-week",
		caption: fill(words.cost.caption, {
			first: of(first.unit_cost, place(first)),
			last: of(last.unit_cost, place(last)),
		}),
		alternative: fill(words.cost.alternative, { lines: joined(spoken, messages.list) }),
		chart: {
			kind: "category",
			xAxis: words.cost.xAxis,
			yAxis: words.cost.yAxis,
			unit: unit_cost.unit,
			categories: weeks.map(({ from }) => from.slice(5)),
			stacked: false,
			series: [
				{
					name: words.cost.all,
					mark: "line",
					style: 0,
					values: weeks.map((week) => week.unit_cost.value),
					ranges: weeks.map(({ unit_cost: { p10, p90 } }) =>
						p10 === undefined || p90 === undefined ? undefined : ([p10, p90] as const),
					),
				},
			],
		},
		legend: [],
		table: tableOf(
			words.cost.tableCaption,
			[
				[words.cost.columns.week, "start"],
				[words.cost.columns.paid, "end"],
				[words.cost.columns.unit, "end"],
				[words.cost.columns.range, "end"],
			],
			weeks.map((week) => [
				[`${week.from} – ${week.to}`],
				[of(week.cost, `weeks/${week.i}/cost`)],
				[of(week.unit_cost, place(week))],
				rangeOf(week, place(week)),
			]),
		),
	};
}

function rangeOf({ unit_cost: { p10, p90, ...rest } }: KnownWeek, at: string): Text {
	if (p10 === undefined || p90 === undefined) return [];
	return [of({ ...rest, value: p10 }, `${at}/p10`), " – ", of({ ...rest, value: p90 }, `${at}/p90`)];
}

export function modelsSection({ actuals: { result }, apiPrices, words }: MonthlyContext): Section {
	const { columns } = words.models;
	const planned = new Map(result.plan?.plans.map((plan, i) => [plan.model, { plan, i }]));
	const hasMargin = result.rows.some(({ margin }) => margin !== undefined);
	const rows = result.rows.map((row, i): Text[] => {
		const at = `rows/${i}`;
		const plan = planned.get(row.model ?? "");
		const api = apiPrices.get(row.model ?? "");
		return [
			[name(row.model ?? words.models.none)],
			[of(inBillions(row.tokens.total), `${at}/tokens/total`)],
			orUnknown(row.cost, `${at}/cost`, words),
			maybe(row.unit_cost, `${at}/unit_cost`),
			maybe(row.by_tokens?.input, `${at}/by_tokens/input`),
			maybe(row.by_tokens?.output, `${at}/by_tokens/output`),
			plan === undefined ? [] : [of(plan.plan.delivered, `plan/plans/${plan.i}/delivered`)],
			api === undefined ? [] : [of(api.price, `api/${row.model ?? ""}`)],
			...(hasMargin ? [maybe(row.margin, `${at}/margin`)] : []),
		];
	});
	const head = [columns.tokens, columns.cost, columns.unit, columns.input, columns.output, columns.plan, columns.api];
	const all = [...head, ...(hasMargin ? [columns.margin] : [])];
	return {
		id: "models",
		heading: words.models.heading,
		blocks: [
			{
				kind: "table",
				table: tableOf(
					words.models.caption,
					[[columns.model, "start"], ...all.map((each) => [each, "end"] as const)],
					rows,
				),
			},
		],
	};
}

/** By customer and team, as far as logs name them. */
export function ownersSection({ customers, teams, words }: MonthlyContext): Section[] {
	const blocks = [...ownersTable(customers, "org", words), ...ownersTable(teams, "team", words)];
	return blocks.length === 0 ? [] : [{ id: "owners", heading: words.owners.heading, blocks }];
}

function ownersTable(result: ActualsResult | undefined, dimension: "org" | "team", words: MonthlyWords): Block[] {
	if (result === undefined || result.rows.every((row) => row[dimension] === undefined)) return [];
	const { columns, nobody, customers, teams } = words.owners;
	const { caption, column } = dimension === "org" ? customers : teams;
	const hasRevenue = result.rows.some(({ revenue }) => revenue !== undefined);
	const of_ = dimension === "org" ? "customers" : "teams";
	const place = (i: number, member: string): string => `${of_}/rows/${i}/${member}`;
	const cells = (row: ActualsRow, i: number): Text[] => [
		row[dimension] === undefined ? [nobody] : [name(row[dimension])],
		[of(inBillions(row.tokens.total), place(i, "tokens/total"))],
		orUnknown(row.cost, place(i, "cost"), words),
		maybe(row.unit_cost, place(i, "unit_cost")),
		...(hasRevenue ? [maybe(row.margin, place(i, "margin"))] : []),
	];
	const head = [columns.tokens, columns.cost, columns.unit, ...(hasRevenue ? [columns.margin] : [])];
	const table = tableOf(
		caption,
		[[column, "start"], ...head.map((each) => [each, "end"] as const)],
		result.rows.map(cells),
	);
	return [{ kind: "table", table }];
}

/** Hundreds of billions of tokens are read in billions. */
function inBillions(tokens: QuantityJson): QuantityJson {
	return { ...tokens, value: (tokens.value ?? 0) / 1e9, unit: "B tok" };
}
