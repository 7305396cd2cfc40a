/** From plan to actual, cause by cause; what was claimed, planned and paid. */
import type { ActualsResult } from "@farthing/ledger";
import type { WaterfallBar } from "../charts/chart.ts";
import { en } from "../messages/en.ts";
import { fill, joined } from "../messages/fill.ts";
import { monthlyWords as words } from "../messages/monthly.ts";
import type { Figure, Section, Text } from "../report-model.ts";
import { computed, quantityText } from "../show-number.ts";
import { cents, maybe, type MonthlySource, name, of, tableOf } from "./monthly-source.ts";

export function planSection({ actuals: { result } }: MonthlySource): Section {
	const { plan, variance } = result;
	if (plan === undefined || variance.length === 0) {
		return { id: "plan", heading: words.plan.heading, blocks: [{ kind: "text", text: [words.plan.none] }] };
	}
	return {
		id: "plan",
		heading: words.plan.heading,
		blocks: [{ kind: "figure", figure: varianceFigure(result, plan) }],
	};
}

export function claimedSection({ actuals: { result } }: MonthlySource): Section[] {
	const plans = result.plan?.plans ?? [];
	const { columns } = words.claimed;
	const rows = plans.flatMap(({ model, headline, delivered }, i): Text[][] => {
		const place = result.rows.findIndex((row) => row.model === model);
		const paid = result.rows[place]?.unit_cost;
		if (headline?.value === undefined || paid?.value === undefined) return [];
		return [
			[
				[name(model)],
				maybe(headline, `plan/plans/${i}/headline`),
				[of(delivered, `plan/plans/${i}/delivered`)],
				[of(paid, `rows/${place}/unit_cost`)],
				[computed(paid.value / headline.value, "x")],
			],
		];
	});
	if (rows.length === 0) return [];
	const head = [columns.headline, columns.planned, columns.paid, columns.ratio];
	const table = tableOf(
		words.claimed.caption,
		[[columns.model, "start"], ...head.map((each) => [each, "end"] as const)],
		rows,
	);
	return [{ id: "claimed", heading: words.claimed.heading, blocks: [{ kind: "table", table }] }];
}

function varianceFigure({ variance, cost, currency }: ActualsResult, plan: NonNullable<ActualsResult["plan"]>): Figure {
	const money = (value: number): string => quantityText(value, currency);
	const word = (cause: string): string => words.plan.causes[cause] ?? cause;
	let height = plan.cost.value ?? 0;
	const first = height;
	const steps = variance.map(({ cause, delta }): WaterfallBar => {
		const [value, from] = [delta.value ?? 0, height];
		height += value;
		const text = value < 0 ? `−${money(-value)}` : `+${money(value)}`;
		return { role: "step", label: word(cause), from, to: height, text };
	});
	const end = cost.value ?? 0;
	const bars: WaterfallBar[] = [
		{ role: "start", label: words.plan.planned, from: 0, to: first, text: money(first) },
		...steps,
		{ role: "end", label: words.plan.actual, from: 0, to: end, text: money(end) },
	];
	const amounts = cents([
		{ of: plan.cost, at: "plan/cost" },
		...variance.map(({ delta }, i) => ({ of: delta, at: `variance/${i}/delta` })),
	]);
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
				en.list,
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
					[[words.plan.actual], ...cents([{ of: cost, at: "cost" }])],
				],
			),
			apart: variance.length + 1,
		},
	};
}
