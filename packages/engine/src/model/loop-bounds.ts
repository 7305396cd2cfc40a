/**
 * Bounds of values in every draw, by interval arithmetic over the months: what is proven finite need not be looked at.
 * Rounding is monotone, so the ends of + − × ÷ bound the computed values too; where a function may miss its last digit,
 * bounds are widened. A place without bounds is not known to be finite.
 */
import { exp, log, pow } from "../numerics/elementary.ts";
import { compare } from "./arithmetic.ts";
import type { Distribution } from "./distribution.ts";
import { quantileFunction } from "./distribution.ts";
import type { FlatNode } from "./flatten.ts";
import type { NodeValues } from "./node-value.ts";
import { valueAt } from "./node-value.ts";
import type { AnyTable } from "./table.ts";

export interface BoundedGraph {
	/** What differs between draws, in order of computation. */
	readonly stages: readonly { readonly scalars: readonly FlatNode[]; readonly monthly: readonly FlatNode[] }[];
	/** What is the same in all. */
	readonly fixed: NodeValues;
	isFixed(index: number): boolean;
	at(index: number): FlatNode;
}

/** Quantiles of a stream lie within these two. */
export const LEAST_QUANTILE: number = 2 ** -53;
export const MOST_QUANTILE: number = 1 - 2 ** -53;

export interface BoundedNodes {
	/** Indices of the nodes that are finite in every month of every draw. */
	readonly finite: ReadonlySet<number>;
	/** Those of them that never are 0 either. */
	readonly nonzero: ReadonlySet<number>;
}

export function boundedNodes(graph: BoundedGraph): BoundedNodes {
	const bounding = new Bounding(graph);
	for (const { scalars, monthly } of graph.stages) {
		for (const node of scalars) bounding.bound(node, 0);
		for (let t = 0; t < graph.fixed.months; t++) for (const node of monthly) bounding.bound(node, t);
	}
	return bounding.nodes();
}

interface Bounds {
	readonly low: number;
	readonly high: number;
}

/** No bounds: the value may be infinite or undefined. */
type Known = Bounds | undefined;

/** Far below what overflows, so that no product of a few values does. */
const LARGEST = 1e250;
const SMALLEST = 1e-250;

class Bounding {
	private readonly graph: BoundedGraph;
	private readonly known = new Map<number, Known[]>();

	constructor(graph: BoundedGraph) {
		this.graph = graph;
	}

	bound(node: FlatNode, t: number): void {
		const path = this.known.get(node.index) ?? [];
		this.known.set(node.index, path);
		const found = this.boundsOf(node, t);
		const small = found !== undefined && found.low >= -LARGEST && found.high <= LARGEST;
		path[node.shape === "series" ? t : 0] = small ? found : undefined;
	}

	nodes(): BoundedNodes {
		const where = (is: (bounds: Known) => boolean): ReadonlySet<number> =>
			new Set([...this.known].filter(([, path]) => path.every(is)).map(([index]) => index));
		return {
			finite: where((bounds) => bounds !== undefined),
			nonzero: where((bounds) => bounds !== undefined && (bounds.low > 0 || bounds.high < 0)),
		};
	}

	private value(of: number, t: number): Known {
		const { fixed, isFixed, at } = this.graph;
		const node = at(of);
		if (!isFixed(node.index)) return this.known.get(node.index)?.[node.shape === "series" ? t : 0];
		const value = valueAt(fixed, node.index, t);
		return Number.isFinite(value) ? { low: value, high: value } : undefined;
	}

	private path(of: number): Known[] {
		return Array.from({ length: this.graph.fixed.months }, (_, t) => this.value(of, t));
	}

	private boundsOf(node: FlatNode, t: number): Known {
		const { op, args, months } = node;
		if (op === "input") return ofInput(node.spec?.value as Distribution);
		if (op === "lag") {
			const from = t - (months as number);
			return this.value(from < 0 ? (args[0] as number) : (node.target as number), Math.max(from, 0));
		}
		if (op === "cumulative") return t === 0 ? this.value(args[0] as number, 0) : this.grown(node, t);
		if (op === "sum" || op === "first" || op === "last" || op === "npv") return this.total(node);
		const of = args.map((arg) => this.value(arg, t));
		return of.every((each) => each !== undefined) ? pointwise(node, of) : undefined;
	}

	private grown({ index, args }: FlatNode, t: number): Known {
		const before = this.known.get(index)?.[t - 1];
		const more = this.value(args[0] as number, t);
		return before === undefined || more === undefined ? undefined : added(before, more);
	}

