import type { CostLineKind } from "../records/cost-window.ts";
import type { Amount } from "../records/money.ts";
import type { GpuMicros } from "../records/units.ts";

/** Whom a cost belongs to. An absent member is not known, or not asked for. */
export interface Owner {
	readonly model?: string;
	readonly deployment?: string;
	/** Tenant of the ledger. */
	readonly org?: string;
	readonly team?: string;
	readonly user?: string;
	readonly key?: string;
	readonly request?: string;
}
export type Dimension = keyof Owner;
export const DIMENSIONS: readonly Dimension[] = ["model", "deployment", "org", "team", "user", "key", "request"];

/** A share of the charges of a window, and whose it is. */
export interface AttributedLine {
	readonly kind: CostLineKind;
	readonly owner: Owner;
	/** What the cost is for where no owner says it: a pool, a service, a reason. */
	readonly label?: string;
	readonly amount: Amount;
	/**
	 * The parts of `amount` for computing input and for output, on lines of serving. They add up to it, save for what was
	 * held without any work on the reserved basis.
	 */
	readonly input?: Amount;
	readonly output?: Amount;
	/** GPU time behind the line; absent where it is none of GPUs. */
	readonly gpu?: GpuMicros;
}
