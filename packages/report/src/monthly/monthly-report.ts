/** The monthly pack: what serving cost, whose it was, against plan and bill, on a page and an annex. */
import { gradeSpanOf } from "./grade-span.ts";
import { fill } from "../messages/fill.ts";
import type { Fact, Report, Section } from "../report-model.ts";
import { measured } from "../show-number.ts";
import { beforeSection } from "./before-section.ts";
import { billWords } from "./bill-words.ts";
import { costSections, modelsSection, ownersSection } from "./cost-section.ts";
import { annexSection, hoursSection } from "./ledger-sections.ts";
import { type MonthlyContext, monthlyContext, type MonthlySource, name, of } from "./monthly-source.ts";
import { claimedSection, planSection } from "./plan-section.ts";

export function monthlyReport(source: MonthlySource): Report {
	const context = monthlyContext(source);
	const { messages, words } = context;
	const { result } = source.actuals;
	const [from, to] = [name(result.window.from.slice(0, 10)), name(lastDay(result.window.to))];
	return {
		language: messages.language,
		title: fill(words.title, { from, to }),
		answer: fill(result.tokens.priced?.value === 0 ? words.answerWhole : words.answer, {
			unit: of(result.unit_cost, "unit_cost"),
			cost: of(result.cost, "cost"),
			bill: billWords(result, words),
		}),
		facts: factsOf(context),
		sections: [
			...costSections(context),
			{ ...beside(planSection(context)) },
			...[modelsSection(context), ...claimedSection(context)].map(following),
			...paired([...ownersSection(context), hoursSection(context)]),
			...beforeSection(context),
			annexSection(context),
		],
		attribution: words.attribution,
	};
}

function following(section: Section): Section {
	return { ...section, follows: true };
}

function beside(section: Section): Section {
	return { ...section, follows: true, beside: true };
}

/** Two by two on the page. */
function paired(sections: readonly Section[]): Section[] {
	return sections.map((section, i) => (i % 2 === 0 ? following(section) : beside(section)));
}

function factsOf({ actuals: { result }, messages, words }: MonthlyContext): Fact[] {
	const { window, basis, unit_cost, coverage, tokens, reconciliation } = result;
	const { facts } = words;
	const days = reconciliation.rates.map(({ day }) => day).sort();
	const [first, last] = [days[0], days.at(-1)];
	return [
		{
			term: facts.window,
			text: fill(facts.windowText, { from: name(window.from.slice(0, 16)), to: name(window.to.slice(0, 16)) }),
		},
		{ term: facts.basis, text: [facts.bases[basis] ?? basis] },
		{
			term: facts.evidence,
			text: fill(facts.evidenceText, {
				grade: gradeSpanOf(unit_cost.grade ?? "E", messages),
				coverage: measured(coverage, "fraction", "actuals/result/coverage"),
			}),
		},
		{ term: facts.tokens, text: [of(tokens.total, "tokens/total")] },
		...(first === undefined || last === undefined
			? []
			: [{ term: facts.rates, text: fill(facts.ratesText, { from: name(first), to: name(last) }) }]),
	];
}

/** A window ends where the day after its last begins. */
function lastDay(to: string): string {
	return new Date(Date.parse(to) - 1).toISOString().slice(0, 10);
}
