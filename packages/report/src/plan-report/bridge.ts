/** Why the delivered cost is not the slide price: each cause with what it adds, summing exactly. */
import type { PlanOption } from "@farthing/answers";
import { formatQuantity } from "@farthing/engine";
import type { WaterfallBar } from "../charts/chart.ts";
import { fill, joined } from "../messages/fill.ts";
import type { Messages } from "../messages/en.ts";
import { plainText } from "../plain-text.ts";
import type { Figure, Section, Span, Table, Text } from "../report-model.ts";
import { column, computed, quantity } from "../show-number.ts";
import { deploymentText, isDollarsPerMtok, namedOption, placeOf, type RankedPlan } from "./source.ts";

/** Of the cheapest option, or of the one at a place in the ranking. */
export function bridgeSection(context: RankedPlan, option: PlanOption, place = 0): Section {
	const { messages } = context;
	return {
		id: "bridge",
		heading: messages.bridge.heading,
		blocks: [
			{ kind: "text", text: bridgeWords(context, option, place) },
			{ kind: "figure", figure: bridgeFigure(context, option, place) },
		],
	};
}

/** Word for a cause of the bridge; one that has none stands as it is. */
export function causeWord({ bridge }: Messages, cause: string): Span {
	return bridge.causes[cause] ?? { kind: "name", name: cause };
}

function bridgeWords({ messages, unit }: RankedPlan, { headline, delivered, bridge }: PlanOption, place: number): Text {
	const words = messages.bridge;
	const shown = quantity(headline, placeOf(place, "headline"));
	const moving = bridge
		.map((step, i) => ({ ...step, i }))
		.filter(({ delta }) => delta.value !== undefined && delta.value !== 0);
	if (moving.length === 0) return fill(words.introEqual, { headline: shown });
	const steps = moving.map(({ cause, delta, i }): Text => {
		const value = delta.value as number;
		const text = formatQuantity(Math.abs(value), unit);
		const amount: Span = { kind: "number", number: { value, text, at: stepPlace(place, i) } };
		return fill(value > 0 ? words.adds : words.saves, { cause: lowered(causeWord(messages, cause)), delta: amount });
	});
	const ratio = computed((delivered.value as number) / (headline.value as number), "x");
	return [
		...fill(words.intro, { headline: shown, ratio }),
		" ",
		...fill(words.steps, { steps: joined(steps, messages.list) }),
	];
}

export function stepPlace(option: number, step: number): string {
	return placeOf(option, `bridge/${step}/delta`);
}

function bridgeFigure(context: RankedPlan, option: PlanOption, place: number): Figure {
	const { messages, unit } = context;
	const words = messages.bridge;
	const bars = bridgeBars(context, option);
	const spoken = bars.map(({ label, text }): Text => [label, " ", text]);
	return {
		id: "bridge-chart",
		caption: bridgeCaption(context, option, place),
		alternative: fill(words.alternative, { unit, bars: joined(spoken, messages.list) }),
		chart: {
			kind: "waterfall",
			axis: isDollarsPerMtok(context) ? words.axis : plainText(fill(words.axisOther, { unit })),
			bars,
		},
		legend: [],
		table: bridgeTable(context, option, place),
	};
}

function bridgeCaption({ messages }: RankedPlan, { headline, delivered, bridge }: PlanOption, place: number): Text {
	const words = messages.bridge;
	const from = quantity(headline, placeOf(place, "headline"));
	const largest = [...bridge].sort((a, b) => Math.abs(b.delta.value ?? 0) - Math.abs(a.delta.value ?? 0))[0];
	if (largest === undefined || largest.delta.value === 0) return fill(words.captionEqual, { headline: from });
	return fill(words.caption, {
		headline: from,
		delivered: quantity(delivered, placeOf(place, "delivered")),
		largest: lowered(causeWord(messages, largest.cause)),
	});
}

function bridgeBars({ messages, unit }: RankedPlan, { headline, delivered, bridge }: PlanOption): WaterfallBar[] {
	const words = messages.bridge;
	const money = (value: number): string => formatQuantity(value, unit).replace(/\/M ?tok$/, "");
	let height = headline.value as number;
	const steps = bridge.map(({ cause, delta }): WaterfallBar => {
		const value = delta.value as number;
		const from = height;
		height += value;
		const text = value < 0 ? `−${money(-value)}` : `+${money(value)}`;
		return { role: "step", label: plainText([causeWord(messages, cause)]), from, to: height, text };
	});
	const first = headline.value as number;
	const last = delivered.value as number;
	return [
		{ role: "start", label: words.headline, from: 0, to: first, text: money(first) },
		...steps,
		{ role: "end", label: words.delivered, from: 0, to: last, text: money(last) },
	];
}

function bridgeTable(context: RankedPlan, option: PlanOption, place: number): Table {
	const { messages, unit } = context;
	const { headline, delivered, bridge } = option;
	const words = messages.bridge;
	const first = headline.value as number;
	const sums = bridge.map((_, i) =>
		bridge.slice(0, i + 1).reduce((sum, { delta }) => sum + (delta.value as number), first),
	);
	const amounts = column(
		[
			{ value: first, at: placeOf(place, "headline") },
			...bridge.map(({ delta }, i) => ({ value: delta.value, at: stepPlace(place, i) })),
			{ value: delivered.value, at: placeOf(place, "delivered") },
		],
		unit,
	);
	const subtotals = column([{ value: first }, ...sums.map((value) => ({ value })), { value: delivered.value }], unit);
	const labels: Span[] = [words.headline, ...bridge.map(({ cause }) => causeWord(messages, cause)), words.delivered];
	const reasons = [
		words.reasonHeadline,
		...bridge.map(({ cause }) => words.reasons[cause] ?? ""),
		words.reasonDelivered,
	];
	return {
		caption:
			place === 0
				? [words.tableCaption]
				: fill(words.tableCaptionOf, { deployment: deploymentText(context, namedOption(option)) }),
		columns: [
			{ heading: words.columns.step, align: "start" },
			{ heading: words.columns.amount, align: "end" },
			{ heading: words.columns.subtotal, align: "end" },
			{ heading: words.columns.why, align: "start" },
		],
		rows: labels.map((label, i) => [[label], amounts[i] as Text, subtotals[i] as Text, [reasons[i] as string]]),
		apart: labels.length - 1,
	};
}

/** A word of ours for the middle of a sentence. */
export function lowered(word: Span): Span {
	return typeof word === "string" && /^[A-Z][a-z]/.test(word) ? word.charAt(0).toLowerCase() + word.slice(1) : word;
}
