/**
 * What a compiled loop over draws has to do, worked out once for every target (JavaScript, WebAssembly): what is the same
 * in all draws is computed beforehand by the reference, what is the same in all months stands before the loop over
 * months, totals run along with it, names and conditions that are settled vanish, and few values need a check for
 * infinities.
 */
import { compare } from "./arithmetic.ts";
import { centralValue, isRanged } from "./distribution.ts";
import type { FlatNode, Model } from "./flatten.ts";
import { AGGREGATES, nodeIndex } from "./flatten.ts";
import { LiveWalk } from "./live.ts";
import type { BoundedNodes } from "./loop-bounds.ts";
import { boundedNodes } from "./loop-bounds.ts";
import type { Guards } from "./loop-guards.ts";
import { guardsOf } from "./loop-guards.ts";
import type { NodeValues } from "./node-value.ts";
import { computeStages, valueAt } from "./node-value.ts";
import { isSound } from "./require-finite.ts";
import { dependentsOf, scheduleOf } from "./schedule.ts";
import { subModel } from "./sub-model.ts";

export interface LoopOptions {
	readonly months: number;
	/** Ids whose draws are wanted: scalars, or series for all their months. */
	readonly keep: readonly string[];
}

/** What a draw does in one pass over the months: first `draw`, then month by month `monthly` and `totals`. */
export interface Pass {
	readonly draw: readonly FlatNode[];
	readonly monthly: readonly FlatNode[];
	/** Running totals. */
	readonly totals: readonly FlatNode[];
	/** Totals that can only be told from all months at once: their series is collected. */
	readonly collected: readonly FlatNode[];
}

/** Where the value of a node is when a loop needs it. */
export type Operand =
	| { readonly kind: "number"; readonly value: number }
	| { readonly kind: "month" }
	/** The same in all draws, one value a month. */
	| { readonly kind: "path"; readonly index: number }
	| { readonly kind: "local"; readonly index: number }
	/** A lag of few months: its last values stand in locals of its own. */
	| { readonly kind: "held"; readonly index: number }
	/** A series of this draw, finished in an earlier pass or looked back at over many months. */
	| { readonly kind: "buffer"; readonly index: number };

export interface LoopPlan {
	/** The part of the model behind what is kept. */
	readonly model: Model;
	readonly months: number;
	readonly keep: readonly string[];
	readonly ranged: readonly FlatNode[];
	readonly passes: readonly Pass[];
	/** Series that are the same in all draws, by index. */
	readonly paths: ReadonlyMap<number, Float64Array>;
	readonly buffered: ReadonlySet<number>;
	/** Of each present value that runs along: the first one that is discounted at the same rate, whose factor it shares. */
	readonly discounts: ReadonlyMap<number, number>;
	readonly guards: Guards;
	readonly bounded: BoundedNodes;
	/** Something that is the same in all draws is broken: leave the model to the reference. */
	readonly broken: boolean;
	/** Value of a node for a formula of `pass`. */
	operand(index: number, pass: number): Operand;
	/** Value of what a lag looks back at. */
	lagged(lag: FlatNode): Operand;
}

/** Lags of up to so many months hold their values in locals. */
export const SHORT_LAG = 4;

/** Throws `unknown-node`. */
export function planLoop(whole: Model, { months, keep }: LoopOptions): LoopPlan {
	const model = subModel(whole, keep);
	const drawn = drawnNodes(model);
	const fixed = new Fixed(model, months, drawn);
	return new Planning(model, fixed, settled(model, fixed)).plan();
}

/** What is kept under an id, and whether it is a series. */
export function keptOperand(
	{ model, operand }: LoopPlan,
	id: string,
): { readonly series: boolean; readonly operand: Operand } {
	const node = model.nodes[nodeIndex(model, id)] as FlatNode;
	// Asked for in its own pass, whichever that is: not from a buffer.
	return { series: node.shape === "series", operand: operand(node.index, 0) };
}

