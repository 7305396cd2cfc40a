import { join } from "node:path";
import type { CatalogSummary, ValidateResult } from "@farthing/answers";
import type { CatalogueChange, ListedEntry, ShownEntry } from "@farthing/catalogue";
import { COLLECTION_NAMES, issueText } from "@farthing/catalogue";
import { formatQuantity } from "@farthing/engine";
import { bold, dim, textTable } from "../print.ts";
import { counted } from "./words.ts";

export function summaryText({ version, release_date, hash, counts }: CatalogSummary): string {
	const rows = Object.entries(counts).map(([name, count]) => [nameOf(name), formatQuantity(count, "")]);
	return [
		bold(`catalogue ${version}, released ${release_date}`),
		dim(`sha256 ${hash}`),
		textTable(["collection", "entries"], rows, [1]),
		dim("farthing catalog list COLLECTION [WORDS], farthing catalog show ID"),
	].join("\n");
}

export function listText(
	{ collection, entries }: { readonly collection: string; readonly entries: readonly ListedEntry[] },
	words: readonly string[],
): string {
	const mention = words.length === 0 ? "" : ` mention "${words.join(" ")}"`;
	const isStale = entries.some(({ stalePrices }) => stalePrices > 0);
	const rows = entries.map((entry) => [
		entry.id,
		entry.summary,
		entry.asOf ?? "",
		...(isStale ? [entry.stalePrices > 0 ? "price older than 90 days" : ""] : []),
	]);
	const titles = ["id", "what", "as of", ...(isStale ? [""] : [])];
	return [bold(`${formatQuantity(entries.length, "")} ${collection}${mention}`), textTable(titles, rows)].join("\n");
}

export function showText({ collection, id, entry, figures, sources }: ShownEntry): string {
	const rows = figures.map(({ path, figure, ageInDays, stale }) => [
		path.replace(/^figures\./, ""),
		`${figure.value}${figure.low === undefined && figure.high === undefined ? "" : ` (${figure.low ?? figure.value}–${figure.high ?? figure.value})`}`,
		figure.unit,
		figure.asOf,
		`${ageInDays} d${stale ? ", stale" : ""}`,
		figure.confidence,
		figure.source,
	]);
	const titles = ["figure", "value", "unit", "as of", "age", "confidence", "source"];
	const plain =
		figures.length === 0 ? textTable(["member", "value"], membersOf(entry, "")) : textTable(titles, rows, [1]);
	const note = (entry as { note?: unknown }).note;
	const cited = sources.map((source) =>
		dim(
			`${source.id}: ${source.citation}, ${source.publisher}, ${source.date}${source.label === undefined ? "" : ` (${source.label})`}${source.url === undefined ? "" : `, ${source.url}`}`,
		),
	);
	return [bold(`${nameOf(collection)}/${id}`), plain, ...(typeof note === "string" ? [note] : []), ...cited].join("\n");
}

/** Every member of an entry that is not itself a group, with its path. */
function membersOf(value: unknown, path: string): string[][] {
	if (typeof value !== "object" || value === null) return [[path, String(value)]];
	return Object.entries(value).flatMap(([key, member]) => membersOf(member, path === "" ? key : `${path}.${key}`));
}

function nameOf(collection: string): string {
	return COLLECTION_NAMES[collection as keyof typeof COLLECTION_NAMES] ?? collection;
}

export function validateText({ valid, issues }: ValidateResult, folder: string, files: number): string {
	if (valid) return `${folder}: ${counted(files, "file")}, no issue`;
	const places = issues.map((issue) => issueText({ ...issue, file: join(folder, issue.file) }));
	return [`${folder}: ${counted(issues.length, "issue")} in ${counted(files, "file")}`, ...places].join("\n");
}

export function diffText({ changes }: { readonly changes: readonly CatalogueChange[] }): string {
	if (changes.length === 0) return "no difference";
	return changes.flatMap(changeLines).join("\n");
}

function changeLines(change: CatalogueChange): string[] {
	const name = `${nameOf(change.collection)}/${change.id}`;
	if (change.change !== "changed") return [`${change.change === "added" ? "+" : "-"} ${name}`];
	return [
		`~ ${name}`,
		...change.members.map(
			({ path, before, after }) =>
				`    ${path}: ${JSON.stringify(before) ?? "absent"} → ${JSON.stringify(after) ?? "absent"}`,
		),
	];
}
