import type { Messages } from "../messages/en.ts";
import { messagesOf } from "../messages/messages-of.ts";
import { plainText } from "../plain-text.ts";
import type { Block, Card, Fact, Report, Section } from "../report-model.ts";
import { notesOf } from "../report-parts.ts";
import { escapeHtml, escapeOutside } from "./escape.ts";
import { formulaHtml } from "./formula-html.ts";
import { figureHtml, foldedHtml } from "./figure-html.ts";
import { styleSheet } from "./style-sheet.ts";
import { tableHtml } from "./table-html.ts";
import { textHtml } from "./text-html.ts";

/** A report as one page that needs nothing but itself: no script, no request. */
export function reportHtml(report: Report): string {
	const { language, title, answer, facts, sections, attribution } = report;
	const messages = messagesOf(language);
	return `${[
		`<!doctype html>`,
		`<html lang="${language}">`,
		`<head>`,
		`<meta charset="utf-8">`,
		`<meta name="viewport" content="width=device-width, initial-scale=1">`,
		`<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
		`<meta name="color-scheme" content="light dark">`,
		`<meta name="generator" content="farthing">`,
		`<title>${escapeHtml(plainText(title))}</title>`,
		`<style>\n${styleSheet(report.look)}</style>`,
		`</head>`,
		`<body>`,
		`<header>`,
		`<h1>${textHtml(title)}</h1>`,
		...(answer.length === 0 ? [] : [`<p class="answer">${textHtml(answer)}</p>`]),
		...(facts.length === 0 ? [] : [factsHtml(facts)]),
		`</header>`,
		`<main>`,
		...sections.map((section) => sectionHtml(section, messages)),
		...notesHtml(report, messages),
		`</main>`,
		`<footer>${brandHtml(report)}<p>${escapeHtml(attribution)}</p><p class="printed">${escapeHtml(messages.reproduce.printed)}</p></footer>`,
		`</body>`,
		`</html>`,
	].join("\n")}\n`;
}

function sectionHtml({ id, heading, blocks }: Section, messages: Messages): string {
	return [
		`<section aria-labelledby="${id}">`,
		`<h2 id="${id}">${escapeHtml(heading)}</h2>`,
		...blocks.map((block) => blockHtml(block, messages)),
		`</section>`,
	].join("\n");
}

function blockHtml(block: Block, messages: Messages): string {
	switch (block.kind) {
		case "text":
			return `<p>${textHtml(block.text)}</p>`;
		case "list":
			return `<ul>${block.items.map((item) => `<li>${textHtml(item)}</li>`).join("")}</ul>`;
		case "facts":
			return factsHtml(block.facts);
		case "table":
			return tableHtml(block.table);
		case "folded-table":
			return foldedHtml(block.summary, tableHtml(block.table));
		case "figure":
			return figureHtml(block.figure, messages);
		case "cards":
			return cardsHtml(block.cards);
		case "formulas":
			return block.formulas.map((formula) => formulaHtml(formula)).join("\n");
	}
}

function brandHtml({ look }: Report): string {
	return look?.brand === undefined ? "" : `<p>${escapeOutside(look.brand)}</p>`;
}

function cardsHtml(cards: readonly Card[]): string {
	const items = cards.map(({ term, value, note }) => {
		const small = note === undefined ? "" : `<dd class="range">${textHtml(note)}</dd>`;
		return `<div><dt>${escapeHtml(term)}</dt><dd>${textHtml(value)}</dd>${small}</div>`;
	});
	return `<dl class="cards">\n${items.join("\n")}\n</dl>`;
}

/** Sources in order of their numbers, each with a way back. */
function notesHtml(report: Report, messages: Messages): string[] {
	const notes = notesOf(report);
	if (notes.length === 0) return [];
	const items = notes.map(({ number, text }) => `<li id="note-${number}" value="${number}">${textHtml(text)}</li>`);
	return [
		`<section aria-labelledby="sources" class="notes">`,
		`<h2 id="sources">${escapeHtml(messages.pack.sources)}</h2>`,
		`<ol>\n${items.join("\n")}\n</ol>`,
		`</section>`,
	];
}

function factsHtml(facts: readonly Fact[]): string {
	const pairs = facts.map(({ term, text }) => `<div><dt>${escapeHtml(term)}</dt><dd>${textHtml(text)}</dd></div>`);
	return `<dl class="facts">\n${pairs.join("\n")}\n</dl>`;
}
