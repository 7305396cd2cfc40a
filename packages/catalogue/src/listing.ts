import { ageInDays, isStale, rowAsOf } from "./age.ts";
import type { Catalogue, CollectionName, Source } from "./catalogue.ts";
import type { Figure } from "./figure.ts";
import type { Lookup } from "./lookup.ts";
import { findHardware, findId, findModel, findStack, fold } from "./lookup.ts";

/** One line of `farthing catalog list`. */
export interface ListedEntry {
	readonly collection: CollectionName;
	readonly id: string;
	/** What it is, in a few words. */
	readonly summary: string;
	/** Date of the oldest figure in the entry, and its age in days. */
	readonly asOf?: string;
	readonly ageInDays?: number;
	/** Prices in the entry older than 90 days. */
	readonly stalePrices: number;
	readonly sources: readonly string[];
}

/** One entry with all that stands behind it, for `farthing catalog show`. */
export interface ShownEntry {
	readonly collection: CollectionName;
	readonly id: string;
	readonly entry: unknown;
	readonly figures: readonly ShownFigure[];
	readonly sources: readonly Source[];
}

export interface ShownFigure {
	/** Where in the entry the figure stands: `figures.fp8`. */
	readonly path: string;
	readonly figure: Figure;
	readonly ageInDays: number;
	readonly stale: boolean;
}

/** Names of collections as commands take them. */
export const COLLECTION_NAMES: Readonly<Record<CollectionName, string>> = {
	hardware: "hardware",
	systems: "systems",
	models: "models",
	stacks: "stacks",
	precisions: "precisions",
	rateCards: "rate-cards",
	buildUps: "build-ups",
	rateReadings: "rate-readings",
	facility: "facility",
	apiPrices: "api-prices",
	cloudPrices: "cloud-prices",
	benchmarks: "benchmarks",
	accuracyRuns: "accuracy",
	mlperf: "mlperf",
	trainingRuns: "training-runs",
	mlperfTraining: "mlperf-training",
	trainingThroughput: "training-throughput",
	servingSample: "serving-sample",
	trainingSteps: "training-validation",
	trainingEfficiencies: "training-law",
	trafficShapes: "traffic-shapes",
	claims: "claims",
	sources: "sources",
};

/** A collection by the name commands take, in singular or plural. */
export function findCollection(name: string): Lookup<CollectionName> {
	const names = Object.entries(COLLECTION_NAMES) as [CollectionName, string][];
	const direct = names.find(([key, shown]) =>
		[key, shown, `${shown}s`, singular(shown)].some((n) => fold(n) === fold(name)),
	);
	const short = SHORT_NAMES.get(fold(name));
	if (direct !== undefined) return { found: true, value: direct[0] };
	if (short !== undefined) return { found: true, value: short };
	const result = findId("collection", Object.values(COLLECTION_NAMES), name);
	return result.found ? findCollection(result.value) : result;
}

/** The entries of a collection, one line each. Ages are counted at the day `at`. */
export function listEntries(catalogue: Catalogue, collection: CollectionName, at: string): ListedEntry[] {
	return catalogue[collection].map((entry, index) => {
		const figures = figuresIn(entry, "");
		const dates = [...figures.map(({ figure }) => figure.asOf), rowAsOf(entry as Parameters<typeof rowAsOf>[0])];
		const asOf = oldest(
			dates.filter((date) => date !== undefined),
			at,
		);
		return {
			collection,
			id: idOf(entry) ?? `#${index}`,
			summary: summaryOf(entry),
			...(asOf !== undefined && { asOf, ageInDays: ageInDays(asOf, at) }),
			stalePrices: figures.filter(({ figure }) => isStale(figure, at)).length,
			sources: sourceIds(entry, figures),
		};
	});
}

/** An entry by id, by other name, or by `collection/id`. */
export function showEntry(catalogue: Catalogue, name: string, at: string): Lookup<ShownEntry> {
	const slash = name.indexOf("/");
	const scope = slash === -1 ? undefined : findCollection(name.slice(0, slash));
	if (scope?.found) {
		const within = findEntry(catalogue, [scope.value], name.slice(slash + 1));
		return within.found ? { found: true, value: shown(catalogue, within.value, at) } : within;
	}
	const all = Object.keys(COLLECTION_NAMES) as CollectionName[];
	const result = findEntry(catalogue, all, name);
	return result.found ? { found: true, value: shown(catalogue, result.value, at) } : result;
}

interface Found {
	readonly collection: CollectionName;
	readonly entry: unknown;
}

