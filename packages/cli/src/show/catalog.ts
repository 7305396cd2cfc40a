import type { CatalogSummary, ValidateResult } from "@farthing/answers";
import type { CatalogueChange, ListedEntry, ShownEntry } from "@farthing/catalogue";
import { issueText } from "@farthing/catalogue";
import { bold, dim, textTable } from "../print.ts";

export function summaryText({ version, release_date, hash, counts }: CatalogSummary): string {
	const rows = Object.entries(counts).map(([name, count]) => [name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`), String(count)]);
	return [bold(`catalogue ${version}, released ${release_date}`), dim(hash), textTable(["collection", "entries"], rows, [1])].join("\n");
}

export function listText({ collection, entries }: { readonly collection: string; readonly entries: readonly ListedEntry[] }): string {
	const rows = entries.map((entry) => [entry.id, entry.summary, entry.asOf ?? "", entry.stalePrices > 0 ? "stale price" : ""]);
	return [bold(`${entries.length} ${collection}`), textTable(["id", "what", "as of", ""], rows)].join("\n");
}

export function showText({ collection, id, entry, figures, sources }: ShownEntry): string {
	const rows = figures.map(({ path, figure, ageInDays, stale }) => [
		path.replace(/^figures\./, ""),
		`${figure.value}${figure.low === undefined && figure.high === undefined ? "" : ` (${figure.low ?? figure.value}–${figure.high ?? figure.value})`}`,
		figure.unit,
		figure.asOf,
		`${ageInDays} d${stale ? " stale" : ""}`,
		figure.confidence,
		figure.source,
	]);
	const plain = figures.length === 0 ? [JSON.stringify(entry, null, 2)] : [textTable(["figure", "value", "unit", "as of", "age", "confidence", "source"], rows, [1])];
	const note = (entry as { note?: unknown }).note;
	const cited = sources.map((source) => dim(`${source.id}: ${source.citation}, ${source.publisher}, ${source.date}${source.label === undefined ? "" : ` (${source.label})`}`));
	return [bold(`${collection}/${id}`), ...plain, ...(typeof note === "string" ? [note] : []), ...cited].join("\n");
}

export function validateText({ valid, issues }: ValidateResult, folder: string, files: number): string {
	if (valid) return `${folder}: ${files} files, no issue`;
	return [`${folder}: ${issues.length} issues in ${files} files`, ...issues.map(issueText)].join("\n");
}

export function diffText({ changes }: { readonly changes: readonly CatalogueChange[] }): string {
	if (changes.length === 0) return "no difference";
	return changes.flatMap(changeLines).join("\n");
}

function changeLines(change: CatalogueChange): string[] {
	const name = `${change.collection}/${change.id}`;
	if (change.change !== "changed") return [`${change.change === "added" ? "+" : "-"} ${name}`];
	return [`~ ${name}`, ...change.members.map(({ path, before, after }) => `    ${path}: ${JSON.stringify(before) ?? "absent"} → ${JSON.stringify(after) ?? "absent"}`)];
}
