/** GPU time, outlook, reconciliation and annex of the monthly pack. */
import type { QuantityJson } from "@farthing/engine";
import type { ActualsResult } from "@farthing/ledger";
import type { Messages } from "../messages/en.ts";
import { fill } from "../messages/fill.ts";
import { labelIn } from "../messages/labels.ts";
import type { MonthlyWords } from "../messages/monthly.ts";
import type { Block, Section, Text } from "../report-model.ts";
import { computed } from "../show-number.ts";
import { cents, type MonthlyContext, name, of, tableOf } from "./monthly-source.ts";

/** What GPU time was for, what is to come, and which days stand out. */
export function hoursSection({ actuals: { result }, messages, words }: MonthlyContext): Section {
	const hours = hoursBlocks(result, words);
	const { heading, headingAhead } = words.hours;
	return {
		id: "gpu-time",
		heading: hours.length === 0 ? headingAhead : heading,
		blocks: [...hours, ...aheadBlocks(result, messages)],
	};
}

function hoursBlocks(result: ActualsResult, words: MonthlyWords): Block[] {
	const { busy, sold, internal, failed, idle_held, unallocated, utilization } = result.use;
	if (utilization === undefined) return [];
	const { columns, kinds } = words.hours;
	const atWork: readonly (readonly [string, QuantityJson | undefined, string])[] =
		sold === undefined
			? [[kinds.busy, busy, "busy"]]
			: [
					[kinds.paid, sold, "sold"],
					[kinds.internal, internal, "internal"],
				];
	const parts = [
		...atWork,
		[kinds.failed, failed, "failed"] as const,
		[kinds.idle, idle_held, "idle_held"] as const,
		[kinds.spare, unallocated, "unallocated"] as const,
	].flatMap(([kind, hours, member]) => (hours === undefined ? [] : [[kind, hours, member] as const]));
	const all = parts.reduce((sum, [, hours]) => sum + (hours.value ?? 0), 0);
	const rows = parts.map(([kind, hours, member]): Text[] => [
		[kind],
		[of(hours, `use/${member}`)],
		[computed((hours.value ?? 0) / all, "fraction")],
	]);
	return [
		{
			kind: "table",
			table: tableOf(
				words.hours.caption,
				[
					[columns.kind, "start"],
					[columns.hours, "end"],
					[columns.share, "end"],
				],
				rows,
			),
		},
		...idleBlocks(result, words),
	];
}

/** What warm and spare time cost where each pays for the time at work, and where that cost stands on the basis of this pack. */
function idleBlocks({ idle, idle_ledger: ledger, basis }: ActualsResult, words: MonthlyWords): Block[] {
	const costOf = (kind: string): ReturnType<typeof of> | undefined => {
		const place = ledger.findIndex((each) => each.kind === kind);
		const line = ledger[place];
		return line === undefined ? undefined : of(line.cost, `idle_ledger/${place}/cost`);
	};
	const [warm, spare] = [costOf("idle_held"), costOf("unallocated")];
	if (warm === undefined || spare === undefined) return [];
	const whose = basis === "reserved" ? fill(words.hours.idleReserved, { idle: of(idle, "idle") }) : undefined;
	return [
		{ kind: "text", text: fill(words.hours.idleCost, { warm, spare }) },
		...(whose === undefined ? [] : [{ kind: "text" as const, text: whose }]),
	];
}

function aheadBlocks(
	{ forecast, anomalies, outlook_gaps: gaps }: ActualsResult,
	{ language, monthly: words }: Messages,
): Block[] {
	const { outlook } = words;
	const gap = gaps.find((each) => each.of === "forecast")?.reason ?? "";
	const ahead: Text =
		forecast === undefined
			? fill(outlook.none, { reason: labelIn(language, gap) })
			: fill(outlook.forecast, {
					days: String(forecast.days),
					month: name(forecast.month),
					end: of(forecast.end, "forecast/end"),
					low: of({ unit: forecast.end.unit, value: forecast.end.p10 ?? 0 }, "forecast/end/p10"),
					high: of({ unit: forecast.end.unit, value: forecast.end.p90 ?? 0 }, "forecast/end/p90"),
				});
	const days = anomalies.slice(0, MOST_DAYS).map(
		({ day, of: what, cost, expected }, i): Text =>
			fill(outlook.anomaly, {
				day: name(day.slice(5)),
				of: what === "all" ? outlook.everything : name(words.kinds[what] ?? what),
				cost: of(cost, `anomalies/${i}/cost`),
				expected: of(expected, `anomalies/${i}/expected`),
			}),
	);
	const cannot = gaps.find((gap) => gap.of === "anomalies");
	const quiet: Text = cannot === undefined ? [outlook.quiet] : fill(outlook.cannot, { reason: cannot.reason });
	const more = anomalies.length - days.length;
	const items = more === 0 ? days : [...days, fill(outlook.more, { n: String(more) })];
	const found: Block = days.length === 0 ? { kind: "text", text: quiet } : { kind: "list", items };
	return [{ kind: "text", text: ahead }, found];
}

