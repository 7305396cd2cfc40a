/** A formula of the graph as mathematics: named quantities are symbols, everything between them is written out. */
import type { Evaluation, FlatNode } from "@farthing/engine";
import { significant } from "@farthing/engine";
import type { FormulaMath } from "../report-model.ts";

export interface MathOf {
	readonly math: FormulaMath;
	/** Named quantities on the right-hand side, in order, each once. */
	readonly symbols: readonly FlatNode[];
}

/** `id = expression`, with both branches of every condition. */
export function mathOf(evaluation: Evaluation, node: FlatNode): MathOf {
	const writer = new Writer(evaluation.model.nodes);
	const right = writer.write(nodeAt(evaluation, node.args[0]), LOOSEST);
	const math: FormulaMath = { kind: "row", items: [symbol(node.id as string), operator("="), right] };
	return { math, symbols: [...writer.symbols.values()] };
}

const LOOSEST = 0;
const SUM = 1;
const PRODUCT = 2;
const POWER = 3;
const TIGHTEST = 4;

const CALLS: Readonly<Record<string, string>> = {
	abs: "abs",
	min: "min",
	max: "max",
	exp: "exp",
	log: "ln",
	sum: "sum over months",
	cumulative: "running sum",
	npv: "present value",
	irr: "internal rate of return",
	first: "first month of",
	last: "last month of",
};

class Writer {
	readonly symbols = new Map<number, FlatNode>();
	private readonly nodes: readonly FlatNode[];
	/** Conditions of the branches around what is written. */
	private readonly holding: string[] = [];

	constructor(nodes: readonly FlatNode[]) {
		this.nodes = nodes;
	}

	/** `outer`: how tightly what stands around it binds; looser mathematics gets brackets. */
	write(node: FlatNode, outer: number): FormulaMath {
		switch (node.op) {
			case "const":
				return constant(node);
			case "input":
			case "node":
				this.symbols.set(node.index, node);
				return symbol(node.id as string);
			case "neg":
				return bracketed(row(operator("−"), this.arg(node, 0, PRODUCT)), outer > SUM);
			case "add":
				return bracketed(this.joined(node, "+", SUM), outer > SUM);
			case "sub":
				return bracketed(row(this.arg(node, 0, SUM), operator("−"), this.arg(node, 1, PRODUCT)), outer > SUM);
			case "mul":
				return bracketed(row(this.arg(node, 0, PRODUCT), operator("×"), this.arg(node, 1, PRODUCT)), outer > PRODUCT);
			case "div":
				return { kind: "fraction", over: this.arg(node, 0), under: this.arg(node, 1) };
			case "pow":
				return bracketed(
					{ kind: "power", base: this.arg(node, 0, TIGHTEST), exponent: this.arg(node, 1) },
					outer > POWER,
				);
			case "ceil":
				return this.rounded(node, "⌈", "⌉");
			case "floor":
				return this.rounded(node, "⌊", "⌋");
			case "round":
				return call("round", this.arg(node, 0), this.arg(node, 1));
			case "if":
				return this.cases(node);
			case "lookup":
				return call(node.table?.label ?? "table", this.arg(node, 0));
			case "lag":
				return this.lag(node);
			case "month":
				return { kind: "symbol", text: "month" };
			case "spread":
				return this.arg(node, 0, outer);
			case "firstWhere":
				return call("first month where", this.comparison(node));
			default:
				return call(CALLS[node.op] ?? node.op, ...node.args.map((_, i) => this.arg(node, i)));
		}
	}

	private arg(node: FlatNode, i: number, outer: number = LOOSEST): FormulaMath {
		return this.write(this.nodes[node.args[i] as number] as FlatNode, outer);
	}

	private joined(node: FlatNode, sign: string, outer: number): FormulaMath {
		return row(
			...node.args.flatMap((_, i) =>
				i === 0 ? [this.arg(node, i, outer)] : [operator(sign), this.arg(node, i, outer)],
			),
		);
	}

	/** Rounding to whole units of its own leaves the step out. */
	private rounded(node: FlatNode, open: string, close: string): FormulaMath {
		const step = this.nodes[node.args[1] as number] as FlatNode;
		const whole = step.op === "const" && step.value === step.factor;
		const of: FormulaMath = whole
			? this.arg(node, 0)
			: { kind: "fraction", over: this.arg(node, 0), under: this.arg(node, 1) };
		const rounded: FormulaMath = { kind: "brackets", open, close, of };
		return whole ? rounded : row(rounded, operator("×"), this.arg(node, 1, PRODUCT));
	}

	/** A condition that holds already, since this stands in the branch where it does, is not asked again. */
	private cases(node: FlatNode): FormulaMath {
		if (this.holding.includes(conditionOf(node))) return this.arg(node, 2);
		const cases: { value: FormulaMath; when?: FormulaMath }[] = [];
		let at = node;
		while (at.op === "if") {
			const when = this.comparison(at);
			this.holding.push(conditionOf(at));
			cases.push({ value: this.arg(at, 2), when });
			this.holding.pop();
			at = this.nodes[at.args[3] as number] as FlatNode;
		}
		return { kind: "cases", cases: [...cases, { value: this.write(at, LOOSEST) }] };
	}

	private comparison(node: FlatNode): FormulaMath {
		const sign = { "<=": "≤", ">=": "≥" }[node.comparison as string] ?? (node.comparison as string);
		return row(this.arg(node, 0, SUM), operator(sign), this.arg(node, 1, SUM));
	}

	/** The value of an earlier month, and what stands for it before there was one. */
	private lag(node: FlatNode): FormulaMath {
		const months = node.months as number;
		const before = this.write(this.nodes[node.target as number] as FlatNode, TIGHTEST);
		const index = row({ kind: "symbol", text: "month" }, operator("−"), { kind: "number", text: String(months) });
		return {
			kind: "cases",
			cases: [
				{
					value: { kind: "indexed", of: before, index },
					when: row({ kind: "symbol", text: "month" }, operator("≥"), { kind: "number", text: String(months) }),
				},
				{ value: this.arg(node, 0) },
			],
		};
	}
}

function conditionOf({ args: [left, right], comparison }: FlatNode): string {
	return `${left} ${comparison} ${right}`;
}

function constant({ value, factor, symbol: unit = "" }: FlatNode): FormulaMath {
	const text = significant((value as number) / (factor as number), 12).replace("-", "−");
	const number: FormulaMath = { kind: "number", text: text.includes(".") ? text.replace(/\.?0+$/, "") : text };
	return unit === "" || unit === "fraction" || unit === "x" ? number : row(number, { kind: "words", text: ` ${unit}` });
}

function symbol(text: string): FormulaMath {
	return { kind: "symbol", text };
}

function operator(text: string): FormulaMath {
	return { kind: "operator", text };
}

function row(...items: readonly FormulaMath[]): FormulaMath {
	return { kind: "row", items };
}

function call(name: string, ...args: readonly FormulaMath[]): FormulaMath {
	return { kind: "call", name, args };
}

function bracketed(of: FormulaMath, needed: boolean): FormulaMath {
	return needed ? { kind: "brackets", open: "(", close: ")", of } : of;
}

function nodeAt({ model }: Evaluation, index: number | undefined): FlatNode {
	return model.nodes[index as number] as FlatNode;
}
