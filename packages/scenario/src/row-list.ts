import type { FileOrigin } from "./scenario.ts";

/** Measured rows chosen by hand, for `--rows FILE`. */
export interface RowList {
	readonly version: 1;
	readonly rows: readonly RowReference[];
}

export type RowReference = RowById | RowBySelector;

export interface RowById {
	readonly kind: "id";
	readonly id: string;
	readonly origin: FileOrigin;
}

export interface RowBySelector {
	readonly kind: "selector";
	readonly selector: RowSelector;
	readonly origin: FileOrigin;
}

/** What is given must match; names are catalogue ids or aliases. A selector should leave one row. */
export interface RowSelector {
	readonly model?: string;
	readonly hardware: string;
	readonly stack?: string;
	readonly precision?: string;
	readonly speculative?: string;
	readonly disaggregated?: boolean;
	readonly prefillGpus?: number;
	readonly decodeGpus?: number;
	readonly gpus?: number;
	readonly concurrency?: number;
	readonly isl?: number;
	readonly osl?: number;
	/** To the digits given: 53.4 matches 53.36. */
	readonly tokensPerSecondPerUser?: { readonly value: number; readonly tolerance: number };
	readonly measuredOn?: string;
}
