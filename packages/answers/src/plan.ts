/**
 * `farthing plan`: a scenario to ranked fleets, each with the bridge from headline to delivered cost, and the daily
 * volume at which another deployment becomes the cheapest.
 */
import type { Catalogue } from "@farthing/catalogue";
import type { BenchmarkPoint, Correlation, Draws, Evaluation, Model } from "@farthing/engine";
import { buildModel, evaluate, joined, modelToJson, quantityJson, sample, scalarOf, usdPerDay } from "@farthing/engine";
import type { Scenario } from "@farthing/scenario";
import { apiOffer, apiPrices } from "./api-offers.ts";
import { correlationsIn } from "./correlated.ts";
import type { Asking, Envelope, Warning } from "./envelope.ts";
import { envelope } from "./envelope.ts";
import { ATTRIBUTION } from "./frontier.ts";
import { nodeId } from "./node-id.ts";
import type { Built } from "./plan-built.ts";
import { builtOption, byHeadline, cheapestFirst, tokensPerRequest } from "./plan-built.ts";
import { candidates, requestLengths } from "./plan-candidates.ts";
import { feasibleRows } from "./plan-feasible.ts";
import { fleetQuestion } from "./plan-fleet.ts";
import { planFleets } from "./plan-fleets.ts";
import { mostWithin, roomAnswer } from "./plan-most.ts";
import { nothingFits } from "./plan-nothing-fits.ts";
import type { PlanContext } from "./plan-option.ts";
import { crossoverJson, optionJson, questionJson, withHours } from "./plan-option.ts";
import type { Crossover, PlanOption, PlanOptions, PlanResult } from "./plan-result.ts";
import { roomBook } from "./plan-room.ts";
import { searchedAmong } from "./plan-searched.ts";
import { serviceLimits } from "./plan-service.ts";
import type { OneLoad, planSharing } from "./plan-sharing.ts";
import type { planTraffic } from "./plan-traffic.ts";
import type { Change } from "./plan-volumes.ts";
import { volumeCurves } from "./plan-volumes.ts";
import type { yearsAnswer } from "./plan-years.ts";
import { planWarnings } from "./plan-warnings.ts";
import { scenarioRates } from "./rates.ts";
import { throughputInput } from "./rows.ts";
import { toldName } from "./told-why.ts";

export { type BridgeCause, headlineToDelivered } from "./plan-bridge.ts";

export const PLAN_DRAWS = 4096;

/** What only some scenarios ask for: who plans in a browser loads it where it is needed. */
export interface PlanParts {
	readonly years?: typeof yearsAnswer;
	readonly traffic?: { readonly size: typeof planTraffic; readonly share: typeof planSharing };
}

/** Parts of a plan that a scenario cannot do without. */
export function partsNeeded({ fiveYears, traffic }: Scenario): readonly (keyof PlanParts)[] {
	return [
		...(fiveYears === undefined ? [] : (["years"] as const)),
		...(traffic === undefined ? [] : (["traffic"] as const)),
	];
}

