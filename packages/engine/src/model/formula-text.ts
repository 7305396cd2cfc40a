/** A formula in words, as a textbook prints it: named quantities by their names, brackets where precedence needs them. */
import { significant } from "../quantity/format-quantity.ts";
import { compare } from "./arithmetic.ts";
import type { FlatNode } from "./flatten.ts";
import type { Evaluation } from "./evaluate.ts";
import { valueAt } from "./node-value.ts";
import type { AnyTable } from "./table.ts";

/** What the text of a formula meets on its way: named quantities, and tables where they are read. */
export interface Met {
	readonly named: (node: FlatNode, month: number) => void;
	/** A quantity of an earlier month. */
	readonly earlier: (node: FlatNode, month: number) => void;
	readonly table: (lookup: FlatNode, month: number) => void;
}

/** Text of the expression `node` at its values in `month`; of a condition only the branch taken. */
export function formulaText(evaluation: Evaluation, node: FlatNode, month: number, met: Met): string {
	return new Writer(evaluation, month, met).text(node, LOOSEST);
}

/** A plain number: all its digits up to twelve, in groups of three. */
export function plainNumber(x: number): string {
	const text = significant(x, 12).replace("-", "−");
	return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

const LOOSEST = 0;
const SUM = 1;
const PRODUCT = 2;
const DIVISOR = 3;
const POWER = 4;
const TIGHTEST = 5;

const FUNCTIONS: Readonly<Record<string, string>> = {
	abs: "absolute value",
	min: "min",
	max: "max",
	exp: "exp",
	log: "log",
	sum: "sum over months",
	first: "first month of",
	npv: "present value",
	irr: "internal rate of return",
	cumulative: "running sum",
};

class Writer {
	private readonly evaluation: Evaluation;
	private readonly month: number;
	private readonly met: Met;

	constructor(evaluation: Evaluation, month: number, met: Met) {
		this.evaluation = evaluation;
		this.month = month;
		this.met = met;
	}

	/** `outer`: how tightly the text around it binds; looser text gets brackets. */
	text(node: FlatNode, outer: number): string {
		switch (node.op) {
			case "const":
				return bracketed(constantText(node), (node.value as number) < 0 && outer > SUM);
			case "input":
			case "node":
				this.met.named(node, this.month);
				return node.id as string;
			case "neg":
				return bracketed(`−${this.arg(node, 0, DIVISOR)}`, outer > SUM);
			case "add":
				return bracketed(this.sum(node), outer > SUM);
			case "sub":
				return bracketed(`${this.arg(node, 0, SUM)} − ${this.arg(node, 1, PRODUCT)}`, outer > SUM);
			case "mul":
				return bracketed(`${this.arg(node, 0, PRODUCT)} × ${this.arg(node, 1, PRODUCT)}`, outer > PRODUCT);
			case "div":
				return bracketed(`${this.arg(node, 0, PRODUCT)} ÷ ${this.arg(node, 1, DIVISOR)}`, outer > PRODUCT);
			case "pow":
				return bracketed(`${this.arg(node, 0, TIGHTEST)} ^ ${this.arg(node, 1, TIGHTEST)}`, outer > POWER);
			case "ceil":
				return `round up(${this.arg(node, 0)} to whole ${this.arg(node, 1)})`;
			case "floor":
				return `round down(${this.arg(node, 0)} to whole ${this.arg(node, 1)})`;
			case "round":
				return `round(${this.arg(node, 0)} to ${this.arg(node, 1)})`;
			case "if":
				return this.condition(node, outer);
			case "lookup":
				this.met.table(node, this.month);
				return `${(node.table as AnyTable).label}[${this.arg(node, 0)}]`;
			case "lag":
				return this.lag(node, outer);
			case "month":
				return "month";
			case "spread":
				return this.arg(node, 0, outer);
			case "last": {
				const { evaluation, met } = this;
				const end = new Writer(evaluation, evaluation.months - 1, met);
				return `last month of(${end.arg(node, 0)})`;
			}
			case "firstWhere":
				return `first month where(${this.arg(node, 0, SUM)} ${node.comparison} ${this.arg(node, 1, SUM)})`;
			default:
				return `${FUNCTIONS[node.op] ?? node.op}(${node.args.map((_, i) => this.arg(node, i)).join(", ")})`;
		}
	}

	private arg(node: FlatNode, i: number, outer: number = LOOSEST): string {
		return this.text(this.node(node.args[i] as number), outer);
	}

	private sum(node: FlatNode): string {
		const terms = node.args.map((arg, i) => this.text(this.node(arg), i > 0 && this.isSigned(arg) ? PRODUCT : SUM));
		return terms.join(" + ");
	}

	private isSigned(index: number): boolean {
		const node = this.node(index);
		if (node.op === "spread") return this.isSigned(node.args[0] as number);
		return node.op === "neg" || (node.op === "const" && (node.value as number) < 0);
	}

	private condition(node: FlatNode, outer: number): string {
		const left = valueAt(this.evaluation, node.args[0] as number, this.month);
		const right = valueAt(this.evaluation, node.args[1] as number, this.month);
		const test = (): string => `${this.arg(node, 0, SUM)} ${node.comparison} ${this.arg(node, 1, SUM)}`;
		if (Number.isNaN(left) || Number.isNaN(right)) return `(unreachable, since ${test()} cannot be told)`;
		const holds = compare(left, node.comparison as "<", right);
		const branch = this.arg(node, holds ? 2 : 3, SUM);
		const reason = `since ${test()} is ${holds ? "true" : "false"}`;
		return outer === LOOSEST ? `${branch} (${reason})` : `(${branch}, ${reason})`;
	}

	private lag(node: FlatNode, outer: number): string {
		const months = node.months as number;
		if (this.month < months) return this.arg(node, 0, outer);
		const target = this.node(node.target as number);
		const from = this.month - months;
		const { earlier, table } = this.met;
		if (target.id !== undefined) earlier(target, from);
		const before = new Writer(this.evaluation, from, { named: earlier, earlier, table });
		const name = target.id ?? before.text(target, TIGHTEST);
		return `${name}[${months === 1 ? "1 month" : `${months} months`} before]`;
	}

	private node(index: number): FlatNode {
		return this.evaluation.model.nodes[index] as FlatNode;
	}
}

function bracketed(text: string, needed: boolean): string {
	return needed ? `(${text})` : text;
}

function constantText(node: FlatNode): string {
	const number = plainNumber((node.value as number) / (node.factor as number));
	return node.symbol === "" ? number : `${number} ${node.symbol}`;
}
