/** Questions to the catalogue of this repository, as the command line asks them. */
import { readFileSync } from "node:fs";
import type { Catalogue } from "@farthing/catalogue";
import { openCatalogue } from "@farthing/catalogue/node";
import type { BenchmarkPoint, WhyNode } from "@farthing/engine";
import { why } from "@farthing/engine";
import type { RowList, Scenario, ScenarioOverride } from "@farthing/scenario";
import { parseRowList, parseScenario } from "@farthing/scenario";
import type { Asking, Envelope } from "../src/envelope.ts";
import { FarthingError } from "../src/farthing-error.ts";
import type { RateBook } from "../src/rates.ts";
import { rateBook } from "../src/rates.ts";
import { graphOf, type SavedResult, whyNode } from "../src/why.ts";

export const catalogue: Catalogue = openCatalogue().catalogue();

export function asking(command: string, more: Partial<Asking> = {}): Asking {
	return { command, arguments: {}, asOf: catalogue.releaseDate, seed: 1, catalogue, ...more };
}

const scenarios = new URL("../../../scenarios/", import.meta.url);

/** A scenario file of the repository with flags over it. */
export function exampleScenario(
	name: string,
	overrides: Readonly<Record<string, ScenarioOverride["value"]>> = {},
): Scenario {
	return scenarioOf(readFileSync(new URL(name, scenarios), "utf8"), overrides, `scenarios/${name}`);
}

export function scenarioOf(
	text: string,
	overrides: Readonly<Record<string, ScenarioOverride["value"]>> = {},
	file = "test.yaml",
): Scenario {
	const over = Object.entries(overrides).map(([path, value]) => ({ path, value, label: `--${path}` }));
	const parsed = parseScenario(text, { file, overrides: over });
	if (parsed.ok) return parsed.scenario;
	throw new Error(parsed.issues.map(({ message }) => message).join("; "));
}

export function rowList(text: string, file = "rows.yaml"): RowList {
	const parsed = parseRowList(text, { file });
	if (parsed.ok) return parsed.rowList;
	throw new Error(parsed.issues.map(({ message }) => message).join("; "));
}

export function sixRows(): RowList {
	return rowList(readFileSync(new URL("six-rows.yaml", scenarios), "utf8"), "scenarios/six-rows.yaml");
}

export function cardRates(id: string, tier: string, asOf: string = catalogue.releaseDate): RateBook {
	return rateBook(catalogue, { kind: "card", card: { id, tier }, rates: {} }, asOf);
}

export function benchmarkRow(id: string): BenchmarkPoint {
	const found = catalogue.benchmarks.find((point) => point.id === id);
	if (found === undefined) throw new Error(`no row ${id}`);
	return found;
}

/** The catalogue with some benchmark rows changed; undefined takes a row out. */
export function withRows(changes: Readonly<Record<string, Partial<BenchmarkPoint> | undefined>>): Catalogue {
	const benchmarks = catalogue.benchmarks.flatMap((point) => {
		if (!(point.id in changes)) return [point];
		const change = changes[point.id];
		return change === undefined ? [] : [{ ...point, ...change }];
	});
	return { ...catalogue, benchmarks };
}

export function withRowsWhere(
	isMeant: (point: BenchmarkPoint) => boolean,
	by: (point: BenchmarkPoint) => BenchmarkPoint | undefined,
): Catalogue {
	const benchmarks = catalogue.benchmarks.flatMap((point) => (isMeant(point) ? (by(point) ?? []) : [point]));
	return { ...catalogue, benchmarks };
}

/** The catalogue with one rate or power of one card changed. */
export function withRate(card: string, hardware: string, figure: string, value: number): Catalogue {
	const rateCards = catalogue.rateCards.map((each) => {
		const rates = each.rates[hardware];
		const known = rates?.[figure as keyof typeof rates];
		if (each.id !== card || rates === undefined || known === undefined) return each;
		return { ...each, rates: { ...each.rates, [hardware]: { ...rates, [figure]: { ...known, value } } } };
	});
	return { ...catalogue, rateCards };
}

/** What a call ends with, where it must not answer. */
export function refusal(ask: () => unknown): FarthingError {
	try {
		ask();
	} catch (error) {
		if (error instanceof FarthingError) return error;
		throw error;
	}
	throw new Error("it answered");
}

/** As `farthing why` finds it: written to a file and read back. */
export function saved(answer: Envelope<unknown>): SavedResult {
	return JSON.parse(JSON.stringify(answer)) as SavedResult;
}

/** Every quantity in a result, with the path it stands at. */
export function quantitiesIn(
	value: unknown,
	path = "result",
): { path: string; quantity: { node?: string; unit: string } }[] {
	if (typeof value !== "object" || value === null) return [];
	const own =
		"unit" in value && ("value" in value || "state" in value) ? [{ path, quantity: value as { unit: string } }] : [];
	return [...own, ...Object.entries(value).flatMap(([key, member]) => quantitiesIn(member, `${path}/${key}`))];
}

export function leavesOf(tree: WhyNode): WhyNode[] {
	return tree.inputs.length === 0 ? [tree] : tree.inputs.flatMap(leavesOf);
}

/**
 * Leaves without source, date or grade: in the graph itself, each input and each row of each table, and in the tree under
 * each quantity that names a node. A healthy result has none.
 */
export function bareLeaves(answer: Envelope<unknown>): string[] {
	const result = saved(answer);
	const graph = result.graph;
	if (graph === undefined) return ["the result has no graph"];
	const ofInputs = graph.nodes.flatMap(({ op, id, spec }) =>
		op === "input" ? bareness(`input ${String(id)}`, spec) : [],
	);
	const ofTables = graph.tables.flatMap(({ id, knots }) =>
		(knots as { row: string }[]).flatMap((knot) => bareness(`${String(id)}/${knot.row}`, knot)),
	);
	const named = new Set(quantitiesIn(result.result).flatMap(({ quantity }) => quantity.node ?? []));
	const evaluation = graphOf(result);
	const treeOf = (node: string): WhyNode =>
		evaluation.model.byId.has(node) ? why(evaluation, node) : whyNode(result, node);
	const ofTrees = [...named].flatMap((node) =>
		leavesOf(treeOf(node)).flatMap((leaf) =>
			bareness(`${node} → ${leaf.node}`, { ...leaf.source, asOf: leaf.source?.as_of }),
		),
	);
	return [...ofInputs, ...ofTables, ...ofTrees];
}

function bareness(what: string, of: unknown): string[] {
	const { source, asOf, grade } = (of ?? {}) as { source?: string; asOf?: string; grade?: string };
	const wrong = [
		...(typeof source === "string" && source.trim() !== "" ? [] : ["source"]),
		...(typeof asOf === "string" && /^\d{4}(-\d{2}(-\d{2})?|-H[12])?$/.test(asOf) ? [] : [`date (${asOf})`]),
		...(["A", "B", "C", "D", "E"].includes(grade ?? "") ? [] : ["grade"]),
	];
	return wrong.map((lack) => `${what} lacks a ${lack}`);
}
