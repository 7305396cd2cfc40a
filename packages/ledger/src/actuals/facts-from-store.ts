/** The facts of a window, added up by the store: whole numbers only, rates are applied afterwards. */
import type { Dimension } from "../attribution/attributed-line.ts";
import type { Span } from "../attribution/spans.ts";
import type { ChargeRecord } from "../records/charge.ts";
import { chargesOnce } from "../records/charges-once.ts";
import type { PriceRecord } from "../records/price.ts";
import type { TokenClass, TokenClasses } from "../records/token-classes.ts";
import { TOKEN_CLASSES } from "../records/token-classes.ts";
import type { Count, GpuMicros, Instant, Millijoules, TokenCount } from "../records/units.ts";
import { MICROS_PER_DAY } from "../records/units.ts";
import type { SourceKind, UsageScope } from "../records/usage.ts";
import type { CapacitySum as StoredCapacity } from "../store/query/capacity-query.ts";
import type { UsageDimension, UsageSum as StoredUsage } from "../store/query/usage-question.ts";
import type { LedgerStore } from "../store/store.ts";
import { daysOf } from "./by-day.ts";
import type { CapacitySum, LedgerFacts, UsageSum } from "./facts.ts";

type Reads = Pick<LedgerStore, "requests" | "windows" | "capacity" | "charges" | "prices" | "crowded">;

/**
 * `bill`: rows to reckon with instead of those in the store. Usage is kept apart by day, and at every change of a price within one.
 * By `request`, each sum of requests has the name of its group as its request: {@link requestGroup}.
 */
export async function factsFromStore(
	store: Reads,
	window: Span,
	by: readonly Dimension[],
	bill?: readonly ChargeRecord[],
): Promise<LedgerFacts> {
	const { charges, repeated } =
		bill === undefined ? chargesOnce(await store.charges(window.from, window.to)) : { charges: bill, repeated: 0 };
	const prices = await store.prices();
	const changes = edgesOf(charges, prices, window);
	const isHourly = changes.length > MOST_CHANGES;
	const question = {
		...window,
		by: dimensionsOf(by),
		step: isHourly ? ("hour" as const) : ("day" as const),
		...(isHourly ? {} : { edges: changes }),
	};
	const requests = await store.requests({ ...question, withOutSquares: true });
	const windows = await store.windows(question);
	const ended = await store.requests({
		...window,
		by: [...dimensionsOf([]), "status"],
		columns: WORK,
		withOutSquares: true,
	});
	const isKnown = ended.some(({ keys }) => keys.status !== null);
	const failed = ended.filter(({ keys }) => keys.status === "aborted" || keys.status === "error");
	const days = daysOf(window).map(({ from }) => from);
	const capacity = await store.capacity({ ...window, by: CAPACITY, edges: [...new Set([...days, ...changes])] });
	return {
		usage: [
			...requests.map((sum) => ({
				...usageOf(sum, false),
				...(by.includes("request") ? { request: requestGroup(sum.keys, by, sum.from) } : {}),
			})),
			...windows.map((sum) => usageOf(sum, true)),
		],
		capacity: capacity.flatMap(capacityOf),
		charges,
		...(repeated === 0 ? {} : { repeatedCharges: repeated }),
		prices,
		crowded: await store.crowded(window.from, window.to),
		...(isKnown ? { failed: failed.map((sum) => usageOf(sum, false)) } : {}),
	};
}

/** What says how long tokens keep a GPU at work. */
const WORK = ["in_total", "in_computed", "in_cached_local", "in_cached_remote", "out_total", "out_context"] as const;

/** Requests that are summed as one, and so share one cost: of one day, or part of it, with the same labels. */
export function requestGroup(
	keys: Readonly<Partial<Record<UsageDimension, string | null>>>,
	by: readonly Dimension[],
	from: Instant,
): string {
	return JSON.stringify([from, ...dimensionsOf(by).map((dimension) => keys[dimension] ?? null)]);
}

/**
 * The end of the last day in which anything was served; nothing for an empty store. An event dated ahead of `now`, as a wrong
 * clock makes them, is none that was served: days after today count only where there are no others.
 */
export async function lastDayIn(
	store: Pick<LedgerStore, "requests" | "windows" | "keptSince">,
	now: Instant = (Date.now() * 1000) as Instant,
): Promise<Instant | undefined> {
	const to = (MICROS_PER_DAY * 100_000) as Instant;
	const question = { from: 0 as Instant, to, by: [], step: "day" as const };
	const kept = { ...question, from: (await store.keptSince()) ?? question.from };
	const days = [...(await store.requests(question)), ...(await store.windows(kept))].map((sum) => sum.to);
	const endOfToday = (Math.floor(now / MICROS_PER_DAY) + 1) * MICROS_PER_DAY;
	const past = days.filter((end) => end <= endOfToday);
	const among = past.length > 0 ? past : days;
	return among.length === 0 ? undefined : (among.reduce((last, end) => Math.max(last, end), 0) as Instant);
}

