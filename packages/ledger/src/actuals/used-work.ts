/**
 * Who had what done, from sources that count the same tokens. Engines know where work was done, gateways and clients know for
 * whom: per model, the log nearest to the user that names tenants is taken for the owners, and what engines counted beyond it
 * in the same span is work without an owner. Never both in full: that would count tokens twice.
 */
import type { BusyWork } from "@farthing/engine";
import { meanContext } from "@farthing/engine";
import type { UsedWork } from "../attribution/attribute.ts";
import type { Dimension, Owner } from "../attribution/attributed-line.ts";
import { ownerBy } from "../attribution/line-sums.ts";
import type { Overlap, Span } from "../attribution/spans.ts";
import { spanIndex } from "../attribution/spans.ts";
import { apportion } from "../records/money.ts";
import type { TokenBucket, TokenClasses } from "../records/token-classes.ts";
import { TOKEN_BUCKETS, tokenBuckets } from "../records/token-classes.ts";
import type { Instant, TokenCount } from "../records/units.ts";
import type { SourceKind, UsageModel } from "../records/usage.ts";
import type { UsageSum } from "./facts.ts";
import { deploymentOf } from "./held-time.ts";

export interface UsageOfRecord {
	readonly used: readonly UsedWork[];
	/** Model that a deployment serves; absent where it serves several. */
	readonly models: ReadonlyMap<string, string>;
	/** Names under which sources know each model. */
	readonly servedAs: ReadonlyMap<string, readonly string[]>;
	readonly compared: readonly SourceComparison[];
	/** Models whose usage names no deployment, so that no GPU time can be theirs. */
	readonly homeless: readonly string[];
	/** Models of which no source tells cached from computed input: all of it is taken as computed. */
	readonly cacheUnknown: readonly string[];
}

/** Two sources that counted the same. */
export interface SourceComparison {
	readonly model: string;
	readonly ofRecord: SourceKind;
	readonly compared: SourceKind;
	readonly direction: "input" | "output";
	/** (compared − of record) ÷ of record. */
	readonly difference: number;
}

/** Sources of owners from the surest on; `benchmark` is not production and is left out. */
const OWNER_SOURCES: readonly SourceKind[] = ["gateway", "client", "provider", "router"];

/** `held`: names of deployments that hold GPUs, for usage that names its model only. */
export function usageOfRecord(
	usage: readonly UsageSum[],
	held: ReadonlySet<string>,
	by: readonly Dimension[],
): UsageOfRecord {
	const models = groupBy(
		usage.filter(({ sourceKind }) => sourceKind !== "benchmark"),
		({ model }) => modelName(model),
	);
	const used: UsedWork[] = [];
	const compared: SourceComparison[] = [];
	const homeless: string[] = [];
	const cacheUnknown: string[] = [];
	for (const [model, sums] of [...models].sort(byName)) {
		const engines = sums.filter(({ sourceKind }) => sourceKind === "engine");
		const ownerSource = nearestSource(sums);
		const owners = ownersOf(sums, ownerSource);
		const placed = placedWork(model, owners, engines, held);
		used.push(...placed);
		if (ownerSource !== undefined && engines.length > 0)
			compared.push(...comparisons(model, ownerSource, owners, engines));
		const isBought = engines.length === 0 && ownerSource === "provider";
		if (!isBought && placed.some(({ owner }) => owner.deployment === undefined)) homeless.push(model);
		if (sums.every(({ tokens }) => tokens.in_computed === undefined && tokens.in_cached_local === undefined)) {
			cacheUnknown.push(model);
		}
	}
	return {
		used: summedBySpan(used, by),
		models: modelsByDeployment(used),
		servedAs: new Map(
			[...models].map(([model, sums]) => [model, [...new Set(sums.map((sum) => sum.model.served))].sort()]),
		),
		compared,
		homeless,
		cacheUnknown,
	};
}

/** The kind of source whose logs count for a model: the nearest to the user, engines where nobody logs. */
export function sourceOfRecord(usage: readonly UsageSum[], model: string): SourceKind {
	return nearestSource(usage.filter((sum) => modelName(sum.model) === model)) ?? "engine";
}

function nearestSource(sums: readonly UsageSum[]): SourceKind | undefined {
	return OWNER_SOURCES.find((kind) => sums.some((sum) => sum.sourceKind === kind));
}

/** Tenants log for themselves: of each the nearest log counts, and of usage without a tenant that of the model. */
function ownersOf(sums: readonly UsageSum[], ofModel: SourceKind | undefined): UsageSum[] {
	const nearest = new Map<string, SourceKind | undefined>();
	for (const [org, own] of groupBy(sums, ({ tenant }) => tenant?.org ?? "")) {
		nearest.set(org, org === "" ? ofModel : nearestSource(own));
	}
	return sums.filter(
		({ sourceKind, tenant }) => sourceKind === nearest.get(tenant?.org ?? "") && sourceKind !== "engine",
	);
}

export function modelName({ id, served }: UsageModel): string {
	return id ?? served;
}

