/** What the answer rests on: every input with its source, date, grade and owner. */
import { formatQuantity } from "@farthing/engine";
import type { AssumptionRow } from "../assumption-register.ts";
import { fill, fillCount, joined } from "../messages/fill.ts";
import { plainText } from "../plain-text.ts";
import type { Block, Column, Section, Table, Text } from "../report-model.ts";
import { computed } from "../show-number.ts";
import type { Context } from "./source.ts";

export function registerSection(context: Context): Section {
	const { messages, plan, source } = context;
	const words = messages.register;
	const stated = source.register.filter(({ kind }) => kind !== "measured");
	const rows = source.register.filter(({ kind }) => kind === "measured");
	const grades = Object.entries(messages.grades).map(([grade, meaning]) =>
		fill(words.gradeWords, { grade: { kind: "strong", text: [grade] }, words: meaning }),
	);
	const blocks: Block[] = [
		{ kind: "text", text: fill(words.intro, { grades: joined(grades, messages.list) }) },
		{ kind: "table", table: registerTable(context, words.caption, stated) },
	];
	if (rows.length > 0) {
		const summary = plainText(fillCount(words.rowsSummary, rows.length, String(rows.length)));
		blocks.push({ kind: "folded-table", summary, table: registerTable(context, words.rowsCaption, rows) });
	}
	if (plan.defaults.length > 0) blocks.push({ kind: "table", table: defaultsTable(context) });
	return { id: "assumptions", heading: words.heading, blocks };
}

function registerTable(context: Context, caption: string, rows: readonly AssumptionRow[]): Table {
	const words = context.messages.register.columns;
	const text = (heading: string): Column => ({ heading, align: "start" });
	return {
		caption: [caption],
		columns: [
			{ ...text(words.input), room: "wide" },
			{ heading: words.value, align: "end" },
			{ ...text(words.source), room: "wide" },
			{ ...text(words.date), room: "short" },
			text(words.grade),
			text(words.owner),
			{ ...text(words.where), room: "code" },
		],
		rows: rows.map((row) => registerRow(context, row)),
	};
}

function registerRow({ messages }: Context, row: AssumptionRow): Text[] {
	const words = messages.register;
	const source: Text[] = [[{ kind: "name", name: row.source }]];
	if (row.note !== undefined) source.push([{ kind: "small", text: [{ kind: "name", name: row.note }] }]);
	const where: Text[] = row.at === undefined || row.at === row.id ? [] : [[{ kind: "code", code: row.at }]];
	return [
		[{ kind: "name", name: row.label }],
		valueText(messages, row),
		[{ kind: "lines", lines: source }],
		[{ kind: "name", name: row.as_of }],
		[{ kind: "grade", grade: row.grade, text: row.grade, words: messages.grades[row.grade] }],
		row.owner === undefined ? [words.noOwner] : [{ kind: "name", name: row.owner }],
		[{ kind: "lines", lines: [...where, [{ kind: "small", text: [{ kind: "code", code: row.id }] }]] }],
	];
}

export function valueText({ register: words }: Context["messages"], { value, unit, place }: AssumptionRow): Text {
	switch (value.kind) {
		case "point": {
			const shown = computed(value.value, unit);
			return place === undefined
				? [shown]
				: fill(words.at, { value: shown, place: formatQuantity(place.value, place.unit) });
		}
		case "range":
		case "uniform": {
			const [low, high] = [formatQuantity(value.low, unit), formatQuantity(value.high, unit)];
			return fill(value.kind === "range" ? words.range : words.uniform, { low, high });
		}
		case "series": {
			const first = computed(value.values[0] ?? 0, unit);
			const last = computed(value.values.at(-1) ?? 0, unit);
			const count = value.values.length;
			return fillCount(words.series, count, String(count), count === 1 ? { first } : { first, last });
		}
	}
}

function defaultsTable({ messages, plan }: Context): Table {
	const words = messages.register;
	return {
		caption: [words.defaultsCaption],
		columns: [
			{ heading: words.defaultsColumns.path, align: "start" },
			{ heading: words.defaultsColumns.value, align: "start" },
			{ heading: words.defaultsColumns.source, align: "start" },
		],
		rows: plan.defaults.map(({ path, value, source }) => [
			[{ kind: "code", code: path }],
			[{ kind: "name", name: String(value) }],
			[{ kind: "name", name: source }],
		]),
	};
}
