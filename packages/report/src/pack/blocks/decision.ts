/** The decision on a page: what to do, what it is worth, what would change that. */
import type { CostBridge, PlanOption } from "@farthing/answers";
import type { QuantityJson } from "@farthing/engine";
import { fill, fillCount, joined } from "../../messages/fill.ts";
import { capitalised, plainText } from "../../plain-text.ts";
import type { Block, Card, Span, Text } from "../../report-model.ts";
import { measured } from "../../show-number.ts";
import { note, noteOn, noteOnInput, ofGraph, ofPlan, type PackContext, paragraph, rangeText } from "../source.ts";
import {
	bestPlaced,
	hasLoans,
	measureOf,
	type Placed,
	pricedStrategies,
	strategyLabel,
	strategyVerb,
} from "../strategy-words.ts";
import type { PricedResult } from "@farthing/answers";
import { lowered } from "../../plan-report/bridge.ts";
import { isSame } from "../as-alike.ts";

export function decisionBlock(context: PackContext): Block[] {
	const best = bestPlaced(context);
	if (best === undefined) return [];
	return [
		paragraph(changeWords(context, best)),
		paragraph(whyWords(context, best)),
		paragraph(decideWords(context, best), ...sureWords(context, best)),
	].filter((block) => block.kind !== "text" || block.text.length > 0);
}

export function keyNumbersBlock(context: PackContext): Block[] {
	const best = bestPlaced(context);
	const cards = best === undefined ? optionCards(context) : yearCards(context, best);
	return cards.length === 0 ? [] : [{ kind: "cards", cards }];
}

export function stopIfBlock(context: PackContext): Block[] {
	const best = bestPlaced(context);
	if (best === undefined) return [];
	const items = [...priceFloor(context, best), ...breakEvenLimits(context, best), ...capitalLimit(context, best)];
	if (items.length === 0) return [];
	return [
		{ kind: "text", text: [{ kind: "strong", text: [context.words.stop.heading] }] },
		{ kind: "list", items },
	];
}

/** First and last year in which tokens are served. */
export function servedYears({ of, at }: Placed<PricedResult>): { quantity: QuantityJson; at: string; year: number }[] {
	return of.years.flatMap(({ unit_cost, year }, i) =>
		unit_cost?.value === undefined ? [] : [{ quantity: unit_cost, at: `${at}/years/${i}/unit_cost`, year }],
	);
}

export function yearNumber(year: number): string {
	return String(year);
}

function changeWords(context: PackContext, best: Placed<PricedResult>): Text {
	const years = servedYears(best);
	const [first, last] = [years[0], years.at(-1)];
	if (first === undefined || last === undefined || first === last) return [];
	return [
		...fill(context.words.decision.change, {
			from: ofPlan(first.quantity, first.at),
			first: yearNumber(first.year),
			to: ofPlan(last.quantity, last.at),
			last: yearNumber(last.year),
		}),
		...noteOn(context, last.quantity),
	];
}

/** The cause that takes most off the unit cost, and what the others do. */
function whyWords(context: PackContext, { of }: Placed<PricedResult>): Text {
	const { result, words, messages } = context;
	const place = (result.bridges ?? []).findIndex(({ strategy }) => strategy === of.strategy);
	const bridge: CostBridge | undefined = result.bridges?.[place];
	if (bridge === undefined || isSame(bridge.from.value ?? 0, bridge.to.value ?? 0)) return [];
	const causes = bridge.causes
		.map((cause, i) => ({ ...cause, at: `bridges/${place}/causes/${i}/delta` }))
		.filter(({ delta }) => delta.value !== undefined && delta.value !== 0)
		.sort((a, b) => Math.abs(b.delta.value as number) - Math.abs(a.delta.value as number));
	const [largest, ...others] = causes;
	if (largest === undefined) return [];
	const rest = others.map(
		({ cause, label, delta, at }): Text =>
			fill(words.decision.causeDelta, { cause: words.bridge.causes[cause] ?? label, delta: ofPlan(delta, at) }),
	);
	return fill(words.decision.whyFalls, {
		cause: lowered(words.bridge.causes[largest.cause] ?? largest.label),
		delta: ofPlan(largest.delta, largest.at),
		rest: rest.length === 0 ? [] : fill(words.decision.whyRest, { causes: joined(rest, messages.list) }),
	});
}

function decideWords(context: PackContext, best: Placed<PricedResult>): Text {
	const { words } = context;
	const peak = measureOf(best, "peak_cash");
	if (peak === undefined) return [];
	return [
		...fill(words.decision.decide, {
			strategy: strategyVerb(context, best.of.strategy),
			peak: ofPlan(peak.quantity, peak.at),
			loans: hasLoans(best) ? words.decision.afterLoans : "",
			payback: paybackWords(context, best),
		}),
		...noteOn(context, peak.quantity),
	];
}

