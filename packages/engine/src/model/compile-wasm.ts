/**
 * A model as one loop over draws and months in WebAssembly, two draws at a time: from the same plan as the JavaScript of
 * `compile-javascript.ts`, with the same arithmetic, so the same bits. For browsers, where a content security policy may
 * forbid text as code but not modules (`wasm-unsafe-eval`), and faster everywhere.
 *
 * What is rare in a month's formula stays with the host, one draw at a time: logarithms, powers whose exponent differs
 * between draws, look-ups and rates of return.
 */
import { pairExp, pairPower, perLane } from "../numerics/pair-functions.ts";
import type { ValueType } from "../numerics/wasm-module.ts";
import { bitPair, Code, Constants, pair, wasmModule } from "../numerics/wasm-module.ts";
import type { CompiledLoop } from "./compiled-loop.ts";
import { flatTable } from "./flat-table.ts";
import type { FlatNode } from "./flatten.ts";
import type { LoopPlan, Operand, Pass } from "./loop-plan.ts";
import { isFiniteOperand, isNeverMinusZero, keptOperand } from "./loop-plan.ts";
import type { AnyTable } from "./table.ts";
import type { Layout } from "./wasm-host.ts";
import { COLUMN, HOST, IMPORTS } from "./wasm-host.ts";
import type { WasmProgram } from "./wasm-program.ts";
import { startProgram } from "./wasm-program.ts";

/** Throws where the host has no vector instructions or forbids modules. */
export function compileWasm(plan: LoopPlan): CompiledLoop {
	const program = wasmProgram(plan);
	const inputs = plan.ranged.map(({ id }) => id as string);
	return { inputs, keep: plan.keep, source: "wasm", program, run: startProgram(program) };
}

function wasmProgram(plan: LoopPlan): WasmProgram {
	const writer = new LoopWriter(plan);
	const code = writer.write();
	const functions = [
		pairExp(writer.constants),
		pairPower(writer.constants),
		{ name: "run", params: ["i32"] as const, results: [], locals: writer.locals, code },
	];
	return {
		code: wasmModule(IMPORTS, functions),
		months: plan.months,
		layout: writer.layout,
		bytes: writer.constants.end(),
		constants: writer.constants.pairs(),
		paths: writer.filled,
		tables: writer.tables.map(flatTable),
	};
}

/** Locals: 0 the bytes of a column to be computed, 1 the byte of the draws at hand, 2 the month, 3 the byte of its pair. */
const [BYTES, DRAW, MONTH, PAIR] = [0, 1, 2, 3];

class LoopWriter {
	readonly locals: ValueType[] = ["i32", "i32", "i32"];
	readonly tables: AnyTable[] = [];
	/** What stands in memory before the loop: pairs of each value, by place. */
	readonly filled = new Map<number, Float64Array>();
	readonly constants: Constants;
	private bytes = 0;
	private readonly plan: LoopPlan;
	private readonly code: Code;
	private readonly names = new Map<string, number>();
	private readonly hoisted = new Map<number, number>();
	private readonly paths = new Map<number, number>();
	private readonly buffers = new Map<number, number>();
	/** Places of whole exponents, by their path; and bases whose logarithm stands in a local. */
	private readonly wholes = new Map<Float64Array, number>();
	private readonly logarithms = new Set<number>();
	private readonly check: number;
	private readonly monthly: ReadonlySet<number>;
	readonly layout: Layout;
	private pass = 0;

