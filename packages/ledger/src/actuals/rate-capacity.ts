/**
 * What metered GPU time and energy come to at the prices on file: `GPU-hours × price`, and `kWh × PUE × tariff` where the price of the
 * GPU-hour does not have power in it already. Exact, and rounded once per currency by largest remainder.
 */
import type { HeldPart, PoolCharge } from "../attribution/charge.ts";
import type { Span } from "../attribution/spans.ts";
import { shareWithin } from "../attribution/spans.ts";
import type { ExactNano } from "../records/money.ts";
import { parseDecimal, roundShares } from "../records/money.ts";
import type { PriceRecord } from "../records/price.ts";
import type { GpuMicros, Instant } from "../records/units.ts";
import { MICROS_PER_DAY, MICROS_PER_HOUR } from "../records/units.ts";
import { daysOf } from "./by-day.ts";
import type { CapacitySum } from "./facts.ts";
import { deploymentOf, nodePool } from "./held-time.ts";
import { isAvoidable, pricesOver } from "./price-for.ts";

export interface Unpriced {
	readonly time: GpuMicros;
	/** Starts of the days, UTC, in order, on which there is some. */
	readonly days: readonly Instant[];
}

export interface RatedCapacity {
	/** Amounts in the currency of their prices. */
	readonly charges: readonly PoolCharge[];
	/** GPU time that has a price, and that has none, by node. */
	readonly priced: GpuMicros;
	readonly unpriced: ReadonlyMap<string, Unpriced>;
	/** Of that the time that a deployment held. */
	readonly unpricedHeld: ReadonlyMap<string, GpuMicros>;
	/** Nodes whose power is paid apart while no kWh price is on file. */
	readonly withoutTariff: readonly string[];
}

export interface RatingOptions {
	/** Facility energy over IT energy, decimal text. */
	readonly pue?: string;
}

const MILLIJOULES_PER_KWH = 3_600_000_000n;

/** `capacity` of the nodes to rate; nodes without a name cannot have a price of their own and go by cluster and part. */
export function rateCapacity(
	capacity: readonly CapacitySum[],
	prices: readonly PriceRecord[],
	window: Span,
	options: RatingOptions = {},
): RatedCapacity {
	const drafts: Draft[] = [];
	const unpriced = new Map<string, Unpriced>();
	const unpricedHeld = new Map<string, number>();
	const withoutTariff = new Set<string>();
	let priced = 0;
	const pue = parseDecimal(options.pue ?? "1") ?? { numerator: 1n, denominator: 1n };
	for (const [pool, { sums, of }] of byPool(capacity)) {
		const pieces = pricesOver(prices, "gpu_hour", of, window);
		const time = sums.reduce((all, sum) => all + sum.time, 0);
		let found = 0;
		for (const piece of pieces) {
			const micros = timeWithin(sums, piece);
			if (micros === 0n) continue;
			found += Number(micros);
			const exactTime = cost(micros, piece.price, BigInt(MICROS_PER_HOUR));
			drafts.push(draftOf(pool, piece, "gpu-time", exactTime, heldParts(sums, piece, timeWithin)));
			if (piece.price.includes_power) continue;
			const energy = energyWithin(sums, piece);
			const tariffs = pricesOver(prices, "kwh", of, piece);
			if (energy > 0n && tariffs.length === 0) withoutTariff.add(pool);
			for (const tariff of tariffs) {
				const used = energyWithin(sums, tariff);
				const plain = cost(used, tariff.price, MILLIJOULES_PER_KWH);
				const exact = {
					numerator: plain.numerator * pue.numerator,
					denominator: plain.denominator * pue.denominator,
				};
				if (used > 0n) drafts.push(draftOf(pool, tariff, "energy", exact, heldParts(sums, tariff, energyWithin)));
			}
		}
		priced += found;
		if (found >= time) continue;
		for (const sum of sums) {
			const deployment = deploymentOf(sum.heldBy);
			if (deployment === undefined) continue;
			const share = pieces.reduce((all, piece) => all + shareWithin(sum, piece), 0);
			unpricedHeld.set(deployment, (unpricedHeld.get(deployment) ?? 0) + Math.round(sum.time * Math.max(0, 1 - share)));
		}
		const before = unpriced.get(pool) ?? { time: 0, days: [] };
		const days = new Set([...before.days, ...daysWithout(sums, pieces)]);
		unpriced.set(pool, {
			time: (before.time + time - found) as GpuMicros,
			days: [...days].sort((a, b) => a - b),
		});
	}
	return {
		charges: rounded(drafts),
		priced: priced as GpuMicros,
		unpriced,
		unpricedHeld: unpricedHeld as ReadonlyMap<string, number> as ReadonlyMap<string, GpuMicros>,
		withoutTariff: [...withoutTariff].sort(),
	};
}

