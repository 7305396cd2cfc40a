/** `farthing why`: the tree under any number of a result. */
import type { Evaluation, ModelJson, WhyNode } from "@farthing/engine";
import { modelFromJson, nodeIndex, why } from "@farthing/engine";
import { nearestNames } from "@farthing/scenario";
import { FarthingError } from "./farthing-error.ts";
import { toldNumbers } from "./told-why.ts";
import { withRanges } from "./why-ranges.ts";

/** A saved result: an envelope with its graph. */
export interface SavedResult {
	readonly command: string;
	readonly result: unknown;
	readonly graph?: ModelJson;
	readonly as_of?: string;
}

/**
 * Explains a node of a saved result. A node is named by its id, by the end of its id if only one ends so, or by the rank
 * of an option (`1`); of a number that changes by month the opening is told unless a month is given. Throws exit 3 for an unknown or ambiguous name, exit 2 for a result without a graph.
 */
export function whyNode(saved: SavedResult, name: string, month?: number): WhyNode {
	return readingGraph(() => {
		const evaluation = graphOf(saved);
		const tell = toldIn(saved).get(name);
		if (tell !== undefined) {
			if (month !== undefined) throw noMonth(name);
			const inGraph = (id: string): WhyNode | undefined =>
				evaluation.model.byId.has(id) ? why(evaluation, id) : undefined;
			return withRanges(tell(inGraph), saved.result, evaluation);
		}
		const node = nodeNamed(evaluation, saved, name);
		if (month !== undefined) requireMonth(evaluation, node, month);
		return withRanges(why(evaluation, node, month === undefined ? {} : { month }), saved.result, evaluation);
	});
}

function toldIn({ result, as_of: asOf = "" }: SavedResult): ReturnType<typeof toldNumbers> {
	return toldNumbers(result, asOf);
}

function noMonth(node: string): FarthingError {
	return new FarthingError(
		2,
		"contradiction",
		{ en: `${node} is one number, and has no month`, zh: `${node} 是单个数字，没有月份` },
		{
			field: "--month",
			hint: { en: "leave --month out", zh: "请去掉 --month" },
		},
	);
}

/** `month` of a number that changes by month: 0 is the opening. */
function requireMonth({ model, months }: Evaluation, node: string, month: number): void {
	if (model.nodes[nodeIndex(model, node)]?.shape !== "series") throw noMonth(node);
	if (month < months) return;
	throw new FarthingError(
		3,
		"unknown-month",
		{ en: `${node} has no month ${month}`, zh: `${node} 没有第 ${month} 个月` },
		{
			field: "--month",
			expected: { en: `a month from 0, the opening, to ${months - 1}`, zh: `从 0（开业）到 ${months - 1} 的月份` },
		},
	);
}

/** What fails while a saved graph is read or shown fails because the file is not as it was written: exit 2. */
export function readingGraph<T>(read: () => T): T {
	try {
		return read();
	} catch (error) {
		if (error instanceof FarthingError) throw error;
		throw new FarthingError(
			2,
			"damaged-graph",
			`the graph of this result cannot be read: ${(error as Error).message}`,
			{
				expected: { en: "a result as farthing wrote it", zh: "farthing 写出的原样结果" },
				hint: { en: "run the command again with -o FILE", zh: "请加上 -o FILE 重新运行该命令" },
			},
		);
	}
}

export function graphOf(saved: SavedResult): Evaluation {
	if (saved.graph === undefined) {
		throw new FarthingError(
			2,
			"no-graph",
			{ en: "this result holds no graph to explain", zh: "此结果没有可供解释的计算图" },
			{
				expected: {
					en: "a result written with -o, or the last result of this folder",
					zh: "用 -o 写出的结果，或此文件夹中的上一个结果",
				},
				hint: { en: "run the command again with -o FILE", zh: "请加上 -o FILE 重新运行该命令" },
			},
		);
	}
	const { graph } = saved;
	const known = evaluations.get(graph);
	if (known !== undefined) return known;
	const read = readingGraph(() => modelFromJson(graph));
	evaluations.set(graph, read);
	return read;
}

/** Read once, since what is worked out for one number of a graph serves the next one. */
const evaluations = new WeakMap<ModelJson, Evaluation>();