	constructor(plan: LoopPlan) {
		this.plan = plan;
		this.check = this.local("check");
		this.monthly = new Set(plan.passes.flatMap((pass) => pass.monthly.map(({ index }) => index)));
		const outputs = plan.keep.map((id) => {
			const columns = keptOperand(plan, id).series ? plan.months : 1;
			return { at: this.reserve(columns * COLUMN), columns };
		});
		this.layout = { check: this.reserve(COLUMN), inputs: plan.ranged.map(() => this.reserve(COLUMN)), outputs };
		for (const [index, path] of plan.paths) {
			const place = this.reserve(16 * plan.months);
			this.paths.set(index, place);
			this.filled.set(place, path);
		}
		for (const node of plan.passes.flatMap((pass) => pass.monthly)) {
			const path = node.op === "pow" ? this.exponentPath(node) : undefined;
			if (path === undefined || this.wholes.has(path)) continue;
			const place = this.reserve(16 * plan.months);
			this.wholes.set(path, place);
			this.filled.set(
				place,
				path.map((y) => (isWholeExponent(y) ? y : NOT_WHOLE)),
			);
		}
		const collected = plan.passes.flatMap((pass) => pass.collected.map(({ index }) => index));
		for (const index of [...plan.buffered, ...collected]) this.buffers.set(index, this.reserve(16 * plan.months));
		this.constants = new Constants(this.bytes);
		this.code = new Code(this.constants);
	}

	write(): Code {
		const { code, plan } = this;
		code.loop(DRAW, 16, { local: BYTES }, () => {
			code.put(pair(0)).set(this.check);
			for (const [place, pass] of plan.passes.entries()) {
				this.pass = place;
				this.writePass(pass);
			}
			for (const place of plan.keep.keys()) this.keepBeyondMonths(place);
			code.put(DRAW, this.check).store(this.layout.check);
		});
		const whole = new Code(this.constants);
		for (const [local, value] of this.hoisted) whole.put(pair(value)).set(local);
		for (const byte of code.bytes) whole.bytes.push(byte);
		return whole;
	}

	private writePass(pass: Pass): void {
		for (const node of pass.draw) {
			this.drawValue(node);
			this.define(node);
		}
		if (pass.monthly.length + pass.totals.length + pass.collected.length > 0) this.writeMonths(pass);
	}

	private writeMonths({ monthly, totals, collected }: Pass): void {
		const { code, plan } = this;
		const held = monthly.filter((node) => node.op === "lag" && plan.lagged(node).kind === "held");
		for (const node of held) {
			for (let k = 1; k <= (node.months as number); k++) this.arg(node, 0).set(this.heldLocal(node, k));
		}
		for (const { op, index } of monthly)
			if (op === "cumulative") code.put(this.constant(0)).set(this.local(`sum ${index}`));
		for (const node of totals) this.startTotal(node);
		for (const node of monthly) if (node.op === "pow") this.logarithmOfBase(node);
		code.i32(0).set(PAIR);
		code.loop(MONTH, 1, { value: plan.months }, () => {
			for (const node of monthly) this.writeMonth(node);
			for (const node of totals) this.addTotal(node);
			for (const { index } of totals) {
				if (this.plan.discounts.get(index) !== index) continue;
				const factor = this.local(`factor ${index}`);
				code.put(factor, this.local(`step ${index}`), "mul").set(factor);
			}
			for (const node of collected) this.toBuffer(node.index, () => this.arg(node, 0));
			for (const node of held) this.advance(node);
			code.put(PAIR).i32(16).op("i32.add").set(PAIR);
		});
		for (const node of totals) this.endTotal(node);
		for (const { op, index } of monthly) {
			if (op === "cumulative" && plan.guards.summed.has(index)) this.sumUp(this.local(`sum ${index}`));
		}
	}

	private writeMonth(node: FlatNode): void {
		const { code } = this;
		const { index } = node;
		if (node.op === "lag") this.lagValue(node);
		else if (node.op === "cumulative") this.arg(node, 0).put(this.local(`sum ${index}`), "add");
		else this.pointwise(node);
		this.define(node);
		if (node.op === "cumulative") code.put(this.value(index)).set(this.local(`sum ${index}`));
		if (this.plan.buffered.has(index)) this.toBuffer(index, () => code.put(this.value(index)));
		for (const [place, id] of this.plan.keep.entries()) {
			const { operand } = keptOperand(this.plan, id);
			if (operand.kind === "local" && operand.index === index) this.keepMonth(place, operand);
		}
	}

