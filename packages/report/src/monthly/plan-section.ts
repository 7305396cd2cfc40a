/** From plan to actual, cause by cause; what was claimed, planned and paid. */
import type { QuantityJson } from "@farthing/engine";
import type { ActualsResult } from "@farthing/ledger";
import type { WaterfallBar } from "../charts/chart.ts";
import { fill, joined } from "../messages/fill.ts";
import type { Figure, Section, Text } from "../report-model.ts";
import { computed, quantityText } from "../show-number.ts";
import { cents, type MonthlyContext, name, of, tableOf } from "./monthly-source.ts";

export function planSection(context: MonthlyContext): Section {
	const { words } = context;
	const { result } = context.actuals;
	const { plan, variance } = result;
	if (plan === undefined || variance.length === 0) {
		return { id: "plan", heading: words.plan.heading, blocks: [{ kind: "text", text: [words.plan.none] }] };
	}
	return {
		id: "plan",
		heading: words.plan.heading,
		blocks: [{ kind: "figure", figure: varianceFigure(context, plan) }],
	};
}

/** What is said of each model beside what serving it cost: the plan and its benchmark, hosts' prices, claims. */
export function claimedSection({ actuals: { result }, apiPrices, claims, words }: MonthlyContext): Section[] {
	const { columns, sayings } = words.claimed;
	const plans = new Map(result.plan?.plans.map((plan, i) => [plan.model, { plan, at: `plan/plans/${i}` }]));
	const rows = result.rows.flatMap(({ model = "", unit_cost: paid }, place): Text[][] => {
		if (paid?.value === undefined) return [];
		const { plan, at } = plans.get(model) ?? {};
		const api = apiPrices.get(model);
		const said: readonly (readonly [Text, QuantityJson | undefined, string])[] = [
			[[sayings.headline], plan?.headline, `${at}/headline`],
			[[sayings.planned], plan?.delivered, `${at}/delivered`],
			[fill(sayings.api, { n: String(api?.offers ?? 0) }), api?.price, `api/${model}`],
			...(claims.get(model) ?? []).map(
				({ who, date, cost, id }) =>
					[fill(sayings.claim, { who: name(who), date: name(date) }), cost, `claims/${id}`] as const,
			),
		];
		return said.flatMap(([saying, cost, of_]): Text[][] =>
			cost?.value === undefined
				? []
				: [
						[
							[name(model)],
							saying,
							[of(cost, of_)],
							[of(paid, `rows/${place}/unit_cost`)],
							[computed((paid.value as number) / cost.value, "x")],
						],
					],
		);
	});
	if (rows.length === 0) return [];
	const table = tableOf(
		words.claimed.caption,
		[
			[columns.model, "start"],
			[columns.said, "start"],
			[columns.cost, "end"],
			[columns.paid, "end"],
			[columns.ratio, "end"],
		],
		rows,
	);
	return [{ id: "claimed", heading: words.claimed.heading, blocks: [{ kind: "table", table }] }];
}

/** Half a cent. */
const LEAST_SHOWN = 0.005;

function varianceFigure(
	{ actuals, messages, words }: MonthlyContext,
	plan: NonNullable<ActualsResult["plan"]>,
): Figure {
	const { variance, cost, currency } = actuals.result;
	const money = (value: number): string => quantityText(value, currency);
	const word = (cause: string): string => words.plan.causes[cause] ?? cause;
	let height = plan.cost.value ?? 0;
	const first = height;
	const steps = variance.flatMap(({ cause, delta }): WaterfallBar[] => {
		const [value, from] = [delta.value ?? 0, height];
		height += value;
		const text = value < 0 ? `−${money(-value)}` : `+${money(value)}`;
		// What changed nothing stands in the table alone.
		return Math.abs(value) < LEAST_SHOWN ? [] : [{ role: "step", label: word(cause), from, to: height, text }];
	});
	const end = cost.value ?? 0;
	const bars: WaterfallBar[] = [
		{ role: "start", label: words.plan.planned, from: 0, to: first, text: money(first) },
		...steps,
		{ role: "end", label: words.plan.actual, from: 0, to: end, text: money(end) },
	];
	const amounts = cents(
		[{ of: plan.cost, at: "plan/cost" }, ...variance.map(({ delta }, i) => ({ of: delta, at: `variance/${i}/delta` }))],
		words,
	);
	const largest = [...variance].sort((a, b) => Math.abs(b.delta.value ?? 0) - Math.abs(a.delta.value ?? 0))[0];
	return {
		id: "plan-to-actual",
		caption: fill(words.plan.caption, {
			plan: of(plan.cost, "plan/cost"),
			actual: of(cost, "cost"),
			largest: word(largest?.cause ?? "").toLowerCase(),
		}),
		alternative: fill(words.plan.alternative, {
			bars: joined(
				bars.map(({ label, text }): Text => [label, " ", text]),
				messages.list,
			),
		}),
		chart: { kind: "waterfall", axis: words.plan.axis, bars },
		legend: [],
		table: {
			...tableOf(
				words.plan.tableCaption,
				[
					[words.plan.columns.cause, "start"],
					[words.plan.columns.amount, "end"],
				],
				[
					[[words.plan.planned], amounts[0] ?? []],
					...variance.map(({ cause }, i): Text[] => [[word(cause)], amounts[i + 1] ?? []]),
					[[words.plan.actual], ...cents([{ of: cost, at: "cost" }], words)],
				],
			),
			apart: variance.length + 1,
		},
	};
}