function placedWork(
	model: string,
	owners: readonly UsageSum[],
	engines: readonly UsageSum[],
	held: ReadonlySet<string>,
): UsedWork[] {
	if (owners.length === 0) return engines.flatMap((sum) => workOf(model, sum, deploymentOf(sum.scope), 1));
	const index = spanIndex(engines);
	const placed = owners.flatMap((sum) => placesOf(model, sum, index.overlapping(withLength(sum)), held));
	return engines.length === 0 ? placed : [...placed, ...unowned(model, owners, engines)];
}

/** A log that does not say where: by where engines served the model then, else a deployment that has the model's name. */
function placesOf(
	model: string,
	sum: UsageSum,
	engines: readonly Overlap<UsageSum>[],
	held: ReadonlySet<string>,
): UsedWork[] {
	const own = deploymentOf(sum.scope);
	if (own !== undefined) return workOf(model, sum, own, 1);
	const shares = new Map<string, number>();
	for (const { of, share } of engines) {
		const name = deploymentOf(of.scope);
		if (name !== undefined) shares.set(name, (shares.get(name) ?? 0) + share * outputOf(of));
	}
	const total = [...shares.values()].reduce((all, each) => all + each, 0);
	if (total > 0) {
		const parts = [...shares].sort(byName);
		return splitWork(
			model,
			sum,
			parts.map(([name, weight]) => ({ name, share: weight / total })),
		);
	}
	const named = [sum.model.served, sum.model.id].find((name) => name !== undefined && held.has(name));
	return workOf(model, sum, named, 1);
}

/** What engines counted and no owner's log did, span by span. */
function unowned(model: string, owners: readonly UsageSum[], engines: readonly UsageSum[]): UsedWork[] {
	const seen = spanIndex(owners);
	const all = spanIndex(engines);
	return engines.flatMap((engine) => {
		const counted = all.overlapping(engine).reduce((sum, { of, share }) => sum + share * deliveredOf(of), 0);
		const logged = seen.overlapping(engine).reduce((sum, { of, share }) => sum + share * deliveredOf(of), 0);
		const missing = counted === 0 ? 0 : 1 - logged / counted;
		// A log and a counter never agree to the token at the edge of a span.
		if (missing <= LEAST_MISSING) return [];
		const { request: _, ...withoutRequest } = engine;
		return workOf(model, withoutRequest, deploymentOf(engine.scope), missing);
	});
}

const LEAST_MISSING = 0.001;

function workOf(model: string, sum: UsageSum, deployment: string | undefined, share: number): UsedWork[] {
	const buckets = bucketsOf(sum.tokens);
	const tokens = share === 1 ? buckets : mapTokens(buckets, (n) => Math.round(n * share));
	const work = busyWorkOf(sum, share);
	return [{ ...withLength(sum), owner: ownerOf(model, sum, deployment), work, tokens }];
}

function splitWork(
	model: string,
	sum: UsageSum,
	parts: readonly { readonly name: string; readonly share: number }[],
): UsedWork[] {
	if (parts.length === 1) return workOf(model, sum, parts[0]?.name, 1);
	const weights = parts.map(({ share }) => BigInt(Math.round(share * 1e12)));
	const buckets = Object.entries(bucketsOf(sum.tokens)).map(
		([bucket, n]) => [bucket, apportion({ currency: "tokens", nano: BigInt(n) }, weights)] as const,
	);
	return parts.map(({ name, share }, i) => ({
		...withLength(sum),
		owner: ownerOf(model, sum, name),
		work: busyWorkOf(sum, share),
		tokens: Object.fromEntries(buckets.map(([bucket, split]) => [bucket, Number(split[i]?.nano) as TokenCount])),
	}));
}

function ownerOf(model: string, { tenant, request }: UsageSum, deployment: string | undefined): Owner {
	const { org, team, user, key } = tenant ?? {};
	return {
		model,
		...(deployment === undefined ? {} : { deployment }),
		...(org === undefined ? {} : { org }),
		...(team === undefined ? {} : { team }),
		...(user === undefined ? {} : { user }),
		...(key === undefined ? {} : { key }),
		...(request === undefined ? {} : { request }),
	};
}

/** Work of the GPUs: input that was computed here, output, and what output attended to. */
export function busyWorkOf({ tokens, requests, outputContextTokens2 }: WorkSum, share: number): BusyWork {
	const output = tokens.out_total ?? 0;
	const input =
		tokens.in_total ?? (tokens.in_computed ?? 0) + (tokens.in_cached_local ?? 0) + (tokens.in_cached_remote ?? 0);
	const known = outputContextTokens2 ?? contextOfMeans(input, output, requests);
	return {
		uncachedInputTokens: share * computedInput(tokens),
		outputTokens: share * output,
		outputContextTokens2: share * known,
	};
}

type WorkSum = Pick<UsageSum, "tokens" | "requests" | "outputContextTokens2">;

/** As if all requests were alike: too low where long inputs have long outputs. */
function contextOfMeans(input: number, output: number, requests: number | undefined): number {
	return requests === undefined || requests === 0 ? 0 : output * meanContext(input / requests, output / requests);
}

