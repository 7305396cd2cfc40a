/** What reports read from disk: the templates that come with this package. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const TEMPLATES = fileURLToPath(new URL("../templates/", import.meta.url));

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
