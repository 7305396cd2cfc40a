/** A loop in WebAssembly as data, which can be posted to another thread and started there. */
import type { Pairs } from "../numerics/wasm-module.ts";
import { fillConstants } from "../numerics/wasm-module.ts";
import type { RunDraws } from "./compiled-loop.ts";
import type { FlatTable } from "./flat-table.ts";
import type { Layout } from "./wasm-host.ts";
import { fillPairs, hostFunctions, runIn } from "./wasm-host.ts";

export interface WasmProgram {
	/** As bytes: a compiled module may not be posted everywhere, such as between workers of a page from disk. */
	readonly code: Uint8Array<ArrayBuffer>;
	readonly months: number;
	readonly layout: Layout;
	/** Size of its memory. */
	readonly bytes: number;
	readonly constants: Pairs;
	/** Values by month that are the same in all draws, by address. */
	readonly paths: ReadonlyMap<number, Float64Array>;
	readonly tables: readonly FlatTable[];
}

const PAGE = 65536;

/** Throws where the host has no vector instructions or forbids modules. */
export function startProgram({ code, months, layout, bytes, constants, paths, tables }: WasmProgram): RunDraws {
	const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / PAGE) });
	fillConstants(memory, constants);
	for (const [place, values] of paths) fillPairs(memory, place, values);
	const host = { memory, ...hostFunctions(memory, months, tables) };
	const { exports } = new WebAssembly.Instance(new WebAssembly.Module(code), { host });
	return runIn(memory, layout, exports["run"] as (bytes: number) => void);
}
