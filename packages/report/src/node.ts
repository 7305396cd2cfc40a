/** What needs files of this package and its parts: templates, PDF with its fonts and typesetter, and the threads. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { packageFolder } from "./package-folder.ts";

export { reportPdf } from "./pdf/report-pdf.ts";
export { openTypesetter, type Typesetter } from "./pdf/typesetter.ts";
export { type Bookbinder, openBookbinder } from "./workbook/bookbinder.ts";

const TEMPLATES = join(packageFolder(), "templates");

/** Names of the templates that come with this package. */
export function builtInTemplates(): string[] {
	return readdirSync(TEMPLATES)
		.filter((file) => file.endsWith(".md"))
		.map((file) => file.slice(0, -".md".length))
		.sort();
}

/** Markdown of one of them. */
export function builtInTemplate(name: string): string {
	return readFileSync(join(TEMPLATES, `${name}.md`), "utf8");
}
