/**
 * A model as one loop over draws and months in JavaScript, written from the same order in which `evaluate` walks, with the
 * same arithmetic, so that its values have the same bits. Shared sub-expressions are computed once, what does not change
 * by month stands before the loop over months, and nothing is allocated per draw.
 */
import { exp, log, pow } from "../numerics/elementary.ts";
import { discounted, onlyRateOfReturn } from "./arithmetic.ts";
import type { CompiledLoop, RunDraws } from "./compiled-loop.ts";
import type { FlatTable } from "./flat-table.ts";
import { flatTable, flatTableValue } from "./flat-table.ts";
import type { FlatNode } from "./flatten.ts";
import type { LoopPlan, Operand, Pass } from "./loop-plan.ts";
import { isFiniteOperand, keptOperand } from "./loop-plan.ts";
import { total } from "./node-value.ts";
import type { AnyTable } from "./table.ts";

/** Throws where a content security policy forbids text as code. */
export function compileJavaScript(plan: LoopPlan): CompiledLoop {
	const writer = new LoopWriter(plan);
	const source = writer.source();
	// The text is made of node numbers and number literals alone: no word of a model gets into it.
	// oxlint-disable-next-line typescript/no-implied-eval -- a loop that V8 can compile is what this module is for
	const make = new Function("given", source) as (given: Given) => RunDraws;
	const run = make({
		exp,
		log,
		pow,
		discounted,
		onlyRateOfReturn,
		flatTableValue,
		total,
		paths: [...plan.paths.values()],
		tables: writer.tables.map(flatTable),
	});
	return { inputs: plan.ranged.map(({ id }) => id as string), keep: plan.keep, source, run };
}

interface Given {
	readonly exp: typeof exp;
	readonly log: typeof log;
	readonly pow: typeof pow;
	readonly discounted: typeof discounted;
	readonly onlyRateOfReturn: typeof onlyRateOfReturn;
	readonly flatTableValue: typeof flatTableValue;
	readonly total: typeof total;
	readonly paths: readonly Float64Array[];
	readonly tables: readonly FlatTable[];
}

class LoopWriter {
	readonly tables: AnyTable[] = [];
	private readonly plan: LoopPlan;
	private readonly lines: string[] = [];
	private readonly kept: readonly ReturnType<typeof keptOperand>[];
	private readonly monthly: ReadonlySet<number>;
	private pass = 0;

	constructor(plan: LoopPlan) {
		this.plan = plan;
		this.kept = plan.keep.map((id) => keptOperand(plan, id));
		this.monthly = new Set(plan.passes.flatMap((pass) => pass.monthly.map(({ index }) => index)));
	}

	source(): string {
		const { plan } = this;
		for (const [place, pass] of plan.passes.entries()) {
			this.pass = place;
			this.writePass(pass);
		}
		const keep = plan.keep.map((_, place) => this.keptBeyondMonths(place));
		const paths = [...plan.paths.keys()].map((index, place) => `const c${index} = given.paths[${place}];`);
		const buffers = [...this.buffers()].map((index) => `const b${index} = new Float64Array(${plan.months});`);
		const inputs = plan.ranged.map(({ index }, place) => `const x${index} = inputs[${place}];`);
		const outputs = plan.keep.map((_, place) => `const o${place} = outputs[${place}];`);
		return [
			'"use strict";',
			"const { exp, log, pow, discounted, onlyRateOfReturn, flatTableValue, total } = given;",
			...paths,
			...this.tables.map((_, place) => `const t${place} = given.tables[${place}];`),
			...buffers,
			"return (inputs, outputs, suspects, count, stride) => {",
			...inputs,
			...outputs,
			"let found = 0;",
			"for (let i = 0; i < count; i++) {",
			"let check = 0;",
			...this.lines,
			...keep,
			"if (check - check === 0) suspects[i] = 0;",
			"else { suspects[i] = 1; found++; }",
			"}",
			"return found;",
			"};",
		].join("\n");
	}

	private buffers(): Set<number> {
		const collected = this.plan.passes.flatMap((pass) => pass.collected.map(({ index }) => index));
		return new Set([...this.plan.buffered, ...collected]);
	}

	private writePass(pass: Pass): void {
		for (const node of pass.draw) this.define(node, this.drawValue(node));
		if (pass.monthly.length + pass.totals.length + pass.collected.length > 0) this.writeMonths(pass);
	}

	private writeMonths({ monthly, totals, collected }: Pass): void {
		const held = monthly.filter((node) => node.op === "lag" && this.plan.lagged(node).kind === "held");
		for (const node of held) {
			for (let k = 1; k <= (node.months as number); k++) this.line(`let p${node.index}_${k} = ${this.arg(node, 0)};`);
		}
		for (const node of monthly) if (node.op === "cumulative") this.line(`let p${node.index} = 0;`);
		for (const node of totals) this.startTotal(node);
		this.line(`for (let t = 0; t < ${this.plan.months}; t++) {`);
		for (const node of monthly) this.writeMonth(node);
		for (const node of totals) this.addTotal(node);
		for (const { index } of totals) if (this.plan.discounts.get(index) === index) this.line(`f${index} *= d${index};`);
		for (const node of collected) this.line(`b${node.index}[t] = ${this.arg(node, 0)};`);
		this.guardMonth(monthly);
		for (const node of held) this.advance(node);
		this.line("}");
		for (const node of totals) this.endTotal(node);
		for (const { op, index } of monthly) {
			// Once a running sum is broken, it stays so.
			if (op === "cumulative" && this.plan.guards.summed.has(index)) this.line(`check += p${index};`);
		}
	}

