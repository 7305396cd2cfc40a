/** What a report on a plan is made from, and the names all of its parts use. */
import type { ClaimList, Envelope, FrontierResult, Language, PlanOption, PlanResult } from "@farthing/answers";
import type { QuantityJson } from "@farthing/engine";
import type { AssumptionRow } from "../assumption-register.ts";
import { fill, fillCount } from "../messages/fill.ts";
import type { Messages } from "../messages/en.ts";
import { messagesOf } from "../messages/messages-of.ts";
import { nameOf, type Names, NO_NAMES } from "../names.ts";
import { plainText } from "../plain-text.ts";
import type { Span, Text } from "../report-model.ts";
import { measured } from "../show-number.ts";

export interface PlanSource {
	readonly plan: Envelope<PlanResult & ServiceOfPlan>;
	/** The curve of all measured rows on each frontier. */
	readonly frontier: Envelope<FrontierResult>;
	readonly claims: Envelope<ClaimList>;
	readonly register: readonly AssumptionRow[];
	/** Names for people in place of catalogue ids. */
	readonly names?: Names;
	/** What was typed, for the reader who wants to repeat it. */
	readonly commandLine?: string;
	/** English unless given. */
	readonly language?: Language;
}

/** Limits and lengths that the plan kept, where its result carries them. */
export interface ServiceOfPlan {
	readonly slo?: {
		readonly tokens_per_s_per_user?: QuantityJson;
		readonly ttft?: QuantityJson;
		readonly ttft_statistic?: string;
	};
	readonly workload?: { readonly isl: number; readonly osl: number };
}

/** Ranked fleets, and the names all parts of a report on them use. */
export interface RankedPlan {
	readonly plan: PlanResult & ServiceOfPlan;
	readonly messages: Messages;
	readonly names: Names;
	/** Unit and token kind of all costs of the plan. */
	readonly unit: string;
	readonly tokens: string;
}

export interface Context extends RankedPlan {
	readonly source: PlanSource;
}

export function contextOf(source: PlanSource): Context {
	const delivered = source.plan.result.options[0]?.delivered;
	return {
		source,
		plan: source.plan.result,
		messages: messagesOf(source.language ?? "en"),
		names: source.names ?? NO_NAMES,
		unit: delivered?.unit ?? "USD/Mtok",
		tokens: delivered?.tokens ?? "total",
	};
}

/** Costs are US dollars per million total tokens, which has words of its own. */
export function isDollarsPerMtok({ unit, tokens }: RankedPlan): boolean {
	return unit === "USD/Mtok" && tokens === "total";
}

/** Place of a member of an option. */
export function placeOf(index: number, member: string): string {
	return `plan/result/options/${index}/${member}`;
}

/** A member's name as a step of a JSON pointer. */
export function pointerStep(name: string): string {
	return name.replaceAll("~", "~0").replaceAll("/", "~1");
}

/** What names a deployment for people. */
export interface Named {
	readonly hardware: string;
	readonly precision: string;
	readonly stack: string;
	readonly speculative: string;
	readonly layout?: string;
}

export function namedOption({ hardware, precision, stack, speculative, deployment }: PlanOption): Named {
	return { hardware, precision, stack, speculative, layout: deployment.layout };
}

/** "B200 SXM (TensorRT-LLM, NVFP4, TP4)". */
export function deploymentText(context: RankedPlan, of: Named): Text {
	return [nameOf(context.names, "hardware", of.hardware), " (", ...detailsText(context, of), ")"];
}

/** "TensorRT-LLM, NVFP4, TP4": all but the hardware. */
export function detailsText({ names }: RankedPlan, { stack, precision, speculative, layout }: Named): Text {
	const parts: Span[] = [nameOf(names, "stacks", stack), nameOf(names, "precisions", precision)];
	if (speculative !== "none") parts.push(nameOf(names, "speculative", speculative));
	if (layout !== undefined) parts.push({ kind: "name", name: layout });
	return parts.flatMap((part, i): Text => (i === 0 ? [part] : [", ", part]));
}

export function gpusText({ messages }: RankedPlan, option: PlanOption, index: number): Text {
	return fillCount(messages.gpus, option.gpus, measured(option.gpus, "", placeOf(index, "gpus")));
}

export function gradeSpan({ messages }: RankedPlan, { grade }: QuantityJson, form: "bare" | "labelled" = "bare"): Span {
	if (grade === undefined) return "";
	const text = form === "bare" ? grade : plainText(fill(messages.gradeBadge, { grade }));
	return { kind: "grade", grade, text, words: messages.grades[grade] };
}
