/** The answer in one sentence, and what a number must carry to be read rightly. */
import type { PlanOption } from "@farthing/answers";
import { fill, fillCount, joined } from "../messages/fill.ts";
import { nameOf } from "../names.ts";
import type { Fact, Span, Text } from "../report-model.ts";
import { measured, quantity, rangeOf } from "../show-number.ts";
import { causeWord, lowered } from "./bridge.ts";
import { type Context, deploymentText, gpusText, gradeSpan, isDollarsPerMtok, namedOption, placeOf } from "./source.ts";

export function titleText(context: Context): Text {
	return fill(context.messages.title, { model: modelName(context), volume: volume(context) });
}

export function answerText(context: Context, best: PlanOption): Text {
	return fill(context.messages.answer, {
		model: modelName(context),
		volume: volume(context),
		delivered: { kind: "strong", text: [quantity(best.delivered, placeOf(0, "delivered"))] },
		gpus: gpusText(context, best, 0),
		deployment: deploymentText(context, namedOption(best)),
		grade: gradeSpan(context, best.delivered, "labelled"),
	});
}

export function answerFacts(context: Context, best: PlanOption): Fact[] {
	const words = context.messages.facts;
	return [
		{ term: words.grade, text: [gradeSpan(context, best.delivered, "bare"), " ", gradeMeaning(context, best)] },
		{ term: words.unit, text: unitText(context) },
		{ term: words.basis, text: basisText(context, best) },
		{ term: words.range, text: rangeText(context, best) },
		{ term: words.service, text: serviceText(context) },
		...workloadFacts(context, best),
		{ term: words.demand, text: demandText(context) },
		{ term: words.fleet, text: fleetText(context, best) },
		...sizingFacts(context, best),
		{ term: words.prices, text: pricesText(context, best) },
		{
			term: words.asOf,
			text: fill(words.asOfText, {
				date: context.source.plan.as_of,
				catalogue: { kind: "name", name: context.source.plan.catalogue },
			}),
		},
	];
}

function modelName({ names, plan }: Context): Span {
	return nameOf(names, "models", plan.model);
}

function volume({ plan }: Context): Span {
	const tokens = plan.question["tokens"];
	return tokens === undefined ? "" : quantity(tokens, "plan/result/question/tokens");
}

function gradeMeaning({ messages }: Context, { delivered }: PlanOption): string {
	return delivered.grade === undefined ? "" : messages.grades[delivered.grade];
}

function unitText(context: Context): Text {
	const words = context.messages.facts;
	return isDollarsPerMtok(context)
		? [words.unitText]
		: fill(words.unitOther, { unit: context.unit, tokens: context.tokens });
}

function basisText({ messages, plan }: Context, { bridge }: PlanOption): Text {
	const words = messages.facts;
	if (plan.utilization_overridden || bridge.length === 0) return [words.basisDeliveredBare];
	const causes = bridge.map(({ cause }): Text => [lowered(causeWord(messages, cause))]);
	return fill(words.basisDelivered, { causes: joined(causes, messages.list) });
}

function rangeText({ messages }: Context, { delivered }: PlanOption): Text {
	const range = rangeOf(delivered);
	return range.length === 0 ? [messages.facts.rangeNone] : fill(messages.facts.rangeText, { range });
}

function serviceText({ messages, plan }: Context): Text {
	const words = messages.facts;
	if (plan.slo === undefined) return [Object.keys(plan.missed).length > 0 ? words.serviceUnstated : words.serviceNone];
	const { tokens_per_s_per_user: speed, ttft, ttft_statistic: statistic } = plan.slo;
	const limits: Text[] = [];
	if (speed !== undefined)
		limits.push(fill(words.serviceSpeed, { speed: quantity(speed, "plan/result/slo/tokens_per_s_per_user") }));
	if (ttft !== undefined) {
		const shown = messages.statistics[statistic ?? ""] ?? { kind: "name" as const, name: statistic ?? "" };
		limits.push(fill(words.serviceTtft, { statistic: shown, ttft: quantity(ttft, "plan/result/slo/ttft") }));
	}
	return limits.length === 0 ? [words.serviceNone] : joined(limits, messages.list);
}

