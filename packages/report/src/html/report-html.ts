import { en } from "../messages/en.ts";
import { plainText } from "../plain-text.ts";
import type { Block, Fact, Report, Section } from "../report-model.ts";
import { escapeHtml } from "./escape.ts";
import { figureHtml, foldedHtml } from "./figure-html.ts";
import { styleSheet } from "./style-sheet.ts";
import { tableHtml } from "./table-html.ts";
import { textHtml } from "./text-html.ts";

/** A report as one page that needs nothing but itself: no script, no request. */
export function reportHtml(report: Report): string {
	const { language, title, answer, facts, sections, attribution } = report;
	const messages = en;
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
		`<style>\n${styleSheet()}</style>`,
		`</head>`,
		`<body>`,
		`<header>`,
		`<h1>${textHtml(title)}</h1>`,
		`<p class="answer">${textHtml(answer)}</p>`,
		factsHtml(facts),
		`</header>`,
		`<main>`,
		...sections.map((section) => sectionHtml(section)),
		`</main>`,
		`<footer><p>${escapeHtml(attribution)}</p><p class="printed">${escapeHtml(messages.reproduce.printed)}</p></footer>`,
		`</body>`,
		`</html>`,
	].join("\n")}\n`;
}

function sectionHtml({ id, heading, blocks }: Section): string {
	return [
		`<section aria-labelledby="${id}">`,
		`<h2 id="${id}">${escapeHtml(heading)}</h2>`,
		...blocks.map(blockHtml),
		`</section>`,
	].join("\n");
}

function blockHtml(block: Block): string {
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
			return figureHtml(block.figure, en);
	}
}

function factsHtml(facts: readonly Fact[]): string {
	const pairs = facts.map(({ term, text }) => `<div><dt>${escapeHtml(term)}</dt><dd>${textHtml(text)}</dd></div>`);
	return `<dl class="facts">\n${pairs.join("\n")}\n</dl>`;
}
