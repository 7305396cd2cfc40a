/** Formulas of one month or draw as code for pairs of draws, with the arithmetic of the interpreter. */
import { perLane } from "../numerics/pair-functions.ts";
import type { Code } from "../numerics/wasm-module.ts";
import { bitPair } from "../numerics/wasm-module.ts";
import type { FlatNode } from "./flatten.ts";
import type { LoopFrame } from "./loop-frame.ts";
import { isWholeExponent, MONTH, NOT_WHOLE } from "./loop-frame.ts";
import type { Operand } from "./loop-plan.ts";
import { isFiniteOperand, isNeverMinusZero } from "./loop-plan.ts";
import type { AnyTable } from "./table.ts";
import { HOST } from "./wasm-host.ts";

export class LoopFormulas {
	/** In the order of the numbers by which the code asks for them. */
	readonly tables: AnyTable[] = [];
	private readonly frame: LoopFrame;
	/** Bases whose logarithm stands in a local. */
	private readonly logarithms = new Set<number>();

	constructor(frame: LoopFrame) {
		this.frame = frame;
	}

	/** Leaves the value of what is computed from values of the same month or draw alone. */
	write(node: FlatNode): void {
		const { code } = this.frame;
		switch (node.op) {
			case "neg":
			case "abs":
				this.frame.arg(node, 0).put(node.op);
				return;
			case "exp":
				this.frame.arg(node, 0).call(HOST.pairExp);
				return;
			case "log":
				perLane(code, (lane) => this.frame.arg(node, 0).lane("extract", lane).call(HOST.log));
				return;
			case "min":
			case "max":
				return this.extreme(node, node.op);
			case "add":
			case "sub":
			case "mul":
			case "div":
				node.args.forEach((_, i) => {
					this.frame.arg(node, i);
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
					this.frame.arg(node, 0).lane("extract", lane).call(HOST.lookUp);
				});
			}
		}
	}

	/** The host's order of NaN, −0 and 0 takes eight instructions; where they cannot matter, one does. */
	private extreme(node: FlatNode, op: "min" | "max"): void {
		const { plan } = this.frame;
		const operands = node.args.map((_, i) => this.frame.operand(node, i));
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
			this.frame.push(operand);
			if (i > 0) this.frame.code.put(op);
		});
	}

	/**
	 * As `pow` does it: by squares where both draws have the same whole exponent, else exp(y·log x); the logarithm of a base
	 * that is the same in all months stands before them.
	 */
	private power(node: FlatNode): void {
		const { code } = this.frame;
		const exponent = this.frame.operand(node, 1);
		const isWhole = exponent.kind === "number" && isWholeExponent(exponent.value);
		if (isWhole || (exponent.kind === "month" && this.frame.plan.months <= 1024)) {
			this.frame.arg(node, 0);
			if (isWhole) code.i32(exponent.value);
			else code.put(MONTH);
			code.call(HOST.pairPower);
			return;
		}
		const path = this.frame.exponentPath(node);
		if (path?.every(isWholeExponent) === true) {
			this.frame.arg(node, 0);
			this.frame.wholeExponent(path).call(HOST.pairPower);
		} else if (path !== undefined && this.hasLogarithm(node)) this.powerByLogarithm(node, path);
		else {
			perLane(code, (lane) => {
				this.frame.arg(node, 0).lane("extract", lane);
				this.frame.arg(node, 1).lane("extract", lane).call(HOST.pow);
			});
		}
	}

	/** Whether the base is the same in all months, and some exponent a finite one that is not whole. */
	private hasLogarithm(node: FlatNode): boolean {
		const base = this.frame.operand(node, 0);
		const path = this.frame.exponentPath(node);
		if (base.kind !== "local" || this.frame.monthly.has(base.index) || path === undefined) return false;
		return path.every(Number.isFinite) && !path.every(isWholeExponent);
	}

	/** Before the months: the logarithm of a base, where powers in months are found by it. */
	logarithmOfBase(node: FlatNode): void {
		const { code } = this.frame;
		const { index } = this.frame.operand(node, 0) as { readonly index: number };
		if (!this.hasLogarithm(node) || this.logarithms.has(index)) return;
		this.logarithms.add(index);
		perLane(code, (lane) => this.frame.arg(node, 0).lane("extract", lane).call(HOST.log));
		code.set(this.frame.local(`log ${index}`));
	}

	private powerByLogarithm(node: FlatNode, path: Float64Array): void {
		const { code } = this.frame;
		const { index } = this.frame.operand(node, 0) as { readonly index: number };
		const byLogarithm = (): Code => {
			code.put(this.frame.local(`log ${index}`));
			return this.frame.arg(node, 1).put("mul").call(HOST.pairExp);
		};
		if (!path.some(isWholeExponent)) {
			byLogarithm();
			return;
		}
		this.frame.wholeExponent(path).i32(NOT_WHOLE).op("i32.lt_s");
		code.ifElse(
			"v128",
			() => {
				this.frame.arg(node, 0);
				this.frame.wholeExponent(path).call(HOST.pairPower);
			},
			byLogarithm,
		);
	}

	/** Written out as in `roundToStep`. */
	private roundedUpOrDown(node: FlatNode): void {
		const { code } = this.frame;
		const [q, n, next] = ["steps", "whole", "next"].map((name) => this.frame.local(name)) as [number, number, number];
		const up = node.op === "ceil";
		this.steps(node)
			.tee(q)
			.put(up ? "ceil" : "floor")
			.tee(n);
		code.put(this.frame.constant(1), up ? "sub" : "add").set(next);
		code.put(next, n);
		const distance = (): Code => code.put(up ? q : next, up ? next : q, "sub");
		distance();
		code.put(this.frame.constant(1e-9), q, "abs", "mul", "le");
		distance();
		code.put(this.frame.constant(0.5), up ? "lt" : "le", "and", "select");
		this.timesStep(node);
	}

	/** As `Math.round`: halves go up, and a 0 has the sign of what was rounded. */
	private rounded(node: FlatNode): void {
		const { code } = this.frame;
		const [q, n] = ["steps", "whole"].map((name) => this.frame.local(name)) as [number, number];
		this.steps(node).tee(q).put("floor").set(n);
		code.put(n);
		code.put(this.frame.constant(1), "add", n);
		code.put(q, n, "sub");
		code.put(this.frame.constant(0.5), "ge", "select");
		code.put(q, bitPair(SIGN), "and", "or");
		this.timesStep(node);
	}

	/** A step of 1 changes nothing. */
	private steps(node: FlatNode): Code {
		const value = this.frame.arg(node, 0);
		return this.isUnit(node) ? value : this.frame.arg(node, 1).put("div");
	}

	private timesStep(node: FlatNode): void {
		if (!this.isUnit(node)) this.frame.arg(node, 1).put("mul");
	}

	private isUnit(node: FlatNode): boolean {
		const step = this.frame.operand(node, 1);
		return step.kind === "number" && step.value === 1;
	}

	private condition(node: FlatNode): void {
		const { code } = this.frame;
		const [a, b] = [this.frame.operand(node, 0), this.frame.operand(node, 1)];
		this.frame.arg(node, 2);
		this.frame.arg(node, 3);
		this.frame.arg(node, 0);
		this.frame.arg(node, 1);
		this.compare(node);
		code.put("select");
		for (const side of [a, b]) {
			if (isFiniteOperand(this.frame.plan, side)) continue;
			code.put(this.frame.constant(Number.NaN));
			this.frame.push(side);
			this.frame.push(side).put("eq", "select");
		}
	}

	compare({ comparison }: FlatNode): void {
		this.frame.code.put(COMPARISON[comparison as "<"]);
	}

	private tablePlace(of: AnyTable): number {
		const known = this.tables.indexOf(of);
		return known >= 0 ? known : this.tables.push(of) - 1;
	}
}

const SIGN = 0x8000000000000000n;
const COMPARISON = { "<": "lt", "<=": "le", ">": "gt", ">=": "ge", "=": "eq" } as const;
