/** `farthing catalog`: the facts themselves, what is wrong with them, and what changed. */
import type { Catalogue, CatalogueChange, CatalogueFiles, Issue, ListedEntry, ShownEntry } from "@farthing/catalogue";
import {
	COLLECTION_NAMES,
	diffCatalogues,
	findCollection,
	listEntries,
	showEntry,
	validateCatalogue,
} from "@farthing/catalogue";
import { claimDefinition } from "./claim-definitions.ts";
import type { Asking, Envelope } from "./envelope.ts";
import { envelope } from "./envelope.ts";
import { unknownName } from "./names.ts";

export interface CatalogSummary {
	readonly version: string;
	readonly release_date: string;
	readonly hash: string;
	readonly counts: Readonly<Record<string, number>>;
}

export function catalogSummary(asking: Asking): Envelope<CatalogSummary> {
	const { version, releaseDate, hash, counts } = asking.catalogue;
	return envelope(asking, { version, release_date: releaseDate, hash, counts: { ...counts } }, []);
}

/** Entries of one collection, optionally only those that mention `filter` in id or summary. Exit 3 for unknown names. */
export function catalogList(
	catalogue: Catalogue,
	name: string,
	filter: string | undefined,
	asking: Asking,
): Envelope<{ readonly collection: string; readonly entries: readonly ListedEntry[] }> {
	const collection = findCollection(name);
	if (!collection.found) throw unknownName("collection", name, collection.nearest);
	const words = filter?.toLowerCase().split(/\s+/) ?? [];
	const entries = listEntries(catalogue, collection.value, asking.asOf).filter((entry) => {
		const text = `${entry.id} ${entry.summary}`.toLowerCase();
		return words.every((word) => text.includes(word));
	});
	return envelope(asking, { collection: COLLECTION_NAMES[collection.value], entries }, []);
}

/** One entry with its figures, sources and ages. Exit 3 with the nearest names. */
export function catalogShow(catalogue: Catalogue, name: string, asking: Asking): Envelope<ShownEntry> {
	const found = showEntry(catalogue, name, asking.asOf);
	if (!found.found) throw unknownName("entry", name, found.nearest);
	return envelope(asking, found.value, []);
}

export interface ValidateResult {
	readonly valid: boolean;
	readonly issues: readonly Issue[];
}

/** Every issue in a folder of facts, claims included. */
export function catalogValidate(
	files: CatalogueFiles,
	claims: readonly unknown[] | undefined,
	asking: Asking,
): Envelope<ValidateResult> {
	const issues = [...validateCatalogue(files)];
	for (const claim of claims ?? []) {
		try {
			claimDefinition(claim);
		} catch (error) {
			if (!(error instanceof Error)) throw error;
			const place = { file: "claims.yaml", line: 1, column: 1, path: error.message.split(":")[0] as string };
			issues.push({ ...place, message: error.message, expected: "a claim as docs/claims.md describes it" });
		}
	}
	return envelope(asking, { valid: issues.length === 0, issues }, []);
}

export function catalogDiff(
	before: Catalogue,
	after: Catalogue,
	asking: Asking,
): Envelope<{ readonly changes: readonly CatalogueChange[] }> {
	return envelope(asking, { changes: diffCatalogues(before, after) }, []);
}
