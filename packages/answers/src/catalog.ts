/** `farthing catalog`: the facts themselves, what is wrong with them, and what changed. */
import type {
	Catalogue,
	CatalogueChange,
	CatalogueFiles,
	CollectionName,
	Issue,
	ListedEntry,
	ShownEntry,
} from "@farthing/catalogue";
import {
	ageInDays,
	claimPlace,
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
import { FarthingError } from "./farthing-error.ts";
import { shortened, unknownName } from "./names.ts";

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

/**
 * Entries of one collection, optionally only those that mention `filter` in id or summary; of measurements and prices by
 * the day those that there were. Exit 3 for unknown names, and where nothing is left.
 */
export function catalogList(
	catalogue: Catalogue,
	name: string,
	filter: string | undefined,
	asking: Asking,
): Envelope<{ readonly collection: string; readonly entries: readonly ListedEntry[] }> {
	const collection = findCollection(name);
	if (!collection.found) throw unknownName("collection", name, collection.nearest);
	const words = filter?.toLowerCase().split(/\s+/) ?? [];
	const shown = COLLECTION_NAMES[collection.value];
	const all = listEntries(catalogue, collection.value, asking.asOf);
	const there = DATED.has(collection.value)
		? all.filter(({ asOf }) => asOf === undefined || ageInDays(asOf, asking.asOf) >= 0)
		: all;
	if (there.length === 0 && all.length > 0) {
		const first = all.map(({ asOf }) => asOf as string).reduce((a, b) => (b < a ? b : a));
		const where = { field: "--as-of", expected: `a day from ${first} on` };
		throw new FarthingError(3, "no-data", `no ${shown} by ${asking.asOf} in the catalogue`, where);
	}
	const entries = there.filter((entry) => {
		const text = `${entry.id} ${entry.summary}`.toLowerCase();
		return words.every((word) => text.includes(word));
	});
	if (entries.length === 0) {
		throw new FarthingError(3, "no-data", `no entry of ${shown} mentions "${shortened(filter ?? "")}"`, {
			expected: "words of the id or the summary of an entry",
			hint: `farthing catalog list ${shown}`,
		});
	}
	return envelope(asking, { collection: shown, entries }, []);
}

/** What answers leave out where it is later than the day they are asked for. */
const DATED: ReadonlySet<CollectionName> = new Set<CollectionName>(["benchmarks", "apiPrices", "mlperf"]);

/** Throws exit 3 with the nearest where there is no collection of that name. */
export function requireCollection(name: string): void {
	const collection = findCollection(name);
	if (!collection.found) throw unknownName("collection", name, collection.nearest);
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
	const issues = [...validateCatalogue(files), ...claimIssues(files, claims ?? [])];
	return envelope(asking, { valid: issues.length === 0, issues }, []);
}

/** What no claim may say, each with its place in `claims.yaml`. */
export function claimIssues(files: CatalogueFiles, claims: readonly unknown[]): Issue[] {
	return claims.flatMap((claim) => {
		try {
			claimDefinition(claim);
			return [];
		} catch (error) {
			if (!(error instanceof Error)) throw error;
			const file = "claims.yaml";
			const [path, ...rest] = error.message.split(": ") as [string, ...string[]];
			const place = { file, ...claimPlace(files.get(file) ?? "", path), path };
			return [{ ...place, message: rest.join(": "), expected: "a claim as docs/claims.md describes it" }];
		}
	});
}

export function catalogDiff(
	before: Catalogue,
	after: Catalogue,
	asking: Asking,
): Envelope<{ readonly changes: readonly CatalogueChange[] }> {
	return envelope(asking, { changes: diffCatalogues(before, after) }, []);
}