/** A map, since names of callers are looked up: an object knows some that nobody wrote. */
const SHORT_NAMES: ReadonlyMap<string, CollectionName> = new Map([
	["hw", "hardware"],
	["accelerators", "hardware"],
	["accelerator", "hardware"],
	["cards", "rateCards"],
	["card", "rateCards"],
	["rows", "benchmarks"],
	["row", "benchmarks"],
	["evals", "accuracyRuns"],
	["prices", "apiPrices"],
]);

function findEntry(catalogue: Catalogue, collections: readonly CollectionName[], name: string): Lookup<Found> {
	for (const collection of collections) {
		const entry = catalogue[collection].find((candidate) => idOf(candidate) === name);
		if (entry !== undefined) return { found: true, value: { collection, entry } };
	}
	const named = [
		{ collection: "hardware" as const, result: findHardware(catalogue, name) },
		{ collection: "models" as const, result: findModel(catalogue, name) },
		{ collection: "stacks" as const, result: findStack(catalogue, name) },
	].filter(({ collection }) => collections.includes(collection));
	for (const { collection, result } of named) {
		if (result.found) return { found: true, value: { collection, entry: result.value } };
	}
	const ids = collections
		.filter((c) => !ROW_COLLECTIONS.has(c))
		.flatMap((c) => catalogue[c].flatMap((e) => idOf(e) ?? []));
	const result = findId("entry", ids, name);
	if (!result.found) return named.length === 1 && named[0] && !named[0].result.found ? named[0].result : result;
	return findEntry(catalogue, collections, result.value);
}

const ROW_COLLECTIONS: ReadonlySet<CollectionName> = new Set([
	"benchmarks",
	"accuracyRuns",
	"mlperf",
	"mlperfTraining",
	"trainingThroughput",
	"servingSample",
]);

function shown(catalogue: Catalogue, { collection, entry }: Found, at: string): ShownEntry {
	const figures = figuresIn(entry, "").map(({ path, figure }) => ({
		path,
		figure,
		ageInDays: ageInDays(figure.asOf, at),
		stale: isStale(figure, at),
	}));
	const ids = sourceIds(entry, figures);
	const sources = catalogue.sources.filter((source) => ids.includes(source.id));
	return { collection, id: idOf(entry) ?? "", entry, figures, sources };
}

/** Every figure within an entry, with the path at which it stands. */
export function figuresIn(value: unknown, path: string): { path: string; figure: Figure }[] {
	if (typeof value !== "object" || value === null) return [];
	if (isFigure(value)) return [{ path, figure: value }];
	return Object.entries(value).flatMap(([key, member]) => figuresIn(member, path === "" ? key : `${path}.${key}`));
}

function isFigure(value: object): value is Figure {
	return "value" in value && "unit" in value && "confidence" in value && "asOf" in value;
}

function oldest(dates: readonly string[], at: string): string | undefined {
	let found: string | undefined;
	for (const date of dates) if (found === undefined || ageInDays(date, at) > ageInDays(found, at)) found = date;
	return found;
}

function sourceIds(entry: unknown, figures: readonly { figure: Figure }[]): string[] {
	const own = (entry as { source?: unknown }).source;
	const cited = figures.flatMap(({ figure }) => [figure.source, ...(figure.otherSources ?? [])]);
	return [...new Set([...(typeof own === "string" ? [own] : []), ...cited])];
}

/** Words for people; programs read the entry itself. */
function summaryOf(entry: unknown): string {
	const e = entry as Record<string, unknown>;
	const parts = ["model", "hardware", "precision", "stack", "provider", "term", "submitter", "benchmark", "scenario"];
	const training = ["publishedModel", "trainingFormat", "task", "round", "release"];
	const words = [...parts, ...training].flatMap((key) => (typeof e[key] === "string" ? [e[key]] : []));
	const lengths = typeof e["isl"] === "number" && typeof e["osl"] === "number" ? [`${e["isl"]}/${e["osl"]}`] : [];
	const title = ["name", "label", "citation", "claim"].map((key) => e[key]).find((text) => typeof text === "string");
	return typeof title === "string" ? title : [...words, ...lengths].join(" ");
}

function idOf(entry: unknown): string | undefined {
	const id = typeof entry === "object" && entry !== null ? (entry as { id?: unknown }).id : undefined;
	return typeof id === "string" ? id : undefined;
}

function singular(name: string): string {
	return name.replace(/ies$/, "y").replace(/s$/, "");
}
