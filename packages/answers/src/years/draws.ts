/** Draws of a plan over years. */
import type { Correlation, Draws, Model } from "@farthing/engine";
import { sample } from "@farthing/engine";
import type { PricedStrategy } from "./strategies.ts";

/** Few, since every month of every node is held for each draw of a block. */
const BLOCK = 32;

const ALWAYS = ["npv", "present_cost", "tco", "levelised", "peak_cash", "gross_margin", "price_floor"];

const PERHAPS = ["payback", "irr"];

/** Measures and years of each way; nothing where no input has a range. */
export function drawsOf(
	model: Model,
	priced: readonly PricedStrategy[],
	seed: number,
	months: number,
	draws: number,
	correlations: readonly Correlation[],
): Draws | undefined {
	const ranged = model.nodes.some(
		({ spec }) => spec !== undefined && spec.value.kind !== "point" && spec.value.kind !== "series",
	);
	if (!ranged) return undefined;
	const years = (of: PricedStrategy): string[] =>
		Array.from({ length: of.measures.years }, (_, i) => [
			`year_${i + 1}.unit_cost.delivered`,
			`year_${i + 1}.cash`,
		]).flat();
	const keep = (names: (of: PricedStrategy) => readonly string[]): string[] =>
		priced.flatMap((each) => names(each).map((name) => `${each.name}.${name}`)).filter((id) => model.byId.has(id));
	const drawn = (ids: readonly string[]): ReadonlyMap<string, Float64Array> =>
		ids.length === 0 ? new Map() : sample(model, { draws, seed, months, keep: ids, block: BLOCK, correlations }).values;
	// what some draws do not reach apart: the search for its reason is slow, and its draws are the same
	const always = drawn(keep((each) => [...ALWAYS, ...years(each)]));
	const perhaps = drawn(keep(() => PERHAPS));
	return { draws, seed, correlations, values: new Map([...always, ...perhaps].filter(([, of]) => varies(of))) };
}

/** Draws that are all the same say nothing beside the value. */
function varies(of: Float64Array): boolean {
	const [first] = of;
	return of.some((each) => !Object.is(each, first));
}
