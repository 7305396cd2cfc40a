/**
 * What the code of a loop stands on: its locals and constants, the places of columns, paths and buffers in memory, and the
 * way to put the value of an operand on the stack.
 */
import type { ValueType } from "../numerics/wasm-module.ts";
import { Code, Constants } from "../numerics/wasm-module.ts";
import type { FlatNode } from "./flatten.ts";
import type { LoopPlan, Operand } from "./loop-plan.ts";
import { keptOperand } from "./loop-plan.ts";
import type { Layout } from "./wasm-host.ts";
import { COLUMN } from "./wasm-host.ts";

/** Locals: 0 the bytes of a column to be computed, 1 the byte of the draws at hand, 2 the month, 3 the byte of its pair. */
export const BYTES = 0;
export const DRAW = 1;
export const MONTH = 2;
export const PAIR = 3;

export class LoopFrame {
	readonly plan: LoopPlan;
	readonly locals: ValueType[] = ["i32", "i32", "i32"];
	/** What stands in memory before the loop: pairs of each value, by place. */
	readonly filled: Map<number, Float64Array> = new Map();
	/** Pairs that locals have before the loop. */
	readonly hoisted: Map<number, number> = new Map();
	/** Indices of what changes by month. */
	readonly monthly: ReadonlySet<number>;
	readonly layout: Layout;
	readonly constants: Constants;
	readonly code: Code;
	/** Number of the pass that is written. */
	pass = 0;
	private bytes = 0;
	private readonly names = new Map<string, number>();
	private readonly paths = new Map<number, number>();
	private readonly buffers = new Map<number, number>();
	/** Places of whole exponents, by their path. */
	private readonly wholes = new Map<Float64Array, number>();

	constructor(plan: LoopPlan) {
		this.plan = plan;
		this.monthly = new Set(plan.passes.flatMap((pass) => pass.monthly.map(({ index }) => index)));
		const outputs = plan.keep.map((id) => {
			const columns = keptOperand(plan, id).series ? plan.months : 1;
			return { at: this.reserve(columns * COLUMN), columns };
		});
		this.layout = { check: this.reserve(COLUMN), inputs: plan.ranged.map(() => this.reserve(COLUMN)), outputs };
		for (const [index, path] of plan.paths) this.paths.set(index, this.fill(path));
		for (const node of plan.passes.flatMap((pass) => pass.monthly)) {
			const path = node.op === "pow" ? this.exponentPath(node) : undefined;
			if (path === undefined || this.wholes.has(path)) continue;
			const wholes = path.map((y) => (isWholeExponent(y) ? y : NOT_WHOLE));
			this.wholes.set(path, this.fill(wholes));
		}
		const collected = plan.passes.flatMap((pass) => pass.collected.map(({ index }) => index));
		for (const index of [...plan.buffered, ...collected]) this.buffers.set(index, this.reserve(16 * plan.months));
		this.constants = new Constants(this.bytes);
		this.code = new Code(this.constants);
	}

	operand(node: FlatNode, i: number): Operand {
		return this.plan.operand(node.args[i] as number, this.pass);
	}

	arg(node: FlatNode, i: number): Code {
		return this.push(this.operand(node, i));
	}

	push(operand: Operand): Code {
		switch (operand.kind) {
			case "number":
				return this.code.put(this.constant(operand.value));
			case "month":
				return this.monthPair();
			case "path":
			case "buffer":
				return this.code.put(PAIR).load(this.addressOf(operand));
			default:
				return this.code.put(this.value(operand.index));
		}
	}

	/** A local that is filled before the loop: within it, V8 would fetch the pair anew every month. */
	constant(value: number): number {
		const name = `constant ${Object.is(value, -0) ? "-0" : value}`;
		if (!this.names.has(name)) this.hoisted.set(this.local(name), value);
		return this.local(name);
	}

	monthPair(): Code {
		return this.code.put(MONTH).op("f64.convert_i32_s").put("splat");
	}

	/** The exponents of all months, where they are the same in all draws. */
	exponentPath(node: FlatNode): Float64Array | undefined {
		const exponent = this.operand(node, 1);
		return exponent.kind === "path" ? this.plan.paths.get(exponent.index) : undefined;
	}

	/** Leaves the exponent of the month, or {@link NOT_WHOLE}. */
	wholeExponent(path: Float64Array): Code {
		return this.code
			.put(PAIR)
			.load(this.wholes.get(path) as number)
			.lane("extract", 0)
			.op("i32.trunc_f64_s");
	}

	/** Address of the series that totals or later passes read. */
	bufferOf(index: number): number | undefined {
		return this.buffers.get(index);
	}

	addressOf(operand: { readonly kind: "path" | "buffer"; readonly index: number }): number {
		return (operand.kind === "path" ? this.paths : this.buffers).get(operand.index) as number;
	}

	/** Local of the value of a node. */
	value(index: number): number {
		return this.local(`value ${index}`);
	}

	/** A pair by name. */
	local(name: string): number {
		const known = this.names.get(name);
		if (known !== undefined) return known;
		const made = this.locals.push("v128");
		this.names.set(name, made);
		return made;
	}

	/** Place of a path that stands in memory before the loop. */
	private fill(path: Float64Array): number {
		const place = this.reserve(16 * this.plan.months);
		this.filled.set(place, path);
		return place;
	}

	private reserve(bytes: number): number {
		const place = this.bytes;
		this.bytes += bytes;
		return place;
	}
}

/** Larger than any exponent that is multiplied out. */
export const NOT_WHOLE = 2048;

export function isWholeExponent(y: number): boolean {
	return Number.isInteger(y) && Math.abs(y) <= 1024;
}
