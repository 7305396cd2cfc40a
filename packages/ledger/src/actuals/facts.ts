import type { CapacitySample, GpuIdentity } from "../records/capacity.ts";
import type { ChargeRecord } from "../records/charge.ts";
import type { PriceRecord } from "../records/price.ts";
import type { TokenClasses } from "../records/token-classes.ts";
import type { Count, GpuMicros, Millijoules } from "../records/units.ts";
import type { SourceKind, Tenant, UsageModel, UsageRecord, UsageScope } from "../records/usage.ts";
import type { Crowded } from "../store/query/crowded-query.ts";
import type { Span } from "../attribution/spans.ts";

/** What the ledger knows of a window, already added up as far as the question allows. */
export interface LedgerFacts {
	readonly usage: readonly UsageSum[];
	readonly capacity: readonly CapacitySum[];
	readonly charges: readonly ChargeRecord[];
	/** Rows of bills that came again from another file, and are not among the charges. */
	readonly repeatedCharges?: number;
	readonly prices: readonly PriceRecord[];
	/** Meters that count some time twice. */
	readonly crowded?: readonly Crowded[];
	/** Of the requests in `usage` those that failed or were given up; absent where no log says how requests ended. */
	readonly failed?: readonly UsageSum[];
}

/** Usage of one source, scope, model and tenant over a span, or one request. */
export interface UsageSum extends Span {
	readonly sourceKind: SourceKind;
	readonly scope?: UsageScope;
	readonly model: UsageModel;
	readonly tenant?: Pick<Tenant, "org" | "team" | "user" | "key">;
	readonly request?: string;
	readonly tokens: TokenClasses;
	/** Requests finished, given up or failed; absent where the source does not count them. */
	readonly requests?: Count;
	/** Of these, those that failed or were given up. */
	readonly failed?: Count;
	/** Σ output × mean context over requests, tokens²; absent where only sums are known. */
	readonly outputContextTokens2?: number;
}

/** GPUs of one node that one deployment held, or nobody did, over a span. */
export interface CapacitySum extends Span {
	readonly gpu: Pick<GpuIdentity, "model" | "node" | "cluster">;
	readonly heldBy?: UsageScope;
	readonly time: GpuMicros;
	readonly energy?: Millijoules;
}

/** Length and failure of one record; `finished` absent means that nothing is known. */
export function usageSumOf(record: UsageRecord): UsageSum {
	const { t0, t1, source, scope, model, tenant, request_id, status, tokens, requests } = record;
	const isOne = record.grain === "request";
	const counted = isOne ? 1 : sumOfKnown([requests?.finished, requests?.aborted, requests?.errored]);
	const failed = isOne
		? Number(status === "aborted" || status === "error")
		: sumOfKnown([requests?.aborted, requests?.errored]);
	return {
		from: t0,
		to: t1,
		sourceKind: source.kind,
		...(scope === undefined ? {} : { scope }),
		model,
		...(tenant === undefined ? {} : { tenant }),
		...(request_id === undefined ? {} : { request: request_id }),
		tokens,
		...(counted === undefined ? {} : { requests: counted as Count }),
		...(failed === undefined ? {} : { failed: failed as Count }),
		...(isOne ? contextOf(tokens) : {}),
	};
}

/** One sample as up to two sums: what was held, and what was not. */
export function capacitySumsOf({ t0, t1, gpu, held_by, gpu_time, energy }: CapacitySample): CapacitySum[] {
	const span = (t1 - t0) as GpuMicros;
	const held = held_by === undefined ? 0 : Math.min(gpu_time.held ?? span, span);
	const used = energy?.used;
	const whole = { from: t0, to: t1, gpu };
	const withEnergy = (share: number): { energy?: Millijoules } =>
		used === undefined ? {} : { energy: Math.round(used * share) as Millijoules };
	const sums: CapacitySum[] = [];
	if (held_by !== undefined && held > 0) {
		sums.push({ ...whole, heldBy: held_by, time: held as GpuMicros, ...withEnergy(held / span) });
	}
	if (held < span) {
		const heldEnergy = used === undefined ? 0 : Math.round(used * (held / span));
		const rest = used === undefined ? {} : { energy: (used - heldEnergy) as Millijoules };
		sums.push({ ...whole, time: (span - held) as GpuMicros, ...rest });
	}
	return sums;
}

function contextOf({ in_total, out_total }: TokenClasses): { outputContextTokens2?: number } {
	if (in_total === undefined || out_total === undefined) return {};
	return { outputContextTokens2: out_total * (in_total + out_total / 2) };
}

function sumOfKnown(values: readonly (number | undefined)[]): number | undefined {
	const known = values.filter((value) => value !== undefined);
	return known.length === 0 ? undefined : known.reduce((sum, value) => sum + value, 0);
}