/** Bills by the hour change every hour: then hours are the steps. */
const MOST_CHANGES = 200;

const CAPACITY = ["gpu_model", "node", "gpu_cluster", "namespace", "deployment", "held"] as const;

function dimensionsOf(by: readonly Dimension[]): UsageDimension[] {
	// Requests that are told one by one share the cost of all of their own labels, so that they add up by any of these.
	const isFine = by.includes("request");
	const tenants = (["org", "team", "user", "key"] as const).filter((dimension) => isFine || by.includes(dimension));
	return ["source_kind", "namespace", "deployment", "served", "model", ...tenants];
}

/** Instants within the window, not at the end of a day, at which what is charged may change. */
function edgesOf(charges: readonly ChargeRecord[], prices: readonly PriceRecord[], { from, to }: Span): Instant[] {
	const edges = [
		...charges.flatMap(({ charge_period_start, charge_period_end }) => [charge_period_start, charge_period_end]),
		...prices.flatMap(({ valid_from, valid_to }) => (valid_to === undefined ? [valid_from] : [valid_from, valid_to])),
	];
	return [...new Set(edges)]
		.filter((edge) => edge > from && edge < to && edge % MICROS_PER_DAY !== 0)
		.sort((a, b) => a - b);
}

function usageOf({ keys, from, to, records, sums, outSquares = 0n }: StoredUsage, isWindow: boolean): UsageSum {
	const requests = Number(records);
	const context = sums.out_context;
	const { org, team, user, key } = keys;
	const tenant = {
		...(typeof org === "string" ? { org } : {}),
		...(typeof team === "string" ? { team } : {}),
		...(typeof user === "string" ? { user } : {}),
		...(typeof key === "string" ? { key } : {}),
	};
	return {
		from,
		to,
		sourceKind: (keys.source_kind ?? "client") as SourceKind,
		...scopeOf(keys),
		model: { served: keys.served ?? "unknown", ...(typeof keys.model === "string" ? { id: keys.model } : {}) },
		...(Object.keys(tenant).length === 0 ? {} : { tenant }),
		tokens: tokensOf(sums),
		...(isWindow ? {} : { requests: requests as Count }),
		// Of requests the store adds up output × input; of the output itself a token attends to half on average.
		...(context.known === 0n
			? {}
			: { outputContextTokens2: Number(context.sum) + (isWindow ? 0 : Number(outSquares) / 2) }),
	};
}

function tokensOf(sums: StoredUsage["sums"]): TokenClasses {
	const known = TOKEN_CLASSES.filter((each) => sums[each].known > 0n);
	return Object.fromEntries(
		known.map((each): [TokenClass, TokenCount] => [each, Number(sums[each].sum) as TokenCount]),
	);
}

function scopeOf(keys: { readonly namespace?: string | null; readonly deployment?: string | null }): {
	readonly scope?: UsageScope;
} {
	const { namespace, deployment } = keys;
	const scope = {
		...(typeof namespace === "string" ? { namespace } : {}),
		...(typeof deployment === "string" ? { group: deployment } : {}),
	};
	return Object.keys(scope).length === 0 ? {} : { scope };
}

/** What was held, and what was not: time of samples that do not say how much of it was held counts as held. */
function capacityOf({ keys, from, to, records, sums }: StoredCapacity): CapacitySum[] {
	const { gpu_model, node, gpu_cluster } = keys;
	const gpu = {
		...(typeof gpu_model === "string" ? { model: gpu_model } : {}),
		...(typeof node === "string" ? { node } : {}),
		...(typeof gpu_cluster === "string" ? { cluster: gpu_cluster } : {}),
	};
	const all = Number(sums.dur_us.sum);
	const isHeld = keys.held === "true";
	const held = !isHeld ? 0 : sums.held_us.known === records ? Math.min(all, Number(sums.held_us.sum)) : all;
	const energy = sums.energy_mj.known === 0n ? undefined : Number(sums.energy_mj.sum);
	const heldEnergy = energy === undefined || all === 0 ? undefined : Math.round((energy * held) / all);
	const part = (time: number, joules: number | undefined, scope: { readonly scope?: UsageScope }): CapacitySum[] =>
		time === 0
			? []
			: [
					{
						from,
						to,
						gpu,
						...(scope.scope === undefined ? {} : { heldBy: scope.scope }),
						time: time as GpuMicros,
						...(joules === undefined ? {} : { energy: joules as Millijoules }),
					},
				];
	const holder = scopeOf(keys);
	return [
		...part(held, heldEnergy, holder.scope === undefined ? { scope: { group: "unnamed" } } : holder),
		...part(all - held, energy === undefined ? undefined : energy - (heldEnergy ?? 0), {}),
	];
}
