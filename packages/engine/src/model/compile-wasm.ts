/**
 * A model as one loop over draws and months in WebAssembly, two draws at a time: from the same plan as the JavaScript of
 * `compile-javascript.ts`, with the same arithmetic, so the same bits. For browsers, where a content security policy may
 * forbid text as code but not modules (`wasm-unsafe-eval`), and faster everywhere.
 *
 * What is rare in a month's formula stays with the host, one draw at a time: logarithms, powers whose exponent differs
 * between draws, look-ups and rates of return.
 */
import { pairExp, pairPower, perLane } from "../numerics/pair-functions.ts";
import { Code, pair, wasmModule } from "../numerics/wasm-module.ts";
import type { CompiledLoop } from "./compiled-loop.ts";
import { flatTable } from "./flat-table.ts";
import type { FlatNode } from "./flatten.ts";
import { LoopFormulas } from "./loop-formulas.ts";
import { BYTES, DRAW, LoopFrame, MONTH, PAIR } from "./loop-frame.ts";
import type { LoopPlan, Operand, Pass } from "./loop-plan.ts";
import { keptOperand } from "./loop-plan.ts";
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
	const { constants, filled, layout, locals } = writer.frame;
	const functions = [
		pairExp(constants),
		pairPower(constants),
		{ name: "run", params: ["i32"] as const, results: [], locals, code },
	];
	return {
		code: wasmModule(IMPORTS, functions),
		months: plan.months,
		layout,
		bytes: constants.end(),
		constants: constants.pairs(),
		paths: filled,
		tables: writer.formulas.tables.map(flatTable),
	};
}

class LoopWriter {
	readonly frame: LoopFrame;
	readonly formulas: LoopFormulas;
	private readonly plan: LoopPlan;
	private readonly code: Code;
	private readonly check: number;

	constructor(plan: LoopPlan) {
		this.plan = plan;
		this.frame = new LoopFrame(plan);
		this.formulas = new LoopFormulas(this.frame);
		this.code = this.frame.code;
		this.check = this.frame.local("check");
	}