/** Throws exit 2 for what the scenario contradicts, exit 3 for unknown names and missing data. */
export function planWith(
	parts: PlanParts,
	catalogue: Catalogue,
	scenario: Scenario,
	asking: Asking,
	options: PlanOptions = {},
): Envelope<PlanResult> {
	const absent = partsNeeded(scenario).find((part) => parts[part] === undefined);
	if (absent !== undefined) throw new TypeError(`the scenario needs "${absent}", which the plan was not given`);
	const { asOf } = asking;
	const rates = scenarioRates(catalogue, scenario, asOf);
	const found = candidates(catalogue, scenario, rates, asOf, options);
	if (found.rows.length === 0) throw nothingFits(found);
	const traffic = parts.traffic?.size(catalogue, scenario, rates, asOf, asking.seed, options.estimateOnly);
	const room = roomBook(catalogue, scenario, asOf);
	const question = fleetQuestion(catalogue, scenario, rates, asOf, { traffic, room });
	const tokens = tokensPerRequest(scenario);
	const speedOf = (point: BenchmarkPoint) => throughputInput(catalogue, point);
	const build = (point: BenchmarkPoint): Built => builtOption(catalogue, point, question, tokens);
	const candidatePoints = found.rows.map(({ point }) => point);
	const sized = feasibleRows(candidatePoints, question, traffic, build);
	const most = room === undefined ? undefined : mostWithin(candidatePoints, question, room, speedOf);
	if (sized.kept.length === 0) throw nothingFits({ ...found, unranked: [...found.unranked, ...sized.unranked] }, most);
	const built = sized.kept.map(build);
	const api = apiPrices(catalogue, found.model, requestLengths(scenario), asOf);
	const model = buildModel([...built.flatMap(({ nodes }) => nodes), ...api.prices.map(({ price }) => price)]);
	const evaluation = evaluate(model);
	const order = cheapestFirst(built, evaluation);
	const ranked = options.top === undefined ? order : order.slice(0, options.top);
	const draws = drawsOf(model, ranked, correlationsIn(model, scenario), {
		seed: asking.seed,
		draws: options.draws ?? PLAN_DRAWS,
	});
	const context: PlanContext = { evaluation, draws, currencyDate: rates.currencyDate, question };
	const points = byHeadline(built, evaluation).map(({ point }) => point);
	const volumes = volumeCurves(points, question, speedOf);
	const years = scenario.fiveYears === undefined ? undefined : parts.years?.(catalogue, scenario, asking, options);
	const shared =
		traffic === undefined
			? undefined
			: parts.traffic?.share(
					catalogue,
					scenario,
					rates,
					asOf,
					asking.seed,
					options.window,
					oneLoad(ranked[0] as Built, evaluation),
				);
	const shown = ranked.map((each, i) => {
		const sizing = traffic?.sizingOf(each.point);
		const option = withHours(scenario, optionJson(context, each, i + 1), sizing);
		return sizing === undefined ? option : { ...option, sizing };
	});
	const { fleets, evaluation: ofFleets } = planFleets(
		catalogue,
		scenario,
		question,
		ranked.map(({ point }, i) => {
			const { utilization, utilization_by_hour: hours } = shown[i] as PlanOption;
			return { point, utilization, hasHours: hours !== undefined };
		}),
		asOf,
	);
	const cheapest = ranked[0] as Built;
	const asked = questionJson(context, cheapest);
	const next = volumes.nextAfter(asked["tokens"]?.value ?? Number.NaN, cheapest.point.id);
	const crossing = (change: Change, node: string): Crossover =>
		crossoverJson(context, change, built, traffic !== undefined, node);
	const result: PlanResult = {
		...years?.result,
		scenario: scenario.name,
		model: found.model,
		rate: rates.describe,
		question: asked,
		slo: serviceLimits(scenario, asOf),
		workload: { isl: requestLengths(scenario).input, osl: requestLengths(scenario).output },
		options: shown,
		fleets,
		unranked: [...found.unranked, ...sized.unranked],
		missed: found.missed,
		considered: found.considered,
		crossovers: volumes.changes.map((change, i) => crossing(change, toldName.crossover(i + 1))),
		...(next === undefined ? {} : { next_crossover: crossing(next, toldName.crossover("next")) }),
		volumes: volumes.curves,
		...(room === undefined ? {} : { limits: roomAnswer(room, most, asOf) }),
		searched: searchedAmong(candidatePoints),
		...(shared === undefined ? {} : { sharing: "reason" in shared ? shared : shared.answer }),
		api: api.prices.map((each) => apiOffer(each, quantityJson(evaluation, nodeId(each.price)), volumes)),
		utilization_overridden: scenario.utilisation !== undefined,
		defaults: scenario.defaults,
		attribution: ATTRIBUTION,
	};
	const warnings: Warning[] = [
		...found.warnings,
		...rates.warnings(),
		...question.warnings,
		...api.warnings,
		...planWarnings({ scenario, context, ranked, traffic, model: found.model, isShared: shared !== undefined }),
		...(years?.warnings ?? []),
	];
	const evaluations = [
		evaluation,
		ofFleets,
		years?.evaluation,
		shared === undefined || "reason" in shared ? undefined : shared.evaluation,
	];
	const whole = evaluations.filter((part) => part !== undefined).reduce(joined);
	return envelope({ ...asking, scenario: scenario.document }, result, warnings, modelToJson(whole));
}

function drawsOf(
	model: Model,
	ranked: readonly Built[],
	correlations: readonly Correlation[],
	how: { readonly seed: number; readonly draws: number },
): Draws | undefined {
	const ranged = model.nodes.filter(({ spec }) => spec !== undefined && spec.value.kind !== "point");
	if (ranged.length === 0) return undefined;
	const keep = ranked.flatMap(({ ids }) => [
		ids.headline,
		ids.delivered,
		ids.request,
		ids.utilisation,
		ids.perDay,
		ids.perYear,
	]);
	return sample(model, { ...how, keep, correlations });
}

function oneLoad({ point, ids }: Built, evaluation: Evaluation): OneLoad {
	const bill = scalarOf(evaluation, ids.perDay) / usdPerDay.factor;
	return { row: point.id, gpus: scalarOf(evaluation, ids.gpus), bill };
}
