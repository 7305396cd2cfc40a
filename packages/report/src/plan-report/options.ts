/** The cheapest deployments side by side, and the one that looks cheapest on a slide. */
import type { PlanOption } from "@farthing/answers";
import { fill, fillCount } from "../messages/fill.ts";
import { nameOf } from "../names.ts";
import type { Block, Column, Section, Table, Text } from "../report-model.ts";
import { column, type ColumnEntry, computed, quantity, rangeOf } from "../show-number.ts";
import { causeWord, stepPlace } from "./bridge.ts";
import { type RankedPlan, deploymentText, detailsText, gpusText, gradeSpan, namedOption, placeOf } from "./source.ts";

const SHOWN = 10;

export function optionsSection(context: RankedPlan): Section {
	const { messages, plan } = context;
	const words = messages.options;
	const count = rankedCount(context);
	const slide = slideWinner(plan.options);
	const shown = plan.options.slice(0, SHOWN);
	const rows = shown.includes(slide) ? shown : [...shown, slide];
	const apart = rows.length > shown.length ? { apart: shown.length } : {};
	const blocks: Block[] = [
		{
			kind: "text",
			text: [...fillCount(words.intro, count, computed(count, "")), " ", ...slideText(context, slide, count)],
		},
		{ kind: "table", table: { ...optionTable(context, rows), ...apart } },
	];
	const hasBridge = rows.some(({ bridge }) => bridge.length > 0);
	const bridges: Block = {
		kind: "folded-table",
		summary: words.bridgeSummary,
		table: { ...bridgesTable(context, rows), ...apart },
	};
	return { id: "options", heading: words.heading, blocks: hasBridge ? [...blocks, bridges] : blocks };
}

/** Options that keep the limits, whether or not all of them are in the result. */
export function rankedCount({ plan }: RankedPlan): number {
	const missed = Object.values(plan.missed).reduce((sum, n) => sum + n, 0);
	const left = plan.unranked.reduce((sum, { rows }) => sum + rows, 0);
	return Math.max(plan.options.length, plan.considered - missed - left);
}

function slideWinner(options: readonly PlanOption[]): PlanOption {
	return options.reduce((a, b) => ((b.headline.value as number) < (a.headline.value as number) ? b : a));
}

function slideText(context: RankedPlan, slide: PlanOption, count: number): Text {
	const { messages, plan } = context;
	const index = plan.options.indexOf(slide);
	if (index === 0) return [messages.options.slideWinnerFirst];
	return fill(messages.options.slideWinner, {
		deployment: deploymentText(context, namedOption(slide)),
		headline: quantity(slide.headline, placeOf(index, "headline")),
		rank: { kind: "number", number: { value: slide.rank, text: String(slide.rank), at: placeOf(index, "rank") } },
		count: computed(count, ""),
		delivered: quantity(slide.delivered, placeOf(index, "delivered")),
		gpus: gpusText(context, slide, index),
		utilization: quantity(slide.utilization, placeOf(index, "utilization")),
	});
}

interface OptionColumn extends Column {
	readonly cells: readonly Text[];
}

function optionTable(context: RankedPlan, rows: readonly PlanOption[]): Table {
	const { messages, plan, unit } = context;
	const words = messages.options.columns;
	const place = (option: PlanOption, member: string): string => placeOf(plan.options.indexOf(option), member);
	const numbers = (member: string, of: (option: PlanOption) => number | undefined, symbol: string): Text[] =>
		column(
			rows.map((option): ColumnEntry => ({ value: of(option), at: place(option, member) })),
			symbol,
		);
	const ranged = rows.some(({ delivered }) => delivered.p10 !== undefined);
	const columns: OptionColumn[] = [
		{ heading: words.rank, align: "end", cells: numbers("rank", ({ rank }) => rank, "") },
		{
			heading: words.deployment,
			align: "start",
			room: "wide",
			cells: rows.map((option) => optionName(context, option)),
		},
		{
			heading: words.delivered,
			align: "end",
			cells: numbers("delivered", ({ delivered }) => delivered.value, unit).map(bold),
		},
		...(ranged
			? [{ heading: words.range, align: "end", cells: rows.map(({ delivered }) => rangeOf(delivered)) } as const]
			: []),
		{ heading: words.headline, align: "end", cells: numbers("headline", ({ headline }) => headline.value, unit) },
		{ heading: words.fleet, align: "end", cells: numbers("gpus", ({ gpus }) => gpus, "GPU") },
		{
			heading: context.plan.utilization_overridden ? words.utilizationStated : words.utilization,
			align: "end",
			cells: numbers("utilization", ({ utilization }) => utilization.value, "fraction"),
		},
		{
			heading: words.speed,
			align: "end",
			cells: numbers("deployment/interactivity", ({ deployment }) => deployment.interactivity, "tok/s/user"),
		},
		{ heading: words.ttft, align: "end", cells: ttftCells(context, rows, place) },
		{ heading: words.grade, align: "start", cells: rows.map(({ delivered }) => [gradeSpan(context, delivered)]) },
		{
			heading: words.measured,
			align: "start",
			room: "short",
			cells: rows.map((option) => measuredText(context, option)),
		},
	];
	return {
		caption: [rows.length > SHOWN ? messages.options.captionSlide : messages.options.caption],
		columns: columns.map(({ cells: _, ...plain }) => plain),
		rows: rows.map((_, i) => columns.map(({ cells }) => cells[i] as Text)),
	};
}

