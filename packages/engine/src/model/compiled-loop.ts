import type { WasmProgram } from "./wasm-program.ts";

export interface CompiledLoop {
	/** Ids of the inputs that differ between draws, in the order in which `run` takes their columns. */
	readonly inputs: readonly string[];
	readonly keep: readonly string[];
	readonly source: string;
	/** The loop for another thread, where it is WebAssembly. */
	readonly program?: WasmProgram;
	readonly run: RunDraws;
}

/**
 * Draws of the inputs, a column each, to draws of what is kept: a column each, and for a series a column a month, one
 * after the other, each `stride` long. Marks the draws in which some value is not finite, and returns how many there are.
 */
export type RunDraws = (
	inputs: readonly Float64Array[],
	outputs: readonly Float64Array[],
	suspects: Uint8Array,
	count: number,
	stride: number,
) => number;
