/** Several models that share the demand: each one's part, machine and cost. */
import type { PlanYearsResult } from "@farthing/answers";
import type { QuantityJson } from "@farthing/engine";
import { fill, joined } from "../../messages/fill.ts";
import { nameOf } from "../../names.ts";
import type { Block, Column, Table, Text } from "../../report-model.ts";
import { cells, type PlacedQuantity } from "../charts.ts";
import { modelName, named, type PackContext, paragraph } from "../source.ts";
import { bestPlaced, strategyLabel } from "../strategy-words.ts";

type Model = NonNullable<PlanYearsResult["models"]>[number];

/** Nothing where one model has all the demand. */
export function modelsBlock(context: PackContext): Block[] {
	const { result, words } = context;
	const models = result.models ?? [];
	const best = bestPlaced(context);
	if (models.length === 0 || best === undefined) return [];
	const year = Math.max(...best.of.years.map((each) => each.year));
	const { strategy } = best.of;
	const place = (i: number): number => (models[i] as Model).strategies.findIndex((each) => each.strategy === strategy);
	const of = (name: "levelised" | "unit_cost" | "gpus"): (PlacedQuantity | undefined)[] =>
		models.map((model, i) => quantityOf(model, `models/${i}`, place(i), year, name));
	const shares = models.map(({ share }, i) => ({ quantity: share, at: `models/${i}/share` }));
	const heads = words.models.columns;
	const shown = cells(shares, "fraction");
	const measures = [
		{ heading: heads.gpus, values: of("gpus"), unit: "GPU" },
		{ heading: heads.levelised, values: of("levelised"), unit: "USD/Mtok" },
		{ heading: heads.last, values: of("unit_cost"), unit: "USD/Mtok" },
	]
		// a way that owns no machines counts none
		.filter(({ values }) => values.some((value) => value !== undefined))
		.map(({ heading, values, unit }) => ({ heading, cells: cells(values, unit) }));
	const table: Table = {
		caption: fill(words.models.caption, { strategy: strategyLabel(context, strategy) }),
		columns: [
			{ heading: heads.model, align: "start" },
			{ heading: heads.share, align: "end" },
			{ heading: heads.machine, align: "start", room: "wide" },
			...measures.map(({ heading }): Column => ({ heading, align: "end" })),
		],
		rows: models.map((model, i) => [
			[named(model.name)],
			shown[i] as Text,
			machineText(context, model),
			...measures.map((measure) => measure.cells[i] as Text),
		]),
	};
	return [paragraph([words.models.intro]), { kind: "table", table }];
}

/** What questions of one day are about, where the plan is about several models; nothing where it is about one. */
export function oneModelWords(context: PackContext): Block[] {
	if ((context.result.models ?? []).length === 0) return [];
	return [paragraph(fill(context.words.models.oneDay, { model: modelName(context) }))];
}

/** "DeepSeek-R1 and GPT-OSS-120B". */
export function modelNames(context: PackContext): Text {
	const { result, messages, names } = context;
	const ids = new Set((result.models ?? []).map(({ model }) => model));
	if (ids.size === 0) return [modelName(context)];
	return joined(
		[...ids].map((id): Text => [nameOf(names, "models", id)]),
		messages.list,
	);
}

function quantityOf(
	{ strategies }: Model,
	at: string,
	place: number,
	year: number,
	name: "levelised" | "unit_cost" | "gpus",
): PlacedQuantity | undefined {
	const found = strategies[place];
	if (found === undefined) return undefined;
	const base = `${at}/strategies/${place}`;
	if (name === "levelised") return { quantity: found.levelised, at: `${base}/levelised` };
	const i = found.years.findIndex((each) => each.year === year);
	const quantity: QuantityJson | undefined = found.years[i]?.[name];
	return quantity === undefined ? undefined : { quantity, at: `${base}/years/${i}/${name}` };
}

function machineText({ names }: PackContext, { machine }: Model): Text {
	const { hardware, stack, precision, layout } = machine;
	return [
		nameOf(names, "hardware", hardware),
		", ",
		nameOf(names, "stacks", stack),
		", ",
		nameOf(names, "precisions", precision),
		", ",
		named(layout),
	];
}