function optionName(context: RankedPlan, option: PlanOption): Text {
	const named = namedOption(option);
	const hardware: Text = [{ kind: "strong", text: [nameOf(context.names, "hardware", option.hardware)] }];
	const impossible = option.feasible
		? []
		: [fill(context.messages.options.notFeasible, { reason: { kind: "name", name: option.reason ?? "" } })];
	const details: Text = [
		{ kind: "small", text: [...detailsText(context, named), ", ", { kind: "code", code: option.id }] },
	];
	return [{ kind: "lines", lines: [hardware, details, ...impossible] }];
}

function ttftCells(
	{ messages }: RankedPlan,
	rows: readonly PlanOption[],
	place: (option: PlanOption, member: string) => string,
): Text[] {
	const known = column(
		rows.map((option) => ({ value: option.deployment.ttft_median_s, at: place(option, "deployment/ttft_median_s") })),
		"s",
	);
	return known.map((text) =>
		text.length === 0 ? [{ kind: "small", text: [messages.options.unknown] }] : [...text, " s"],
	);
}

function measuredText({ messages }: RankedPlan, { deployment }: PlanOption): Text {
	const date = deployment.measured_on ?? "";
	if (deployment.kind === "dated" && date !== "") return [date];
	return date === "" ? ["median"] : fill(messages.options.median, { date });
}

function bridgesTable(context: RankedPlan, rows: readonly PlanOption[]): Table {
	const { messages, plan, unit } = context;
	const causes = [...new Set(rows.flatMap(({ bridge }) => bridge.map(({ cause }) => cause)))];
	const index = (option: PlanOption): number => plan.options.indexOf(option);
	const headlines = column(
		rows.map((option) => ({ value: option.headline.value, at: placeOf(index(option), "headline") })),
		unit,
	);
	const delivered = column(
		rows.map((option) => ({ value: option.delivered.value, at: placeOf(index(option), "delivered") })),
		unit,
	);
	const steps = causes.map((cause) =>
		column(
			rows.map((option): ColumnEntry => {
				const step = option.bridge.findIndex((each) => each.cause === cause);
				return step === -1
					? { value: undefined }
					: { value: option.bridge[step]?.delta.value, at: stepPlace(index(option), step) };
			}),
			unit,
			true,
		),
	);
	return {
		caption: [messages.options.bridgeCaption],
		columns: [
			{ heading: messages.options.bridgeOption, align: "start" },
			{ heading: messages.bridge.headline, align: "end" },
			...causes.map((cause): Column => ({ heading: headingOf(causeWord(messages, cause)), align: "end" })),
			{ heading: messages.bridge.delivered, align: "end" },
		],
		rows: rows.map((option, i) => [
			[{ kind: "small", text: [`${option.rank}. `, ...deploymentText(context, namedOption(option))] }],
			headlines[i] as Text,
			...steps.map((cells) => cells[i] as Text),
			bold(delivered[i] as Text),
		]),
	};
}

function headingOf(word: ReturnType<typeof causeWord>): string {
	return typeof word === "string" ? word : word.kind === "name" ? word.name : "";
}

function bold(text: Text): Text {
	return [{ kind: "strong", text }];
}
