/** The measured rows behind the answer: what speed to a user costs, and nothing that was not measured. */
import type { FrontierRow } from "@farthing/answers";
import { formatQuantity } from "@farthing/engine";
import type { FrontierChart, FrontierSeries, Point } from "../charts/chart.ts";
import { fill, fillCount, joined } from "../messages/fill.ts";
import { nameOf } from "../names.ts";
import { plainText } from "../plain-text.ts";
import type { Block, Column, Figure, Section, Span, Table, Text } from "../report-model.ts";
import { computed, exact, quantity } from "../show-number.ts";
import { type Context, deploymentText, gradeSpan, isDollarsPerMtok, type Named } from "./source.ts";

export function frontierSection(context: Context): Section {
	const { messages, source } = context;
	const words = messages.frontier;
	const { rows, unranked } = source.frontier.result;
	const drawn = rows.flatMap((row, index) => (isMeasured(row) ? [{ row, index }] : []));
	if (drawn.length === 0)
		return { id: "frontier", heading: words.heading, blocks: [{ kind: "text", text: [words.none] }] };
	const finding = findingText(
		context,
		drawn.filter((each) => isKept(context, each)),
	);
	const blocks: Block[] = [
		{ kind: "text", text: [words.intro, " ", ...finding] },
		{ kind: "figure", figure: frontierFigure(context, drawn, finding) },
	];
	const notDrawn = rows.length - drawn.length;
	const left = unranked.reduce((sum, line) => sum + line.rows, 0);
	const notes = [
		...(notDrawn > 0 ? [fillCount(words.notDrawn, notDrawn, computed(notDrawn, ""))] : []),
		...(left > 0 ? [fillCount(words.unranked, left, computed(left, ""))] : []),
	];
	if (notes.length > 0) blocks.push({ kind: "text", text: joined(notes, { comma: " ", and: " " }) });
	return { id: "frontier", heading: words.heading, blocks };
}

interface Drawn {
	readonly row: FrontierRow;
	/** Place in the rows of the result. */
	readonly index: number;
}

/** Clamped, modelled and unreachable values are no measurements. */
function isMeasured({ state, unit_cost, interactivity }: FrontierRow): boolean {
	return state === "measured" && (unit_cost.total.value ?? 0) > 0 && interactivity.value !== undefined;
}

/** Keeps the limit on TTFT, where the plan has one; a row that publishes none cannot. */
function isKept({ plan }: Context, { row }: Drawn): boolean {
	const limit = plan.slo?.ttft?.value;
	return limit === undefined || (row.ttft?.value !== undefined && row.ttft.value <= limit);
}

function costOf({ row }: Drawn): number {
	return row.unit_cost.total.value as number;
}

function speedOf({ row }: Drawn): number {
	return row.interactivity.value as number;
}

function costSpan({ row, index }: Drawn): Span {
	return quantity(row.unit_cost.total, `frontier/result/rows/${index}/unit_cost/total`);
}

function speedSpan({ row, index }: Drawn): Span {
	return quantity(row.interactivity, `frontier/result/rows/${index}/interactivity`);
}

function namedRow({ row }: Drawn): Named {
	const { hardware, precision, stack, speculative, nearest_row } = row;
	return { hardware, precision, stack, speculative, layout: nearest_row.deployment };
}

function findingText(context: Context, drawn: readonly Drawn[]): Text {
	const words = context.messages.frontier;
	const limit = context.plan.slo?.tokens_per_s_per_user;
	const cheapest = cheapestOf(drawn);
	if (cheapest === undefined) return [words.noneKept];
	const all = {
		deployment: deploymentText(context, namedRow(cheapest)),
		cost: costSpan(cheapest),
		speed: speedSpan(cheapest),
	};
	if (limit?.value === undefined) return fill(words.findingUnlimited, all);
	const speed = quantity(limit, "plan/result/slo/tokens_per_s_per_user");
	const fast = cheapestOf(drawn.filter((each) => speedOf(each) >= (limit.value as number)));
	if (fast === undefined) return fill(words.noneFast, { speed });
	const found = fill(words.finding, {
		speed,
		deployment: deploymentText(context, namedRow(fast)),
		cost: costSpan(fast),
	});
	return fast === cheapest ? found : [...found, " ", ...fill(words.slower, all)];
}

function cheapestOf(drawn: readonly Drawn[]): Drawn | undefined {
	return drawn.length === 0 ? undefined : drawn.reduce((a, b) => (costOf(b) < costOf(a) ? b : a));
}

function frontierFigure(context: Context, drawn: readonly Drawn[], finding: Text): Figure {
	const { messages, unit } = context;
	const words = messages.frontier;
	const hardware = [...new Set(drawn.map(({ row }) => row.hardware))].sort();
	const names = hardware.map((id): Text => [nameOf(context.names, "hardware", id)]);
	const envelope = envelopeOf(drawn.filter((each) => isKept(context, each)));
	const missing = drawn.some((each) => !isKept(context, each));
	return {
		id: "frontier-chart",
		caption: captionText(context, envelope),
		alternative: fill(words.alternative, {
			count: computed(drawn.length, ""),
			hardware: joined(names, messages.list),
			unit,
			finding,
		}),
		chart: frontierChart(context, drawn, hardware, envelope),
		legend: [
			...hardware.map((id, style) => {
				const count = drawn.filter(({ row }) => row.hardware === id).length;
				const text = fillCount(words.legend, count, computed(count, ""), {
					hardware: nameOf(context.names, "hardware", id),
				});
				return { swatch: { kind: "dot", style }, text } as const;
			}),
			...(missing ? [{ swatch: { kind: "outline" }, text: [words.legendMissed] } as const] : []),
			{ swatch: { kind: "envelope" }, text: [words.legendEnvelope] },
			...(chosenOf(context, drawn) === undefined ? [] : [{ swatch: { kind: "ring" }, text: [words.chosen] } as const]),
		],
		table: frontierTable(context, drawn),
	};
}

