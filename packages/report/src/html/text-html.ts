import { harmless, plainText } from "../plain-text.ts";
import type { Span, Text } from "../report-model.ts";
import { escapeHtml, escapeOutside } from "./escape.ts";

export function textHtml(text: Text): string {
	return text.map(spanHtml).join("");
}

function spanHtml(span: Span): string {
	if (typeof span === "string") return escapeHtml(span);
	switch (span.kind) {
		case "name":
			return escapeOutside(span.name);
		case "code":
			return `<code>${escapeOutside(span.code)}</code>`;
		case "strong":
			return `<strong>${textHtml(span.text)}</strong>`;
		case "small":
			return `<small>${textHtml(span.text)}</small>`;
		case "lines":
			return span.lines.map((line) => `<span class="line">${textHtml(line)}</span>`).join("");
		case "number": {
			const { value, text, at } = span.number;
			const place = at === undefined || at === "" ? "" : ` data-at="${escapeHtml(harmless(at))}"`;
			return `<data value="${value}"${place}>${escapeHtml(text)}</data>`;
		}
		case "note":
			return `<sup><a class="note" href="#note-${span.number}" title="${escapeHtml(plainText(span.text))}">${span.number}</a></sup>`;
		case "grade":
			return `<abbr class="grade grade-${span.grade}" title="${escapeHtml(span.words)}">${escapeHtml(span.text)}</abbr>`;
		case "verdict":
			return `<span class="verdict verdict-${span.verdict}">${escapeHtml(span.words)}</span>`;
	}
}