export function nodeNamed(evaluation: Evaluation, saved: SavedResult, name: string): string {
	const ids = [...evaluation.model.byId.keys()];
	const asked = rankedNode(saved, name) ?? optionNode(saved, name) ?? name.replace("utilization", "utilisation");
	if (evaluation.model.byId.has(asked)) return asked;
	const ending = asked.trim() === "" ? [] : ids.filter((id) => id.endsWith(asked));
	const best = ofBestStrategy(saved, ids, asked) ?? bestOfSeveral(saved, ending);
	if (best !== undefined) return best;
	const expected = "the id of a node, or the rank of an option";
	if (ending.length === 0) {
		const nearest = nearestIds([...ids, ...toldIn(saved).keys()], name).slice(0, 8);
		throw new FarthingError(
			3,
			"unknown-node",
			{ en: `no node "${name}" in this result`, zh: `此结果中没有节点“${name}”` },
			{ expected, nearest },
		);
	}
	const nearest = ending.slice(0, 8);
	throw new FarthingError(
		3,
		"ambiguous-node",
		{ en: `${ending.length} nodes end in "${name}"`, zh: `有 ${ending.length} 个节点以“${name}”结尾` },
		{ expected, nearest },
	);
}

interface RankedResult {
	readonly options?: readonly {
		readonly rank: number;
		readonly id: string;
		readonly delivered: { readonly node?: string };
	}[];
	readonly rows?: readonly {
		readonly unit_cost?: { readonly total?: { readonly node?: string } };
		readonly nearest_row?: { readonly id: string };
	}[];
	readonly unit_cost?: { readonly node?: string };
	readonly gpu_hour?: { readonly node?: string };
}

/** Rank `n` of a plan is its delivered cost, of a frontier its cost per total token. */
function rankedNode({ result }: SavedResult, name: string): string | undefined {
	const ranked = result as RankedResult;
	if (!/^\d+$/.test(name)) return undefined;
	const rank = Number(name);
	const option = ranked.options?.find((each) => each.rank === rank)?.delivered;
	const row = ranked.rows?.[rank - 1]?.unit_cost?.total;
	return (option ?? row ?? (rank === 1 ? (ranked.unit_cost ?? ranked.gpu_hour) : undefined))?.node;
}

/** The id of a benchmark row is the delivered cost of its option, or the cost of its line on a frontier. */
function optionNode({ result }: SavedResult, name: string): string | undefined {
	const { options, rows } = result as RankedResult;
	const option = options?.find(({ id }) => id === name)?.delivered.node;
	return option ?? rows?.find(({ nearest_row: row }) => row?.id === name)?.unit_cost?.total?.node;
}

/** `levelised` is that of the best way to serve the demand over the years. */
function ofBestStrategy({ result }: SavedResult, ids: readonly string[], name: string): string | undefined {
	const { strategy } = result as { readonly strategy?: string };
	return ids.find((id) => strategy !== undefined && id === `${strategy}.${name}`);
}

/** Of several nodes with one ending, that of the cheapest option. */
function bestOfSeveral(saved: SavedResult, ending: readonly string[]): string | undefined {
	if (ending.length === 1) return ending[0];
	const prefix = /^.*\.(?=unit_cost\.)/.exec(rankedNode(saved, "1") ?? "")?.[0];
	const own = prefix === undefined ? [] : ending.filter((id) => id.startsWith(prefix));
	return own.length === 1 ? own[0] : undefined;
}

/** Those that share a word with the name, else those whose own or last word is spelt nearly so; none where none is near. */
function nearestIds(ids: readonly string[], name: string): string[] {
	const parts = name.toLowerCase().split(/[._\s-]+/);
	const words = parts.filter((word) => word.length > 1);
	const hits = (id: string): number => words.filter((word) => id.includes(word)).length;
	const near = ids.filter((id) => hits(id) > 0).sort((a, b) => hits(b) - hits(a) || a.length - b.length);
	if (near.length > 0) return near;
	const last = (id: string): string => id.slice(id.lastIndexOf(".") + 1);
	const spelt = new Set(nearestNames(name, new Set(ids.flatMap((id) => [id, last(id)]))));
	return ids.filter((id) => spelt.has(id) || spelt.has(last(id)));
}
