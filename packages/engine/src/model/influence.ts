/**
 * What a number leans on, and the grade it therefore deserves. One implementation of the grade rule: a result has the
 * worst grade among the pieces of evidence that carry at least a tenth of it. In draws, the share of an input with a range
 * is its squared rank correlation with the result; that of evidence without one, and all where nothing has a range, is its
 * elasticity: a range given to one input must not hide how poor another is.
 * Evidence whose share cannot be told counts. Where none carries a tenth, what has a tenth of the largest share counts.
 */
import { elasticitiesOf } from "./elasticity.ts";
import type { Evaluation } from "./evaluate.ts";
import { evaluate, scalarOf } from "./evaluate.ts";
import type { FlatNode } from "./flatten.ts";
import { nodeIndex } from "./flatten.ts";
import { LiveWalk } from "./live.ts";
import { valueAt } from "./node-value.ts";
import type { Grade, Provenance, ValueState } from "./provenance.ts";
import { worstGrade, worstState } from "./provenance.ts";
import { rankShares } from "./rank-share.ts";
import type { Draws } from "./sample.ts";
import type { AnyTable } from "./table.ts";
import { placeInTable } from "./table.ts";

/** A leaf of a model: an input, or a table where it is read. */
export interface Leaf {
	readonly id: string;
	readonly grade: Grade;
	readonly asOf: string;
	readonly role: "evidence" | "condition";
	readonly state?: ValueState;
	/** Elasticity of the result, or in draws for an input with a range the squared rank correlation; 0 to about 1. */
	readonly share: number;
}

export interface Standing {
	readonly grade: Grade;
	/** Oldest date among the evidence that carries the number. */
	readonly asOf: string;
	readonly state?: ValueState;
	readonly leaves: readonly Leaf[];
}

const CARRIES = 0.1;
/** What a difference quotient may miss of a share of exactly a tenth. */
const FORGIVEN = 1e-6;

export interface StandingOptions {
	/** Values of inputs that the evaluation does not have already. */
	readonly inputs?: ReadonlyMap<string, number | readonly number[]>;
	readonly draws?: Draws;
}

/** Grade, date and state of a named scalar, at the input values of the evaluation. Throws `series-mismatch`. */
export function standingOf(evaluation: Evaluation, id: string, options: StandingOptions = {}): Standing {
	scalarOf(evaluation, id);
	return standingIn(withInputs(evaluation, options.inputs), id, 0, options.draws);
}

/** The same of a scalar, or of a series in one month. */
export function standingIn(evaluation: Evaluation, id: string, month: number, draws?: Draws): Standing {
	const leaves = leavesOf(evaluation, id, month, draws);
	const evidence = leaves.filter((leaf) => leaf.role === "evidence");
	const counted = carrying(evidence.length > 0 ? evidence : leaves);
	const state = worstState(leaves.flatMap((leaf) => (leaf.state === undefined ? [] : [leaf.state])));
	const standing = { grade: worstGrade(counted.map((leaf) => leaf.grade)) ?? "E", asOf: oldest(counted) ?? "", leaves };
	return state === undefined ? standing : { ...standing, state };
}

function carrying(leaves: readonly Leaf[]): readonly Leaf[] {
	const most = leaves.reduce((best, { share }) => (share > best ? share : best), 0);
	const least = (most < CARRIES - FORGIVEN ? CARRIES * most : CARRIES) - FORGIVEN;
	return leaves.filter(({ share }) => !(share < least));
}

function oldest(leaves: readonly { readonly asOf: string }[]): string | undefined {
	let first: string | undefined;
	for (const { asOf } of leaves) if (first === undefined || asOf < first) first = asOf;
	return first;
}

/** The evaluation itself, unless an input shall have another value than it has there. */
function withInputs(evaluation: Evaluation, inputs: StandingOptions["inputs"]): Evaluation {
	const { model, months } = evaluation;
	const changed = [...(inputs ?? [])].filter(([id, value]) => {
		const index = model.byId.get(id);
		return index !== undefined && !equals(evaluation.series[index] ?? (evaluation.scalars[index] as number), value);
	});
	if (changed.length === 0) return evaluation;
	return evaluate(model, { months, inputs: new Map([...ownInputs(evaluation), ...changed]) });
}

