import type { Catalogue, CollectionName } from "./catalogue.ts";

/** One entry that is in only one of two catalogues, or members of it that differ. */
export type CatalogueChange =
	| { readonly change: "added" | "removed"; readonly collection: DiffCollection; readonly id: string }
	| {
			readonly change: "changed";
			readonly collection: DiffCollection;
			readonly id: string;
			readonly members: readonly MemberChange[];
	  };

export interface MemberChange {
	/** Members by name, joined with dots: `figures.fp8.value`. */
	readonly path: string;
	/** Absent where the member was or is absent. */
	readonly before?: unknown;
	readonly after?: unknown;
}

export type DiffCollection = CollectionName | "aliases" | "tiers" | "speculative";

/** What changed from one catalogue to another, in the order of collections and then of ids. */
export function diffCatalogues(before: Catalogue, after: Catalogue): CatalogueChange[] {
	return COLLECTIONS.flatMap((collection) => {
		const old = entriesOf(before, collection);
		const now = entriesOf(after, collection);
		const ids = [...new Set([...old.keys(), ...now.keys()])].sort();
		return ids.flatMap((id) => changeOf(collection, id, old.get(id), now.get(id)));
	});
}

const COLLECTIONS: readonly DiffCollection[] = [
	"sources",
	"hardware",
	"systems",
	"models",
	"tiers",
	"rateCards",
	"buildUps",
	"rateReadings",
	"facility",
	"apiPrices",
	"cloudPrices",
	"stacks",
	"precisions",
	"speculative",
	"aliases",
	"claims",
	"benchmarks",
	"accuracyRuns",
	"mlperf",
	"trainingRuns",
	"mlperfTraining",
	"trainingThroughput",
	"servingSample",
	"trainingSteps",
	"trainingEfficiencies",
];

function entriesOf(catalogue: Catalogue, collection: DiffCollection): Map<string, unknown> {
	if (collection === "aliases") {
		const kinds = Object.entries(catalogue.aliases);
		return new Map(
			kinds.flatMap(([kind, names]) => Object.entries(names).map(([name, ids]) => [`${kind}/${name}`, ids])),
		);
	}
	return new Map(catalogue[collection].map((entry, index) => [idOf(entry) ?? `#${index}`, entry]));
}

function idOf(entry: unknown): string | undefined {
	const id = typeof entry === "object" && entry !== null ? (entry as { id?: unknown }).id : undefined;
	return typeof id === "string" ? id : undefined;
}

function changeOf(collection: DiffCollection, id: string, before: unknown, after: unknown): CatalogueChange[] {
	if (before === undefined) return [{ change: "added", collection, id }];
	if (after === undefined) return [{ change: "removed", collection, id }];
	const members = memberChanges("", before, after);
	return members.length === 0 ? [] : [{ change: "changed", collection, id, members }];
}

function memberChanges(path: string, before: unknown, after: unknown): MemberChange[] {
	if (Object.is(before, after)) return [];
	if (!isObject(before) || !isObject(after) || Array.isArray(before) !== Array.isArray(after)) {
		return [{ path, ...(before !== undefined && { before }), ...(after !== undefined && { after }) }];
	}
	const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
	return keys.flatMap((key) => memberChanges(path === "" ? key : `${path}.${key}`, before[key], after[key]));
}

function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === "object" && value !== null;
}
