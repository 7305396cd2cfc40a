/** Every formula of a result as mathematics, with units, values of the run and sources. */
import type { FlatNode } from "@farthing/engine";
import { formulaGroups, type FormulaGroup } from "../../formulas/formula-groups.ts";
import { fill } from "../../messages/fill.ts";
import type { Block, Formula, Span, Table, Text } from "../../report-model.ts";
import { computed, measured } from "../../show-number.ts";
import { graphPlace, labelOf, named, type PackContext, paragraph } from "../source.ts";

export function formulasBlock(context: PackContext): Block[] {
	const { evaluation, words } = context;
	if (evaluation === undefined) return [];
	const groups = formulaGroups(evaluation, chosen(context), context.best?.strategy);
	const formulas = groups.reduce((sum, { instances }) => sum + instances.length, 0);
	const inputs = evaluation.model.nodes.filter(({ op }) => op === "input").length;
	return [
		paragraph(
			fill(words.technical.intro, {
				groups: computed(groups.length, ""),
				formulas: computed(formulas, ""),
				inputs: computed(inputs, ""),
				month: String(monthShown(context)),
			}),
		),
		{ kind: "formulas", formulas: groups.map((group) => formulaOf(context, group)) },
	];
}

/** What the decision rests on; of a result that decides nothing, everything. */
function chosen({ result, option, evaluation }: PackContext): readonly string[] | undefined {
	const measures = (result.strategies ?? []).flatMap((each) =>
		each.priced
			? [...Object.values(each.measures), ...each.years.flatMap(({ cost, unit_cost }) => [cost, unit_cost])]
			: [],
	);
	const all = [...measures, option?.delivered, option?.headline];
	const ids = all.flatMap((of) =>
		of?.node !== undefined && evaluation?.model.byId.has(of.node) === true ? [of.node] : [],
	);
	return ids.length === 0 ? undefined : [...new Set(ids)];
}

function formulaOf(context: PackContext, { node, instances, math, symbols }: FormulaGroup): Formula {
	const { meta, unit } = node;
	const { words } = context;
	const said = [
		...(meta?.formula === undefined ? [] : [fill(words.technical.formulaOf, { words: named(meta.formula) })]),
		...(meta?.note === undefined ? [] : [[named(meta.note)]]),
	];
	return {
		id: node.id as string,
		label: meta?.label ?? (node.id as string),
		unit: unit?.symbol ?? "",
		math,
		value: instances.flatMap(
			(each, i): Text => [
				...(i === 0 ? [] : ["; "]),
				...(instances.length === 1 ? [] : [{ kind: "code" as const, code: each.id as string }, " "]),
				...valueText(context, each),
			],
		),
		...(said.length === 0 ? {} : { source: said.flatMap((text, i): Text => (i === 0 ? text : ["; ", ...text])) }),
		terms: termsTable(context, node, symbols),
	};
}

function termsTable(context: PackContext, { id = "" }: FlatNode, symbols: readonly FlatNode[]): Table {
	const { columns, terms } = context.words.technical;
	return {
		caption: fill(terms, { id: { kind: "code", code: id } }),
		columns: [
			{ heading: columns.symbol, align: "start", room: "code" },
			{ heading: columns.meaning, align: "start", room: "wide" },
			{ heading: columns.value, align: "end" },
			{ heading: columns.source, align: "start", room: "wide" },
		],
		rows: symbols.map((each) => [
			[{ kind: "code", code: each.id as string }],
			[named(labelOf(context, each.meta?.label ?? each.spec?.label ?? ""))],
			valueText(context, each),
			[sourceOf(context, each)],
		]),
	};
}

function sourceOf(context: PackContext, { spec }: FlatNode): Span {
	if (spec === undefined) return context.words.technical.definedBelow;
	return named(`${labelOf(context, spec.source)}, ${spec.asOf}, ${spec.grade}`);
}

/** The value of the run; of a series in one month. */
function valueText(context: PackContext, { index, unit, shape, id = "" }: FlatNode): Text {
	const { evaluation, words } = context;
	if (evaluation === undefined) return [];
	const month = monthShown(context);
	const base = shape === "series" ? evaluation.series[index]?.[month] : evaluation.scalars[index];
	const value = (base ?? Number.NaN) / (unit?.factor ?? 1);
	if (!Number.isFinite(value)) return [words.technical.unreachable];
	const place = shape === "series" ? `${graphPlace(id)}/month/${month}` : graphPlace(id);
	return [measured(value, unit?.symbol ?? "", place)];
}

/** A year into the plan, or its last month. */
function monthShown({ evaluation }: PackContext): number {
	return Math.min(12, Math.max(0, (evaluation?.months ?? 1) - 1));
}
