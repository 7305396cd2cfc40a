/** Ways to serve a demand, in words. */
import type { PricedResult, StrategyName } from "@farthing/answers";
import type { QuantityJson } from "@farthing/engine";
import { fill } from "../messages/fill.ts";
import { plainText, uncapitalised } from "../plain-text.ts";
import type { PackContext } from "./source.ts";

/** "own the base and rent the burst". */
export function strategyVerb({ words }: PackContext, name: StrategyName): string {
	return words.strategies[name].verb;
}

/** "Hybrid". */
export function strategyLabel({ words }: PackContext, name: StrategyName): string {
	return words.strategies[name].label;
}

export interface Placed<T> {
	readonly of: T;
	/** JSON pointer under `result`. */
	readonly at: string;
}

/** Priced strategies with their places, the best first; those that are not ranked last. */
export function pricedStrategies({ result }: PackContext): Placed<PricedResult>[] {
	const all = (result.strategies ?? []).flatMap((of, i): Placed<PricedResult>[] =>
		of.priced ? [{ of, at: `strategies/${i}` }] : [],
	);
	return all.sort((a, b) => (a.of.rank ?? Number.MAX_SAFE_INTEGER) - (b.of.rank ?? Number.MAX_SAFE_INTEGER));
}

export function bestPlaced(context: PackContext): Placed<PricedResult> | undefined {
	return pricedStrategies(context).find(({ of }) => of.rank === 1);
}

/** "own fleet": whose machines a block is about, where that need not be the strategy chosen. */
export function fleetLabel(context: PackContext, name: StrategyName | undefined): string {
	const strategy = uncapitalised(strategyLabel(context, name ?? "own"));
	return plainText(fill(context.words.stages.fleet, { strategy }));
}

/** Whether money is borrowed for it. */
export function hasLoans({ of }: Placed<PricedResult>): boolean {
	return of.years.some(({ owner_cash }) => owner_cash !== undefined);
}

/** A measure of a strategy, where it has one with a value. */
export function measureOf(
	{ of, at }: Placed<PricedResult>,
	name: string,
): { readonly quantity: QuantityJson; readonly at: string } | undefined {
	const quantity = of.measures[name];
	return quantity?.value === undefined ? undefined : { quantity, at: `${at}/measures/${name}` };
}
