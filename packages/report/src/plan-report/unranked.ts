/** Rows that were looked at and not ranked, summed by reason. */
import type { Unranked } from "@farthing/answers";
import { fill, fillCount } from "../messages/fill.ts";
import { nameOf } from "../names.ts";
import type { Section, Text } from "../report-model.ts";
import { computed, measured } from "../show-number.ts";
import { rankedCount } from "./options.ts";
import { type Context, pointerStep } from "./source.ts";

export function unrankedSection(context: Context): Section {
	const { messages, plan } = context;
	const words = messages.unranked;
	const missed = Object.entries(plan.missed);
	const considered = measured(plan.considered, "", "plan/result/considered");
	const section = { id: "unranked", heading: words.heading };
	if (missed.length === 0 && plan.unranked.length === 0) {
		return { ...section, blocks: [{ kind: "text", text: fillCount(words.introAll, plan.considered, considered) }] };
	}
	const intro = fill(words.intro, {
		considered,
		ranked: computed(rankedCount(context), ""),
		missed: computed(
			missed.reduce((sum, [, n]) => sum + n, 0),
			"",
		),
		left: computed(rowsIn(plan.unranked), ""),
	});
	const table = {
		caption: [words.caption],
		columns: [
			{ heading: words.columns.reason, align: "start" },
			{ heading: words.columns.rows, align: "end" },
			{ heading: words.columns.hardware, align: "start" },
		],
		rows: [
			...missed.map(([limit, count]): Text[] => [
				[words.missed[limit] ?? { kind: "name", name: limit }],
				[measured(count, "", `plan/result/missed/${pointerStep(limit)}`)],
				[words.missedHardware],
			]),
			...grouped(plan.unranked, ({ code }) => code).map((lines) => reasonRow(context, lines)),
		],
	} as const;
	return {
		...section,
		blocks: [
			{ kind: "text", text: intro },
			{ kind: "table", table },
		],
	};
}

function reasonRow({ messages, names }: Context, lines: readonly Unranked[]): Text[] {
	const words = messages.unranked;
	const { code, reason } = lines[0] as Unranked;
	const said = new Set(lines.map((line) => line.reason));
	const known = words.codes[code];
	const example: Text = [
		{
			kind: "small",
			text:
				said.size === 1
					? [{ kind: "name", name: reason }]
					: fill(words.example, { reason: { kind: "name", name: reason } }),
		},
	];
	const hardware = grouped(lines, (line) => line.hardware)
		.sort((a, b) => rowsIn(b) - rowsIn(a))
		.flatMap((own, i): Text => {
			const count = computed(rowsIn(own), "");
			return [...(i === 0 ? [] : [", "]), nameOf(names, "hardware", (own[0] as Unranked).hardware), " (", count, ")"];
		});
	return [
		[{ kind: "lines", lines: known === undefined ? [[{ kind: "name", name: reason }]] : [[known], example] }],
		[computed(rowsIn(lines), "")],
		hardware,
	];
}

function rowsIn(lines: readonly Unranked[]): number {
	return lines.reduce((sum, { rows }) => sum + rows, 0);
}

function grouped(lines: readonly Unranked[], key: (line: Unranked) => string): Unranked[][] {
	const groups = new Map<string, Unranked[]>();
	for (const line of lines) groups.set(key(line), [...(groups.get(key(line)) ?? []), line]);
	return [...groups.values()];
}