	private writeMonth(node: FlatNode): void {
		const { index } = node;
		if (node.op === "lag") this.define(node, this.lagValue(node));
		else if (node.op === "cumulative") {
			this.define(node, `${this.arg(node, 0)} + p${index}`);
			this.line(`p${index} = v${index};`);
		} else this.define(node, this.pointwise(node));
		if (this.plan.buffered.has(index)) this.line(`b${index}[t] = v${index};`);
		for (const [place, kept] of this.kept.entries()) {
			if (kept.operand.kind === "local" && kept.operand.index === index) {
				this.line(`o${place}[t * stride + i] = v${index};`);
			}
		}
	}

	/** What is kept and does not stand among the months: scalars, and series that are the same in all draws or months. */
	private keptBeyondMonths(place: number): string {
		const { series, operand } = this.kept[place] as ReturnType<typeof keptOperand>;
		if (!series) return `o${place}[i] = ${text(operand)};`;
		if (operand.kind === "local" && this.monthly.has(operand.index)) return "";
		return `for (let t = 0; t < ${this.plan.months}; t++) o${place}[t * stride + i] = ${text(operand)};`;
	}

	private define(node: FlatNode, value: string): void {
		this.line(`const v${node.index} = ${value};`);
		if (this.plan.guards.asked.has(node.index)) this.line(`if (${this.fault(node)}) check = NaN;`);
		else if (!this.monthly.has(node.index) && this.plan.guards.summed.has(node.index)) {
			this.line(`check += v${node.index};`);
		}
	}

	/** One sum a month, since each waits for the one before. An overflow of finite values does no harm but a second look. */
	private guardMonth(monthly: readonly FlatNode[]): void {
		const summed = monthly.filter(({ op, index }) => op !== "cumulative" && this.plan.guards.summed.has(index));
		if (summed.length > 0) this.line(`check += ${summed.map(({ index }) => `v${index}`).reduce(balanced)};`);
	}

	/** Whether a value is infinite, or NaN although nothing that it is computed from is. */
	private fault(node: FlatNode): string {
		const v = `v${node.index}`;
		const told = this.told(node).map((each) => `${each} === ${each}`);
		const sound = told.length === 0 ? `${v} === ${v}` : `(${v} === ${v} || ${told.join(" && ")})`;
		return `${v} - ${v} !== 0 && ${sound}`;
	}

	/** What a NaN may come from where finite values can give one. */
	private told(node: FlatNode): readonly string[] {
		switch (node.op) {
			case "div":
			case "pow":
			case "log":
			case "ceil":
			case "floor":
			case "round":
				return node.args.map((_, i) => this.arg(node, i));
			case "npv":
				return [this.arg(node, 1), this.isCollected(node) ? `total(b${node.index})` : `z${node.index}`];
			default:
				return [];
		}
	}

	private isCollected(node: FlatNode): boolean {
		return this.plan.passes.some(({ collected }) => collected.includes(node));
	}

	private drawValue(node: FlatNode): string {
		switch (node.op) {
			case "input":
				return `x${node.index}[i]`;
			case "npv":
				return `discounted(b${node.index}, ${this.arg(node, 1)})`;
			case "irr":
				return `onlyRateOfReturn(b${node.index})`;
			default:
				return this.pointwise(node);
		}
	}

	private lagValue(node: FlatNode): string {
		const months = node.months as number;
		const operand = this.plan.lagged(node);
		if (operand.kind === "held") return `p${node.index}_${months}`;
		const earlier = {
			number: () => text(operand),
			local: () => text(operand),
			month: () => `t - ${months}`,
			path: () => `c${(operand as { index: number }).index}[t - ${months}]`,
			buffer: () => `b${(operand as { index: number }).index}[t - ${months}]`,
		}[operand.kind]();
		return `t < ${months} ? ${this.arg(node, 0)} : ${earlier}`;
	}

	private advance(node: FlatNode): void {
		const { index } = node;
		for (let k = node.months as number; k > 1; k--) this.line(`p${index}_${k} = p${index}_${k - 1};`);
		this.line(`p${index}_1 = v${(this.plan.lagged(node) as { index: number }).index};`);
	}

	private startTotal(node: FlatNode): void {
		const { index } = node;
		if (node.op === "firstWhere") this.line(`let s${index} = -1;`);
		else this.line(`let s${index} = 0;`);
		if (this.plan.discounts.get(index) === index) {
			this.line(`let f${index} = 1; const d${index} = 1 / (1 + ${this.arg(node, 1)});`);
		}
		if (this.isAskedTotal(node)) this.line(`let z${index} = 0;`);
	}