/** Days on which something was held in no piece. */
function daysWithout(sums: readonly CapacitySum[], pieces: readonly Span[]): Instant[] {
	const isOutside = (span: Span): boolean => pieces.reduce((share, piece) => share + shareWithin(span, piece), 0) < 1;
	return sums.filter(isOutside).flatMap((sum) =>
		daysOf(sum)
			.filter(isOutside)
			.map(({ from }) => (from - (from % MICROS_PER_DAY)) as Instant),
	);
}

interface Draft extends Span {
	readonly pool: string;
	readonly by: "gpu-time" | "energy";
	readonly price: PriceRecord;
	readonly exact: ExactNano;
	readonly held: readonly HeldPart[];
}

function draftOf(
	pool: string,
	{ from, to, price }: Span & { readonly price: PriceRecord },
	by: Draft["by"],
	exact: ExactNano,
	held: readonly HeldPart[],
): Draft {
	return { from, to, pool, by, price, exact, held };
}

function rounded(drafts: readonly Draft[]): PoolCharge[] {
	const charges = new Array<PoolCharge>(drafts.length);
	const currencies = new Set(drafts.map(({ price }) => price.amount.currency));
	for (const currency of currencies) {
		const places = drafts.flatMap(({ price }, i) => (price.amount.currency === currency ? [i] : []));
		const nanos = roundShares(places.map((i) => (drafts[i] as Draft).exact));
		places.forEach((i, k) => {
			const { from, to, pool, by, price, held } = drafts[i] as Draft;
			charges[i] = {
				kind: "pool",
				id: `${price.id} ${pool}`,
				from,
				to,
				pool,
				amount: { currency, nano: nanos[k] as bigint },
				by,
				isAvoidable: by === "energy" || isAvoidable(price.basis),
				held,
			};
		});
	}
	return charges;
}

function cost(quantity: bigint, { amount, per }: PriceRecord, unit: bigint): ExactNano {
	return { numerator: quantity * amount.nano, denominator: BigInt(per) * unit };
}

interface Pooled {
	readonly sums: CapacitySum[];
	readonly of: { readonly node?: string; readonly cluster?: string; readonly gpuModel?: string };
}

function byPool(capacity: readonly CapacitySum[]): [string, Pooled][] {
	const pools = new Map<string, Pooled>();
	for (const sum of capacity) {
		const { node, cluster, model } = sum.gpu;
		const key = [node ?? "", cluster ?? "", model ?? ""].join("\u0000");
		const found = pools.get(key);
		if (found !== undefined) {
			found.sums.push(sum);
			continue;
		}
		const of = {
			...(node === undefined ? {} : { node }),
			...(cluster === undefined ? {} : { cluster }),
			...(model === undefined ? {} : { gpuModel: model }),
		};
		pools.set(key, { sums: [sum], of });
	}
	return [...pools]
		.sort((a, b) => (a[0] < b[0] ? -1 : 1))
		.map(([, pooled]) => [poolName(pooled.of.node, pooled.of.cluster), pooled]);
}

function poolName(node: string | undefined, cluster: string | undefined): string {
	if (node !== undefined) return nodePool(node);
	return cluster === undefined ? "all GPUs" : `cluster ${cluster}`;
}

/** Of each day within a span on which anything was held. */
function heldParts(sums: readonly CapacitySum[], span: Span, within: typeof timeWithin): HeldPart[] {
	const parts = daysOf(span).flatMap((day) => {
		const weight = within(
			sums.filter(({ from, to }) => from < day.to && to >= day.from),
			day,
		);
		return weight === 0n ? [] : [{ ...day, weight }];
	});
	// A microsecond that reaches over an end of days can be too little for each.
	return parts.length > 0 ? parts : [{ ...span, weight: 1n }];
}

function timeWithin(sums: readonly CapacitySum[], span: Span): bigint {
	return sums.reduce((total, sum) => total + portion(sum.time, shareWithin(sum, span)), 0n);
}

function energyWithin(sums: readonly CapacitySum[], span: Span): bigint {
	return sums.reduce((total, sum) => total + portion(sum.energy ?? 0, shareWithin(sum, span)), 0n);
}

function portion(of: number, share: number): bigint {
	return BigInt(share === 1 ? of : Math.round(of * share));
}
