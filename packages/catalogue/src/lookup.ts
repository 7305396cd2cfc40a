import type {
	AliasKind,
	ApiPrice,
	FacilityFact,
	Facts,
	Hardware,
	Model,
	NamedId,
	Precision,
	Source,
	Stack,
	System,
} from "./catalogue.ts";

/** What a name stands for, or why it stands for nothing and what comes nearest. */
export type Lookup<T> =
	| { readonly found: true; readonly value: T }
	| { readonly found: false; readonly name: string; readonly reason: string; readonly nearest: readonly string[] };

export function findHardware(facts: Pick<Facts, "hardware" | "aliases">, name: string): Lookup<Hardware> {
	return findOne("hardware", facts.hardware, facts.aliases.hardware, name);
}

/** A release that only shares the body of an entry is not that entry, but comes first among the nearest. */
export function findModel(facts: Pick<Facts, "models" | "aliases">, name: string): Lookup<Model> {
	const result = findOne("model", facts.models, facts.aliases.model, name);
	if (result.found) return result;
	const body = facts.models.find((model) => model.variants.some((variant) => fold(variant) === fold(name)));
	if (body === undefined) return result;
	const nearest = [body.id, ...result.nearest.filter((id) => id !== body.id)].slice(0, NEAREST);
	return {
		...result,
		reason: `the catalogue has no entry for ${name}, which has the same body as ${body.id}`,
		nearest,
	};
}

export function findStack(facts: Pick<Facts, "stacks" | "aliases">, name: string): Lookup<Stack> {
	return findOne("stack", facts.stacks, facts.aliases.stack, name);
}

export function findSystem(facts: Pick<Facts, "systems">, name: string): Lookup<System> {
	return findOne("system", facts.systems, {}, name);
}

/** All formats a name stands for: `fp4` is both `nvfp4` and `mxfp4`. */
export function findPrecisions(
	facts: Pick<Facts, "precisions" | "aliases">,
	name: string,
): Lookup<readonly Precision[]> {
	const result = findIds("precision", facts.precisions, facts.aliases.precision, name);
	if (!result.found) return result;
	return { found: true, value: facts.precisions.filter((precision) => result.value.includes(precision.id)) };
}

export function findFacility(facts: Pick<Facts, "facility">, id: string): Lookup<FacilityFact> {
	const result = findId(
		"facility fact",
		facts.facility.map((fact) => fact.id),
		id,
	);
	if (!result.found) return result;
	return { found: true, value: facts.facility.find((fact) => fact.id === result.value) as FacilityFact };
}

/** List prices of one release; a model with the same body is another release. */
export function apiPricesOf(facts: Pick<Facts, "apiPrices">, release: string): readonly ApiPrice[] {
	return facts.apiPrices.filter((price) => fold(price.model) === fold(release));
}

export function sourceOf(facts: Pick<Facts, "sources">, id: string): Source | undefined {
	return facts.sources.find((source) => source.id === id);
}

/** The id of a claim, out of those that exist. */
export function findClaimId(facts: Pick<Facts, "aliases">, ids: readonly string[], name: string): Lookup<string> {
	const claims = ids.map((id) => ({ id, name: id }));
	const result = findIds("claim", claims, facts.aliases.claim, name);
	return result.found ? { found: true, value: result.value[0] as string } : result;
}

/** The id a name stands for among `ids` of a kind of its own, such as facility facts. */
export function findId(kind: string, ids: readonly string[], name: string): Lookup<string> {
	const result = findIds(
		kind,
		ids.map((id) => ({ id, name: id })),
		{},
		name,
	);
	return result.found ? { found: true, value: result.value[0] as string } : result;
}

/** Case, blanks, hyphens, underscores, dots and slashes do not count in a name. */
export function fold(name: string): string {
	return name.toLowerCase().replace(/[\s\-_./]+/g, "");
}

/** Insertions, deletions, changes and swaps of neighbours that turn one text into the other. */
export function editDistance(a: string, b: string): number {
	let before: number[] = [];
	let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
	for (let i = 1; i <= a.length; i++) {
		const row = [i];
		for (let j = 1; j <= b.length; j++) {
			const change = (previous[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
			let least = Math.min(change, (previous[j] as number) + 1, (row[j - 1] as number) + 1);
			const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
			if (isSwap) least = Math.min(least, (before[j - 2] as number) + 1);
			row.push(least);
		}
		before = previous;
		previous = row;
	}
	return previous[b.length] as number;
}

const NEAREST = 5;
type AliasTable = Readonly<Record<string, readonly string[]>>;

function findOne<T extends NamedId>(
	kind: AliasKind | "system",
	entries: readonly T[],
	aliases: AliasTable,
	name: string,
): Lookup<T> {
	const result = findIds(kind, entries, aliases, name);
	if (!result.found) return result;
	const value = entries.find((entry) => entry.id === result.value[0]);
	return value === undefined ? notFound(kind, entries, aliases, name) : { found: true, value };
}

/** An id before an alias, an alias before a display name. */
function findIds(
	kind: string,
	entries: readonly NamedId[],
	aliases: AliasTable,
	name: string,
): Lookup<readonly string[]> {
	const folded = fold(name);
	const byId = entries.find((entry) => fold(entry.id) === folded);
	if (byId !== undefined) return { found: true, value: [byId.id] };
	const alias = Object.keys(aliases).find((key) => fold(key) === folded);
	if (alias !== undefined) return { found: true, value: aliases[alias] as readonly string[] };
	const byName = entries.filter((entry) => fold(entry.name) === folded);
	if (byName.length === 1) return { found: true, value: [(byName[0] as NamedId).id] };
	return notFound(kind, entries, aliases, name);
}

function notFound<T>(kind: string, entries: readonly NamedId[], aliases: AliasTable, name: string): Lookup<T> {
	const folded = fold(name);
	const distances = new Map<string, number>();
	const note = (id: string, spelling: string) => {
		const distance = spellingDistance(folded, fold(spelling));
		if (distance < (distances.get(id) ?? Infinity)) distances.set(id, distance);
	};
	for (const { id, name: shown } of entries) {
		note(id, id);
		note(id, shown);
	}
	for (const [key, ids] of Object.entries(aliases)) for (const id of ids) if (distances.has(id)) note(id, key);
	const ranked = [...distances].sort(([a, x], [b, y]) => x - y || (a < b ? -1 : 1));
	const nearest = ranked.slice(0, NEAREST).map(([id]) => id);
	return { found: false, name, reason: `the catalogue has no ${kind} "${name}"`, nearest };
}

/** A name that is the start of another is nearer than one with as many changes elsewhere. */
function spellingDistance(name: string, spelling: string): number {
	const isStart = name !== "" && (spelling.startsWith(name) || name.startsWith(spelling));
	return isStart ? Math.abs(name.length - spelling.length) / 100 + 0.5 : editDistance(name, spelling);
}