	private keepMonth(place: number, operand: Operand): void {
		const { code } = this;
		code.put(MONTH).i32(COLUMN).op("i32.mul").put(DRAW).op("i32.add");
		this.push(operand).store(this.layout.outputs[place]?.at as number);
	}

	private keepBeyondMonths(place: number): void {
		const { code, plan } = this;
		const { series, operand } = keptOperand(plan, plan.keep[place] as string);
		if (!series) {
			code.put(DRAW);
			this.push(operand).store(this.layout.outputs[place]?.at as number);
			return;
		}
		if (operand.kind === "local" && this.monthly.has(operand.index)) return;
		code.i32(0).set(PAIR);
		code.loop(MONTH, 1, { value: plan.months }, () => {
			this.keepMonth(place, operand);
			code.put(PAIR).i32(16).op("i32.add").set(PAIR);
		});
	}

	/** Takes the value on the stack; see `loop-guards.ts`. */
	private define(node: FlatNode): void {
		const { index } = node;
		const value = this.value(index);
		this.code.set(value);
		const { asked, summed } = this.plan.guards;
		if (asked.has(index)) this.ask(node);
		else if (summed.has(index) && node.op !== "cumulative") this.sumUp(value);
	}

	private sumUp(local: number): void {
		this.code.put(this.check, local, "add").set(this.check);
	}

	/** A comparison that holds has all bits set, which read as a number is NaN. */
	private ask(node: FlatNode): void {
		const { code } = this;
		const v = this.value(node.index);
		code.put(this.check);
		code.put(v, v, "sub");
		code.put(this.constant(0), "ne");
		code.put(v, v, "eq");
		const told = this.told(node);
		told.forEach((push, i) => {
			push();
			push();
			code.put("eq");
			if (i > 0) code.put("and");
		});
		if (told.length > 0) code.put("or");
		code.put("and", "or").set(this.check);
	}

	private told(node: FlatNode): readonly (() => void)[] {
		switch (node.op) {
			case "div":
			case "pow":
			case "log":
			case "ceil":
			case "floor":
			case "round":
				return node.args.map((_, i) => () => this.arg(node, i));
			case "npv":
				return [() => this.arg(node, 1), () => this.sumOfFlows(node)];
			default:
				return [];
		}
	}

	private sumOfFlows({ index }: FlatNode): void {
		const buffer = this.buffers.get(index);
		if (buffer === undefined) this.code.put(this.local(`flows ${index}`));
		else perLane(this.code, (lane) => this.code.i32(buffer + 8 * lane).call(HOST.total));
	}

	private drawValue(node: FlatNode): void {
		const { code } = this;
		const buffer = this.buffers.get(node.index) as number;
		switch (node.op) {
			case "input":
				code.put(DRAW).load(this.layout.inputs[this.plan.ranged.indexOf(node)] as number);
				return;
			case "npv":
				perLane(code, (lane) => {
					code.i32(buffer + 8 * lane);
					this.arg(node, 1).lane("extract", lane).call(HOST.discounted);
				});
				return;
			case "irr":
				perLane(code, (lane) => code.i32(buffer + 8 * lane).call(HOST.rateOfReturn));
				return;
			default:
				this.pointwise(node);
		}
	}

	private lagValue(node: FlatNode): void {
		const { code } = this;
		const months = node.months as number;
		const operand = this.plan.lagged(node);
		if (operand.kind === "held") {
			code.put(this.heldLocal(node, months));
			return;
		}
		code.put(MONTH).i32(months).op("i32.lt_s");
		code.ifElse(
			"v128",
			() => this.arg(node, 0),
			() => this.earlier(operand, months),
		);
	}

	private earlier(operand: Operand, months: number): void {
		const { code } = this;
		if (operand.kind === "month") {
			code.put(MONTH).i32(months).op("i32.sub").op("f64.convert_i32_s").put("splat");
		} else if (operand.kind === "path" || operand.kind === "buffer") {
			const back = 16 * months;
			code.put(PAIR).i32(back).op("i32.sub").load(this.addressOf(operand));
		} else this.push(operand);
	}

	private heldLocal({ index }: FlatNode, k: number): number {
		return this.local(`held ${index} ${k}`);
	}

