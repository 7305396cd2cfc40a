/**
 * A model and its values as plain JSON, so that a saved result can be explained, compared and reported without computing
 * anything again. What is written and read back has the same hash.
 */
import type { Dims } from "../quantity/dimension.ts";
import type { Evaluation } from "./evaluate.ts";
import type { FlatNode, Model } from "./flatten.ts";
import { plainNode, plainTable, stageCount } from "./flatten.ts";
import { ModelError } from "./model-error.ts";
import type { AnyTable, TableSpec } from "./table.ts";
import { table } from "./table.ts";

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
	const tables = [...new Set(model.nodes.flatMap((node) => (node.table === undefined ? [] : [node.table])))];
	const places = new Map(tables.map((each, place) => [each, place]));
	const nodes = model.nodes.map((node) => {
		const { table: _, index: __, ...plain } = plainNode(node);
		return node.table === undefined ? plain : { ...plain, table: places.get(node.table) };
	});
	const values = model.nodes.map(({ index }) => {
		const path = series[index];
		return path === undefined ? finiteOrNull(scalars[index] as number) : Array.from(path, finiteOrNull);
	});
	return {
		months,
		outputs: model.outputs,
		nodes,
		tables: tables.map((each): Readonly<Record<string, unknown>> => ({ ...plainTable(each) })),
		values,
	};
}

/** Throws `unknown-node` where the JSON is not a model, `bad-table` where one of its tables is none. */
export function modelFromJson(json: ModelJson): Evaluation {
	if (!hasParts(json)) throw new ModelError("unknown-node", "this is not the graph of a farthing result");
	const tables = json.tables.map((plain) => table(plain as unknown as TableSpec<Dims, Dims>));
	const nodes = json.nodes.map((plain, index) => nodeFromJson(plain, index, json, tables));
	const byId = new Map(nodes.flatMap((node) => (node.id === undefined ? [] : [[node.id, node.index] as const])));
	const missing = json.outputs.find((id) => !byId.has(id));
	if (missing !== undefined) throw new ModelError("unknown-node", `the graph has no node ${missing}`, missing);
	const model: Model = { nodes, byId, outputs: json.outputs, stages: stageCount(nodes) };
	const scalars = Float64Array.from(json.values, (value) => (typeof value === "number" ? value : Number.NaN));
	const series = json.values.map((value) =>
		Array.isArray(value) ? Float64Array.from(value, (v: number | null) => v ?? Number.NaN) : undefined,
	);
	return { model, months: json.months, scalars, series };
}

function hasParts(json: ModelJson): boolean {
	const lists: readonly unknown[] = [json?.nodes, json?.values, json?.outputs, json?.tables];
	const whole = Number.isInteger(json?.months) && json.months >= 0;
	if (!whole || !lists.every(Array.isArray) || json.nodes.length !== json.values.length) return false;
	return json.tables.every(({ knots, xUnit, yUnit }) => Array.isArray(knots) && isObject(xUnit) && isObject(yUnit));
}

/** Places in the graph must be there, and arguments before what uses them: the backends count on it. */
function nodeFromJson(
	plain: Readonly<Record<string, unknown>>,
	index: number,
	json: ModelJson,
	tables: readonly AnyTable[],
): FlatNode {
	const { table: place, ...rest } = plain;
	const node = { ...rest, index } as unknown as FlatNode;
	const named = node.op === "input" || node.op === "node";
	const found = typeof place === "number" ? tables[place] : undefined;
	const value = json.values[index];
	const sound =
		typeof node.op === "string" &&
		Number.isInteger(node.stage) &&
		Array.isArray(node.args) &&
		node.args.every((arg) => isPlace(arg, index)) &&
		(node.op === "lag") === isPlace(node.target, json.nodes.length) &&
		(node.op === "lookup") === (found !== undefined) &&
		named === (typeof node.id === "string" && isObject(node.unit)) &&
		(node.shape === "series" ? Array.isArray(value) && value.length === json.months : !Array.isArray(value));
	if (!sound) throw new ModelError("unknown-node", `node ${index} of the graph is damaged`);
	return found === undefined ? node : { ...node, table: found };
}

function isObject(value: unknown): boolean {
	return typeof value === "object" && value !== null;
}

function isPlace(place: unknown, below: number): boolean {
	return Number.isInteger(place) && (place as number) >= 0 && (place as number) < below;
}

function finiteOrNull(value: number): number | null {
	return Number.isNaN(value) ? null : value;
}
