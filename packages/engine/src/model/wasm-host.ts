/** What a loop in WebAssembly has of its host: the rarer functions, and the way of the draws in and out of its memory. */
import { log, pow } from "../numerics/elementary.ts";
import { EXP_HOST, EXP_IMPORT } from "../numerics/pair-functions.ts";
import type { ImportedFunction } from "../numerics/wasm-module.ts";
import { discounted, onlyRateOfReturn } from "./arithmetic.ts";
import type { RunDraws } from "./compiled-loop.ts";
import type { FlatTable } from "./flat-table.ts";
import { flatTableValue } from "./flat-table.ts";
import { total } from "./node-value.ts";

/** Draws at once in memory. */
export const SIZE = 512;
export const COLUMN: number = 8 * SIZE;

export interface Layout {
	readonly check: number;
	readonly inputs: readonly number[];
	/** A column, or one a month. */
	readonly outputs: readonly { readonly at: number; readonly columns: number }[];
}

/** In the order of their numbers: {@link HOST} has them. */
export const IMPORTS: readonly ImportedFunction[] = [
	EXP_IMPORT,
	{ name: "log", params: ["f64"], results: ["f64"] },
	{ name: "pow", params: ["f64", "f64"], results: ["f64"] },
	{ name: "lookUp", params: ["i32", "f64"], results: ["f64"] },
	{ name: "rateOfReturn", params: ["i32"], results: ["f64"] },
	{ name: "discounted", params: ["i32", "f64"], results: ["f64"] },
	{ name: "total", params: ["i32"], results: ["f64"] },
];

/** Numbers of the functions of the host, and of those for pairs that stand behind them. */
export const HOST = {
	log: 1,
	pow: 2,
	lookUp: 3,
	rateOfReturn: 4,
	discounted: 5,
	total: 6,
	pairExp: 7,
	pairPower: 8,
} as const;

/** A series of one draw stands in every second double from an address on. */
export function hostFunctions(
	memory: WebAssembly.Memory,
	months: number,
	tables: readonly FlatTable[],
): Record<string, unknown> {
	const all = new Float64Array(memory.buffer);
	const path = new Float64Array(months);
	const read = (address: number): Float64Array => {
		for (let t = 0; t < months; t++) path[t] = all[(address >> 3) + 2 * t] as number;
		return path;
	};
	return {
		...EXP_HOST,
		log,
		pow,
		lookUp: (place: number, at: number) => flatTableValue(tables[place] as FlatTable, at),
		rateOfReturn: (address: number) => onlyRateOfReturn(read(address)),
		discounted: (address: number, rate: number) => discounted(read(address), rate),
		total: (address: number) => total(read(address)),
	};
}

export function fillPairs(memory: WebAssembly.Memory, place: number, values: Float64Array): void {
	const pairs = new Float64Array(memory.buffer, place, 2 * values.length);
	values.forEach((value, i) => pairs.fill(value, 2 * i, 2 * i + 2));
}

export function runIn(memory: WebAssembly.Memory, layout: Layout, loop: (bytes: number) => void): RunDraws {
	const column = (at: number): Float64Array => new Float64Array(memory.buffer, at, SIZE);
	const own = layout.inputs.map(column);
	const checks = column(layout.check);
	const results = layout.outputs.map(({ at, columns }) =>
		Array.from({ length: columns }, (_, t) => column(at + t * COLUMN)),
	);
	return (inputs, outputs, suspects, count, stride) => {
		let found = 0;
		for (let from = 0; from < count; from += SIZE) {
			const size = Math.min(SIZE, count - from);
			own.forEach((into, k) => copy(inputs[k] as Float64Array, from, into, 0, size));
			loop(8 * size);
			results.forEach((months, k) => {
				months.forEach((month, t) => copy(month, 0, outputs[k] as Float64Array, t * stride + from, size));
			});
			for (let i = 0; i < size; i++) {
				const check = checks[i] as number;
				const isSuspect = check - check === 0 ? 0 : 1;
				suspects[from + i] = isSuspect;
				found += isSuspect;
			}
		}
		return found;
	};
}

function copy(from: Float64Array, start: number, to: Float64Array, place: number, count: number): void {
	for (let i = 0; i < count; i++) to[place + i] = from[start + i] as number;
}
