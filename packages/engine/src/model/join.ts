/** Two evaluated models as one, so that what was worked out apart can be saved, explained and compared together. */
import { dimsText } from "../quantity/dimension.ts";
import type { Evaluation } from "./evaluate.ts";
import type { FlatNode, Model } from "./flatten.ts";
import { plainNode, plainTable, stageCount } from "./flatten.ts";
import { canonicalJson } from "./hash.ts";
import { ModelError } from "./model-error.ts";
import type { AnyTable } from "./table.ts";

/**
 * What both have is there once. Throws `duplicate-id` where one name means two things, `series-mismatch` where both have
 * series and of different lengths.
 */
export function joined(first: Evaluation, second: Evaluation): Evaluation {
	const months = monthsOf(first, second);
	const nodes: FlatNode[] = [...first.model.nodes];
	const scalars = [...first.scalars];
	const series = nodes.map(({ index }) => first.series[index]);
	const byId = new Map(first.model.byId);
	const known = new Map(
		nodes.flatMap((node) => (node.op === "lag" || node.id !== undefined ? [] : [[keyOf(node), node.index] as const])),
	);
	const sameAs = (node: FlatNode): number | undefined => {
		if (node.op === "lag") return undefined;
		if (node.id === undefined) return known.get(keyOf(node));
		const there = byId.get(node.id);
		if (there === undefined || isSameNamed(nodes[there] as FlatNode, node)) return there;
		throw new ModelError("duplicate-id", `two different quantities are called ${node.id}`, node.id);
	};
	const tables = new Map(nodes.flatMap(({ table }) => (table === undefined ? [] : [[table.id, table] as const])));
	const place = new Map<number, number>();
	for (const node of second.model.nodes) {
		const moved = sharingTables(
			{ ...node, index: nodes.length, args: node.args.map((arg) => place.get(arg) as number) },
			tables,
		);
		const there = sameAs(moved);
		place.set(node.index, there ?? moved.index);
		if (there !== undefined) continue;
		nodes.push(moved);
		scalars.push(second.scalars[node.index] as number);
		series.push(second.series[node.index]);
		if (moved.id !== undefined) byId.set(moved.id, moved.index);
	}
	const whole = nodes.map((node, i) =>
		i < first.model.nodes.length || node.target === undefined
			? node
			: { ...node, target: place.get(node.target) as number },
	);
	const outputs = [...new Set([...first.model.outputs, ...second.model.outputs])];
	const model: Model = { nodes: whole, byId, outputs, stages: stageCount(whole) };
	return { model, months, scalars: Float64Array.from(scalars), series };
}

function monthsOf(first: Evaluation, second: Evaluation): number {
	const hasSeries = ({ series }: Evaluation): boolean => series.some((path) => path !== undefined);
	if (hasSeries(first) && hasSeries(second) && first.months !== second.months)
		throw new ModelError("series-mismatch", `series of ${first.months} and of ${second.months} months`);
	return hasSeries(second) ? second.months : first.months;
}

/** Equal keys, equal expressions without a name: of arguments already placed, whatever the node's own place. */
function keyOf({ op, args, value, factor, symbol, dims, table, comparison }: FlatNode): string {
	const own = op === "const" ? `${value} ${factor} ${symbol} ${dimsText(dims)}` : (table?.id ?? comparison ?? "");
	return `${op} ${own} ${args.join(",")}`;
}

/** What two models have from one expression is one object in both; the rest is compared whole. */
function isSameNamed(a: FlatNode, b: FlatNode): boolean {
	const isOne = a.spec === b.spec && a.meta === b.meta && a.unit === b.unit;
	const isAlike = a.op === b.op && a.args.length === b.args.length && a.args.every((arg, i) => arg === b.args[i]);
	return isAlike && (isOne || told(a) === told(b));
}

function told({ index: _, stage: __, ...node }: FlatNode): string {
	return canonicalJson(plainNode(node as FlatNode));
}

/** Tables of one name are one table. */
function sharingTables(node: FlatNode, tables: Map<string, AnyTable>): FlatNode {
	if (node.table === undefined) return node;
	const first = tables.get(node.table.id);
	if (first !== undefined && canonicalJson(plainTable(first)) !== canonicalJson(plainTable(node.table)))
		throw new ModelError("duplicate-id", `two different tables are called ${first.id}`, first.id);
	const table = first ?? node.table;
	tables.set(table.id, table);
	return { ...node, table };
}