	private total({ op, args }: FlatNode): Known {
		const path = this.path(args[0] as number);
		if (op === "first") return path[0];
		if (op === "last") return path.at(-1);
		if (!path.every((each) => each !== undefined)) return undefined;
		if (op === "sum") return path.reduce(added);
		const rate = this.value(args[1] as number, 0);
		if (rate === undefined || 1 + rate.low < SMALLEST) return undefined;
		const step = { low: 1 / (1 + rate.high), high: 1 / (1 + rate.low) };
		let factor: Bounds = { low: 1, high: 1 };
		let sum: Bounds = { low: 0, high: 0 };
		for (const flow of path) {
			sum = added(sum, multiplied(flow, factor));
			factor = multiplied(factor, step);
			if (!(factor.high <= LARGEST)) return undefined;
		}
		return sum;
	}
}

function pointwise(node: FlatNode, args: readonly Bounds[]): Known {
	const [a, b, c, d] = args as readonly [Bounds, Bounds, Bounds, Bounds];
	switch (node.op) {
		case "neg":
			return { low: -a.high, high: -a.low };
		case "abs":
			return { low: a.low > 0 ? a.low : a.high < 0 ? -a.high : 0, high: Math.max(-a.low, a.high) };
		case "exp":
			return a.high > 700 ? undefined : widened(exp(a.low), exp(a.high));
		case "log":
			return a.low > 0 ? widened(log(a.low), log(a.high)) : undefined;
		case "add":
			return args.reduce(added);
		case "sub":
			return { low: a.low - b.high, high: a.high - b.low };
		case "mul":
			return multiplied(a, b);
		case "div":
			return isAwayFromZero(b) ? divided(a, b) : undefined;
		case "pow":
			return raised(a, b);
		case "min":
		case "max": {
			const of = Math[node.op];
			return { low: of(...args.map(({ low }) => low)), high: of(...args.map(({ high }) => high)) };
		}
		case "ceil":
		case "floor":
		case "round":
			return isAwayFromZero(b) ? rounded(node, a, b) : undefined;
		case "if":
			return branch(node, a, b, c, d);
		case "lookup":
			return tabled(node.table as AnyTable, a);
		default:
			// A rate of return or a month may not be found.
			return undefined;
	}
}

/** Of a uniform input both are exact: its three operations rise with the quantile. It may be read in a table up to its end. */
function ofInput(value: Distribution): Bounds {
	const at = quantileFunction(value);
	const [low, high] = [at(LEAST_QUANTILE), at(MOST_QUANTILE)];
	return value.kind === "uniform" ? { low, high } : widened(low, high);
}

function added(a: Bounds, b: Bounds): Bounds {
	return { low: a.low + b.low, high: a.high + b.high };
}

function multiplied(a: Bounds, b: Bounds): Bounds {
	return spanning([a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high]);
}

function divided(a: Bounds, b: Bounds): Bounds {
	return spanning([a.low / b.low, a.low / b.high, a.high / b.low, a.high / b.high]);
}

function raised(a: Bounds, b: Bounds): Known {
	const whole = b.low === b.high && Number.isInteger(b.low) && b.low >= 0;
	if (a.low < SMALLEST && !whole) return undefined;
	if (a.low < SMALLEST) {
		const most = pow(Math.max(-a.low, a.high), b.low);
		return widened(-most, Math.max(most, 1));
	}
	const { low, high } = spanning([pow(a.low, b.low), pow(a.low, b.high), pow(a.high, b.low), pow(a.high, b.high)]);
	return widened(low, high);
}

/** To the next step, on the side to which a positive step rounds; near a step it may be passed by what is forgiven. */
function rounded({ op }: FlatNode, a: Bounds, step: Bounds): Bounds {
	const most = Math.max(Math.abs(step.low), Math.abs(step.high));
	const down = op === "ceil" && step.low > 0 ? 0 : most;
	const up = op === "floor" && step.low > 0 ? 0 : most;
	return widened(widened(a.low, a.high).low - down, widened(a.low, a.high).high + up);
}

function branch({ comparison }: FlatNode, a: Bounds, b: Bounds, then: Bounds, otherwise: Bounds): Bounds {
	const corners = [compare(a.low, comparison as "<", b.high), compare(a.high, comparison as "<", b.low)];
	const ordered = comparison !== "=" && corners[0] === corners[1];
	if (ordered) return corners[0] === true ? then : otherwise;
	return spanning([then.low, then.high, otherwise.low, otherwise.high]);
}

function tabled({ curve, knots, below }: AnyTable, { low, high }: Bounds): Known {
	const inside = (low >= (curve.x[0] as number) || below === "first") && high <= (curve.x.at(-1) as number);
	const { low: least, high: most } = spanning(knots.map(({ y }) => y));
	return inside ? widened(least, most) : undefined;
}

function isAwayFromZero({ low, high }: Bounds): boolean {
	return low > SMALLEST || high < -SMALLEST;
}

function spanning(values: readonly number[]): Bounds {
	return { low: Math.min(...values), high: Math.max(...values) };
}

function widened(low: number, high: number): Bounds {
	return { low: low - 1e-9 * Math.abs(low), high: high + 1e-9 * Math.abs(high) };
}
