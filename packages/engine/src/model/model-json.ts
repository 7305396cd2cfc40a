/**
 * A model and its values as plain JSON, so that a saved result can be explained, compared and reported without computing
 * anything again. What is written and read back has the same hash.
 */
import { steffenCurve } from "../numerics/steffen.ts";
import { log } from "../numerics/elementary.ts";
import type { Evaluation } from "./evaluate.ts";
import type { FlatNode, Model } from "./flatten.ts";
import { plainNode } from "./flatten.ts";
import { ModelError } from "./model-error.ts";
import type { AnyTable } from "./table.ts";

export interface ModelJson {
	readonly months: number;
	readonly outputs: readonly string[];
	/** Nodes in order of computation; a table stands in `tables` and is named by its place there. */
	readonly nodes: readonly Readonly<Record<string, unknown>>[];
	readonly tables: readonly Readonly<Record<string, unknown>>[];
	/** One value a node, base units; a list for series; null where unreachable. */
	readonly values: readonly (number | null | readonly (number | null)[])[];
}

export function modelToJson({ model, months, scalars, series }: Evaluation): ModelJson {
	const tables: AnyTable[] = [];
	const nodes = model.nodes.map((node) => {
		const { table: _, index: __, ...plain } = plainNode(node);
		if (node.table === undefined) return plain;
		if (!tables.includes(node.table)) tables.push(node.table);
		return { ...plain, table: tables.indexOf(node.table) };
	});
	const values = model.nodes.map(({ index }) => {
		const path = series[index];
		return path === undefined ? finiteOrNull(scalars[index] as number) : Array.from(path, finiteOrNull);
	});
	return { months, outputs: model.outputs, nodes, tables: tables.map(({ curve: _, ...table }) => table), values };
}

/** Throws `unknown-node` where the JSON is not a model. */
export function modelFromJson(json: ModelJson): Evaluation {
	if (!Array.isArray(json?.nodes) || !Array.isArray(json.values) || json.nodes.length !== json.values.length) {
		throw new ModelError("unknown-node", "this is not the graph of a farthing result");
	}
	const tables = json.tables.map(tableFromJson);
	const nodes = json.nodes.map((plain, index): FlatNode => {
		const { table, ...rest } = plain as Record<string, unknown>;
		const node = { ...rest, index } as unknown as FlatNode;
		return typeof table === "number" ? { ...node, table: tables[table] as AnyTable } : node;
	});
	const byId = new Map(nodes.flatMap((node) => (node.id === undefined ? [] : [[node.id, node.index] as const])));
	const model: Model = { nodes, byId, outputs: json.outputs, stages: 1 + Math.max(0, ...nodes.map((node) => node.stage)) };
	const scalars = Float64Array.from(json.values, (value) => (typeof value === "number" ? value : Number.NaN));
	const series = json.values.map((value) =>
		Array.isArray(value) ? Float64Array.from(value, (v: number | null) => v ?? Number.NaN) : undefined,
	);
	return { model, months: json.months, scalars, series };
}

function tableFromJson(plain: Readonly<Record<string, unknown>>): AnyTable {
	const table = plain as unknown as Omit<AnyTable, "curve">;
	const x = table.knots.map((knot) => knot.x);
	const y = table.knots.map((knot) => (table.scale === "log" ? log(knot.y) : knot.y));
	return { ...table, curve: steffenCurve(x, y) };
}

function finiteOrNull(value: number): number | null {
	return Number.isNaN(value) ? null : value;
}
