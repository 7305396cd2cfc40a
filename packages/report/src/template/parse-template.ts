/**
 * Templates are Markdown: settings between two lines of `---`, a heading `# …` for each page, blocks as `{{name}}` on lines
 * of their own, and paragraphs or `- ` lists of the team's own words, in which `{{/npv}}` is a number of the result.
 */
import { BLOCKS } from "../pack/blocks.ts";
import type { Look } from "../report-model.ts";
import type { Template, TemplateIssue, TemplateItem, TemplateSpan, TemplateText } from "./template.ts";

export type ParsedTemplate =
	| { readonly ok: true; readonly template: Template }
	| { readonly ok: false; readonly issues: readonly TemplateIssue[] };

export function parseTemplate(text: string, fallbackName: string): ParsedTemplate {
	return new Parser(text, fallbackName).parse();
}

/** Settings between the `---` lines. */
export const SETTINGS: Readonly<
	Record<string, { readonly says: string; readonly pattern: RegExp; readonly expected: string }>
> = {
	template: {
		says: "name of the template, which names the files",
		pattern: /^[\w-]{1,40}$/,
		expected: "letters, digits and -",
	},
	accent: { says: "colour of headings and totals", pattern: /^#[0-9a-fA-F]{6}$/, expected: "a colour such as #0b5394" },
	brand: { says: "words at the foot of every page", pattern: /^.{1,80}$/u, expected: "at most 80 characters" },
};

class Parser {
	private readonly lines: readonly string[];
	private readonly name: string;
	private readonly issues: TemplateIssue[] = [];
	private readonly pages: { heading: string; items: TemplateItem[] }[] = [];
	private settings: Record<string, string> = {};

	constructor(text: string, name: string) {
		this.lines = text.replace(/^\ufeff/, "").split(/\r\n|\r|\n/);
		this.name = name;
	}

	parse(): ParsedTemplate {
		const from = this.frontMatter();
		for (let i = from; i < this.lines.length; ) i = this.element(i);
		if (this.pages.length === 0 && this.issues.length === 0)
			this.issue(
				this.lines.length,
				1,
				"the template has no page",
				"at least one heading, # Title, with blocks under it",
			);
		if (this.issues.length > 0) return { ok: false, issues: this.issues };
		const { template, ...look } = this.settings;
		return { ok: true, template: { name: template ?? this.name, look: look as Look, pages: this.pages } };
	}

	/** Line after the settings. */
	private frontMatter(): number {
		if (this.lines[0]?.trim() !== "---") return 0;
		const end = this.lines.findIndex((line, i) => i > 0 && line.trim() === "---");
		if (end < 0) {
			this.issue(1, 1, "the settings are not closed", "a second line of ---");
			return this.lines.length;
		}
		for (let i = 1; i < end; i++) this.setting(i);
		return end + 1;
	}

	private setting(i: number): void {
		const line = this.lines[i] as string;
		if (line.trim() === "" || line.trimStart().startsWith("#")) return;
		const [, key, raw = ""] = /^([\w-]+)\s*:\s*(.*)$/.exec(line) ?? [];
		if (key === undefined) return this.issue(i + 1, 1, "this is no setting", "name: value");
		const rule = SETTINGS[key];
		if (rule === undefined || !Object.hasOwn(SETTINGS, key)) {
			const known = Object.keys(SETTINGS);
			return this.issue(i + 1, 1, `there is no setting "${key}"`, `one of ${known.join(", ")}`, known);
		}
		const value = raw.trim().replace(/^"(.*)"$/, "$1");
		if (!rule.pattern.test(value))
			return this.issue(i + 1, line.indexOf(":") + 2, `${key} is "${value}"`, rule.expected);
		this.settings = { ...this.settings, [key]: value };
	}

	/** Reads what begins on a line and gives back the line after it. */
	private element(i: number): number {
		const line = this.lines[i] as string;
		if (line.trim() === "") return i + 1;
		const heading = /^#\s+(.*\S)\s*$/.exec(line);
		if (heading !== null) {
			this.pages.push({ heading: heading[1] as string, items: [] });
			return i + 1;
		}
		const page = this.pages.at(-1);
		if (page === undefined) {
			this.issue(i + 1, 1, "this stands before the first page", "a heading first: # Title");
			return this.lines.length;
		}
		const block = /^\s*\{\{\s*([^/{}\s][^{}]*?)\s*\}\}\s*$/.exec(line);
		if (block !== null) {
			this.block(i, block[1] as string, page);
			return i + 1;
		}
		return /^\s*[-*]\s+/.test(line) ? this.list(i, page) : this.paragraph(i, page);
	}

	private block(i: number, name: string, page: { items: TemplateItem[] }): void {
		if (Object.hasOwn(BLOCKS, name)) {
			page.items.push({ kind: "block", name });
			return;
		}
		const known = Object.keys(BLOCKS);
		const nearest = known
			.filter((each) => each.includes(name) || name.includes(each) || each[0] === name[0])
			.slice(0, 6);
		const column = (this.lines[i] as string).indexOf("{{") + 1;
		this.issue(i + 1, column, `there is no block "${name}"`, `one of ${known.join(", ")}`, nearest);
	}

	private list(from: number, page: { items: TemplateItem[] }): number {
		const items: TemplateText[] = [];
		let i = from;
		for (; i < this.lines.length; i++) {
			const item = /^\s*[-*]\s+(.*)$/.exec(this.lines[i] as string);
			if (item === null) break;
			items.push(spansOf(item[1] as string, i + 1));
		}
		page.items.push({ kind: "list", items });
		return i;
	}

	private paragraph(from: number, page: { items: TemplateItem[] }): number {
		const lines: string[] = [];
		let i = from;
		for (; i < this.lines.length; i++) {
			const line = this.lines[i] as string;
			if (line.trim() === "" || /^#\s|^\s*[-*]\s+|^\s*\{\{\s*[^/{}]*\}\}\s*$/.test(line)) break;
			lines.push(line.trim());
		}
		page.items.push({ kind: "text", text: spansOf(lines.join(" "), from + 1) });
		return i;
	}

	private issue(line: number, column: number, message: string, expected: string, nearest?: readonly string[]): void {
		this.issues.push({ line, column, message, expected, ...(nearest === undefined ? {} : { nearest }) });
	}
}

/** `**strong**`, `` `code` `` and `{{/pointer}}`; everything else is words. */
function spansOf(text: string, line: number): TemplateText {
	return text.split(/(\*\*[^*]+\*\*|`[^`]+`|\{\{\s*\/[^{}\s]*\s*\}\})/).flatMap((part, i): TemplateSpan[] => {
		if (i % 2 === 0) return part === "" ? [] : [part];
		if (part.startsWith("**")) return [{ kind: "strong", text: spansOf(part.slice(2, -2), line) }];
		if (part.startsWith("`")) return [{ kind: "code", code: part.slice(1, -1) }];
		return [{ kind: "number", pointer: part.slice(2, -2).trim(), line }];
	});
}