/** Whether a value is finite in every draw and month. */
export function isFiniteOperand(plan: LoopPlan, operand: Operand): boolean {
	if (operand.kind === "number") return Number.isFinite(operand.value);
	if (operand.kind === "path") return plan.paths.get(operand.index)?.every(Number.isFinite) === true;
	return operand.kind === "month" || plan.bounded.finite.has(operand.index);
}

/** Whether a value is finite and never −0, in every draw and month. */
export function isNeverMinusZero(plan: LoopPlan, operand: Operand): boolean {
	if (operand.kind === "number") return Number.isFinite(operand.value) && !Object.is(operand.value, -0);
	return operand.kind === "month" || (operand.kind !== "path" && plan.bounded.nonzero.has(operand.index));
}

/** Indices of all that differs between draws. */
function drawnNodes(model: Model): Set<number> {
	const drawn = new Set<number>();
	for (const { index, spec } of model.nodes) {
		if (spec === undefined || !isRanged(spec.value)) continue;
		for (const node of dependentsOf(model, index).nodes) drawn.add(node.index);
	}
	return drawn;
}

/** Values of what is the same in all draws. */
class Fixed {
	readonly values: NodeValues;
	private readonly drawn: ReadonlySet<number>;

	constructor(model: Model, months: number, drawn: ReadonlySet<number>) {
		this.drawn = drawn;
		this.values = fixedValues(model, months, drawn);
	}

	has(index: number): boolean {
		return !this.drawn.has(index);
	}

	/** The one value of a node, where it has one in all draws and months. */
	number(index: number): number | undefined {
		if (!this.has(index)) return undefined;
		const path = this.values.series[index];
		if (path === undefined) return this.values.scalars[index];
		return path.every((value) => Object.is(value, path[0])) ? path[0] : undefined;
	}
}

function fixedValues(model: Model, months: number, drawn: ReadonlySet<number>): NodeValues {
	const scalars = new Float64Array(model.nodes.length).fill(Number.NaN);
	const series = model.nodes.map(({ shape, index }) =>
		shape === "series" && !drawn.has(index) ? new Float64Array(months) : undefined,
	);
	for (const { index, spec } of model.nodes) {
		if (spec === undefined || drawn.has(index)) continue;
		if (spec.value.kind === "series") series[index]?.set(spec.value.values);
		else scalars[index] = centralValue(spec.value);
	}
	const isFixed = ({ index }: FlatNode): boolean => !drawn.has(index);
	const stages = scheduleOf(model).map((stage) => ({
		scalars: stage.scalars.filter(isFixed),
		monthly: stage.monthly.filter(isFixed),
	}));
	const values = { months, scalars, series };
	computeStages(values, stages, { rounding: "exact" });
	return values;
}

interface Settled {
	/** Index of the node that each stands for. */
	readonly standsFor: Int32Array;
	/** Both sides of the conditions that are settled. */
	readonly sides: readonly number[];
}

/** Names, spreads, products with 1, and conditions that hold in all draws and months or in none, have no value of their own. */
function settled(model: Model, fixed: Fixed): Settled {
	const standsFor = Int32Array.from(model.nodes.keys());
	const sides: number[] = [];
	for (const node of model.nodes) {
		if (fixed.has(node.index)) continue;
		const args = node.args.map((arg) => standsFor[arg] as number);
		if (node.op === "node" || node.op === "spread") standsFor[node.index] = args[0] as number;
		if (node.op === "mul") {
			const others = args.filter((arg) => fixed.number(arg) !== 1);
			if (others.length === 1) standsFor[node.index] = others[0] as number;
		}
		if (node.op !== "if") continue;
		const [first, second, then, otherwise] = args as [number, number, number, number];
		const [left, right] = [fixed.number(first), fixed.number(second)];
		if (left === undefined || right === undefined) continue;
		sides.push(first, second);
		// A condition that cannot be told: the value is NaN, as that of its unknown side.
		if (Number.isNaN(left)) standsFor[node.index] = first;
		else if (Number.isNaN(right)) standsFor[node.index] = second;
		else standsFor[node.index] = compare(left, node.comparison as "<", right) ? then : otherwise;
	}
	return { standsFor, sides };
}

