/** Entries of a collection of the catalogue, and one of them with all that stands behind it. */
import type { Asking, Envelope } from "@farthing/answers";
import { catalogList, catalogShow } from "@farthing/answers";
import type { Catalogue, CollectionName, ListedEntry, ShownEntry } from "@farthing/catalogue";
import { findCollection } from "@farthing/catalogue";
import type { Host } from "../host.ts";
import type { Needs, TableName } from "../partial-catalogue.ts";
import { TABLES } from "../partial-catalogue.ts";

export interface FactsWords {
	readonly collection: string;
	/** Id of the entry to show. */
	readonly entry?: string;
}

export interface FactsAnswer {
	readonly list: Envelope<{ readonly collection: string; readonly entries: readonly ListedEntry[] }>;
	readonly shown?: Envelope<ShownEntry>;
}

export async function answer({ collection, entry }: FactsWords, host: Host): Promise<FactsAnswer> {
	const catalogue = await host.catalogue(needsOf(collection));
	const list = await host.kept(`facts ${collection}`, async () =>
		catalogList(catalogue, collection, undefined, askingOf("catalog list", catalogue)),
	);
	if (entry === undefined) return { list };
	return { list, shown: catalogShow(catalogue, `${collection}/${entry}`, askingOf("catalog show", catalogue)) };
}

/** The long table that the collection is, where it is one. An unknown name needs none: the list refuses it. */
function needsOf(name: string): Needs {
	const found = findCollection(name);
	if (!found.found) return {};
	const collection: CollectionName = found.value;
	if (collection === "benchmarks") return { benchmarks: "all" };
	return isTable(collection) ? { tables: [collection] } : {};
}

function isTable(collection: CollectionName): collection is CollectionName & TableName {
	return (TABLES as readonly string[]).includes(collection);
}

function askingOf(command: string, catalogue: Catalogue): Asking {
	return { command, arguments: {}, asOf: catalogue.releaseDate, seed: 1, catalogue };
}
