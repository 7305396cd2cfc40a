/**
 * A model: every expression behind a set of outputs, each once, in an order in which they can be computed. Two models
 * are the same if their hashes are.
 */
import { dimsText, sameDims } from "../quantity/dimension.ts";
import type { Dims } from "../quantity/dimension.ts";
import type { AnyUnit } from "../quantity/unit.ts";
import type { AnyExpr, Comparison, ExprData, InputSpec, NodeMeta, Shape } from "./expression.ts";
import { canonicalJson, sha256Hex } from "./hash.ts";
import { ModelError } from "./model-error.ts";
import type { AnyTable } from "./table.ts";

/** One expression of a model, its arguments given by index. */
export interface FlatNode {
	readonly index: number;
	readonly op: ExprData["op"];
	readonly args: readonly number[];
	readonly dims: Dims;
	readonly shape: Shape;
	/** Passes that must be over before this one: 0 for all that needs no finished series. */
	readonly stage: number;
	readonly id?: string;
	readonly unit?: AnyUnit;
	readonly spec?: InputSpec;
	readonly meta?: NodeMeta;
	readonly table?: AnyTable;
	readonly comparison?: Comparison;
	/** `const`: value in base units, and the unit it is shown in. */
	readonly value?: number;
	readonly symbol?: string;
	readonly factor?: number;
	/** `lag`: how many months, and of which expression. */
	readonly months?: number;
	readonly target?: number;
}

export interface Model {
	readonly nodes: readonly FlatNode[];
	/** Named expressions and inputs by id. */
	readonly byId: ReadonlyMap<string, number>;
	readonly outputs: readonly string[];
	readonly stages: number;
}

/** Operators that need a whole series, and so the end of the pass in which it is computed. */
export const AGGREGATES: ReadonlySet<string> = new Set(["sum", "first", "last", "npv", "irr", "firstWhere"]);

/** Throws `duplicate-id`, `circular`, `unknown-node`, `unit-mismatch`. */
export function buildModel(outputs: readonly AnyExpr[]): Model {
	const flat = new Flattener();
	const ids = outputs.map((output) => {
		if (output.data.op !== "node" && output.data.op !== "input") {
			throw new ModelError("unknown-node", "an output must have a name: wrap it in define()");
		}
		flat.visit(output);
		return output.data.id;
	});
	flat.closeLags();
	const nodes = withStages(flat.resolved());
	return { nodes, byId: flat.byId, outputs: ids, stages: stageCount(nodes) };
}

export function stageCount(nodes: readonly FlatNode[]): number {
	return nodes.reduce((most, { stage }) => Math.max(most, stage + 1), 1);
}

/** Index of a named node. Throws `unknown-node`. */
export function nodeIndex(model: Model, id: string): number {
	const index = model.byId.get(id);
	if (index === undefined) throw new ModelError("unknown-node", `no node ${id}`, id);
	return index;
}

/** SHA-256 over the canonical JSON of every expression: equal hashes, equal models. */
export function modelHash(model: Model): string {
	return sha256Hex(canonicalJson({ nodes: model.nodes.map(plainNode), outputs: model.outputs }));
}

/** A node as plain data that JSON can hold. */
export function plainNode(node: FlatNode): Record<string, unknown> {
	const { table, ...rest } = node;
	return table === undefined ? { ...rest } : { ...rest, table: plainTable(table) };
}

/** A table without what is worked out from its knots. */
export function plainTable(table: AnyTable): Omit<AnyTable, "curve"> {
	const { curve: _, ...rest } = table;
	return rest;
}

type Draft = Omit<FlatNode, "stage"> & { stage: number };

class Flattener {
	readonly byId = new Map<string, number>();
	private readonly drafts: Draft[] = [];
	private readonly seen = new Map<AnyExpr, number>();
	private readonly keys = new Map<string, number>();
	private readonly tables = new Map<string, AnyTable>();
	private readonly openLags: { index: number; ref: string }[] = [];

	visit(of: AnyExpr): number {
		const known = this.seen.get(of);
		if (known !== undefined) return known;
		const data = of.data;
		const args = "args" in data ? data.args.map((arg) => this.visit(arg)) : [];
		const index = this.place(of, args);
		this.seen.set(of, index);
		return index;
	}

	/** A name that a lag looks back at may lie downstream of the lag itself, so it is resolved when all else stands. */
	closeLags(): void {
		for (const { index, ref } of this.openLags) {
			const draft = this.drafts[index] as Draft;
			const target = this.byId.get(ref);
			if (target === undefined) {
				throw new ModelError("unknown-node", `a formula looks back at ${ref}, which is not part of the model`, ref);
			}
			const { dims } = this.drafts[target] as Draft;
			if (!sameDims(dims, draft.dims)) {
				throw new ModelError("unit-mismatch", `a lag in ${dimsText(draft.dims)} looks back at ${dimsText(dims)}`, ref);
			}
			this.drafts[index] = { ...draft, target };
		}
	}

