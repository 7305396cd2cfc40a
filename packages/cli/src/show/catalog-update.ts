/** What a newer catalogue changes, and what that does to results, for a terminal. */
import type { CatalogueEffect } from "@farthing/answers";
import type { FigureChange } from "@farthing/catalogue";
import { COLLECTION_NAMES } from "@farthing/catalogue";
import { formatQuantity } from "@farthing/engine";
import type { CatalogueName, CatalogueUpdated } from "../commands/catalog-update.ts";
import { bold, dim, textTable } from "../print.ts";
import { diffLines } from "./diff.ts";
import { shown } from "./words.ts";

/** Rows that come or go are counted, not listed, beyond this many of one collection. */
const MOST_LISTED = 20;

export function updateText(updated: CatalogueUpdated): string {
	const { from, to, signed_by, installed, folder, changes, effects, replanned } = updated;
	const same = from.hash === to.hash;
	const end = installed
		? `in use from now on, in ${folder ?? ""}; back with farthing catalog rollback`
		: same
			? "it is in use already: nothing to do"
			: "nothing was installed (--dry-run)";
	return [
		bold(`catalogue ${from.version} of ${from.release_date} → ${to.version} of ${to.release_date}`),
		dim(`signed by the key ${signed_by}; sha256 ${to.hash}`),
		...changeLines(changes),
		...effects.flatMap(effectLines),
		...(replanned.length === 0 ? [] : ["", ...diffLines(replanned)]),
		"",
		end,
	].join("\n");
}

function changeLines(changes: readonly FigureChange[]): string[] {
	if (changes.length === 0) return ["no figure differs"];
	const groups = new Map<string, FigureChange[]>();
	for (const change of changes) groups.set(change.collection, [...(groups.get(change.collection) ?? []), change]);
	return [...groups].flatMap(([collection, of]) => {
		const name = (COLLECTION_NAMES as Readonly<Record<string, string>>)[collection] ?? collection;
		const counts = (["added", "changed", "removed"] as const).flatMap((kind) => {
			const count = of.filter(({ change }) => change === kind).length;
			return count === 0 ? [] : [`${count} ${whatOf(of, count)} ${kind}`];
		});
		const rows = of.slice(0, MOST_LISTED).map(changeRow);
		const more = of.length - rows.length;
		return [
			"",
			`${bold(name)}: ${counts.join(", ")}`,
			textTable(["", "figure", "before", "after", "as of", "source"], rows, [2, 3]),
			...(more > 0 ? [dim(`… ${formatQuantity(more, "")} more: --json lists all`)] : []),
		];
	});
}

/** A part that comes has several figures, each of them a line; a row of a table is one. */
function whatOf(changes: readonly FigureChange[], count: number): string {
	const isFigures = changes.every(({ path }) => path !== undefined);
	if (isFigures) return count === 1 ? "figure" : "figures";
	return count === 1 ? "entry" : "entries";
}

const SIGNS = { added: "+", changed: "~", removed: "−" } as const;

function changeRow({ change, id, path, before, after }: FigureChange): string[] {
	const told = after ?? before;
	const value = (side: FigureChange["before"]): string =>
		side?.value === undefined ? "" : formatQuantity(side.value, side.unit ?? "");
	const figure = path === undefined ? id : `${id} ${path.replace(/^figures\./, "")}`;
	return [SIGNS[change], figure, value(before), value(after), told?.as_of ?? "", told?.source ?? ""];
}

function effectLines({ result, label, from, to, changes, untold, decision }: CatalogueEffect): string[] {
	const rows = changes.map(({ figure, before, after, delta }) => [figure, shown(before), shown(after), shown(delta)]);
	return [
		"",
		bold(result),
		`${label}: ${shown(from)} → ${shown(to)}`,
		...(rows.length === 0 ? ["  none of the figures it rests on differs"] : []),
		...(rows.length === 0 ? [] : [textTable(["figure", "before", "after", "alone it adds"], rows, [1, 2, 3])]),
		...(decision?.changed === true ? [`The decision changes: ${decision.before} → ${decision.after}`] : []),
		...(untold.length === 0 ? [] : [`changed too, told only by planning its scenario anew: ${untold.join(", ")}`]),
	];
}

export function copiedText({ folder, files }: { readonly folder: string; readonly files: number }): string {
	return `wrote ${files} files of facts to ${folder}; after a change: farthing catalog validate ${folder}`;
}

export function rolledBackText({ id, version, release_date }: CatalogueName & { readonly id: string }): string {
	return `in use: catalogue ${version} of ${release_date} (${id})`;
}

export function signedText({ file, version, release_date }: CatalogueName & { readonly file: string }): string {
	return `wrote ${file}: catalogue ${version} of ${release_date}, signed`;
}

export function newKeyText({
	private: secret,
	public: open,
}: {
	readonly private: string;
	readonly public: string;
}): string {
	return [
		`${secret} signs: keep it to yourself`,
		`${open} is for everybody who is to trust what it signs: farthing catalog update FILE --trust ${open}`,
	].join("\n");
}
