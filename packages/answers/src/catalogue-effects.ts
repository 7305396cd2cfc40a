/**
 * What a newer catalogue does to a saved result: the figures of the older one that its number rests on and the newer has
 * otherwise, each with what it does alone, and all together. A saved result holds the rows that it was planned on and no
 * others: what new rows would change, only its scenario planned anew can tell.
 */
import type { Catalogue, FigureChange } from "@farthing/catalogue";
import { COLLECTION_NAMES, figureChanges } from "@farthing/catalogue";
import type { AnyUnit, FlatNode, QuantityJson } from "@farthing/engine";
import { evaluate, nodeIndex, quantityJson, scalarOf, subModel } from "@farthing/engine";
import { decisionOf } from "./decision.ts";
import type { SavedResult } from "./why.ts";
import { graphOf, nodeNamed } from "./why.ts";

export interface CatalogueEffect {
	/** File of the saved result. */
	readonly result: string;
	readonly node: string;
	readonly label: string;
	readonly from: QuantityJson;
	readonly to: QuantityJson;
	/** Each with the others as they were; largest first. Together they need not add up to the whole change. */
	readonly changes: readonly EffectOfFigure[];
	/** Rows and figures that the number rests on and whose effect cannot be told without planning anew. */
	readonly untold: readonly string[];
	readonly decision?: { readonly before: string; readonly after: string; readonly changed: boolean };
}

export interface EffectOfFigure {
	/** As the catalogue names it: `rate-cards/2026-07/b200-sxm/own_neocloud`. */
	readonly figure: string;
	readonly before: QuantityJson;
	readonly after: QuantityJson;
	readonly delta: QuantityJson;
}

export function catalogueEffect(
	name: string,
	saved: SavedResult,
	before: Catalogue,
	after: Catalogue,
	changes: readonly FigureChange[] = figureChanges(before, after),
): CatalogueEffect {
	const evaluation = graphOf(saved);
	const { model, months } = evaluation;
	const decision = decisionOf(saved);
	const node = decision?.options[0]?.node ?? nodeNamed(evaluation, saved, "1");
	const known = placesOf(changes);
	const nodes = decision?.options.map((option) => option.node) ?? [node];
	const part = subModel(model, nodes);
	const moved: Moved[] = [];
	const untold = new Set<string>();
	for (const each of part.nodes) {
		const change = each.op === "input" ? known.get(each.spec?.at ?? "") : undefined;
		if (change === undefined) continue;
		const ratio = ratioOf(change);
		const was = each.shape === "series" ? Number.NaN : scalarOf(evaluation, each.id as string);
		if (ratio === undefined || !Number.isFinite(was)) untold.add(each.spec?.at as string);
		else if (ratio !== 1) moved.push({ input: each, before: was, after: was * ratio });
	}
	const valueWith = (inputs: readonly Moved[], of: string): number => {
		const own = subModel(model, [of]);
		const known = inputs.filter(({ input }) => own.byId.has(input.id as string));
		const values = new Map(known.map(({ input, after: value }) => [input.id as string, value]));
		return scalarOf(evaluate(own, { months, inputs: values }), of);
	};
	const shown = model.nodes[nodeIndex(model, node)] as FlatNode;
	const start = valueWith([], node);
	const own = subModel(model, [node]);
	const figures = grouped(moved);
	const alone = [...figures].flatMap(([figure, of]): EffectOfFigure[] => {
		const [first] = of.filter(({ input }) => own.byId.has(input.id as string));
		if (first === undefined) return [];
		return [
			{
				figure,
				before: amount(first.input, first.before),
				after: amount(first.input, first.after),
				delta: amount(shown, valueWith(of, node) - start),
			},
		];
	});
	const ranked = nodes.map((each, i) => ({ name: decision?.options[i]?.name ?? each, value: valueWith(moved, each) }));
	const best = ranked.reduce((a, b) => ((decision?.choose === "most" ? b.value > a.value : b.value < a.value) ? b : a));
	const [first] = decision?.options ?? [];
	return {
		result: name,
		node,
		label: shown.meta?.label ?? node,
		from: quantityJson(evaluation, node),
		to: amount(shown, valueWith(moved, node)),
		changes: alone.sort((a, b) => Math.abs(b.delta.value ?? 0) - Math.abs(a.delta.value ?? 0)),
		untold: [...untold].sort(),
		...(first === undefined
			? {}
			: { decision: { before: first.name, after: best.name, changed: best.name !== first.name } }),
	};
}

interface Moved {
	readonly input: FlatNode;
	readonly before: number;
	readonly after: number;
}

/** One figure may be the value of several inputs: they move together. */
function grouped(moved: readonly Moved[]): Map<string, Moved[]> {
	const found = new Map<string, Moved[]>();
	for (const each of moved) {
		const at = each.input.spec?.at as string;
		found.set(at, [...(found.get(at) ?? []), each]);
	}
	return found;
}

/** Changes by the places that inputs give: `hardware/mi355x/allInPower`, and of a row its id. */
function placesOf(changes: readonly FigureChange[]): Map<string, FigureChange> {
	const places = new Map<string, FigureChange>();
	for (const change of changes) {
		const { collection, id, path } = change;
		if (path === undefined) {
			places.set(id, change);
			places.set(`${nameOf(collection)}/${id}`, change);
			continue;
		}
		const members = path.replace(/^(?:figures|rates)\./, "").replaceAll(".", "/");
		places.set(`${nameOf(collection)}/${id}/${members}`, change);
	}
	return places;
}

/** Inputs name the sets of assumptions in the singular. */
function nameOf(collection: FigureChange["collection"]): string {
	if (collection === "buildUps") return "build-up";
	return (COLLECTION_NAMES as Readonly<Record<string, string>>)[collection] ?? collection;
}

/** New over old; undefined where there is none, as for a row as a whole. */
function ratioOf({ before, after }: FigureChange): number | undefined {
	if (before?.value === undefined || after?.value === undefined || before.unit !== after.unit) return undefined;
	if (before.value === after.value) return 1;
	return before.value === 0 ? undefined : after.value / before.value;
}

function amount({ id, unit }: FlatNode, base: number): QuantityJson {
	const { symbol, factor } = unit as AnyUnit;
	return { value: base / factor + 0, unit: symbol, node: id as string };
}
