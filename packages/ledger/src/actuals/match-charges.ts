/**
 * What each row of a bill is for: GPUs of a node or cluster that the meters know, tokens of a model, infrastructure of all, credit,
 * tax, or nothing that is known here. By resource id, then by tags, then by kind of service; never by price or by guess.
 */
import type { PoolCharge, WindowCharge } from "../attribution/charge.ts";
import type { Span } from "../attribution/spans.ts";
import { shareWithin } from "../attribution/spans.ts";
import type { ChargeRecord } from "../records/charge.ts";
import type { Amount } from "../records/money.ts";
import { apportion, nearest, parseDecimal } from "../records/money.ts";
import type { TokenBucket } from "../records/token-classes.ts";
import type { GpuMicros, Instant } from "../records/units.ts";
import { MICROS_PER_HOUR } from "../records/units.ts";
import type { CapacitySum } from "./facts.ts";
import { clusterPool, nodePool } from "./held-time.ts";

/** Which cost of a row counts: what it is worth to the period, commitments spread (FOCUS EffectiveCost), or what was invoiced. */
export type CostColumn = "effective" | "billed";

export interface MatchedCharge {
	/** In the currency of the bill, the part that falls within the window. */
	readonly charge: WindowCharge;
	readonly row: ChargeRecord;
}

export interface MatchedBill {
	readonly charges: readonly MatchedCharge[];
	/** Pools of GPUs that the bill pays for, and when. */
	readonly pools: ReadonlyMap<string, readonly Span[]>;
	/** Rows that fall into the window, wholly or in part, those without an amount included. */
	readonly rows: number;
	/** Rows that reach out of the window, of which only a part by time is counted. */
	readonly prorated: number;
}

export function matchCharges(
	rows: readonly ChargeRecord[],
	capacity: readonly CapacitySum[],
	window: Span,
	cost: CostColumn,
): MatchedBill {
	const known = knownPools(capacity);
	const pools = new Map<string, Span[]>();
	const pays = ({ pool, from, to }: PoolCharge): void => {
		const spans = pools.get(pool) ?? [];
		spans.push({ from, to });
		pools.set(pool, spans);
	};
	let counted = 0;
	let prorated = 0;
	const covered = coveredPools(rows, known);
	const charges = rows.flatMap((row, i): MatchedCharge[] => {
		const period = { from: row.charge_period_start, to: row.charge_period_end };
		const share = shareWithin(period, window);
		if (share === 0) return [];
		counted++;
		if (share < 1) prorated++;
		const whole = cost === "effective" ? row.effective_cost : row.billed_cost;
		const span = {
			from: Math.max(period.from, window.from) as Instant,
			to: Math.min(period.to, window.to) as Instant,
		};
		const amount = share === 1 ? whole : partOf(whole, span, period);
		const charge = chargeOf(row, String(i), span, amount, share, known);
		// Use of GPUs that was billed at 0 is billed, as where a commitment was paid before.
		const isUse = amount.nano !== 0n || row.charge_category === "Usage";
		if (charge.kind === "pool" && isUse && paysForGpus(row, charge)) pays(charge);
		// A row without an amount adds nothing: a commitment whose worth stands in other rows.
		if (amount.nano === 0n) return [];
		const parts = charge.kind === "residual" ? commitmentParts(row, charge, covered) : [];
		for (const part of parts) pays(part);
		return (parts.length === 0 ? [charge] : parts).map((part) => ({ charge: part, row }));
	});
	return { charges, pools, rows: counted, prorated };
}

interface KnownPools {
	readonly nodes: ReadonlyMap<string, string>;
	readonly clusters: ReadonlyMap<string, string>;
}

/** Names as bills may spell them → names of the meters. */
function knownPools(capacity: readonly CapacitySum[]): KnownPools {
	const nodes = new Map<string, string>();
	const clusters = new Map<string, string>();
	for (const { gpu } of capacity) {
		if (gpu.node !== undefined) nodes.set(gpu.node.toLowerCase(), gpu.node);
		if (gpu.cluster !== undefined) clusters.set(gpu.cluster.toLowerCase(), gpu.cluster);
	}
	return { nodes, clusters };
}

/** Pools that each commitment covered, with what that was worth. */
function coveredPools(rows: readonly ChargeRecord[], known: KnownPools): Map<string, Map<string, bigint>> {
	const covered = new Map<string, Map<string, bigint>>();
	for (const row of rows) {
		const { commitment_discount_id: id, effective_cost } = row;
		const pool = id === undefined || row.charge_category !== "Usage" ? undefined : poolOf(row, known);
		if (id === undefined || pool === undefined || effective_cost.nano <= 0n) continue;
		const pools = covered.get(id) ?? new Map<string, bigint>();
		covered.set(id, pools.set(pool, (pools.get(pool) ?? 0n) + effective_cost.nano));
	}
	return covered;
}

/** The fee of a commitment, where fees are counted and not their use, goes to what it covered. */
function commitmentParts(
	row: ChargeRecord,
	{ id, from, to, amount }: WindowCharge,
	covered: ReadonlyMap<string, ReadonlyMap<string, bigint>>,
): PoolCharge[] {
	const pools = [...(covered.get(row.commitment_discount_id ?? "") ?? [])];
	if (row.charge_category !== "Purchase" || pools.length === 0) return [];
	const amounts = apportion(
		amount,
		pools.map(([, worth]) => worth),
	);
	return pools.map(([pool], i) => ({
		kind: "pool",
		id: `${id}.${i}`,
		from,
		to,
		pool,
		amount: amounts[i] as Amount,
		by: "gpu-time",
		isAvoidable: false,
	}));
}