	private addTotal(node: FlatNode): void {
		const { index, comparison } = node;
		const value = this.arg(node, 0);
		switch (node.op) {
			case "first":
				return this.line(`if (t === 0) s${index} = ${value};`);
			case "last":
				return this.line(`s${index} = ${value};`);
			case "npv":
				if (this.isAskedTotal(node)) this.line(`z${index} += ${value};`);
				return this.line(`s${index} += ${value} * f${this.plan.discounts.get(index)};`);
			case "firstWhere":
				return this.line(`if (s${index} < 0 && ${value} ${sign(comparison)} ${this.arg(node, 1)}) s${index} = t;`);
			default:
				return this.line(`s${index} += ${value};`);
		}
	}

	private isAskedTotal({ op, index }: FlatNode): boolean {
		return op === "npv" && this.plan.guards.asked.has(index);
	}

	private endTotal(node: FlatNode): void {
		const { index } = node;
		this.define(node, node.op === "firstWhere" ? `s${index} < 0 ? NaN : s${index}` : `s${index}`);
	}

	private pointwise(node: FlatNode): string {
		const args = node.args.map((_, i) => this.arg(node, i)) as [string, string, string, string];
		const [a, b, c, d] = args;
		switch (node.op) {
			case "neg":
				return `-${a}`;
			case "abs":
				return `Math.abs(${a})`;
			case "exp":
			case "log":
				return `${node.op}(${a})`;
			case "add":
				return args.join(" + ");
			case "min":
			case "max":
				return args.reduce((left, right) => `Math.${node.op}(${left}, ${right})`);
			case "sub":
				return `${a} - ${b}`;
			case "mul":
				return `${a} * ${b}`;
			case "div":
				return `${a} / ${b}`;
			case "pow":
				return this.power(a, b);
			case "ceil":
			case "floor":
			case "round":
				return this.rounded(node, a, b);
			case "if":
				return this.condition(node, a, b, c, d);
			default:
				return `flatTableValue(t${this.tablePlace(node.table as AnyTable)}, ${a})`;
		}
	}

	/** Where a side is NaN neither comparison holds, and the value is NaN. */
	private condition({ comparison, args }: FlatNode, a: string, b: string, then: string, otherwise: string): string {
		const holds = `${a} ${sign(comparison)} ${b}`;
		const isTold = args.slice(0, 2).every((arg) => isFiniteOperand(this.plan, this.plan.operand(arg, this.pass)));
		if (isTold) return `${holds} ? ${then} : ${otherwise}`;
		if (comparison === "=") return `${holds} ? ${then} : ${a} === ${a} && ${b} === ${b} ? ${otherwise} : NaN`;
		return `${holds} ? ${then} : ${a} ${OPPOSITE[comparison as "<"]} ${b} ? ${otherwise} : NaN`;
	}

	/** Small whole powers as the products that `pow` makes of them. */
	private power(a: string, b: string): string {
		if (b === "2") return `${a} * ${a}`;
		if (b === "3") return `${a} * (${a} * ${a})`;
		return `pow(${a}, ${b})`;
	}

	/** Written out as in `roundToStep`. */
	private rounded({ op, index }: FlatNode, a: string, step: string): string {
		const unit = step === "1";
		const q = `q${index}`;
		const n = `n${index}`;
		const scaled = (steps: string): string => (unit ? steps : `(${steps}) * ${step}`);
		this.line(`const ${q} = ${unit ? a : `${a} / ${step}`};`);
		if (op === "round") return scaled(`Math.round(${q})`);
		const up = op === "ceil";
		const nearer = `${n} ${up ? "-" : "+"} 1`;
		this.line(`const ${n} = Math.${op}(${q}), d${index} = ${up ? `${q} - (${nearer})` : `${nearer} - ${q}`};`);
		const near = `d${index} <= 1e-9 * Math.abs(${q}) && d${index} ${up ? "<" : "<="} 0.5`;
		return scaled(`${near} ? ${nearer} : ${n}`);
	}

	private tablePlace(of: AnyTable): number {
		const known = this.tables.indexOf(of);
		return known >= 0 ? known : this.tables.push(of) - 1;
	}

	private arg(node: FlatNode, i: number): string {
		return text(this.plan.operand(node.args[i] as number, this.pass));
	}

	private line(code: string): void {
		this.lines.push(code);
	}
}

function text(operand: Operand): string {
	switch (operand.kind) {
		case "number":
			return numberText(operand.value);
		case "month":
			return "t";
		case "path":
			return `c${operand.index}[t]`;
		case "buffer":
			return `b${operand.index}[t]`;
		default:
			return `v${operand.index}`;
	}
}

function balanced(sum: string, term: string): string {
	return `(${sum} + ${term})`;
}

function numberText(value: number): string {
	if (Object.is(value, -0)) return "(-0)";
	return value < 0 ? `(${value})` : String(value);
}

const OPPOSITE = { "<": ">=", "<=": ">", ">": "<=", ">=": "<" } as const;

function sign(comparison: FlatNode["comparison"]): string {
	return comparison === "=" ? "===" : (comparison as string);
}
