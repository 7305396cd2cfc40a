/**
 * What a value rests on, place by place (a node, and a month where it changes by month). Of a condition only the branch
 * taken counts: what stands in the other one neither explains a number nor can break it.
 */
import { compare } from "./arithmetic.ts";
import type { FlatNode, Model } from "./flatten.ts";

/** Value of a node in a month; the month is not read for scalars. */
export type ValueAt = (index: number, month: number) => number;
export type Visit = (node: FlatNode, month: number) => void;

/** Walks of one model. `feeds` visits what a place is computed from, `walk` that and all behind it, each once. */
export class LiveWalk {
	private readonly model: Model;
	private readonly months: number;
	private readonly stamps: Uint32Array;
	private generation = 0;

	constructor(model: Model, months: number) {
		this.model = model;
		this.months = months;
		this.stamps = new Uint32Array(model.nodes.length * (months + 1));
	}

	/** From `roots` down; a series root in the month given, or in every month. */
	walk(at: ValueAt, roots: readonly number[], visit: Visit, month?: number): void {
		this.generation++;
		const stack: number[] = [];
		const push: Visit = (node, t) => {
			const place = node.index * (this.months + 1) + (node.shape === "series" ? t + 1 : 0);
			if (this.stamps[place] === this.generation) return;
			this.stamps[place] = this.generation;
			stack.push(place);
		};
		for (const root of roots) this.everyMonth(root, push, month);
		for (let place = stack.pop(); place !== undefined; place = stack.pop()) {
			const node = this.model.nodes[Math.floor(place / (this.months + 1))] as FlatNode;
			const t = (place % (this.months + 1)) - 1;
			visit(node, t);
			this.feeds(at, node, t, push);
		}
	}

	feeds(at: ValueAt, node: FlatNode, t: number, visit: Visit): void {
		switch (node.op) {
			case "if":
				return this.branch(at, node, t, visit);
			case "lag": {
				const from = t - (node.months as number);
				return from < 0 ? this.argument(node, 0, t, visit) : visit(this.node(node.target as number), from);
			}
			case "cumulative":
				if (t > 0) visit(node, t - 1);
				return this.argument(node, 0, t, visit);
			case "first":
				return this.argument(node, 0, 0, visit);
			case "last":
				return this.argument(node, 0, this.months - 1, visit);
			case "sum":
			case "npv":
			case "irr":
			case "firstWhere":
				for (const arg of node.args) this.everyMonth(arg, visit);
				return;
			default:
				for (let i = 0; i < node.args.length; i++) this.argument(node, i, t, visit);
		}
	}

	private branch(at: ValueAt, node: FlatNode, t: number, visit: Visit): void {
		const left = at(node.args[0] as number, t);
		const right = at(node.args[1] as number, t);
		this.argument(node, 0, t, visit);
		this.argument(node, 1, t, visit);
		if (Number.isNaN(left) || Number.isNaN(right)) return;
		this.argument(node, compare(left, node.comparison as "<", right) ? 2 : 3, t, visit);
	}

	private argument(node: FlatNode, i: number, t: number, visit: Visit): void {
		visit(this.node(node.args[i] as number), t);
	}

	private everyMonth(index: number, visit: Visit, month?: number): void {
		const node = this.node(index);
		if (node.shape === "scalar" || month !== undefined) return visit(node, month ?? 0);
		for (let t = 0; t < this.months; t++) visit(node, t);
	}

	private node(index: number): FlatNode {
		return this.model.nodes[index] as FlatNode;
	}
}
