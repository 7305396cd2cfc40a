import { canonicalJson } from "@farthing/engine";
import { rowAsOf } from "./age.ts";
import type { Catalogue } from "./catalogue.ts";
import type { CatalogueChange, DiffCollection } from "./diff.ts";
import { diffCatalogues } from "./diff.ts";
import type { Figure } from "./figure.ts";
import { figuresIn } from "./listing.ts";

/** One figure that one of two catalogues has otherwise, or not at all; a row or an entry without figures stands as a whole. */
export interface FigureChange {
	readonly change: "added" | "removed" | "changed";
	readonly collection: DiffCollection;
	readonly id: string;
	/** Where in the entry: `figures.fp8`; absent where the entry is told as a whole. */
	readonly path?: string;
	readonly before?: FigureSide;
	readonly after?: FigureSide;
}

export interface FigureSide {
	/** Absent of an entry as a whole. */
	readonly value?: number;
	readonly unit?: string;
	readonly source?: string;
	readonly as_of?: string;
}

/** What differs between two catalogues, figure by figure, each with its source and date. */
export function figureChanges(before: Catalogue, after: Catalogue): FigureChange[] {
	return diffCatalogues(before, after).flatMap((change) =>
		ofEntry(change, entryOf(before, change), entryOf(after, change)),
	);
}

function ofEntry({ change, collection, id }: CatalogueChange, before: unknown, after: unknown): FigureChange[] {
	const [old, now] = [before, after].map((entry) => new Map(figuresIn(entry, "").map((at) => [at.path, at.figure])));
	const paths = [...new Set([...(old?.keys() ?? []), ...(now?.keys() ?? [])])].sort();
	const figures = paths.flatMap((path): FigureChange[] => {
		const [was, is] = [old?.get(path), now?.get(path)];
		if (was !== undefined && is !== undefined && canonicalJson(was) === canonicalJson(is)) return [];
		const kind = was === undefined ? "added" : is === undefined ? "removed" : "changed";
		return [{ change: kind, collection, id, path, ...sides(was && sideOf(was), is && sideOf(is)) }];
	});
	if (figures.length > 0) return figures;
	return [{ change, collection, id, ...sides(wholeOf(before), wholeOf(after)) }];
}

function sides(before: FigureSide | undefined, after: FigureSide | undefined): Pick<FigureChange, "before" | "after"> {
	return { ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) };
}

function sideOf({ value, unit, source, asOf }: Figure): FigureSide {
	return { value, unit, source, as_of: asOf };
}

function wholeOf(entry: unknown): FigureSide | undefined {
	if (typeof entry !== "object" || entry === null) return undefined;
	const { source } = entry as { source?: unknown };
	const asOf = rowAsOf(entry as Parameters<typeof rowAsOf>[0]);
	return { ...(typeof source === "string" ? { source } : {}), ...(asOf === undefined ? {} : { as_of: asOf }) };
}

function entryOf(catalogue: Catalogue, { collection, id }: CatalogueChange): unknown {
	if (collection === "aliases") {
		const [kind = "", ...name] = id.split("/");
		return (catalogue.aliases as Readonly<Record<string, Readonly<Record<string, unknown>>>>)[kind]?.[name.join("/")];
	}
	const entries: readonly unknown[] = catalogue[collection];
	return entries.find((entry, i) => ((entry as { id?: unknown }).id ?? `#${i}`) === id);
}
