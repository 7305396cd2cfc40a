/** What draws say of a plan: fans by month, and the chance that each way is the best, loses money or does not pay back. */
import type { AnyUnit, Fan, FlatNode } from "@farthing/engine";
import { chanceOfMissing, fans, nodeIndex, scalarOf } from "@farthing/engine";
import type { Answer } from "./answer.ts";
import type { ChanceResult, FanResult, Uncertainty } from "./result.ts";
import type { PricedStrategy } from "./strategies.ts";

/** Nothing where no input has a range. */
export function uncertaintyOf(answer: Answer, priced: readonly PricedStrategy[]): Uncertainty | undefined {
	const { draws } = answer;
	if (draws === undefined) return undefined;
	const { correlations = [] } = draws;
	return {
		draws: draws.draws,
		seed: draws.seed,
		correlations,
		chances: chancesOf(answer, priced),
		fans: fansOf(answer, priced),
	};
}

/** A way that no range touches has the same value in every draw. Nothing where no way is touched. */
function chancesOf({ draws, asked, evaluation }: Answer, priced: readonly PricedStrategy[]): ChanceResult[] {
	const sold = asked.years.revenue !== undefined;
	if (draws === undefined || !priced.some(({ name }) => draws.values.has(`${name}.${sold ? "npv" : "present_cost"}`)))
		return [];
	const drawn = ({ name }: PricedStrategy, measure: string): Float64Array | undefined => {
		const id = `${name}.${measure}`;
		const kept = draws.values.get(id);
		if (kept !== undefined || !evaluation.model.byId.has(id)) return kept;
		return new Float64Array(draws.draws).fill(scalarOf(evaluation, id));
	};
	const worth = priced.map((each) => ({ each, of: drawn(each, sold ? "npv" : "present_cost") }));
	const compared = worth.filter((one): one is { each: PricedStrategy; of: Float64Array } => one.of !== undefined);
	return compared.flatMap(({ each, of: own }): ChanceResult[] => {
		const payback = sold ? drawn(each, "payback") : undefined;
		return [
			...(compared.length < 2 ? [] : [chance(each, "best", shareBest(own, compared, sold), own.length)]),
			...(sold ? [chance(each, "loss", chanceOfMissing(own, { atLeast: 0 }).probability, own.length)] : []),
			...(payback === undefined
				? []
				: [chance(each, "no_payback", chanceOfMissing(payback, { atLeast: 0 }).probability, payback.length)]),
		];
	});
}

function chance(
	{ name: strategy }: PricedStrategy,
	what: ChanceResult["of"],
	probability: number,
	draws: number,
): ChanceResult {
	const standard_error = Math.sqrt((probability * (1 - probability)) / draws);
	return { strategy, of: what, probability, standard_error };
}

/** Share of draws in which no other is better; a draw that several ways share counts for each in equal parts. */
export function shareBest(own: Float64Array, all: readonly { readonly of: Float64Array }[], sold: boolean): number {
	const sign = sold ? 1 : -1;
	const parts = own.map((value, i) => {
		const best = all.every(({ of }) => sign * (of[i] as number) <= sign * value);
		return best ? 1 / all.filter(({ of }) => of[i] === value).length : 0;
	});
	return parts.reduce((sum, part) => sum + part, 0) / own.length;
}

/** What is told month by month. */
export const BY_MONTH = ["unit_cost.delivered", "cash_so_far"] as const;

function fansOf({ evaluation, draws, months }: Answer, priced: readonly PricedStrategy[]): FanResult[] {
	const { model } = evaluation;
	const ids = priced.flatMap(({ name }) => BY_MONTH.map((of) => ({ strategy: name, of, id: `${name}.${of}` })));
	const found = fans(
		model,
		ids.map(({ id }) => id),
		{ draws: draws?.draws ?? 0, seed: draws?.seed ?? 1, months, correlations: draws?.correlations ?? [] },
	);
	return ids.map(({ strategy, of, id }, i) => {
		const { unit } = model.nodes[nodeIndex(model, id)] as FlatNode;
		return { strategy, of, ...bandsOf(found[i] as Fan, unit as AnyUnit) };
	});
}

/** Bands of a fan in the unit of its node. */
export function bandsOf({ node, bands }: Fan, { symbol, factor }: AnyUnit): Omit<FanResult, "strategy" | "of"> {
	const [p10, p50, p90] = bands.map((band) => band.map((value) => value / factor + 0)) as [
		number[],
		number[],
		number[],
	];
	return { unit: symbol, node, p10, p50, p90 };
}
