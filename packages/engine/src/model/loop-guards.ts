/**
 * Which values of a compiled loop must be looked at, so that no infinity and no undefined result vanishes unseen: few,
 * since in most formulas what is not finite shows in what is computed from it. A guard may report too much (the
 * reference judges it), never too little.
 */
import type { FlatNode } from "./flatten.ts";

export interface Guards {
	/** Nodes whose values are summed up: the sum is finite only if all of them are. */
	readonly summed: ReadonlySet<number>;
	/**
	 * Nodes downstream of a look-up, a rate of return or a month that may not be found, where NaN is no fault if it is
	 * handed on: infinite values, and NaN out of defined ones, are asked for one by one.
	 */
	readonly asked: ReadonlySet<number>;
}

/** The nodes that a loop computes, in order, and what each of its arguments stands for. */
export interface GuardedGraph {
	readonly nodes: readonly FlatNode[];
	readonly kept: ReadonlySet<number>;
	/** Nodes that are known to be finite. */
	readonly finite: ReadonlySet<number>;
	at(index: number): FlatNode;
}

/** Operators whose value can be infinite or undefined although all they are computed from is finite. */
const BREAKING: ReadonlySet<string> = new Set(
	"input add sub mul div exp log pow ceil floor round cumulative sum npv".split(" "),
);

/** Undefined results of these are no faults. */
const FINDING: ReadonlySet<string> = new Set(["lookup", "irr", "firstWhere"]);

/** Arguments through which a value that is not finite always shows. Of `x ÷ y` only x: 1 ÷ ∞ is 0. */
const SHOWING: Readonly<Record<string, readonly number[]>> = {
	neg: [0],
	abs: [0],
	log: [0],
	sub: [0, 1],
	mul: [0, 1],
	div: [0],
	ceil: [0, 1],
	floor: [0, 1],
	round: [0, 1],
	cumulative: [0],
	sum: [0],
	npv: [0],
	lag: [0],
};

export function guardsOf(graph: GuardedGraph): Guards {
	const tainted = taintedNodes(graph);
	const breaking = graph.nodes.filter(({ op, index }) => BREAKING.has(op) && !graph.finite.has(index));
	const asked = new Set(breaking.filter(({ index }) => tainted.has(index)).map(({ index }) => index));
	const lags = showingLags(graph);
	const carried = new Set(lags.map((lag) => graph.at(lag.target as number).index));
	const shows = shownFeeds(graph, tainted, lags);
	const shown = new Set<number>();
	const summed = new Set<number>();
	const cover = (index: number): void => {
		if (shown.has(index)) return;
		summed.add(index);
		const stack = [index];
		for (let by = stack.pop(); by !== undefined; by = stack.pop()) {
			if (shown.has(by)) continue;
			shown.add(by);
			stack.push(...(shows.get(by) ?? []));
		}
	};
	// Last first, since what is computed late shows most of what comes before it; then what only a next month reads.
	const clean = breaking.filter(({ index }) => !tainted.has(index)).map(({ index }) => index);
	for (const index of clean.toReversed()) if (!carried.has(index)) cover(index);
	for (const index of clean) if (carried.has(index)) cover(index);
	return { summed, asked };
}

/** What may be NaN for a reason. */
function taintedNodes({ nodes, finite, at }: GuardedGraph): ReadonlySet<number> {
	const tainted = new Set<number>();
	for (let size = -1; size < tainted.size; ) {
		size = tainted.size;
		for (const node of nodes) {
			if (finite.has(node.index)) continue;
			const feeds = node.target === undefined ? node.args : [...node.args, node.target];
			if (FINDING.has(node.op) || feeds.some((feed) => tainted.has(at(feed).index))) tainted.add(node.index);
		}
	}
	return tainted;
}

/** Of each node, by index: the nodes that it always shows when they are not finite where it matters. */
function shownFeeds(
	{ nodes, at }: GuardedGraph,
	tainted: ReadonlySet<number>,
	lags: readonly FlatNode[],
): ReadonlyMap<number, readonly number[]> {
	const shows = new Map<number, number[]>();
	for (const node of nodes) {
		if (tainted.has(node.index)) continue;
		const places = node.op === "add" ? [...node.args.keys()] : (SHOWING[node.op] ?? []);
		shows.set(
			node.index,
			places.map((place) => at(node.args[place] as number).index),
		);
	}
	for (const lag of lags) shows.get(lag.index)?.push(at(lag.target as number).index);
	return shows;
}

/**
 * The last months of a series that only lags read matter to nobody, so the shortest of its lags shows all that matters.
 */
function showingLags({ nodes, kept, at }: GuardedGraph): FlatNode[] {
	const readElsewhere = new Set(kept);
	const shortest = new Map<number, FlatNode>();
	for (const node of nodes) {
		for (const arg of node.args) readElsewhere.add(at(arg).index);
		if (node.target === undefined) continue;
		const target = at(node.target).index;
		const known = shortest.get(target);
		if (known === undefined || (node.months as number) < (known.months as number)) shortest.set(target, node);
	}
	return [...shortest].filter(([target]) => !readElsewhere.has(target)).map(([, lag]) => lag);
}