function workloadFacts({ messages, plan, source }: Context, { cost_per_request: request }: PlanOption): Fact[] {
	const row = source.frontier.result.rows[0];
	const lengths = plan.workload ?? row;
	if (lengths === undefined) return [];
	const at = plan.workload === undefined ? "frontier/result/rows/0" : "plan/result/workload";
	const text = fill(messages.facts.workloadText, {
		input: measured(lengths.isl, "", `${at}/isl`),
		output: measured(lengths.osl, "", `${at}/osl`),
		request: quantity(request, placeOf(0, "cost_per_request")),
	});
	return [{ term: messages.facts.workload, text }];
}

function demandText(context: Context): Text {
	const words = context.messages.facts;
	const peak = context.plan.question["peak_to_mean"];
	if (peak === undefined || context.plan.utilization_overridden)
		return fill(words.demandTextBare, { volume: volume(context) });
	return fill(words.demandText, { volume: volume(context), peak: quantity(peak, "plan/result/question/peak_to_mean") });
}

function fleetText(context: Context, best: PlanOption): Text {
	const { messages, plan } = context;
	const words = messages.facts;
	const size = best.deployment.gpus_per_replica;
	const values = {
		replicas: fillCount(messages.replicas, best.replicas, measured(best.replicas, "", placeOf(0, "replicas"))),
		size: fillCount(messages.gpus, size, measured(size, "", placeOf(0, "deployment/gpus_per_replica"))),
		gpus: gpusText(context, best, 0),
		utilization: quantity(best.utilization, placeOf(0, "utilization")),
	};
	if (plan.utilization_overridden) return fill(words.fleetStated, values);
	const hours = best.utilization_by_hour;
	if (hours === undefined) return fill(words.fleetText, values);
	return fill(words.fleetHours, {
		...values,
		lowest: quantity(hours.lowest, placeOf(0, "utilization_by_hour/lowest")),
		highest: quantity(hours.highest, placeOf(0, "utilization_by_hour/highest")),
	});
}

/** How the replicas were found under stated traffic, and what they draw of a limited site. */
function sizingFacts(context: Context, { sizing, power }: PlanOption): Fact[] {
	const { messages, plan } = context;
	const words = messages.facts;
	const counted = (member: "replicas" | "spare_replicas"): Text => {
		const count = sizing?.[member] ?? 0;
		return fillCount(messages.replicas, count, measured(count, "", placeOf(0, `sizing/${member}`)));
	};
	const limit = plan.limits?.power;
	const sized: Fact[] =
		sizing === undefined
			? []
			: [
					{
						term: words.sizing,
						text: fill(words.sizingText, {
							serving: counted("replicas"),
							how: words.sizingBy[sizing.by],
							throughput: measured(sizing.throughput_replicas, "", placeOf(0, "sizing/throughput_replicas")),
							spare: counted("spare_replicas"),
							up: measured(sizing.enough_up, "fraction", placeOf(0, "sizing/enough_up")),
						}),
					},
				];
	if (power === undefined || limit === undefined) return sized;
	const text = fill(words.powerText, {
		power: quantity(power, placeOf(0, "power")),
		limit: quantity(limit, "plan/result/limits/power"),
	});
	return [...sized, { term: words.power, text }];
}

function pricesText(context: Context, { delivered }: PlanOption): Text {
	const date = delivered.currency_date ?? delivered.as_of ?? "";
	return fill(context.messages.facts.pricesText, { rate: rateText(context), date: { kind: "name", name: date } });
}

/** "rate card 2026-07, tier own_neocloud" with the tier in words. */
function rateText({ messages, plan }: Context): Text {
	const [, card, tier = ""] = /^rate card (\S+), tier (\S+)$/.exec(plan.rate) ?? [];
	const words = messages.tiers[tier];
	if (card === undefined || words === undefined) return [{ kind: "name", name: plan.rate }];
	return fill(messages.rateCard, { card: { kind: "name", name: card }, tier: words });
}
