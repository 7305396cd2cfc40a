/**
 * The tree under a number: each named quantity with its value, its formula and the named quantities in it, down to
 * inputs and measured rows with source, date and grade. Of a condition only the branch taken is shown. What is met a
 * second time and is large, and what comes from an earlier month, is folded: its leaves stand right below it.
 */
import type { Evaluation } from "./evaluate.ts";
import type { FlatNode } from "./flatten.ts";
import { nodeIndex } from "./flatten.ts";
import { formulaText, plainNumber } from "./formula-text.ts";
import type { Standing } from "./influence.ts";
import { standingIn } from "./influence.ts";
import { LiveWalk } from "./live.ts";
import { ModelError } from "./model-error.ts";
import { valueAt } from "./node-value.ts";
import type { Provenance } from "./provenance.ts";
import type { QuantityJson } from "./quantity-json.ts";
import { quantityInMonth } from "./quantity-json.ts";
import type { AnyTable, Knot } from "./table.ts";
import { placeInTable } from "./table.ts";

/** One number of the explanation. Leaves have `source`; all others have `formula` and `inputs`. */
export interface WhyNode {
	readonly node: string;
	readonly label: string;
	readonly value: QuantityJson;
	readonly formula?: string;
	/** Citation of the formula. */
	readonly formula_source?: string;
	readonly note?: string;
	readonly source?: WhySource;
	/** How much of the explained number rests on this leaf: its elasticity, or squared rank correlation in draws. */
	readonly share?: number;
	/** Month of a value that changes by month, from 0. */
	readonly month?: number;
	/** `inputs` are all leaves below, not the quantities of the formula. */
	readonly folded?: true;
	readonly inputs: readonly WhyNode[];
}

export interface WhySource {
	readonly source: string;
	readonly as_of: string;
	readonly grade: string;
	readonly at?: string;
	readonly note?: string;
	readonly owner?: string;
	readonly role?: string;
}

export interface WhyOptions {
	/** Month to explain of a series; the first unless given. */
	readonly month?: number;
}

/** Throws `unknown-node`, `bad-step` for a month that there is not. */
export function why(evaluation: Evaluation, id: string, options: WhyOptions = {}): WhyNode {
	const node = evaluation.model.nodes[nodeIndex(evaluation.model, id)] as FlatNode;
	const month = options.month ?? (node.shape === "series" ? 0 : telling(evaluation, node));
	if (!Number.isInteger(month) || month < 0 || month >= Math.max(1, evaluation.months)) {
		throw new ModelError("bad-step", `there is no month ${month} among ${evaluation.months}`, id);
	}
	return new Explanation(evaluation, standingIn(evaluation, id, month)).of(node, month);
}

/** Of a number made of a series: the month in which that is largest, so that the months below are not all nothing. */
function telling(evaluation: Evaluation, node: FlatNode): number {
	const { model, months } = evaluation;
	const series = seriesUnder(model.nodes, node.args);
	if (series === undefined) return 0;
	let most = 0;
	let at = 0;
	for (let month = 0; month < months; month++) {
		const size = Math.abs(valueAt(evaluation, series, month));
		if (size > most) [most, at] = [size, month];
	}
	return at;
}

/** The first series that a scalar formula rests on. */
function seriesUnder(
	nodes: readonly FlatNode[],
	args: readonly number[],
	seen: Set<number> = new Set(),
): number | undefined {
	for (const index of args) {
		if (seen.has(index)) continue;
		seen.add(index);
		const node = nodes[index] as FlatNode;
		const found = node.shape === "series" ? index : seriesUnder(nodes, node.args, seen);
		if (found !== undefined) return found;
	}
	return undefined;
}

/** Nodes of a part that is shown in full each time it is met. */
const SMALL = 30;

class Explanation {
	private readonly evaluation: Evaluation;
	private readonly root: Standing;
	private readonly walk: LiveWalk;
	private readonly seen = new Map<string, WhyNode>();
	/** Nodes of a tree, those met again counted again. */
	private readonly sizes = new Map<WhyNode, number>();

	constructor(evaluation: Evaluation, root: Standing) {
		this.evaluation = evaluation;
		this.root = root;
		this.walk = new LiveWalk(evaluation.model, evaluation.months);
	}

	of(node: FlatNode, month: number): WhyNode {
		if (node.op === "input") return this.inputLeaf(node, month);
		const known = this.seen.get(placeKey(node, month));
		if (known !== undefined) return this.sizeOf(known) <= SMALL ? known : this.folded(node, month);
		return this.remembered(placeKey(node, month), this.opened(node, month));
	}

	/** The quantity with its formula, and its leaves right below. */
	private folded(node: FlatNode, month: number): WhyNode {
		if (node.op === "input") return this.inputLeaf(node, month);
		const key = `folded ${placeKey(node, month)}`;
		const known = this.seen.get(key);
		if (known !== undefined) return known;
		const nothing = (): void => {};
		const met = { named: nothing, earlier: nothing, table: nothing };
		const formula = formulaText(this.evaluation, this.body(node), month, met);
		const tree = this.formulaNode(node, month, formula, this.leaves(node, month));
		return this.remembered(key, { ...tree, folded: true });
	}

	private opened(node: FlatNode, month: number): WhyNode {
		const inputs = new Map<string, WhyNode>();
		const meet = (met: FlatNode, t: number, explain: () => WhyNode): void => {
			const key = placeKey(met, t);
			if (!inputs.has(key)) inputs.set(key, explain());
		};
		const formula = formulaText(this.evaluation, this.body(node), month, {
			named: (met, t) => meet(met, t, () => this.of(met, t)),
			earlier: (met, t) => meet(met, t, () => this.folded(met, t)),
			table: (lookup, t) => this.knotLeaves(lookup, t).forEach((leaf) => inputs.set(rowKey(leaf), leaf)),
		});
		return this.formulaNode(node, month, formula, [...inputs.values()]);
	}