	write(): Code {
		const { code, plan } = this;
		code.loop(DRAW, 16, { local: BYTES }, () => {
			code.put(pair(0)).set(this.check);
			for (const [place, pass] of plan.passes.entries()) {
				this.frame.pass = place;
				this.writePass(pass);
			}
			for (const place of plan.keep.keys()) this.keepBeyondMonths(place);
			code.put(DRAW, this.check).store(this.frame.layout.check);
		});
		const whole = new Code(this.frame.constants);
		for (const [local, value] of this.frame.hoisted) whole.put(pair(value)).set(local);
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
			for (let k = 1; k <= (node.months as number); k++) this.frame.arg(node, 0).set(this.heldLocal(node, k));
		}
		for (const { op, index } of monthly)
			if (op === "cumulative") code.put(this.frame.constant(0)).set(this.frame.local(`sum ${index}`));
		for (const node of totals) this.startTotal(node);
		for (const node of monthly) if (node.op === "pow") this.formulas.logarithmOfBase(node);
		code.i32(0).set(PAIR);
		code.loop(MONTH, 1, { value: plan.months }, () => {
			for (const node of monthly) this.writeMonth(node);
			for (const node of totals) this.addTotal(node);
			for (const { index } of totals) {
				if (this.plan.discounts.get(index) !== index) continue;
				const factor = this.frame.local(`factor ${index}`);
				code.put(factor, this.frame.local(`step ${index}`), "mul").set(factor);
			}
			for (const node of collected) this.toBuffer(node.index, () => this.frame.arg(node, 0));
			for (const node of held) this.advance(node);
			code.put(PAIR).i32(16).op("i32.add").set(PAIR);
		});
		for (const node of totals) this.endTotal(node);
		for (const { op, index } of monthly) {
			if (op === "cumulative" && plan.guards.summed.has(index)) this.sumUp(this.frame.local(`sum ${index}`));
		}
	}

	private writeMonth(node: FlatNode): void {
		const { code } = this;
		const { index } = node;
		if (node.op === "lag") this.lagValue(node);
		else if (node.op === "cumulative") this.frame.arg(node, 0).put(this.frame.local(`sum ${index}`), "add");
		else this.formulas.write(node);
		this.define(node);
		if (node.op === "cumulative") code.put(this.frame.value(index)).set(this.frame.local(`sum ${index}`));
		if (this.plan.buffered.has(index)) this.toBuffer(index, () => code.put(this.frame.value(index)));
		for (const [place, id] of this.plan.keep.entries()) {
			const { operand } = keptOperand(this.plan, id);
			if (operand.kind === "local" && operand.index === index) this.keepMonth(place, operand);
		}
	}

	private keepMonth(place: number, operand: Operand): void {
		const { code } = this;
		code.put(MONTH).i32(COLUMN).op("i32.mul").put(DRAW).op("i32.add");
		this.frame.push(operand).store(this.frame.layout.outputs[place]?.at as number);
	}

	private keepBeyondMonths(place: number): void {
		const { code, plan } = this;
		const { series, operand } = keptOperand(plan, plan.keep[place] as string);
		if (!series) {
			code.put(DRAW);
			this.frame.push(operand).store(this.frame.layout.outputs[place]?.at as number);
			return;
		}
		if (operand.kind === "local" && this.frame.monthly.has(operand.index)) return;
		code.i32(0).set(PAIR);
		code.loop(MONTH, 1, { value: plan.months }, () => {
			this.keepMonth(place, operand);
			code.put(PAIR).i32(16).op("i32.add").set(PAIR);
		});
	}

	/** Takes the value on the stack; see `loop-guards.ts`. */
	private define(node: FlatNode): void {
		const { index } = node;
		const value = this.frame.value(index);
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
		const v = this.frame.value(node.index);
		code.put(this.check);
		code.put(v, v, "sub");
		code.put(this.frame.constant(0), "ne");
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
				return node.args.map((_, i) => () => this.frame.arg(node, i));
			case "npv":
				return [() => this.frame.arg(node, 1), () => this.sumOfFlows(node)];
			default:
				return [];
		}
	}

	private sumOfFlows({ index }: FlatNode): void {
		const buffer = this.frame.bufferOf(index);
		if (buffer === undefined) this.code.put(this.frame.local(`flows ${index}`));
		else perLane(this.code, (lane) => this.code.i32(buffer + 8 * lane).call(HOST.total));
	}

	private drawValue(node: FlatNode): void {
		const { code } = this;
		const buffer = this.frame.bufferOf(node.index) as number;
		switch (node.op) {
			case "input":
				code.put(DRAW).load(this.frame.layout.inputs[this.plan.ranged.indexOf(node)] as number);
				return;
			case "npv":
				perLane(code, (lane) => {
					code.i32(buffer + 8 * lane);
					this.frame.arg(node, 1).lane("extract", lane).call(HOST.discounted);
				});
				return;
			case "irr":
				perLane(code, (lane) => code.i32(buffer + 8 * lane).call(HOST.rateOfReturn));
				return;
			default:
				this.formulas.write(node);
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
			() => this.frame.arg(node, 0),
			() => this.earlier(operand, months),
		);
	}

	private earlier(operand: Operand, months: number): void {
		const { code } = this;
		if (operand.kind === "month") {
			code.put(MONTH).i32(months).op("i32.sub").op("f64.convert_i32_s").put("splat");
		} else if (operand.kind === "path" || operand.kind === "buffer") {
			const back = 16 * months;
			code.put(PAIR).i32(back).op("i32.sub").load(this.frame.addressOf(operand));
		} else this.frame.push(operand);
	}

	private heldLocal({ index }: FlatNode, k: number): number {
		return this.frame.local(`held ${index} ${k}`);
	}

	private advance(node: FlatNode): void {
		for (let k = node.months as number; k > 1; k--) {
			this.code.put(this.heldLocal(node, k - 1)).set(this.heldLocal(node, k));
		}
		const { index } = this.plan.lagged(node) as { index: number };
		this.code.put(this.frame.value(index)).set(this.heldLocal(node, 1));
	}

	private startTotal(node: FlatNode): void {
		const { code } = this;
		const { index } = node;
		code.put(pair(node.op === "firstWhere" ? -1 : 0)).set(this.frame.local(`total ${index}`));
		if (this.plan.guards.asked.has(index)) code.put(this.frame.constant(0)).set(this.frame.local(`flows ${index}`));
		if (this.plan.discounts.get(index) !== index) return;
		code.put(this.frame.constant(1)).set(this.frame.local(`factor ${index}`));
		code.put(this.frame.constant(1), this.frame.constant(1));
		this.frame
			.arg(node, 1)
			.put("add", "div")
			.set(this.frame.local(`step ${index}`));
	}

	private addTotal(node: FlatNode): void {
		const { code } = this;
		const { index } = node;
		const sum = this.frame.local(`total ${index}`);
		const value = (): Code => this.frame.arg(node, 0);
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
				const factor = this.frame.local(`factor ${this.plan.discounts.get(index)}`);
				if (this.plan.guards.asked.has(index)) this.increase(`flows ${index}`, value);
				this.increase(`total ${index}`, () => value().put(factor, "mul"));
				return;
			}
			case "firstWhere":
				this.frame.monthPair();
				code.put(sum);
				value();
				this.frame.arg(node, 1);
				this.formulas.compare(node);
				code.put(sum);
				code.put(this.frame.constant(0), "lt", "and", "select").set(sum);
				return;
			default:
				this.increase(`total ${index}`, value);
		}
	}

	private increase(name: string, push: () => void): void {
		this.code.put(this.frame.local(name));
		push();
		this.code.put("add").set(this.frame.local(name));
	}

	private endTotal(node: FlatNode): void {
		const { code } = this;
		const sum = this.frame.local(`total ${node.index}`);
		if (node.op === "firstWhere")
			code.put(this.frame.constant(Number.NaN), sum, sum, this.frame.constant(0), "lt", "select");
		else code.put(sum);
		this.define(node);
	}

	private toBuffer(index: number, push: () => void): void {
		this.code.put(PAIR);
		push();
		this.code.store(this.frame.bufferOf(index) as number);
	}
}