function paybackWords(context: PackContext, best: Placed<PricedResult>): Text {
	const { words, result } = context;
	if (result.ranked_by !== "npv") return [];
	const payback = measureOf(best, "payback_months");
	if (payback === undefined) return [words.decision.decideNoPayback];
	return fill(words.decision.decidePayback, { payback: monthCount(payback) });
}

function sureWords(context: PackContext, best: Placed<PricedResult>): Text[] {
	const { words, result } = context;
	const npv = measureOf(best, "npv");
	const sold = result.ranked_by === "npv";
	return [
		...(sold && npv !== undefined ? [lowCase(context, npv)] : []),
		nextWords(context, best, words.decision),
	].filter((text) => text.length > 0);
}

function lowCase({ words }: PackContext, { quantity, at }: { quantity: QuantityJson; at: string }): Text {
	const { p10, p50, unit } = quantity;
	if (p10 === undefined || p50 === undefined) return [];
	const low = measured(p10, unit, `plan/result/${at}/p10`);
	if (p10 > 0) return fill(words.decision.gainsSure, { low });
	if (p50 > 0) return fill(words.decision.gainsUnsure, { low });
	return fill(words.decision.losesLikely, {
		middle: measured(p50, unit, `plan/result/${at}/p50`),
		npv: ofPlan(quantity, at),
	});
}

function nextWords(context: PackContext, best: Placed<PricedResult>, words: PackContext["words"]["decision"]): Text {
	const next = pricedStrategies(context).find(({ of }) => of.rank === 2);
	if (next === undefined) return [];
	const name = context.result.ranked_by === "npv" ? "npv" : "present_cost";
	const [ours, theirs] = [measureOf(best, name), measureOf(next, name)];
	if (ours === undefined || theirs === undefined) return [];
	const values = { other: context.words.strategies[next.of.strategy].done, npv: ofPlan(theirs.quantity, theirs.at) };
	if (name === "present_cost") return fill(words.overlapCost, values);
	const { p10 } = ours.quantity;
	const { p90 } = theirs.quantity;
	if (p10 === undefined || p90 === undefined) return [];
	return fill(p10 <= p90 ? words.overlap : words.apart, values);
}

function yearCards(context: PackContext, best: Placed<PricedResult>): Card[] {
	const { words, result } = context;
	const years = servedYears(best);
	const [first, last] = [years[0], years.at(-1)];
	const unitCards = [first, last].flatMap((each, i): Card[] => {
		if (each === undefined || (i === 1 && each === first)) return [];
		const term = fill(i === 0 ? words.cards.unitNow : words.cards.unitThen, { year: yearNumber(each.year) });
		return [card(context, term, each)];
	});
	const sold = result.ranked_by === "npv";
	const measures = sold
		? ([
				["npv", words.cards.npv],
				["gross_margin_share", words.cards.margin],
			] as const)
		: ([
				["present_cost", words.cards.presentCost],
				["levelised", words.cards.levelised],
			] as const);
	const more = measures.flatMap(([name, term]) => {
		const found = measureOf(best, name);
		return found === undefined ? [] : [card(context, [term], found)];
	});
	const peak = measureOf(best, "peak_cash");
	return [
		...unitCards,
		...more,
		...(sold ? [paybackCard(context, best)] : []),
		...(peak === undefined ? [] : [card(context, [ownerTerm(context, best, words.cards.peak)], peak)]),
	];
}

function card(context: PackContext, term: Text, { quantity, at }: { quantity: QuantityJson; at: string }): Card {
	const range = rangeText(context, quantity, at);
	return {
		term: plainText(term),
		value: [ofPlan(quantity, at), ...noteOn(context, quantity)],
		...(range.length === 0 ? {} : { note: [...range, " (", context.words.rangeNote, ")"] }),
	};
}

/** Payback and peak are of the cash that is left after loans, where there are any. */
function ownerTerm({ words }: PackContext, best: Placed<PricedResult>, term: string): string {
	return hasLoans(best) ? plainText(fill(words.cards.afterLoans, { term })) : term;
}

function paybackCard(context: PackContext, best: Placed<PricedResult>): Card {
	const { words } = context;
	const payback = measureOf(best, "payback_months");
	const term = ownerTerm(context, best, words.cards.payback);
	if (payback === undefined) return { term, value: [words.cards.notReached] };
	const { coverage } = payback.quantity;
	const value = fill(words.cards.months, { count: monthCount(payback) });
	if (coverage === undefined) return { term, value };
	const share = measured(coverage, "fraction", `plan/result/${payback.at}/coverage`);
	return { term, value, note: fill(words.cards.reached, { share }) };
}