	private advance(node: FlatNode): void {
		for (let k = node.months as number; k > 1; k--) {
			this.code.put(this.heldLocal(node, k - 1)).set(this.heldLocal(node, k));
		}
		const { index } = this.plan.lagged(node) as { index: number };
		this.code.put(this.value(index)).set(this.heldLocal(node, 1));
	}

	private startTotal(node: FlatNode): void {
		const { code } = this;
		const { index } = node;
		code.put(pair(node.op === "firstWhere" ? -1 : 0)).set(this.local(`total ${index}`));
		if (this.plan.guards.asked.has(index)) code.put(this.constant(0)).set(this.local(`flows ${index}`));
		if (this.plan.discounts.get(index) !== index) return;
		code.put(this.constant(1)).set(this.local(`factor ${index}`));
		code.put(this.constant(1), this.constant(1));
		this.arg(node, 1)
			.put("add", "div")
			.set(this.local(`step ${index}`));
	}

	private addTotal(node: FlatNode): void {
		const { code } = this;
		const { index } = node;
		const sum = this.local(`total ${index}`);
		const value = (): Code => this.arg(node, 0);
		switch (node.op) {
			case "first":
				code
					.put(MONTH)
					.op("i32.eqz")
					.ifElse(undefined, () => value().set(sum));
				return;
			case "last":
				value().set(sum);
				return;
			case "npv": {
				const factor = this.local(`factor ${this.plan.discounts.get(index)}`);
				if (this.plan.guards.asked.has(index)) this.increase(`flows ${index}`, value);
				this.increase(`total ${index}`, () => value().put(factor, "mul"));
				return;
			}
			case "firstWhere":
				this.monthPair();
				code.put(sum);
				value();
				this.arg(node, 1);
				this.compare(node);
				code.put(sum);
				code.put(this.constant(0), "lt", "and", "select").set(sum);
				return;
			default:
				this.increase(`total ${index}`, value);
		}
	}

	private increase(name: string, push: () => void): void {
		this.code.put(this.local(name));
		push();
		this.code.put("add").set(this.local(name));
	}

	private endTotal(node: FlatNode): void {
		const { code } = this;
		const sum = this.local(`total ${node.index}`);
		if (node.op === "firstWhere") code.put(this.constant(Number.NaN), sum, sum, this.constant(0), "lt", "select");
		else code.put(sum);
		this.define(node);
	}

	private pointwise(node: FlatNode): void {
		const { code } = this;
		switch (node.op) {
			case "neg":
			case "abs":
				this.arg(node, 0).put(node.op);
				return;
			case "exp":
				this.arg(node, 0).call(HOST.pairExp);
				return;
			case "log":
				perLane(code, (lane) => this.arg(node, 0).lane("extract", lane).call(HOST.log));
				return;
			case "min":
			case "max":
				return this.extreme(node, node.op);
			case "add":
			case "sub":
			case "mul":
			case "div":
				node.args.forEach((_, i) => {
					this.arg(node, i);
					if (i > 0) code.put(node.op as "add");
				});
				return;
			case "pow":
				return this.power(node);
			case "ceil":
			case "floor":
				return this.roundedUpOrDown(node);
			case "round":
				return this.rounded(node);
			case "if":
				return this.condition(node);
			default: {
				const place = this.tablePlace(node.table as AnyTable);
				perLane(code, (lane) => {
					code.i32(place);
					this.arg(node, 0).lane("extract", lane).call(HOST.lookUp);
				});
			}
		}
	}

	/** The host's order of NaN, −0 and 0 takes eight instructions; where they cannot matter, one does. */
	private extreme(node: FlatNode, op: "min" | "max"): void {
		const { plan } = this;
		const operands = node.args.map((_, i) => this.operand(node, i));
		const isPlain = (of: Operand): boolean => isNeverMinusZero(plan, of);
		if (operands.every(isPlain)) return this.extremeOf(operands, `p${op}`);
		const first = operands.find(isPlain);
		if (op === "max" && operands.length === 2 && first !== undefined) {
			const other = operands[1 - operands.indexOf(first)] as Operand;
			// Of 0 and −0 the first counts as the larger.
			if (isFiniteOperand(plan, other)) return this.extremeOf([first, other], "pmax");
		}
		this.extremeOf(operands, op);
	}