/** Rows that no faster row undercuts, by rising speed. */
function envelopeOf(drawn: readonly Drawn[]): Drawn[] {
	const fastest = [...drawn].sort((a, b) => speedOf(b) - speedOf(a) || costOf(a) - costOf(b));
	let least = Number.POSITIVE_INFINITY;
	const kept = fastest.filter((each) => {
		const cheaper = costOf(each) < least;
		if (cheaper) least = costOf(each);
		return cheaper;
	});
	return kept.reverse();
}

function captionText(context: Context, envelope: readonly Drawn[]): Text {
	const words = context.messages.frontier;
	const slow = envelope[0];
	const fast = envelope[envelope.length - 1];
	if (slow === undefined || fast === undefined) return [words.noneKept];
	const cheap = { slow: costSpan(slow), slowSpeed: speedSpan(slow) };
	if (slow === fast) return fill(words.captionSingle, cheap);
	return fill(words.caption, { ...cheap, fast: costSpan(fast), fastSpeed: speedSpan(fast) });
}

function frontierChart(
	context: Context,
	drawn: readonly Drawn[],
	hardware: readonly string[],
	envelope: readonly Drawn[],
): FrontierChart {
	const { messages, plan, unit } = context;
	const words = messages.frontier;
	const point = (each: Drawn): Point => ({ x: speedOf(each), y: costOf(each) });
	const limit = plan.slo?.tokens_per_s_per_user;
	const chosen = chosenOf(context, drawn);
	return {
		kind: "frontier",
		xAxis: words.xAxis,
		yAxis: isDollarsPerMtok(context) ? words.yAxis : plainText(fill(words.yAxisOther, { unit })),
		series: hardware.map((id, style): FrontierSeries => {
			const own = drawn.filter(({ row }) => row.hardware === id);
			return {
				style,
				points: own.map((each) => ({ ...point(each), kept: isKept(context, each), title: pointTitle(context, each) })),
			};
		}),
		envelope: envelope.map(point),
		...(limit?.value === undefined
			? {}
			: {
					limit: {
						x: limit.value,
						label: plainText(fill(words.limit, { speed: formatQuantity(limit.value, limit.unit) })),
					},
				}),
		...(chosen === undefined ? {} : { chosen: point(chosen) }),
	};
}

/** The row of the cheapest option, where it stands on a frontier. */
function chosenOf({ plan }: Context, drawn: readonly Drawn[]): Drawn | undefined {
	return drawn.find(({ row }) => row.nearest_row.id === plan.options[0]?.id);
}

function pointTitle(context: Context, each: Drawn): string {
	return plainText([...deploymentText(context, namedRow(each)), ": ", costSpan(each), ", ", speedSpan(each)]);
}

function frontierTable(context: Context, drawn: readonly Drawn[]): Table {
	const { messages, names, unit } = context;
	const words = messages.frontier.columns;
	const text = (heading: string): Column => ({ heading, align: "start" });
	const number = (heading: string): Column => ({ heading, align: "end" });
	return {
		caption: [messages.frontier.tableCaption],
		columns: [
			text(words.row),
			text(words.hardware),
			text(words.precision),
			text(words.stack),
			text(words.method),
			text(words.layout),
			number(words.concurrency),
			number(words.speed),
			number(words.throughput),
			number(plainText(fill(words.cost, { unit }))),
			number(words.ttft),
			{ ...text(words.date), room: "short" },
			text(words.grade),
		],
		rows: drawn.map(({ row, index }) => {
			const at = `frontier/result/rows/${index}`;
			const { nearest_row: nearest, unit_cost, interactivity, tokens_per_gpu_second: speed, ttft } = row;
			return [
				[{ kind: "code", code: nearest.id }],
				[nameOf(names, "hardware", row.hardware)],
				[nameOf(names, "precisions", row.precision)],
				[nameOf(names, "stacks", row.stack)],
				[nameOf(names, "speculative", row.speculative)],
				[{ kind: "name", name: nearest.deployment }],
				[exact(nearest.concurrency, `${at}/nearest_row/concurrency`)],
				[exact(interactivity.value as number, `${at}/interactivity`)],
				[exact(speed.value as number, `${at}/tokens_per_gpu_second`)],
				[exact(unit_cost.total.value as number, `${at}/unit_cost/total`)],
				ttft?.value === undefined ? [messages.options.unknown] : [exact(ttft.value, `${at}/ttft`)],
				[{ kind: "name", name: nearest.date }],
				[gradeSpan(context, unit_cost.total)],
			];
		}),
	};
}
