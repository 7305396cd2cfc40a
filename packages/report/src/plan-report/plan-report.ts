import type { PlanOption } from "@farthing/answers";
import { labelIn } from "../messages/labels.ts";
import type { Fact, Report, Section } from "../report-model.ts";
import { answerFacts, answerText, titleText } from "./answer.ts";
import { bridgeSection } from "./bridge.ts";
import { claimsSection } from "./claims.ts";
import { frontierSection } from "./frontier.ts";
import { optionsSection } from "./options.ts";
import { registerSection } from "./register.ts";
import { type Context, contextOf, type PlanSource } from "./source.ts";
import { unrankedSection } from "./unranked.ts";
import { volumesSection } from "./volumes.ts";

/** A plan as a report: the answer, why it is what it is, where it changes, and what it rests on. */
export function planReport(source: PlanSource): Report {
	const context = contextOf(source);
	const { messages, plan } = context;
	const best = plan.options[0];
	if (best === undefined) throw new TypeError("a plan without options cannot be reported");
	return {
		language: messages.language,
		title: titleText(context),
		answer: answerText(context, best),
		facts: answerFacts(context, best),
		sections: sectionsOf(context, best),
		attribution: messages.attribution,
	};
}

function sectionsOf(context: Context, best: PlanOption): Section[] {
	return [
		bridgeSection(context, best),
		volumesSection(context, best),
		optionsSection(context),
		frontierSection(context),
		claimsSection(context),
		unrankedSection(context),
		warningsSection(context),
		registerSection(context),
		reproduceSection(context),
	];
}

function warningsSection({ messages, source }: Context): Section {
	const all = [...source.plan.warnings, ...source.frontier.warnings, ...source.claims.warnings];
	const said = [...new Map(all.map((warning) => [`${warning.code} ${warning.message}`, warning])).values()];
	const { heading, none } = messages.warnings;
	if (said.length === 0) return { id: "warnings", heading, blocks: [{ kind: "text", text: [none] }] };
	const items = said.map(
		({ code, message }) =>
			[{ kind: "name", name: labelIn(messages.language, message) }, " ", { kind: "code", code }] as const,
	);
	return { id: "warnings", heading, blocks: [{ kind: "list", items }] };
}

function reproduceSection({ messages, source }: Context): Section {
	const words = messages.reproduce;
	const { plan } = source;
	const fact = (term: string, code: string): Fact => ({ term, text: [{ kind: "code", code }] });
	const facts = [
		fact(words.command, source.commandLine ?? plan.command_line ?? `farthing ${plan.command}`),
		fact(words.id, plan.id),
		fact(words.catalogue, plan.catalogue),
		fact(words.definitions, plan.definitions),
		fact(words.seed, String(plan.seed)),
		fact(words.asOf, plan.as_of),
		fact(words.why, "farthing why 1"),
	];
	return {
		id: "reproduce",
		heading: words.heading,
		blocks: [
			{ kind: "text", text: [words.intro] },
			{ kind: "facts", facts },
			{ kind: "text", text: [messages.attribution, messages.stop, messages.attributionNote] },
		],
	};
}