	private extremeOf(operands: readonly Operand[], op: "min" | "max" | "pmin" | "pmax"): void {
		operands.forEach((operand, i) => {
			this.push(operand);
			if (i > 0) this.code.put(op);
		});
	}

	/**
	 * As `pow` does it: by squares where both draws have the same whole exponent, else exp(y·log x); the logarithm of a base
	 * that is the same in all months stands before them.
	 */
	private power(node: FlatNode): void {
		const { code } = this;
		const exponent = this.operand(node, 1);
		const isWhole = exponent.kind === "number" && isWholeExponent(exponent.value);
		if (isWhole || (exponent.kind === "month" && this.plan.months <= 1024)) {
			this.arg(node, 0);
			if (isWhole) code.i32(exponent.value);
			else code.put(MONTH);
			code.call(HOST.pairPower);
			return;
		}
		const path = this.exponentPath(node);
		if (path?.every(isWholeExponent) === true) {
			this.arg(node, 0);
			this.wholeExponent(path).call(HOST.pairPower);
		} else if (path !== undefined && this.hasLogarithm(node)) this.powerByLogarithm(node, path);
		else {
			perLane(code, (lane) => {
				this.arg(node, 0).lane("extract", lane);
				this.arg(node, 1).lane("extract", lane).call(HOST.pow);
			});
		}
	}

	/** The exponents of all months, where they are the same in all draws. */
	private exponentPath(node: FlatNode): Float64Array | undefined {
		const exponent = this.operand(node, 1);
		return exponent.kind === "path" ? this.plan.paths.get(exponent.index) : undefined;
	}

	/** Whether the base is the same in all months, and some exponent a finite one that is not whole. */
	private hasLogarithm(node: FlatNode): boolean {
		const base = this.operand(node, 0);
		const path = this.exponentPath(node);
		if (base.kind !== "local" || this.monthly.has(base.index) || path === undefined) return false;
		return path.every(Number.isFinite) && !path.every(isWholeExponent);
	}

	private logarithmOfBase(node: FlatNode): void {
		const { code } = this;
		const { index } = this.operand(node, 0) as { readonly index: number };
		if (!this.hasLogarithm(node) || this.logarithms.has(index)) return;
		this.logarithms.add(index);
		perLane(code, (lane) => this.arg(node, 0).lane("extract", lane).call(HOST.log));
		code.set(this.local(`log ${index}`));
	}

	private powerByLogarithm(node: FlatNode, path: Float64Array): void {
		const { code } = this;
		const { index } = this.operand(node, 0) as { readonly index: number };
		const byLogarithm = (): Code => {
			code.put(this.local(`log ${index}`));
			return this.arg(node, 1).put("mul").call(HOST.pairExp);
		};
		if (!path.some(isWholeExponent)) {
			byLogarithm();
			return;
		}
		this.wholeExponent(path).i32(NOT_WHOLE).op("i32.lt_s");
		code.ifElse(
			"v128",
			() => {
				this.arg(node, 0);
				this.wholeExponent(path).call(HOST.pairPower);
			},
			byLogarithm,
		);
	}

	/** Leaves the exponent of the month, or {@link NOT_WHOLE}. */
	private wholeExponent(path: Float64Array): Code {
		return this.code
			.put(PAIR)
			.load(this.wholes.get(path) as number)
			.lane("extract", 0)
			.op("i32.trunc_f64_s");
	}