	/** Each input once, in the latest month it is read in, and each row of a table once. */
	private leaves(node: FlatNode, month: number): WhyNode[] {
		const { evaluation } = this;
		const places: { readonly leaf: FlatNode; readonly month: number }[] = [];
		const visit = (leaf: FlatNode, t: number): void => {
			if (leaf.op === "input" || leaf.op === "lookup") places.push({ leaf, month: t });
		};
		this.walk.walk((index, t) => valueAt(evaluation, index, t), [node.index], visit, month);
		places.sort((a, b) => a.leaf.index - b.leaf.index || b.month - a.month);
		const once = new Map<string, WhyNode>();
		for (const { leaf, month: t } of places) {
			const found = leaf.op === "input" ? [this.inputLeaf(leaf, t)] : this.knotLeaves(leaf, t);
			for (const each of found) {
				const key = leaf.op === "input" ? each.node : rowKey(each);
				if (!once.has(key)) once.set(key, each);
			}
		}
		return [...once.values()];
	}

	private formulaNode(node: FlatNode, month: number, formula: string, inputs: readonly WhyNode[]): WhyNode {
		const meta = node.meta as NonNullable<FlatNode["meta"]>;
		return {
			node: node.id as string,
			label: meta.label,
			value: quantityInMonth(this.evaluation, node.id as string, month),
			formula,
			...(meta.formula === undefined ? {} : { formula_source: meta.formula }),
			...(meta.note === undefined ? {} : { note: meta.note }),
			...(inputs.length > 0 ? {} : { source: this.byDefinition(meta.formula) }),
			...this.monthOf(node, month),
			inputs,
		};
	}

	private inputLeaf(node: FlatNode, month: number): WhyNode {
		const key = placeKey(node, month);
		const known = this.seen.get(key);
		if (known !== undefined) return known;
		const spec = node.spec as NonNullable<FlatNode["spec"]>;
		return this.remembered(key, {
			node: node.id as string,
			label: spec.label,
			value: quantityInMonth(this.evaluation, node.id as string, month),
			source: sourceOf(spec),
			...this.shareOf(node.id as string),
			...this.monthOf(node, month),
			inputs: [],
		});
	}

	/** The rows on both sides of the place where a table is read, or the one on it or nearest to it. */
	private knotLeaves(lookup: FlatNode, month: number): WhyNode[] {
		const table = lookup.table as AnyTable;
		const at = valueAt(this.evaluation, lookup.args[0] as number, month);
		const { below, above } = placeInTable(table, at);
		const knots = [below, above].filter((knot): knot is Knot => knot !== undefined);
		return [...new Set(knots)].map((knot) => this.knotLeaf(table, knot, at));
	}

	private knotLeaf(table: AnyTable, knot: Knot, at: number): WhyNode {
		const key = `row ${table.id} ${knot.x} ${at}`;
		const known = this.seen.get(key);
		if (known !== undefined) return known;
		const { xUnit, yUnit } = table;
		const xText = (x: number): string => `${plainNumber(x / xUnit.factor)} ${xUnit.symbol}`.trim();
		const readAt = knot.x === at || Number.isNaN(at) ? {} : { note: `read at ${xText(at)}` };
		return this.remembered(key, {
			node: knot.row,
			label: `measured row at ${xText(knot.x)}`,
			value: {
				value: knot.y / yUnit.factor,
				unit: yUnit.symbol,
				grade: knot.grade,
				as_of: knot.asOf,
				state: "measured",
			},
			...readAt,
			source: sourceOf(knot),
			...this.shareOf(table.id),
			inputs: [],
		});
	}

	private remembered(key: string, tree: WhyNode): WhyNode {
		this.seen.set(key, tree);
		const below = tree.inputs.reduce((sum, input) => sum + this.sizeOf(input), 0);
		this.sizes.set(tree, 1 + below);
		return tree;
	}

	private sizeOf(tree: WhyNode): number {
		return this.sizes.get(tree) ?? 1;
	}

	private body(node: FlatNode): FlatNode {
		return this.evaluation.model.nodes[node.args[0] as number] as FlatNode;
	}

	private monthOf(node: FlatNode, month: number): { month?: number } {
		return node.shape === "series" ? { month } : {};
	}

	private shareOf(leaf: string): { share?: number } {
		const share = this.root.leaves.find(({ id }) => id === leaf)?.share;
		// Difference quotients are good to about eight digits.
		return share === undefined || !Number.isFinite(share) ? {} : { share: Math.round(share * 1e6) / 1e6 };
	}

	/** A formula of constants alone is a definition: it holds at any date, so at the date of the number explained. */
	private byDefinition(citation: string | undefined): WhySource {
		return { source: citation ?? "by definition", as_of: this.root.asOf, grade: "E" };
	}
}

/** A row may stand in two tables, with another number in each. */
function rowKey({ node, label, value }: WhyNode): string {
	return `row ${node} ${label} ${value.value} ${value.unit}`;
}

function placeKey(node: FlatNode, month: number): string {
	return node.shape === "series" ? `${node.index} in ${month}` : `${node.index}`;
}

function sourceOf(from: Provenance): WhySource {
	return {
		source: from.source,
		as_of: from.asOf,
		grade: from.grade,
		...(from.at === undefined ? {} : { at: from.at }),
		...(from.note === undefined ? {} : { note: from.note }),
		...(from.owner === undefined ? {} : { owner: from.owner }),
		...(from.role === undefined ? {} : { role: from.role }),
	};
}