	resolved(): readonly Draft[] {
		return this.drafts;
	}

	private place(of: AnyExpr, args: number[]): number {
		const data = of.data;
		const fields = this.fields(data);
		const draft = { index: this.drafts.length, args, dims: of.dims, shape: of.shape, stage: 0, ...fields };
		const known = this.knownAs(data, draft);
		if (known !== undefined) return known;
		this.drafts.push(draft);
		if (data.op === "lag" && "ref" in data.target) this.openLags.push({ index: draft.index, ref: data.target.ref });
		return draft.index;
	}

	/** The node that is the same, if it was met. Names tell apart by themselves: only two of one name are compared whole. */
	private knownAs(data: ExprData, draft: Draft): number | undefined {
		const { index, id } = draft;
		const key = id === undefined ? keyOf(data, draft) : undefined;
		const known = id === undefined ? this.keys.get(key as string) : this.byId.get(id);
		if (known === undefined) {
			if (id === undefined) this.keys.set(key as string, index);
			else this.byId.set(id, index);
			return undefined;
		}
		if (id === undefined || isSameNamed(this.drafts[known] as Draft, draft)) return known;
		throw new ModelError("duplicate-id", `two different quantities are called ${id}`, id);
	}

	private fields(data: ExprData): Partial<FlatNode> & { op: ExprData["op"] } {
		switch (data.op) {
			case "const":
				return { op: data.op, value: data.value, symbol: data.symbol, factor: data.factor };
			case "input":
				return { op: data.op, id: data.id, unit: data.unit, spec: data.spec };
			case "node":
				return { op: data.op, id: data.id, unit: data.unit, meta: data.meta };
			case "lookup":
				return { op: data.op, table: this.sharedTable(data.table) };
			case "if":
			case "firstWhere":
				return { op: data.op, comparison: data.comparison };
			case "lag":
				if ("ref" in data.target) return { op: data.op, months: data.months };
				return { op: data.op, months: data.months, target: this.visit(data.target) };
			default:
				return { op: data.op };
		}
	}

	/** Tables of one name are one table, so that their rows are weighed as one piece of evidence. */
	private sharedTable(of: AnyTable): AnyTable {
		const first = this.tables.get(of.id);
		if (first === undefined) {
			this.tables.set(of.id, of);
			return of;
		}
		if (first !== of && canonicalJson(plainTable(first)) !== canonicalJson(plainTable(of))) {
			throw new ModelError("duplicate-id", `two different tables are called ${of.id}`, of.id);
		}
		return first;
	}
}

/** Equal keys, equal expressions: computed once, explained once. */
function isSameNamed(a: Draft, b: Draft): boolean {
	const told = ({ op, args, unit, spec, meta }: Draft): string => canonicalJson({ op, args, unit, spec, meta });
	return told(a) === told(b);
}

function keyOf(data: ExprData, fields: Partial<FlatNode>): string {
	const { op, args, table, comparison, months, target } = fields;
	const of = (args as readonly number[]).join(",");
	switch (data.op) {
		case "const":
			return `${op} ${data.value} ${data.factor} ${data.symbol} ${dimsText(fields.dims as Dims)}`;
		case "lookup":
			return `${op} ${of} ${table?.id}`;
		case "if":
		case "firstWhere":
			return `${op} ${comparison} ${of}`;
		case "lag":
			return `${op} ${months} ${of} ${"ref" in data.target ? `of ${data.target.ref}` : target}`;
		default:
			return `${op} ${of}`;
	}
}

/** Stages rise until they stand; a rise without end is a circle through a total. */
function withStages(drafts: readonly Draft[]): FlatNode[] {
	const stage = new Int32Array(drafts.length);
	const limit = 1 + drafts.filter((draft) => AGGREGATES.has(draft.op)).length;
	for (let changed = true; changed; ) {
		changed = false;
		for (const draft of drafts) {
			const after = AGGREGATES.has(draft.op) ? 1 : 0;
			let needed = draft.target === undefined ? 0 : (stage[draft.target] as number);
			for (const arg of draft.args) {
				const step = (drafts[arg] as Draft).shape === "series" ? after : 0;
				needed = Math.max(needed, (stage[arg] as number) + step);
			}
			if (needed > (stage[draft.index] as number)) {
				if (needed > limit) throw new ModelError("circular", "a series depends on a total of itself", draft.id);
				stage[draft.index] = needed;
				changed = true;
			}
		}
	}
	return drafts.map((draft) => ({ ...draft, stage: stage[draft.index] as number }));
}