class Planning {
	private readonly model: Model;
	private readonly months: number;
	private readonly fixed: Fixed;
	private readonly settled: Settled;
	/** What differs between draws and is needed, in order. */
	private readonly live: readonly FlatNode[];
	/** What is the same in all draws and read by what is not, or kept. */
	private readonly edge: ReadonlySet<number>;
	/** Indices of what changes by month. */
	private readonly monthly: ReadonlySet<number>;
	private readonly bounded: BoundedNodes;

	constructor(model: Model, fixed: Fixed, standing: Settled) {
		this.model = model;
		this.months = fixed.values.months;
		this.fixed = fixed;
		this.settled = standing;
		const { live, edge } = this.needed();
		this.live = live;
		this.edge = edge;
		this.monthly = this.changing();
		this.bounded = this.boundedNodes();
	}

	plan(): LoopPlan {
		const { model, months } = this;
		const passes = this.passes();
		const paths = [...this.edge].flatMap((index) => {
			const path = this.fixed.values.series[index];
			return path === undefined ? [] : [[index, path] as const];
		});
		return {
			model,
			months,
			keep: model.outputs,
			ranged: this.live.filter(({ op }) => op === "input"),
			passes,
			paths: new Map(paths),
			buffered: this.buffered(passes),
			discounts: this.discounts(passes),
			guards: this.guards(),
			bounded: this.bounded,
			broken: this.isBroken(),
			operand: (index, pass) => this.operand(index, pass),
			lagged: (lag) => this.lagged(lag),
		};
	}

	private at(index: number): FlatNode {
		return this.model.nodes[this.settled.standsFor[index] as number] as FlatNode;
	}

	private feeds(node: FlatNode): FlatNode[] {
		const of = node.args.map((arg) => this.at(arg));
		return node.target === undefined ? of : [...of, this.at(node.target)];
	}