/** On the page; all of them stand in the annex. */
const MOST_DAYS = 3;

function billTable({ reconciliation: { bills } }: ActualsResult, words: MonthlyWords): Block[] {
	if (bills.length === 0) return [];
	const { columns } = words.bill;
	const place = (i: number, member: string): string => `reconciliation/bills/${i}/${member}`;
	const table = tableOf(
		words.bill.caption,
		[
			[columns.currency, "start"],
			[columns.billed, "end"],
			[columns.effective, "end"],
			[columns.counted, "end"],
		],
		bills.map(({ currency, billed, effective, counted }, i) => [
			[name(currency)],
			...(
				[
					[billed, "billed"],
					[effective, "effective"],
					[counted, "counted"],
				] as const
			).flatMap(([value, member]) => cents([{ of: value, at: place(i, member) }], words)),
		]),
	);
	return [{ kind: "table", table }];
}

/** Every day that stands out, where the page has only some. */
function dayTable({ anomalies }: ActualsResult, words: MonthlyWords): Block[] {
	if (anomalies.length <= MOST_DAYS) return [];
	const { outlook } = words;
	const table = tableOf(
		outlook.allDays,
		[
			[outlook.columns.day, "start"],
			[outlook.columns.of, "start"],
			[outlook.columns.cost, "end"],
			[outlook.columns.expected, "end"],
		],
		anomalies.map(({ day, of: what, cost, expected }, i) => [
			[name(day)],
			[what === "all" ? outlook.everything : name(words.kinds[what] ?? what)],
			[of(cost, `anomalies/${i}/cost`)],
			[of(expected, `anomalies/${i}/expected`)],
		]),
	);
	return [{ kind: "table", table }];
}

export function annexSection({ actuals: { result, warnings }, commandLine, messages, words }: MonthlyContext): Section {
	const { lines, rows, cost } = result;
	const names: Text[] = [
		...rows.map((row): Text => [`${words.kinds["serving"] ?? ""}: `, name(row.model ?? words.models.none)]),
		...lines.map((line): Text => {
			const what = [line.model, line.label].filter((each) => each !== undefined).join(", ");
			return [`${words.kinds[line.kind] ?? line.kind}: `, name(what)];
		}),
	];
	const amounts = cents(
		[
			...rows.map((row, i) => ({ of: row.cost, at: `rows/${i}/cost` })),
			...lines.map((line, i) => ({ of: line.cost, at: `lines/${i}/cost` })),
		],
		words,
	);
	const paid: Text[][] = [
		...names.map((each, i): Text[] => [each, amounts[i] ?? []]),
		[[words.cost.total], ...cents([{ of: cost, at: "cost" }], words)],
	];
	const table = tableOf(
		words.bill.lines,
		[
			[words.bill.lineColumns.line, "start"],
			[words.bill.lineColumns.cost, "end"],
		],
		paid,
	);
	const notes = warnings.map(({ message }): Text => [name(labelIn(messages.language, message))]);
	const laws = result.laws.map(({ deployment, note }): Text => [name(deployment), ": ", name(note)]);
	return {
		id: "annex",
		heading: words.annex.heading,
		blocks: [
			{ kind: "table", table: { ...table, apart: paid.length - 1 } },
			...billTable(result, words),
			...dayTable(result, words),
			{ kind: "text", text: [{ kind: "strong", text: [words.annex.laws] }] },
			{ kind: "list", items: laws },
			{ kind: "text", text: [{ kind: "strong", text: [words.annex.notes] }] },
			notes.length === 0 ? { kind: "text", text: [words.annex.noNotes] } : { kind: "list", items: notes },
			{ kind: "text", text: fill(words.annex.again, { command: { kind: "code", code: commandLine } }) },
		],
	};
}
