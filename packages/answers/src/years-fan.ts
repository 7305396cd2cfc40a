/**
 * The fan of years alone: quantiles by month, from a model of nothing but what is asked. The draws of an input are those of
 * the whole plan, so with as many draws and the same seed the bands are its bands, to the last bit.
 */
import type { Catalogue } from "@farthing/catalogue";
import type { AnyUnit, Fan, FanPartner, FlatNode } from "@farthing/engine";
import { buildModel, fans, fansWith, nodeIndex } from "@farthing/engine";
import type { FiveYears, Scenario } from "@farthing/scenario";
import { correlationsIn } from "./correlated.ts";
import type { Asking } from "./envelope.ts";
import type { CandidateOptions } from "./plan-candidates.ts";
import { YEARS_DRAWS } from "./plan-years.ts";
import { waysOf } from "./years/model.ts";
import type { FanResult } from "./years/result.ts";
import type { StrategyName } from "./years/strategies.ts";
import { bandsOf } from "./years/uncertainty.ts";

export interface YearsFanOptions extends CandidateOptions {
	readonly of: FanResult["of"];
	/** All that are priced unless given. */
	readonly strategies?: readonly StrategyName[];
	readonly draws?: number;
	/** Another thread that computes half of it; the bands are the same with and without. */
	readonly partner?: FanPartner | undefined;
}

export interface YearsFan {
	readonly months: number;
	readonly start?: string;
	readonly draws: number;
	/** Cash is what is left to the owner, after loans; absent where there are none. */
	readonly after_loans?: true;
	readonly fans: readonly FanResult[];
}

/** Rejects with exit 2 for a scenario without years, exit 3 for unknown names and missing data. */
export async function yearsFan(
	catalogue: Catalogue,
	scenario: Scenario,
	{ asOf, seed }: Pick<Asking, "asOf" | "seed">,
	{ of, strategies, draws = YEARS_DRAWS, partner, ...options }: YearsFanOptions,
): Promise<YearsFan> {
	const { priced: chosen, points } = waysOf(catalogue, scenario, asOf, { ...options, only: strategies });
	const model = buildModel(chosen.flatMap(({ measures }) => measures.outputs));
	const correlations = correlationsIn(model, scenario);
	const ids = chosen.map(({ name }) => `${name}.${of}`);
	const drawing = { draws, seed, months: points, correlations };
	const found = partner === undefined ? fans(model, ids, drawing) : await fansWith(partner, model, ids, drawing);
	const { months, start, finance } = scenario.fiveYears as FiveYears;
	return {
		months,
		...(start === undefined ? {} : { start }),
		draws,
		...(finance.debt === undefined ? {} : { after_loans: true }),
		fans: chosen.map(({ name }, i) => {
			const { unit } = model.nodes[nodeIndex(model, ids[i] as string)] as FlatNode;
			return { strategy: name, of, ...bandsOf(found[i] as Fan, unit as AnyUnit) };
		}),
	};
}