function equals(a: ArrayLike<number> | number, b: readonly number[] | number): boolean {
	if (typeof a === "number" || typeof b === "number") return a === b;
	return a.length === b.length && b.every((value, t) => value === a[t]);
}

function ownInputs({ model, scalars, series }: Evaluation): [string, number | number[]][] {
	return model.nodes
		.filter(({ op }) => op === "input")
		.map(({ id, index }) => {
			const path = series[index];
			return [id as string, path === undefined ? (scalars[index] as number) : Array.from(path)];
		});
}

/** Leaves on the branches taken; in draws also the inputs of branches that only some draws take. */
function leavesOf(evaluation: Evaluation, id: string, month: number, draws: Draws | undefined): Leaf[] {
	const { model, months } = evaluation;
	const target = nodeIndex(model, id);
	const ranged = draws === undefined ? undefined : rankShares(model, id, draws, months);
	const read = reads(evaluation, target, month);
	const elasticities = elasticitiesOf(evaluation);
	const share = (leafId: string, nodes: readonly FlatNode[]): number => {
		const inDraws = ranged?.get(leafId);
		if (inDraws !== undefined) return inDraws;
		return Math.abs(nodes.reduce((sum, node) => sum + elasticities.of(target, month, node), 0));
	};
	const inputs = new Set(read.inputs);
	for (const [leafId, part] of ranged ?? []) {
		if (part > 0) inputs.add(model.nodes[nodeIndex(model, leafId)] as FlatNode);
	}
	const ofInputs = [...inputs].map((node) => {
		const leafId = node.id as string;
		return { ...inputFacts(leafId, node.spec as Provenance), share: share(leafId, [node]) };
	});
	const ofTables = [...read.tables].map(([table, places]) => {
		return { ...tableFacts(table, places), share: share(table.id, [...new Set(places.map(({ node }) => node))]) };
	});
	return [...ofInputs, ...ofTables];
}

interface Reads {
	readonly inputs: readonly FlatNode[];
	readonly tables: ReadonlyMap<AnyTable, readonly { readonly node: FlatNode; readonly at: number }[]>;
}

/** Inputs and places of tables that a value is computed from, in order of index. */
function reads(evaluation: Evaluation, target: number, month: number): Reads {
	const { model, months } = evaluation;
	const at = (index: number, t: number): number => valueAt(evaluation, index, t);
	const inputs = new Set<FlatNode>();
	const places: { node: FlatNode; at: number }[] = [];
	const walk = WALKS.get(evaluation) ?? new LiveWalk(model, months);
	WALKS.set(evaluation, walk);
	const visit = (node: FlatNode, t: number): void => {
		if (node.op === "input") inputs.add(node);
		else if (node.op === "lookup") places.push({ node, at: at(node.args[0] as number, t) });
	};
	walk.walk(at, [target], visit, month);
	places.sort((a, b) => a.node.index - b.node.index);
	const tables = new Map<AnyTable, { node: FlatNode; at: number }[]>();
	for (const place of places) {
		const table = place.node.table as AnyTable;
		tables.set(table, [...(tables.get(table) ?? []), place]);
	}
	return { inputs: [...inputs].sort((a, b) => a.index - b.index), tables };
}

const WALKS = new WeakMap<Evaluation, LiveWalk>();

function inputFacts(id: string, spec: Provenance): Omit<Leaf, "share"> {
	const facts = { id, grade: spec.grade, asOf: spec.asOf, role: spec.role ?? "evidence" } as const;
	return spec.state === undefined ? facts : { ...facts, state: spec.state };
}

function tableFacts(table: AnyTable, read: readonly { readonly at: number }[]): Omit<Leaf, "share"> {
	const places = read.map(({ at }) => placeInTable(table, at));
	const knots = places.flatMap(({ below, above, nearest }) =>
		below !== undefined && above !== undefined ? [below, above] : [nearest],
	);
	const grades = knots.map(({ grade }) => grade);
	const state = worstState(places.map((place) => place.state)) as ValueState;
	return {
		id: table.id,
		grade: worstGrade(state === "measured" ? grades : [table.between, ...grades]) as Grade,
		asOf: oldest(knots) as string,
		role: "evidence",
		state,
	};
}