export function computedInput(tokens: TokenClasses): number {
	if (tokens.in_computed !== undefined) return tokens.in_computed;
	const cached = (tokens.in_cached_local ?? 0) + (tokens.in_cached_remote ?? 0) + (tokens.in_transferred ?? 0);
	return Math.max(0, (tokens.in_total ?? 0) - cached);
}

/** Where cached input is not told apart, all input stands as computed. */
export function bucketsOf(tokens: TokenClasses): Partial<Record<TokenBucket, TokenCount>> {
	const buckets = tokenBuckets(tokens);
	if (buckets.input !== undefined) return buckets;
	return { ...buckets, input: Math.max(0, computedInput(tokens) - (tokens.cache_write ?? 0)) as TokenCount };
}

function comparisons(
	model: string,
	kind: SourceKind,
	owners: readonly UsageSum[],
	engines: readonly UsageSum[],
): SourceComparison[] {
	const sum = (sums: readonly UsageSum[], of: (tokens: TokenClasses) => number | undefined): number =>
		sums.reduce((total, { tokens }) => total + (of(tokens) ?? 0), 0);
	return (["input", "output"] as const).flatMap((direction) => {
		const of = (tokens: TokenClasses): number | undefined =>
			direction === "input" ? tokens.in_total : tokens.out_total;
		const [record, other] = [sum(owners, of), sum(engines, of)];
		if (record === 0 || other === 0) return [];
		return [{ model, ofRecord: kind, compared: "engine" as const, direction, difference: (other - record) / record }];
	});
}

/** Usage of one span and owner added up, with only those members of owners that are asked for, and deployment and model. */
function summedBySpan(used: readonly UsedWork[], by: readonly Dimension[]): UsedWork[] {
	const kept: readonly Dimension[] = [...new Set<Dimension>(["model", "deployment", ...by])];
	const sums = new Map<string, UsedWork>();
	for (const each of used) {
		const owner = ownerBy(each.owner, kept);
		const key = JSON.stringify([each.from, each.to, kept.map((dimension) => owner[dimension] ?? null)]);
		const before = sums.get(key);
		sums.set(key, before === undefined ? { ...each, owner } : joined(before, each));
	}
	return [...sums.values()];
}

function joined(a: UsedWork, b: UsedWork): UsedWork {
	return {
		...a,
		work: {
			uncachedInputTokens: a.work.uncachedInputTokens + b.work.uncachedInputTokens,
			outputTokens: a.work.outputTokens + b.work.outputTokens,
			outputContextTokens2: a.work.outputContextTokens2 + b.work.outputContextTokens2,
		},
		tokens: addTokens(a.tokens, b.tokens),
	};
}

/** A bucket that only one of them knows stays what that one knows. */
export function addTokens(
	a: Partial<Record<TokenBucket, TokenCount>>,
	b: Partial<Record<TokenBucket, TokenCount>>,
): Partial<Record<TokenBucket, TokenCount>> {
	return Object.fromEntries(
		TOKEN_BUCKETS.flatMap((bucket) => {
			const [first, second] = [a[bucket], b[bucket]];
			return first === undefined && second === undefined ? [] : [[bucket, (first ?? 0) + (second ?? 0)]];
		}),
	);
}

function mapTokens(
	tokens: Partial<Record<TokenBucket, TokenCount>>,
	change: (n: number) => number,
): Partial<Record<TokenBucket, TokenCount>> {
	return Object.fromEntries(Object.entries(tokens).map(([bucket, n]) => [bucket, change(n) as TokenCount]));
}

function modelsByDeployment(used: readonly UsedWork[]): Map<string, string> {
	const found = new Map<string, string | undefined>();
	for (const { owner } of used) {
		if (owner.deployment === undefined || owner.model === undefined) continue;
		const before = found.get(owner.deployment);
		const isOther = found.has(owner.deployment) && before !== owner.model;
		found.set(owner.deployment, isOther ? undefined : owner.model);
	}
	return new Map([...found].flatMap(([deployment, model]) => (model === undefined ? [] : [[deployment, model]])));
}

/** A request of no length still lies in the instant it came. */
function withLength({ from, to }: Span): Span {
	return { from, to: (to > from ? to : from + 1) as Instant };
}

function outputOf({ tokens }: UsageSum): number {
	return tokens.out_total ?? tokens.in_total ?? 0;
}

function deliveredOf({ tokens }: UsageSum): number {
	return (tokens.in_total ?? 0) + (tokens.out_total ?? 0);
}

function groupBy<T>(things: readonly T[], keyOf: (thing: T) => string): Map<string, T[]> {
	const groups = new Map<string, T[]>();
	for (const thing of things) {
		const key = keyOf(thing);
		const group = groups.get(key);
		if (group === undefined) groups.set(key, [thing]);
		else group.push(thing);
	}
	return groups;
}

function byName(a: readonly [string, unknown], b: readonly [string, unknown]): number {
	return a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0;
}
