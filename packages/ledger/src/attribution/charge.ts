import type { Amount } from "../records/money.ts";
import type { TokenBucket } from "../records/token-classes.ts";
import type { GpuMicros } from "../records/units.ts";
import type { Span } from "./spans.ts";

/** For GPUs of a pool: a node, or all that is priced alike. */
export interface PoolCharge extends Span {
	readonly kind: "pool";
	readonly id: string;
	readonly pool: string;
	/** In the currency of the report. */
	readonly amount: Amount;
	/** Energy is shared by joules, all else by GPU time held. */
	readonly by: "gpu-time" | "energy";
	/** Could be given back within the window: on demand, spot, energy. Owned and reserved could not. */
	readonly isAvoidable: boolean;
	/** GPU time that was paid for, where the bill says it; what no meter saw of it is a line of its own. */
	readonly paid?: GpuMicros;
	/** When what is paid for was held, cut at the ends of days; absent of a bill, which is for all of its period alike. */
	readonly held?: readonly HeldPart[];
}

/** GPU time, or energy, of a span within one day. */
export interface HeldPart extends Span {
	readonly weight: bigint;
}

/** For tokens bought from a provider. */
export interface TokenCharge extends Span {
	readonly kind: "tokens";
	readonly id: string;
	readonly model: string;
	readonly bucket: TokenBucket;
	readonly amount: Amount;
}

/** A line of its own from the start. */
export interface PlainCharge extends Span {
	readonly kind: "unallocated" | "shared" | "credit" | "tax" | "residual";
	readonly id: string;
	readonly label: string;
	readonly amount: Amount;
}

export type WindowCharge = PoolCharge | TokenCharge | PlainCharge;