/** Months, where the words around them say so. */
export function monthCount({ quantity, at }: { quantity: QuantityJson; at: string }): Span {
	return measured(quantity.value as number, "", `plan/result/${at}`);
}

function optionCards(context: PackContext): Card[] {
	const { option, words } = context;
	if (option === undefined) return [];
	const at = "options/0";
	return [
		card(context, [words.cards.delivered], { quantity: option.delivered, at: `${at}/delivered` }),
		card(context, [words.cards.headline], { quantity: option.headline, at: `${at}/headline` }),
		utilisedCard(context, option, at),
		{ term: words.cards.gpus, value: [measured(option.gpus, "", `plan/result/${at}/gpus`)] },
	];
}

/** With its range over the day, or that it is stated. */
function utilisedCard(context: PackContext, option: PlanOption, at: string): Card {
	const { words, result } = context;
	const plain = card(context, [words.cards.utilised], { quantity: option.utilization, at: `${at}/utilization` });
	if (result.utilization_overridden === true) return { ...plain, note: [words.cards.stated] };
	const { utilization_by_hour: hours } = option;
	if (hours === undefined) return plain;
	const hour = (which: "lowest" | "highest"): Span => ofPlan(hours[which], `${at}/utilization_by_hour/${which}`);
	const range = fill(words.cards.overTheDay, { lowest: hour("lowest"), highest: hour("highest") });
	return { ...plain, note: plain.note === undefined ? range : [...plain.note, "; ", ...range] };
}

function priceFloor(context: PackContext, best: Placed<PricedResult>): Text[] {
	const { words } = context;
	const floor = measureOf(best, "price_floor");
	if (floor === undefined) return [];
	const shown = [ofPlan(floor.quantity, floor.at), ...noteOn(context, floor.quantity)];
	const price = ofGraph(context, "revenue.price");
	if (price === undefined) return [fill(words.stop.priceBare, { floor: shown })];
	const isBelow = price.number.value < (floor.quantity.value as number);
	const message = isBelow ? words.stop.priceBelow : words.stop.price;
	return [fill(message, { floor: shown, price: [price, ...noteOnInput(context, "revenue.price.output")] })];
}

/** Of the break-evens of the strategy chosen: how little may be used, how small demand may be. */
function breakEvenLimits(context: PackContext, { of }: Placed<PricedResult>): Text[] {
	const { result, words } = context;
	return (result.break_evens ?? []).flatMap((each, i): Text[] => {
		if (each.of !== of.strategy) return [];
		const names = {
			one: words.strategies[each.of].done,
			other: words.strategies[each.against].done,
		};
		const use = each.utilisation?.utilisation;
		const volume = each.volume.tokens_per_day;
		const at = `break_evens/${i}`;
		return [
			...(use === undefined
				? []
				: [fill(words.stop.use, { ...names, use: ofPlan(use, `${at}/utilisation/utilisation`) })]),
			...(volume === undefined || each.volume.from_lowest === true
				? []
				: [fill(words.stop.volume, { ...names, volume: ofPlan(volume, `${at}/volume/tokens_per_day`) })]),
		];
	});
}

function capitalLimit(context: PackContext, best: Placed<PricedResult>): Text[] {
	const peak = measureOf(best, "peak_cash");
	if (peak?.quantity.p90 === undefined) return [];
	const { quantity, at } = peak;
	const shown = measured(quantity.p90 as number, quantity.unit, `plan/result/${at}/p90`);
	const why = note(context, [context.words.rangeNote, ": ", ...rangeText(context, quantity, at)]);
	return [fill(context.words.stop.capital, { peak: [shown, why] })];
}

/** The answer in one sentence, for the head of the pack. */
export function packAnswer(context: PackContext): Text {
	const { result, words } = context;
	const best = bestPlaced(context);
	if (best === undefined) return result.strategies === undefined ? [] : [words.answers.none];
	const sold = result.ranked_by === "npv";
	const found = measureOf(best, sold ? "npv" : "present_cost");
	if (found === undefined) return [];
	const range = rangeText(context, found.quantity, found.at);
	const months = result.months as number;
	const key = sold ? (range.length === 0 ? "npvPoint" : "npv") : range.length === 0 ? "costPoint" : "cost";
	return fill(words.answers[key], {
		strategy:
			strategyLabel(context, best.of.strategy) === "" ? "" : capitalised(strategyVerb(context, best.of.strategy)),
		months: fillCount(words.months, months, measured(months, "", "plan/result/months")),
		[sold ? "npv" : "cost"]: { kind: "strong", text: [ofPlan(found.quantity, found.at)] },
		...(range.length === 0 ? {} : { range }),
	});
}