	/** Written out as in `roundToStep`. */
	private roundedUpOrDown(node: FlatNode): void {
		const { code } = this;
		const [q, n, next] = ["steps", "whole", "next"].map((name) => this.local(name)) as [number, number, number];
		const up = node.op === "ceil";
		this.steps(node)
			.tee(q)
			.put(up ? "ceil" : "floor")
			.tee(n);
		code.put(this.constant(1), up ? "sub" : "add").set(next);
		code.put(next, n);
		const distance = (): Code => code.put(up ? q : next, up ? next : q, "sub");
		distance();
		code.put(this.constant(1e-9), q, "abs", "mul", "le");
		distance();
		code.put(this.constant(0.5), up ? "lt" : "le", "and", "select");
		this.timesStep(node);
	}

	/** As `Math.round`: halves go up, and a 0 has the sign of what was rounded. */
	private rounded(node: FlatNode): void {
		const { code } = this;
		const [q, n] = ["steps", "whole"].map((name) => this.local(name)) as [number, number];
		this.steps(node).tee(q).put("floor").set(n);
		code.put(n);
		code.put(this.constant(1), "add", n);
		code.put(q, n, "sub");
		code.put(this.constant(0.5), "ge", "select");
		code.put(q, bitPair(SIGN), "and", "or");
		this.timesStep(node);
	}

	/** A step of 1 changes nothing. */
	private steps(node: FlatNode): Code {
		const value = this.arg(node, 0);
		return this.isUnit(node) ? value : this.arg(node, 1).put("div");
	}

	private timesStep(node: FlatNode): void {
		if (!this.isUnit(node)) this.arg(node, 1).put("mul");
	}

	private isUnit(node: FlatNode): boolean {
		const step = this.operand(node, 1);
		return step.kind === "number" && step.value === 1;
	}

	private condition(node: FlatNode): void {
		const { code } = this;
		const [a, b] = [this.operand(node, 0), this.operand(node, 1)];
		this.arg(node, 2);
		this.arg(node, 3);
		this.arg(node, 0);
		this.arg(node, 1);
		this.compare(node);
		code.put("select");
		for (const side of [a, b]) {
			if (isFiniteOperand(this.plan, side)) continue;
			code.put(this.constant(Number.NaN));
			this.push(side);
			this.push(side).put("eq", "select");
		}
	}

	private compare({ comparison }: FlatNode): void {
		this.code.put(COMPARISON[comparison as "<"]);
	}

	private tablePlace(of: AnyTable): number {
		const known = this.tables.indexOf(of);
		return known >= 0 ? known : this.tables.push(of) - 1;
	}

	private operand(node: FlatNode, i: number): Operand {
		return this.plan.operand(node.args[i] as number, this.pass);
	}

	private arg(node: FlatNode, i: number): Code {
		return this.push(this.operand(node, i));
	}

	private push(operand: Operand): Code {
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
	private constant(value: number): number {
		const name = `constant ${Object.is(value, -0) ? "-0" : value}`;
		if (!this.names.has(name)) this.hoisted.set(this.local(name), value);
		return this.local(name);
	}

	private monthPair(): Code {
		return this.code.put(MONTH).op("f64.convert_i32_s").put("splat");
	}

	private toBuffer(index: number, push: () => void): void {
		this.code.put(PAIR);
		push();
		this.code.store(this.buffers.get(index) as number);
	}

	private addressOf(operand: { readonly kind: "path" | "buffer"; readonly index: number }): number {
		return (operand.kind === "path" ? this.paths : this.buffers).get(operand.index) as number;
	}

	/** Local of the value of a node. */
	private value(index: number): number {
		return this.local(`value ${index}`);
	}

	/** A pair by name. */
	private local(name: string): number {
		const known = this.names.get(name);
		if (known !== undefined) return known;
		const made = this.locals.push("v128");
		this.names.set(name, made);
		return made;
	}

	private reserve(bytes: number): number {
		const place = this.bytes;
		this.bytes += bytes;
		return place;
	}
}

/** Larger than any exponent that is multiplied out. */
const NOT_WHOLE = 2048;

function isWholeExponent(y: number): boolean {
	return Number.isInteger(y) && Math.abs(y) <= 1024;
}

const SIGN = 0x8000000000000000n;
const COMPARISON = { "<": "lt", "<=": "le", ">": "gt", ">=": "ge", "=": "eq" } as const;
