/**
 * What computes draws block by block: the compiled loop where there is one, else the block interpreter, which is the
 * reference. Both give the same bits, and both refuse the same draws: what the loop marks as not finite, the interpreter
 * judges.
 */
import type { CompileOptions } from "./compile.ts";
import { compile } from "./compile.ts";
import type { CompiledLoop } from "./compiled-loop.ts";
import { columnOf, computeBlock, newBlock } from "./draw-block.ts";
import type { Block } from "./draw-block.ts";
import type { Model } from "./flatten.ts";
import type { InputDraws, InputDrawsOptions } from "./input-draws.ts";
import { inputDraws, rangedInputs } from "./input-draws.ts";
import { LEAST_QUANTILE, MOST_QUANTILE } from "./loop-bounds.ts";
import { subModel } from "./sub-model.ts";

export interface DrawRunner {
	/** Draws in a block. */
	readonly size: number;
	/** Computes the draws from number `from` on; blocks must be asked for in their order. Throws `not-finite`. */
	run(from: number, count: number): void;
	/** Draws of a kept id in the last block; of a series in a month. */
	column(id: string, month?: number): Float64Array;
}

export interface RunnerOptions extends InputDrawsOptions {
	readonly months: number;
	readonly keep: readonly string[];
	readonly size: number;
	readonly backend: Backend;
}

/**
 * `compiled`: as WebAssembly, else as JavaScript where the host forbids modules or has no vector instructions, else by the
 * reference where text may not become code either. The reference too where a model is broken in all draws.
 */
export type Backend = "compiled" | "wasm" | "javascript" | "interpreted";

export function drawRunner(model: Model, options: RunnerOptions): DrawRunner {
	const isCompiled = options.backend !== "interpreted" && areInside(options.uniforms);
	const loop = isCompiled ? loopOf(model, options) : undefined;
	return loop === undefined ? interpreted(model, options) : compiled(model, loop, options);
}

/** The loop counts on quantiles such as a stream gives; 0 and 1 may make an input infinite. */
function areInside(uniforms: ReadonlyMap<string, Float64Array> | undefined): boolean {
	const isInside = (p: number): boolean => p >= LEAST_QUANTILE && p <= MOST_QUANTILE;
	return [...(uniforms?.values() ?? [])].every((column) => column.every(isInside));
}

function interpreted(model: Model, { months, keep, size, ...draws }: RunnerOptions): DrawRunner {
	const block = newBlock(subModel(model, keep), months, size);
	const inputs = inputDraws(rangedInputs(block.model), draws);
	return {
		size,
		run(from, count) {
			for (const input of inputs) input.fill(columnOf(block, input.id), from, count);
			computeBlock(block, count, (i) => (draws.first ?? 0) + from + i);
		},
		column: (id, month) => columnOf(block, id, month),
	};
}

function compiled(model: Model, loop: CompiledLoop, options: RunnerOptions): DrawRunner {
	const { months, keep, size } = options;
	const inputs = inputsOf(model, loop, options);
	const columns = inputs.map(() => new Float64Array(size));
	const lengths = keep.map((id) => (isSeries(model, id) ? months : 1));
	const outputs = lengths.map((length) => new Float64Array(length * size));
	const suspects = new Uint8Array(size);
	const judge = new Judge(model, options);
	return {
		size,
		run(from, count) {
			inputs.forEach((input, i) => input.fill(columns[i] as Float64Array, from, count));
			const found = loop.run(columns, outputs, suspects, count, size);
			if (found > 0) judge.judge(loop.inputs, columns, suspects, from);
		},
		column(id, month = 0) {
			const output = outputs[keep.indexOf(id)] as Float64Array;
			return output.subarray(month * size, (month + 1) * size);
		},
	};
}

/** Draws in which the compiled loop met something that is not finite, once more by the reference. */
export class Judge {
	private readonly model: Model;
	private readonly options: Pick<RunnerOptions, "months" | "keep" | "first">;
	private block: Block | undefined;

	constructor(model: Model, options: Pick<RunnerOptions, "months" | "keep" | "first">) {
		this.model = model;
		this.options = options;
	}

	/** Throws `not-finite`. The columns hold the draws from number `from` on. */
	judge(ids: readonly string[], columns: readonly Float64Array[], suspects: Uint8Array, from: number): void {
		const { months, keep } = this.options;
		this.block ??= newBlock(subModel(this.model, keep), months, JUDGED_AT_ONCE);
		let i = suspects.indexOf(1);
		while (i >= 0) {
			const batch: number[] = [];
			for (; i >= 0 && batch.length < JUDGED_AT_ONCE; i = suspects.indexOf(1, i + 1)) batch.push(i);
			this.judgeBatch(this.block, ids, columns, batch, from);
		}
	}

	private judgeBatch(
		block: Block,
		ids: readonly string[],
		columns: readonly Float64Array[],
		batch: readonly number[],
		from: number,
	): void {
		// An input that only stands in branches never taken is none of the loop's: any draw of it will do.
		for (const { id } of rangedInputs(block.model)) {
			const drawn = columns[ids.indexOf(id as string)];
			if (drawn !== undefined) batch.forEach((place, i) => (columnOf(block, id as string)[i] = drawn[place] as number));
		}
		computeBlock(block, batch.length, (i) => (this.options.first ?? 0) + from + (batch[i] as number));
	}
}

const JUDGED_AT_ONCE = 64;

/** Of the inputs that a loop takes, in its order. */
export function inputsOf(model: Model, loop: CompiledLoop, options: InputDrawsOptions): readonly InputDraws[] {
	const nodes = rangedInputs(model);
	const needed = loop.inputs.map((id) => nodes.find((node) => node.id === id) as (typeof nodes)[number]);
	return inputDraws(needed, options);
}

function isSeries(model: Model, id: string): boolean {
	return model.nodes[model.byId.get(id) as number]?.shape === "series";
}

const LOOPS = new WeakMap<Model, Map<string, CompiledLoop | undefined>>();

/** Worked out once for a model, its months and what is kept of it. */
export function loopOf(
	model: Model,
	{ months, keep, backend }: Pick<RunnerOptions, "months" | "keep" | "backend">,
): CompiledLoop | undefined {
	const key = JSON.stringify([months, keep, backend]);
	const known = LOOPS.get(model) ?? new Map<string, CompiledLoop | undefined>();
	LOOPS.set(model, known);
	if (!known.has(key)) known.set(key, compile(model, { months, keep, ...TARGETS[backend] }));
	return known.get(key);
}

const TARGETS: Readonly<Record<Backend, Pick<CompileOptions, "targets">>> = {
	compiled: {},
	wasm: { targets: ["wasm"] },
	javascript: { targets: ["javascript"] },
	interpreted: { targets: [] },
};
