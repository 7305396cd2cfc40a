/** A saved result as a report, in the order and words of a template. */
import type { QuantityJson } from "@farthing/engine";
import { fill } from "../messages/fill.ts";
import { gpusText, deploymentText, namedOption } from "../plan-report/source.ts";
import { plainText } from "../plain-text.ts";
import type { Block, Report, Section, Span, Text } from "../report-model.ts";
import { measured, quantity } from "../show-number.ts";
import {
	type Template,
	TemplateError,
	type TemplateItem,
	type TemplatePage,
	type TemplateText,
} from "../template/template.ts";
import { type BlockContent, type BlockDefinition, BLOCKS, blockContent } from "./blocks.ts";
import { packAnswer } from "./blocks/decision.ts";
import { modelNames } from "./blocks/models.ts";
import { rankedContext } from "./ranked-context.ts";
import { modelName, packContext, type PackContext, type PackSource, paragraph } from "./source.ts";

/** Throws `TemplateError` for a place that the result does not have. */
export function packReport(source: PackSource, template: Template): Report {
	const context = packContext(source);
	const { messages } = context;
	const answer = answerOf(context);
	return {
		language: messages.language,
		title: titleOf(context),
		answer,
		facts: [],
		sections: sectionsOf(context, template.pages),
		attribution: messages.attribution,
		look: template.look,
	};
}

function titleOf(context: PackContext): Text {
	const { result, source, words } = context;
	if (result.model === undefined) return fill(words.titles.other, { command: source.plan.command });
	if (result.scenario === undefined)
		return fill(words.titles.model, { model: modelNames(context), command: source.plan.command });
	const title = result.strategies === undefined ? words.titles.fleet : words.titles.years;
	return fill(title, { model: modelNames(context), scenario: { kind: "name", name: result.scenario } });
}

function answerOf(context: PackContext): Text {
	const { option, words } = context;
	if (context.result.strategies !== undefined || option === undefined) return packAnswer(context);
	const ranked = rankedContext(context);
	return fill(words.answers.fleet, {
		model: modelName(context),
		delivered: { kind: "strong", text: [quantity(option.delivered, "plan/result/options/0/delivered")] },
		gpus: gpusText(ranked, option, 0),
		deployment: deploymentText(ranked, namedOption(option)),
	});
}

/** Pages of which the result holds nothing are named at the end, each with its reason, in place of a page with that alone. */
function sectionsOf(context: PackContext, pages: readonly TemplatePage[]): Section[] {
	const made = pages.map((page) => ({ ...page, contents: page.items.map((item) => contentOf(context, item)) }));
	const isEmpty = ({ contents }: (typeof made)[number]): boolean =>
		contents.some((content) => "gap" in content) &&
		contents.every((content) => "gap" in content || content.blocks.length === 0);
	const sections = made
		.filter((page) => !isEmpty(page))
		.map(({ heading, contents }, i): Section => {
			const blocks = contents.flatMap((content) => ("gap" in content ? [paragraph([content.gap])] : content.blocks));
			return { id: `page-${i + 1}`, heading, blocks: withoutRepeats(blocks) };
		});
	const empty = made.filter(isEmpty).map(({ heading, contents }): Text => {
		const reasons = new Set(contents.flatMap((content) => ("gap" in content ? [content.gap] : [])));
		return [{ kind: "strong", text: [{ kind: "name", name: heading }] }, `: ${[...reasons].join(" ")}`];
	});
	if (empty.length === 0) return sections;
	const { gaps } = context.words;
	return [
		...sections,
		{ id: "left-out", heading: gaps.heading, blocks: [{ kind: "list", items: empty }], follows: true },
	];
}

/** Why there is nothing to show is said once a page. */
function withoutRepeats(blocks: readonly Block[]): Block[] {
	const said = new Set<string>();
	return blocks.filter((block) => {
		if (block.kind !== "text") return true;
		const text = plainText(block.text);
		return !said.has(text) && said.add(text);
	});
}

function contentOf(context: PackContext, item: TemplateItem): BlockContent {
	switch (item.kind) {
		case "block":
			return blockContent(context, BLOCKS[item.name] as BlockDefinition);
		case "text":
			return { blocks: [{ kind: "text", text: ownWords(context, item.text) }] };
		case "list":
			return { blocks: [{ kind: "list", items: item.items.map((text) => ownWords(context, text)) }] };
	}
}

/** Words of a template: not ours, so they stand as names do. */
function ownWords(context: PackContext, text: TemplateText): Text {
	return text.map((span): Span => {
		if (typeof span === "string") return { kind: "name", name: span };
		switch (span.kind) {
			case "strong":
				return { kind: "strong", text: ownWords(context, span.text) };
			case "code":
				return span;
			case "number":
				return numberAt(context, span.pointer, span.line);
		}
	});
}

function numberAt({ source }: PackContext, pointer: string, line: number): Span {
	const steps = pointer
		.slice(1)
		.split("/")
		.map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
	let at: unknown = source.plan.result;
	for (const step of steps)
		at = typeof at === "object" && at !== null ? (at as Record<string, unknown>)[step] : undefined;
	const place = `plan/result${pointer}`;
	if (typeof at === "number") return measured(at, "", place);
	if (isQuantity(at)) return quantity(at, place);
	if (typeof at === "string") return { kind: "name", name: at };
	const members = Object.keys(source.plan.result as object).map((name) => `/${name}`);
	throw new TemplateError({
		line,
		column: 1,
		message: `the result holds no number at ${pointer}`,
		expected: "a JSON pointer under result, such as /npv",
		nearest: members.filter((each) => pointer.startsWith(each) || each[1] === pointer[1]).slice(0, 6),
	});
}

function isQuantity(of: unknown): of is QuantityJson {
	return typeof of === "object" && of !== null && typeof (of as QuantityJson).unit === "string";
}
