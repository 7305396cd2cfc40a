import type { CapacitySample } from "../records/capacity.ts";
import type { ChargeRecord } from "../records/charge.ts";
import type { Amount } from "../records/money.ts";
import type { PriceRecord } from "../records/price.ts";
import type { UsageRecord } from "../records/usage.ts";
import type { BenchmarkRow } from "./benchmark-row.ts";

/** What an importer gives, one at a time: records for the ledger, and an account of everything else in the source. */
export type ImportItem =
	| {
			readonly kind: "usage";
			readonly record: UsageRecord;
			readonly line?: number;
			/** False where its tokens are in the figures already. */
			readonly counted?: boolean;
	  }
	| { readonly kind: "capacity"; readonly record: CapacitySample; readonly line?: number; readonly counted?: boolean }
	| { readonly kind: "price"; readonly record: PriceRecord; readonly line?: number; readonly counted?: boolean }
	| { readonly kind: "charge"; readonly record: ChargeRecord; readonly line?: number }
	| { readonly kind: "benchmark"; readonly row: BenchmarkRow; readonly line?: number }
	| { readonly kind: "read"; readonly count: number }
	| Quarantined
	/** Understood, and left out on purpose. */
	| { readonly kind: "skip"; readonly reason: string; readonly count: number }
	/** A field or family that nothing here knows. */
	| { readonly kind: "unknown"; readonly name: string; readonly count?: number }
	/** A record that should say its tokens and does not. */
	| { readonly kind: "uncounted"; readonly reason: string }
	| { readonly kind: "warning"; readonly code: string; readonly message: string }
	| { readonly kind: "figures"; readonly figures: Figures };

/** One piece of the source that cannot be read. */
export interface Quarantined {
	readonly kind: "quarantine";
	readonly line?: number;
	readonly column?: number;
	readonly reason: string;
	/** The piece, or its beginning. */
	readonly text?: string;
}

/** Totals that no stored record carries, or that would be counted twice if records were added up. Absent is unknown. */
export interface Figures {
	readonly requests?: number;
	readonly tokens?: TokenFigures;
	readonly gpuSeconds?: number;
	readonly joules?: number;
	/** False where energy was integrated from power, and not counted. */
	readonly joulesCounted?: boolean;
	/** Share of the GPUs whose energy is known. */
	readonly joulesCoverage?: number;
	readonly gpus?: number;
	readonly watts?: number;
	/** Money by what it is: `list` (a price list), `billed`, `effective`; one entry for each currency. */
	readonly money?: readonly { readonly of: "list" | "billed" | "effective"; readonly amount: Amount }[];
	/** More of the source, for the reader: each importer says in its docs what. */
	readonly details?: Readonly<Record<string, unknown>>;
}

/** Input is what was computed; where the source does not tell cached tokens apart, `inputTotal` alone is known. */
export interface TokenFigures {
	readonly input?: number;
	readonly cachedInput?: number;
	readonly transferredInput?: number;
	readonly cacheWrite?: number;
	readonly inputTotal?: number;
	readonly output?: number;
	readonly reasoning?: number;
}
