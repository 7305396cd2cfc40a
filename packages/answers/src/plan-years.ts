/**
 * Years of money: one demand served by owning, renting, buying tokens or a mix, month by month, with what each comes to, where
 * they cross, why the cost of a token falls, and what draws make of it.
 */
import type { Catalogue } from "@farthing/catalogue";
import { centralValue, modelToJson } from "@farthing/engine";
import type { Evaluation } from "@farthing/engine";
import type { FiveYears, Scenario } from "@farthing/scenario";
import type { Asking, Envelope, Warning } from "./envelope.ts";
import { envelope } from "./envelope.ts";
import { ATTRIBUTION } from "./frontier.ts";
import { correlationsIn } from "./correlated.ts";
import type { CandidateOptions } from "./plan-candidates.ts";
import type { Answer } from "./years/answer.ts";
import { json } from "./years/answer.ts";
import { byVolume } from "./years/by-volume.ts";
import { breakEvens } from "./years/comparisons.ts";
import { bridgeOf } from "./years/cost-bridge.ts";
import { drawsOf } from "./years/draws.ts";
import { footprintOf } from "./years/footprint.ts";
import { headlineReturnOf } from "./years/headline-return.ts";
import { machineJson } from "./years/machine-result.ts";
import { modelResults } from "./years/model-result.ts";
import { evaluated, marginalOf, volumesOf, yearsModel } from "./years/model.ts";
import type { PlanYearsResult, PricedResult } from "./years/result.ts";
import { claimWarning, softwareResult } from "./years/software-result.ts";
import type { Part } from "./years/strategies.ts";
import { debtWarnings, reserveWarnings } from "./years/plan-warnings.ts";
import { stageTable } from "./years/stages.ts";
import { strategyResults } from "./years/strategy-result.ts";
import { uncertaintyOf } from "./years/uncertainty.ts";

export * from "./years/result.ts";

export interface PlanYearsOptions extends CandidateOptions {
	readonly draws?: number;
}

export const YEARS_DRAWS = 1024;

/** Throws exit 2 for a scenario without years, exit 3 for unknown names and missing data. */
export function planYears(
	catalogue: Catalogue,
	scenario: Scenario,
	asking: Asking,
	options: PlanYearsOptions = {},
): Envelope<PlanYearsResult> {
	const { result, warnings, evaluation } = yearsAnswer(catalogue, scenario, asking, options);
	return envelope({ ...asking, scenario: scenario.document }, result, warnings, modelToJson(evaluation));
}

export interface YearsAnswer {
	readonly result: PlanYearsResult;
	readonly warnings: readonly Warning[];
	readonly evaluation: Evaluation;
}

/** The same before it is put in an envelope. */
export function yearsAnswer(
	catalogue: Catalogue,
	scenario: Scenario,
	{ asOf, seed }: Asking,
	options: PlanYearsOptions = {},
): YearsAnswer {
	const built = yearsModel(catalogue, scenario, asOf, options);
	const { asked, rates, parts, strategies, priced, pairs, owner, model, points } = built;
	const main = mainOf(parts);
	const { machine, software } = main;
	const { months, start, revenue } = scenario.fiveYears as FiveYears;
	const evaluation = evaluated(built);
	const correlations = correlationsIn(model, scenario, { strict: true });
	const answer: Answer = {
		asked,
		evaluation,
		marginal: marginalOf(built, evaluation),
		draws: drawsOf(model, priced, seed, points, options.draws ?? YEARS_DRAWS, correlations),
		currencyDate: rates.currencyDate,
		months: points,
		known: new Map(),
	};
	const results = strategyResults(answer, strategies);
	const best = results.find((each): each is PricedResult => each.priced && each.rank === 1);
	const headline = headlineReturnOf(answer, owner);
	const uncertainty = uncertaintyOf(answer, priced);
	const models = modelResults(catalogue, answer, parts, priced);
	const volumes = volumesOf(built);
	const price = model.byId.has("revenue.price") ? json(answer, "revenue.price") : undefined;
	const result: PlanYearsResult = {
		scenario: scenario.name,
		model: main.machines.found.model,
		months,
		...(start === undefined ? {} : { start }),
		machine: machineJson(catalogue, answer, machine, software.precision),
		...(models.length === 0 ? {} : { models }),
		...(best === undefined ? {} : { strategy: best.strategy }),
		ranked_by: revenue === undefined ? "present_cost" : "npv",
		years: best?.years ?? [],
		...(best === undefined ? {} : headlinesOf(best)),
		strategies: results,
		...(price === undefined ? {} : { price }),
		break_evens: breakEvens(answer, pairs, volumes),
		by_volume: byVolume(answer, volumes),
		bridges: priced.map((each) => bridgeOf(answer, each)),
		software_curve: softwareResult(answer, software, owner),
		stages: owner === undefined ? [] : stageTable(answer, owner),
		footprint: footprintOf(answer, owner),
		...(headline === undefined ? {} : { headline_return: headline }),
		...(uncertainty === undefined ? {} : { uncertainty }),
		defaults: scenario.defaults,
		attribution: ATTRIBUTION,
	};
	const warnings = [
		...unlike(parts.flatMap(({ machines }) => machines.found.warnings)),
		...rates.warnings(),
		...unlike(parts.flatMap(({ machines }) => machines.question.warnings)),
		...asked.warnings,
		...meanAndPeakAlone(scenario),
		...claimWarning(software),
		...reserveWarnings(results, months),
		...debtWarnings(answer, priced),
	];
	return { result, warnings, evaluation };
}

/** Fleets of years follow mean and peak: what traffic asks beyond them, and what a site has room for, is the plan of today's. */
function meanAndPeakAlone({ traffic, limits }: Scenario): Warning[] {
	const members = [...(traffic === undefined ? [] : ["traffic"]), ...(limits === undefined ? [] : ["limits"])];
	if (members.length === 0) return [];
	const words = members.join(" and ");
	const message = `years of money size fleets by mean and peak alone: ${words} of the scenario ${members.length === 1 ? "counts" : "count"} in options, not in strategies and years`;
	return [{ code: "years-by-mean-and-peak", message }];
}

/** The part with the largest share; the first of equals. */
function mainOf(parts: readonly [Part, ...Part[]]): Part {
	const shares = parts.map(({ name, asked }) =>
		centralValue((asked.years.models ?? []).find((each) => each.name === name)?.share.distribution ?? WHOLE),
	);
	return parts[shares.indexOf(Math.max(...shares))] as Part;
}

const WHOLE = { kind: "point", value: 1 } as const;

/** What two models are warned of alike is said once. */
function unlike(warnings: readonly Warning[]): Warning[] {
	return [...new Map(warnings.map((each) => [JSON.stringify(each), each])).values()];
}

function headlinesOf({ measures, irr }: PricedResult): Pick<PlanYearsResult, "npv" | "irr" | "payback" | "peak_cash"> {
	const { npv, payback_months: payback, peak_cash } = measures;
	return {
		...(npv === undefined ? {} : { npv }),
		...(irr === undefined ? {} : { irr }),
		...(payback === undefined ? {} : { payback }),
		...(peak_cash === undefined ? {} : { peak_cash }),
	};
}