function chargeOf(
	row: ChargeRecord,
	id: string,
	span: Span,
	amount: Amount,
	share: number,
	known: KnownPools,
): WindowCharge {
	const plain = (kind: "unallocated" | "shared" | "credit" | "tax" | "residual", label: string): WindowCharge => ({
		kind,
		id,
		...span,
		label,
		amount,
	});
	const words = row.charge_description ?? row.service_name ?? row.sku_id ?? row.charge_category;
	if (row.charge_category === "Tax") return plain("tax", words);
	if (row.charge_category === "Credit") return plain("credit", words);
	if (row.columns?.["CommitmentDiscountStatus"] === "Unused") return plain("unallocated", words);
	const bought = tokensOf(row);
	if (bought !== undefined) return { kind: "tokens", id, ...span, ...bought, amount };
	const pool = poolOf(row, known);
	if (pool !== undefined) {
		const paid = paidTime(row, share);
		return {
			kind: "pool",
			id,
			...span,
			pool,
			amount,
			by: isEnergy(row) ? "energy" : "gpu-time",
			isAvoidable: isEnergy(row) || !isCommitted(row),
			...(paid === undefined ? {} : { paid }),
		};
	}
	const service = row.service_category ?? "";
	if (SHARED_SERVICES.has(service)) return plain("shared", row.service_name ?? service);
	return plain("residual", row.resource_id ?? words);
}

/** FOCUS service categories whose rows serve all that runs, where no resource of theirs is metered. */
const SHARED_SERVICES: ReadonlySet<string> = new Set([
	"Networking",
	"Storage",
	"Databases",
	"Management and Governance",
	"Security",
	"Identity",
	"Developer Tools",
	"Integration",
	"Analytics",
]);

function poolOf({ resource_id, tags }: ChargeRecord, { nodes, clusters }: KnownPools): string | undefined {
	for (const name of [resource_id, lastSegment(resource_id)]) {
		const node = name === undefined ? undefined : nodes.get(name.toLowerCase());
		if (node !== undefined) return nodePool(node);
	}
	const values = Object.entries(tags ?? {}).map(([key, value]) => [key.toLowerCase(), value.toLowerCase()] as const);
	for (const [, value] of values) {
		const node = nodes.get(value);
		if (node !== undefined) return nodePool(node);
	}
	for (const [key, value] of values) {
		const cluster = key.includes("cluster") ? clusters.get(value) : undefined;
		if (cluster !== undefined) return clusterPool(cluster);
	}
	return undefined;
}

function lastSegment(id: string | undefined): string | undefined {
	return id?.split(/[/:]/).at(-1);
}

/** Rows priced per token say which: the keys of FOCUS 1.5, else the words of the meter. */
function tokensOf(row: ChargeRecord): { readonly model: string; readonly bucket: TokenBucket } | undefined {
	const details = row.sku_price_details ?? {};
	const unit = `${row.consumed_unit ?? ""} ${row.pricing_unit ?? ""}`.toLowerCase();
	const model = details["ModelId"];
	if (model === undefined || !unit.includes("token")) return undefined;
	const meter = (row.sku_meter ?? "").toLowerCase();
	const direction = (details["TokenDirection"] ?? (meter.includes("output") ? "Output" : "Input")).toLowerCase();
	if (direction === "output") return { model, bucket: meter.includes("reasoning") ? "reasoning" : "output" };
	const action = (details["TokenCacheAction"] ?? "").toLowerCase();
	if (action === "write" || (action === "" && meter.includes("write"))) return { model, bucket: "cache_write" };
	if (action === "read" || (action === "" && meter.includes("cache"))) return { model, bucket: "cached_input" };
	return { model, bucket: "input" };
}

/** A disk or a fee may name a node too: only what counts GPU time, or is compute of that very node, pays for its GPUs. */
function paysForGpus({ service_category }: ChargeRecord, { paid, pool, by }: PoolCharge): boolean {
	if (by === "energy") return false;
	if (paid !== undefined) return true;
	return pool.startsWith("node ") && (service_category === "Compute" || service_category === "AI and Machine Learning");
}

function isCommitted({ pricing_category, commitment_discount_id, tags }: ChargeRecord): boolean {
	const basis = tags?.["farthing:basis"];
	if (basis !== undefined) return basis === "owned" || basis === "reserved";
	return pricing_category === "Committed" || commitment_discount_id !== undefined;
}

function isEnergy({ consumed_unit, sku_meter }: ChargeRecord): boolean {
	return /^k?wh$|kilowatt/i.test(consumed_unit ?? "") || /energy|electricity/i.test(sku_meter ?? "");
}

/** GPU time of a row that counts hours of a machine with so many GPUs, or GPU-hours. */
function paidTime(row: ChargeRecord, share: number): GpuMicros | undefined {
	const hours = row.consumed_quantity === undefined ? undefined : parseDecimal(row.consumed_quantity);
	const unit = (row.consumed_unit ?? "").toLowerCase();
	const details = row.sku_price_details ?? {};
	const gpus = /gpu[- ]?hours?/.test(unit)
		? 1
		: /^hours?$|^hrs?$/.test(unit)
			? Number(details["GpuCount"])
			: Number.NaN;
	if (hours === undefined || !(gpus > 0)) return undefined;
	const count = Number(hours.numerator) / Number(hours.denominator);
	return count < 0 ? undefined : (Math.round(count * gpus * MICROS_PER_HOUR * share) as GpuMicros);
}

function partOf({ currency, nano }: Amount, part: Span, whole: Span): Amount {
	return {
		currency,
		nano: nearest({ numerator: nano * BigInt(part.to - part.from), denominator: BigInt(whole.to - whole.from) }),
	};
}
