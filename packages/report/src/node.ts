/** What needs files of this package and its parts: templates, PDF with its fonts and typesetter, and the threads. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { FarthingError, type Language, nearestNames } from "@farthing/answers";
import { packageFolder } from "./package-folder.ts";

export { type Format, FORMATS, formatsNamed, makeFormats } from "./formats.ts";
export { type Pdf, reportPdf } from "./pdf/report-pdf.ts";
export { openTypesetter, type Typesetter } from "./pdf/typesetter.ts";
export { type Bookbinder, openBookbinder } from "./workbook/bookbinder.ts";

const TEMPLATES = join(packageFolder(), "templates");

/** Names of the templates that come with this package. */
export function builtInTemplates(): string[] {
	return readdirSync(TEMPLATES)
		.filter((file) => /^[\w-]+\.md$/.test(file))
		.map((file) => file.slice(0, -".md".length))
		.sort();
}

/** Text of a template by its name; exit 2 names the nearest, `others` among them: what the caller takes beside these. */
export function templateNamed(asked: string, language: Language = "en", others: readonly string[] = []): string {
	const own = builtInTemplates();
	if (own.includes(asked)) return builtInTemplate(asked, language);
	const known = [...own, ...others];
	throw new FarthingError(
		2,
		"unknown-template",
		{ en: `there is no template "${asked}"`, zh: `没有模板“${asked}”` },
		{
			field: "--template",
			expected: {
				en: `${known.join(", ")}, or a file such as my-board.md`,
				zh: `${known.join("、")}，或文件，例如 my-board.md`,
			},
			nearest: nearestNames(asked, known),
		},
	);
}

/** Markdown of one of them. */
export function builtInTemplate(name: string, language: Language = "en"): string {
	const file = language === "en" ? `${name}.md` : `${name}.${language}.md`;
	return readFileSync(join(TEMPLATES, file), "utf8");
}