	private needed(): { live: FlatNode[]; edge: ReadonlySet<number> } {
		const seen = new Set<FlatNode>();
		const edge = new Set<number>();
		const stack = this.model.outputs.map((id) => this.at(nodeIndex(this.model, id)));
		for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
			if (this.fixed.has(node.index)) edge.add(node.index);
			else if (!seen.has(node)) {
				seen.add(node);
				stack.push(...this.feeds(node));
			}
		}
		return { live: [...seen].sort((a, b) => a.index - b.index), edge };
	}

	private changing(): ReadonlySet<number> {
		const monthly = new Set<number>();
		for (const node of this.live) {
			if (node.shape === "scalar") continue;
			const moves = node.args.some((arg) => {
				const of = this.at(arg);
				return this.fixed.has(of.index) ? this.fixed.number(of.index) === undefined : monthly.has(of.index);
			});
			if (moves || node.op === "lag" || node.op === "cumulative") monthly.add(node.index);
		}
		return monthly;
	}

	private passes(): readonly Pass[] {
		const passes = Array.from({ length: this.model.stages }, () => ({
			draw: [] as FlatNode[],
			monthly: [] as FlatNode[],
			totals: [] as FlatNode[],
			collected: [] as FlatNode[],
		}));
		const pass = (stage: number): (typeof passes)[number] => passes[stage] as (typeof passes)[number];
		for (const node of this.live) {
			if (this.monthly.has(node.index)) pass(node.stage).monthly.push(node);
			else if (!AGGREGATES.has(node.op)) pass(node.stage).draw.push(node);
			else if (this.runsAlong(node)) pass(this.passOfTotal(node)).totals.push(node);
			else {
				pass(this.passOfTotal(node)).collected.push(node);
				pass(node.stage).draw.push(node);
			}
		}
		return passes;
	}

	/** The pass that computes the series of a total last. */
	private passOfTotal(node: FlatNode): number {
		const series = node.args.filter((arg) => (this.model.nodes[arg] as FlatNode).shape === "series");
		return Math.max(0, ...series.map((arg) => this.at(arg)).map((of) => (this.fixed.has(of.index) ? 0 : of.stage)));
	}

	/** A present value can run along if its rate is known before the pass. */
	private runsAlong(node: FlatNode): boolean {
		if (node.op === "irr") return false;
		if (node.op !== "npv") return true;
		const rate = this.at(node.args[1] as number);
		return this.fixed.has(rate.index) || rate.stage <= this.passOfTotal(node);
	}

	private buffered(passes: readonly Pass[]): ReadonlySet<number> {
		const buffered = new Set<number>();
		passes.forEach(({ monthly, totals, collected }, place) => {
			for (const node of [...monthly, ...totals, ...collected]) {
				for (const arg of node.args) {
					const operand = this.operand(arg, place);
					if (operand.kind === "buffer") buffered.add(operand.index);
				}
				if (node.op !== "lag") continue;
				const operand = this.lagged(node);
				if (operand.kind === "buffer") buffered.add(operand.index);
			}
		});
		return buffered;
	}

	private discounts(passes: readonly Pass[]): ReadonlyMap<number, number> {
		const shared = new Map<number, number>();
		passes.forEach(({ totals }, pass) => {
			const first = new Map<string, number>();
			for (const { op, index, args } of totals) {
				if (op !== "npv") continue;
				const rate = this.operand(args[1] as number, pass);
				const key = rate.kind === "number" ? `${rate.value}` : JSON.stringify(rate);
				first.set(key, first.get(key) ?? index);
				shared.set(index, first.get(key) as number);
			}
		});
		return shared;
	}

	private operand(index: number, pass: number): Operand {
		const node = this.at(index);
		if (this.fixed.has(node.index)) {
			const value = this.fixed.number(node.index);
			if (value !== undefined) return { kind: "number", value };
			return node.op === "month" ? { kind: "month" } : { kind: "path", index: node.index };
		}
		const earlier = this.monthly.has(node.index) && node.stage < pass;
		return { kind: earlier ? "buffer" : "local", index: node.index };
	}

	private lagged(lag: FlatNode): Operand {
		const operand = this.operand(lag.target as number, lag.stage);
		if (operand.kind !== "local" || !this.monthly.has(operand.index)) return operand;
		return { kind: (lag.months as number) > SHORT_LAG ? "buffer" : "held", index: operand.index };
	}

	private boundedNodes(): BoundedNodes {
		const stages = Array.from({ length: this.model.stages }, (_, stage) => {
			const nodes = this.live.filter((node) => node.stage === stage);
			const isSeries = ({ shape }: FlatNode): boolean => shape === "series";
			return { scalars: nodes.filter((node) => !isSeries(node)), monthly: nodes.filter(isSeries) };
		});
		const isFixed = (index: number): boolean => this.fixed.has(index);
		return boundedNodes({ stages, fixed: this.fixed.values, isFixed, at: (index) => this.at(index) });
	}

	private guards(): Guards {
		const kept = new Set(this.model.outputs.map((id) => this.at(nodeIndex(this.model, id)).index));
		return guardsOf({ nodes: this.live, kept, finite: this.bounded.finite, at: (index) => this.at(index) });
	}

	/** Whether what is the same in all draws would break some draw: asked of the reference. */
	private isBroken(): boolean {
		const at = (index: number, t: number): number => valueAt(this.fixed.values, index, t);
		const walk = new LiveWalk(this.model, this.months);
		const places: [FlatNode, number][] = [];
		walk.walk(at, [...this.edge, ...this.settled.sides], (node, t) => places.push([node, t]));
		return places.some(([node, t]) => !isSound(walk, at, node, t));
	}
}
