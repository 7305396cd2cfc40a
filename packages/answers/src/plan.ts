/**
 * `farthing plan`: a scenario to ranked fleets, each with the bridge from headline to delivered cost, and the daily
 * volume at which another deployment becomes the cheapest.
 */
import type { Catalogue } from "@farthing/catalogue";
import type {
	AnyExpr,
	BenchmarkPoint,
	Correlation,
	Draws,
	Evaluation,
	Expr,
	Model,
	QuantityJson,
	TokensPerRequest,
	UsdPerToken,
} from "@farthing/engine";
import {
	buildModel,
	centralValue,
	constant,
	evaluate,
	headlineCost,
	joined,
	modelToJson,
	per,
	quantityJson,
	request,
	requestCost,
	sample,
	scalarOf,
	token,
	worstGrade,
	usdPerDay,
} from "@farthing/engine";
import type { Scenario } from "@farthing/scenario";
import type { ApiOffer } from "./api-offers.ts";
import { apiOffer, apiPrices } from "./api-offers.ts";
import { correlationsIn } from "./correlated.ts";
import type { Asking, Envelope, Warning } from "./envelope.ts";
import { envelope } from "./envelope.ts";
import { FarthingError } from "./farthing-error.ts";
import { ATTRIBUTION } from "./frontier.ts";
import { nodeId } from "./node-id.ts";
import type { BridgeCause } from "./plan-bridge.ts";
import { bridgeCauses, bridgeEnd } from "./plan-bridge.ts";
import type { FleetQuestion, SizingStep } from "./plan-fleet.ts";
import { fleetNodes, fleetQuestion } from "./plan-fleet.ts";
import type { PlanFleet } from "./plan-fleets.ts";
import { planFleets } from "./plan-fleets.ts";
import type { CandidateOptions, Candidates } from "./plan-candidates.ts";
import { candidates, requestLengths } from "./plan-candidates.ts";
import type { Change, VolumeCurves } from "./plan-volumes.ts";
import { cheaperFirst, told, volumeCurves } from "./plan-volumes.ts";
import type { MostWithin, RoomAnswer } from "./plan-most.ts";
import { mostWithin, mostWords, roomAnswer } from "./plan-most.ts";
import type { RoomBook } from "./plan-room.ts";
import { roomBook } from "./plan-room.ts";
import type { Searched } from "./plan-searched.ts";
import { searchedAmong } from "./plan-searched.ts";
import type { ServiceLimits } from "./plan-service.ts";
import type { ConfirmedReplicas } from "./sizing/confirmed.ts";
import type { OneLoad, planSharing, SharingAnswer } from "./plan-sharing.ts";
import type { OptionSizing, PlanTraffic, planTraffic } from "./plan-traffic.ts";
import { serviceLimits } from "./plan-service.ts";
import type { Unranked } from "./ranking.ts";
import { summedUnranked, unrankedLine } from "./ranking.ts";
import type { PlanYearsResult, yearsAnswer } from "./plan-years.ts";
import { scenarioRates } from "./rates.ts";
import { sharedNames } from "./sharing/shared-names.ts";
import { courseOf } from "./simulate/course.ts";
import { layoutOf, throughputInput } from "./rows.ts";
import { toldName } from "./told-why.ts";

export { type BridgeCause, headlineToDelivered } from "./plan-bridge.ts";

/** With members of {@link PlanYears} where the scenario gives a horizon. */
export interface PlanResult extends Partial<PlanYears> {
	readonly scenario: string;
	readonly model: string;
	readonly rate: string;
	readonly question: Readonly<Record<string, QuantityJson>>;
	readonly slo: ServiceLimits;
	readonly workload: { readonly isl: number; readonly osl: number };
	readonly options: readonly PlanOption[];
	/** The cheapest option of each part, with what its GPUs are there for, hosts and power. */
	readonly fleets: readonly PlanFleet[];
	readonly unranked: readonly Unranked[];
	readonly missed: Readonly<Record<string, number>>;
	readonly considered: number;
	readonly crossovers: readonly Crossover[];
	readonly volumes: VolumeCurves;
	/** What the site has room for, and the most that one of the deployments serves within it. */
	readonly limits?: RoomAnswer;
	/** What the options were chosen among. */
	readonly searched: Searched;
	/** What it saves that the scenario's loads share machines, where it states several under traffic; or why that is not known. */
	readonly sharing?: SharingAnswer | { readonly reason: string };
	/** The same model's own prices per token, for comparison. */
	readonly api: readonly ApiOffer[];
	readonly utilization_overridden: boolean;
	readonly defaults: Scenario["defaults"];
	readonly attribution: string;
}

/** What years of money add to a plan. */
export type PlanYears = Omit<PlanYearsResult, "scenario" | "model" | "defaults" | "attribution">;

export interface Crossover {
	/** From this volume on, `to` is the cheapest, until the next crossover. */
	readonly tokens_per_day: QuantityJson;
	readonly from: string;
	readonly to: string;
}

export interface PlanOption {
	readonly rank: number;
	/** Id of the benchmark row. */
	readonly id: string;
	readonly hardware: string;
	readonly precision: string;
	readonly stack: string;
	readonly speculative: string;
	readonly deployment: Deployment;
	readonly replicas: number;
	/** Paid for, whole hosts included; and those that its replicas run on. */
	readonly gpus: number;
	readonly replica_gpus: number;
	readonly utilization: QuantityJson;
	/** The same in the quietest and the busiest hour; absent where it is stated, or hours are handed back. */
	readonly utilization_by_hour?: { readonly lowest: QuantityJson; readonly highest: QuantityJson };
	readonly headline: QuantityJson;
	readonly delivered: QuantityJson;
	readonly cost_per_request: QuantityJson;
	/** What the whole fleet costs, used or not. */
	readonly bill: { readonly per_day: QuantityJson; readonly per_year: QuantityJson };
	readonly bridge: readonly BridgeCause[];
	/** What the fleet needs of the site, PUE included; present where power is limited. */
	readonly power?: QuantityJson;
	/** How the replicas were found, where the scenario states its traffic. */
	readonly sizing?: OptionSizing;
	readonly feasible: boolean;
	readonly reason?: string;
}

export interface Deployment {
	readonly row: string;
	readonly layout: string;
	readonly disaggregated: boolean;
	readonly gpus_per_replica: number;
	readonly concurrency: number;
	readonly interactivity: number;
	readonly tokens_per_gpu_second: number;
	readonly ttft_median_s?: number;
	readonly measured_on?: string;
	readonly kind: "dated" | "median";
	readonly run?: string;
	/** Servers or racks the fleet is rounded up to; absent where it is not. */
	readonly host?: string;
}

export interface PlanOptions extends CandidateOptions {
	/** How many options to rank in full; the rest stay counted. All unless given. */
	readonly top?: number;
	/** Draws of the fleets, and of the years; 4,096 and 1,024 unless told. */
	readonly draws?: number;
	/** Why fleets are sized by the queueing estimate alone; they are simulated too unless told. */
	readonly estimateOnly?: string;
}

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
	const context: Context = { evaluation, draws, currencyDate: rates.currencyDate, question };
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
	const result: PlanResult = {
		...years?.result,
		scenario: scenario.name,
		model: found.model,
		rate: rates.describe,
		question: questionJson(context, ranked[0] as Built),
		slo: serviceLimits(scenario, asOf),
		workload: { isl: requestLengths(scenario).input, osl: requestLengths(scenario).output },
		options: shown,
		fleets,
		unranked: [...found.unranked, ...sized.unranked],
		missed: found.missed,
		considered: found.considered,
		crossovers: volumes.changes.map((change, i) =>
			crossoverJson(context, change, built, traffic !== undefined, toldName.crossover(i + 1)),
		),
		volumes: volumes.curves,
		...(room === undefined ? {} : { limits: roomAnswer(room, most, asOf) }),
		searched: searchedAmong(candidatePoints),
		...(shared === undefined ? {} : { sharing: "reason" in shared ? shared : shared.answer }),
		api: api.prices.map((each) => apiOffer(each, quantityJson(evaluation, nodeId(each.price)), volumes.cheaperFrom)),
		utilization_overridden: scenario.utilisation !== undefined,
		defaults: scenario.defaults,
		attribution: ATTRIBUTION,
	};
	const warnings: Warning[] = [
		...found.warnings,
		...rates.warnings(),
		...question.warnings,
		...api.warnings,
		...overrideWarning(scenario),
		...belowOneReplica(context, ranked),
		...idleNotSaved(ranked, traffic),
		...floorAboveFleet(scenario, ranked, traffic),
		...growthNotSized(scenario),
		...notSimulated(traffic),
		...optionsOfOneModel(scenario, found.model, shared !== undefined),
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

/** The cheapest options, at most, whose fleet the simulator confirms. */
const CONFIRMED = 3;

interface FeasibleRows {
	readonly kept: readonly BenchmarkPoint[];
	readonly unranked: readonly Unranked[];
}

/** Left out, with the reason: what the site has no room for, and of the cheapest what never keeps the limits under traffic. */
function feasibleRows(
	points: readonly BenchmarkPoint[],
	{ room }: FleetQuestion,
	traffic: PlanTraffic | undefined,
	build: (point: BenchmarkPoint) => Built,
): FeasibleRows {
	let { kept, unranked } = withinRoom(points, room, build);
	if (traffic === undefined) return { kept, unranked };
	for (;;) {
		const next = cheapestOf(kept, build).find((point) => !traffic.isConfirmed(point));
		if (next === undefined) return { kept, unranked };
		const missed = traffic.confirm(next);
		const left = missed === undefined ? withinRoom([next], room, build).unranked : [limitsMissed(next, missed)];
		if (left.length === 0) continue;
		kept = kept.filter(({ id }) => id !== next.id);
		unranked = [...unranked, ...left];
	}
}

function limitsMissed(point: BenchmarkPoint, { replicas, withinLimits }: ConfirmedReplicas): Unranked {
	const share = `${Number((withinLimits * 100).toPrecision(3))}%`;
	const reason = `no fleet of it was found that keeps the limits at the stated percentile under this traffic: the search stopped at ${replicas} replicas, which keep them for ${share} of requests`;
	return unrankedLine(point, "limits-missed-under-traffic", reason);
}

function withinRoom(
	points: readonly BenchmarkPoint[],
	room: RoomBook | undefined,
	build: (point: BenchmarkPoint) => Built,
): FeasibleRows {
	if (room === undefined || points.length === 0) return { kept: points, unranked: [] };
	const built = points.map(build);
	const evaluation = evaluate(buildModel(built.flatMap(({ nodes }) => nodes)));
	const kept: BenchmarkPoint[] = [];
	const unranked: Unranked[] = [];
	for (const { point, ids } of built) {
		const verdict = room.verdictOn(point.hardware, scalarOf(evaluation, ids.gpus));
		if (verdict.fits) kept.push(point);
		else unranked.push({ ...unrankedLine(point, verdict.code, verdict.reason), ...shortBy(verdict) });
	}
	return { kept, unranked };
}

function shortBy({ shortBy: by }: { readonly shortBy?: QuantityJson }): { readonly short_by?: QuantityJson } {
	return by === undefined ? {} : { short_by: by };
}

function cheapestOf(points: readonly BenchmarkPoint[], build: (point: BenchmarkPoint) => Built): BenchmarkPoint[] {
	if (points.length === 0) return [];
	const built = points.map(build);
	const evaluation = evaluate(buildModel(built.flatMap(({ nodes }) => nodes)));
	return cheapestFirst(built, evaluation)
		.slice(0, CONFIRMED)
		.map(({ point }) => point);
}

function cheapestFirst(built: readonly Built[], evaluation: Evaluation): Built[] {
	const costed = built.map((each) => ({
		each,
		point: each.point,
		delivered: scalarOf(evaluation, each.ids.delivered),
		headline: scalarOf(evaluation, each.ids.headline),
	}));
	return costed.sort(cheaperFirst).map(({ each }) => each);
}

/** Lowest headline first, then by id: what decides between fleets of one size and price, whatever demand is asked. */
function byHeadline(built: readonly Built[], evaluation: Evaluation): Built[] {
	const headline = ({ ids }: Built): number => told(scalarOf(evaluation, ids.headline));
	return [...built].sort((a, b) => headline(a) - headline(b) || (a.point.id < b.point.id ? -1 : 1));
}

function tokensPerRequest(scenario: Scenario): Expr<TokensPerRequest> {
	const { input, output } = requestLengths(scenario);
	return constant(input + output, per(token("total"), request)) as unknown as Expr<TokensPerRequest>;
}

interface Built {
	readonly point: BenchmarkPoint;
	readonly nodes: readonly AnyExpr[];
	readonly ids: Readonly<
		Record<"headline" | "delivered" | "request" | "utilisation" | "replicas" | "gpus" | "perDay" | "perYear", string>
	>;
	/** Node of the power it needs, where power is limited. */
	readonly power?: string;
	readonly steps: readonly SizingStep[];
	readonly host?: string;
}

interface Context {
	readonly evaluation: Evaluation;
	readonly draws: Draws | undefined;
	readonly currencyDate: string;
	readonly question: FleetQuestion;
}

function builtOption(
	catalogue: Catalogue,
	point: BenchmarkPoint,
	question: FleetQuestion,
	tokens: Expr<TokensPerRequest>,
): Built {
	const speed = throughputInput(catalogue, point);
	const { fleet, rate, steps, host } = fleetNodes(question, point, speed);
	const headline = headlineCost(`${point.id}.unit_cost.headline.total`, "total", rate, speed);
	const perToken = fleet.delivered as Expr<UsdPerToken<"total">>;
	const cost = requestCost(`${point.id}.cost_per_request`, perToken, tokens, "delivered");
	const { delivered, utilisation, replicas, gpus, billPerDay, billPerYear } = fleet;
	const named = { headline, delivered, request: cost, utilisation, replicas, gpus, billPerDay, billPerYear };
	const power = question.room?.powerOf(`${point.id}.`, point.hardware, gpus);
	return {
		point,
		nodes: [...Object.values(named), ...(power === undefined ? [] : [power])],
		...(power === undefined ? {} : { power: nodeId(power) }),
		ids: {
			headline: nodeId(headline),
			delivered: nodeId(delivered),
			request: nodeId(cost),
			utilisation: nodeId(utilisation),
			replicas: nodeId(replicas),
			gpus: nodeId(gpus),
			perDay: nodeId(billPerDay),
			perYear: nodeId(billPerYear),
		},
		steps,
		...(host === undefined ? {} : { host }),
	};
}

function optionJson(context: Context, built: Built, rank: number): PlanOption {
	const { evaluation, draws, currencyDate } = context;
	const { point, ids, host } = built;
	const shown = draws === undefined ? { currencyDate } : { draws, currencyDate };
	const json = (id: string): QuantityJson => quantityJson(evaluation, id, shown);
	const headline = json(ids.headline);
	const node = json(ids.delivered);
	const bridge = bridgeCauses(evaluation.model, ids.delivered, built.steps, headline, node);
	const delivered = { ...node, value: bridgeEnd(headline, bridge) };
	return {
		rank,
		id: point.id,
		hardware: point.hardware,
		precision: point.precision,
		stack: point.stack,
		speculative: point.speculative,
		deployment: deploymentOf(point, host),
		replicas: scalarOf(evaluation, ids.replicas),
		gpus: scalarOf(evaluation, ids.gpus),
		replica_gpus: scalarOf(evaluation, ids.replicas) * (point.gpus as number),
		utilization: json(ids.utilisation),
		headline,
		delivered,
		cost_per_request: json(ids.request),
		bill: { per_day: json(ids.perDay), per_year: json(ids.perYear) },
		bridge,
		...(built.power === undefined ? {} : { power: json(built.power) }),
		feasible: true,
	};
}

/** Utilisation over the hours of a day with the demand's peak. */
function withHours(scenario: Scenario, option: PlanOption, sizing: OptionSizing | undefined): PlanOption {
	const { value, node: _, p10: __, p50: ___, p90: ____, ...common } = option.utilization;
	if (value === undefined || scenario.utilisation !== undefined || (sizing?.paid_share ?? 1) < 1) return option;
	const hours = courseOf(scenario);
	const at = (share: number): QuantityJson => ({ ...common, value: value * share });
	return { ...option, utilization_by_hour: { lowest: at(Math.min(...hours)), highest: at(Math.max(...hours)) } };
}

function deploymentOf(point: BenchmarkPoint, host: string | undefined): Deployment {
	const ttft = point.latency.ttft?.median;
	return {
		row: point.id,
		layout: layoutOf(point),
		disaggregated: point.disaggregated,
		gpus_per_replica: point.gpus as number,
		concurrency: point.concurrency,
		interactivity: point.interactivityTokensPerSecond,
		tokens_per_gpu_second: point.tokensPerGpuSecond,
		...(ttft === undefined ? {} : { ttft_median_s: ttft }),
		...(point.measuredOn === undefined ? {} : { measured_on: point.measuredOn }),
		kind: point.kind,
		...(point.run === undefined ? {} : { run: point.run }),
		...(host === undefined ? {} : { host }),
	};
}

function crossoverJson(
	{ evaluation }: Context,
	change: Change,
	built: readonly Built[],
	isEstimated: boolean,
	node: string,
): Crossover {
	const { tokensPerDay, from, to } = change;
	const both = built.filter(({ point }) => point.id === from || point.id === to);
	const costs = both.map(({ ids }) => quantityJson(evaluation, ids.delivered));
	const grade = worstGrade([...costs.flatMap((cost) => cost.grade ?? []), ...(isEstimated ? (["D"] as const) : [])]);
	const dates = costs.flatMap(({ as_of }) => as_of ?? []).sort();
	const evidence = {
		...(grade === undefined ? {} : { grade }),
		...(dates[0] === undefined ? {} : { as_of: dates[0] }),
	};
	return { tokens_per_day: { value: tokensPerDay, unit: "tok/day", tokens: "total", ...evidence, node }, from, to };
}

function questionJson({ evaluation, question, currencyDate }: Context, best: Built): Record<string, QuantityJson> {
	const known = question.inputs.filter(({ id }) => evaluation.model.byId.has(id));
	const json = known.map(({ name, id }) => [name, quantityJson(evaluation, id)] as const);
	const headline = quantityJson(evaluation, best.ids.headline, { currencyDate });
	return { ...Object.fromEntries(json), headline_of_cheapest: headline };
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

function overrideWarning({ utilisation }: Scenario): Warning[] {
	if (utilisation === undefined) return [];
	const share = `${(centralValue(utilisation.distribution) * 100).toFixed(0)}%`;
	const message = `utilisation is stated as ${share}, not derived from demand: peak, whole replicas, spares and hosts do not count`;
	return [{ code: "utilization-overridden", message }];
}

/** Part of a replica cannot be run: a utilisation that is stated may leave less than one. */
function belowOneReplica({ evaluation }: Context, ranked: readonly Built[]): Warning[] {
	const least = (each: Built): number => scalarOf(evaluation, each.ids.replicas);
	const below = ranked.filter((each) => least(each) < 1);
	const [first] = below;
	if (first === undefined) return [];
	const share = `${(least(first) * 100).toPrecision(3)}%`;
	const others = below.length === 1 ? "" : `, and ${below.length - 1} more options less than one`;
	const message = `row ${first.point.id} is planned with ${share} of one replica${others}: what is left of it is not paid for here, so something else must use it`;
	return [{ code: "below-one-replica", message }];
}

/** A floor that no replica is ever below: the autoscaler has nothing to take away. */
function floorAboveFleet(
	{ traffic: member }: Scenario,
	ranked: readonly Built[],
	traffic: PlanTraffic | undefined,
): Warning[] {
	const [best] = ranked;
	const fewest = member?.autoscaler?.fewest ?? 0;
	if (traffic === undefined || best === undefined) return [];
	const { replicas, spare_replicas: spare } = traffic.sizingOf(best.point);
	if (fewest <= replicas + spare || fewest === 1) return [];
	const message = `the autoscaler is to keep ${fewest} replicas at least, more than the ${replicas + spare} that the cheapest fleet has: it never takes one away`;
	return [{ code: "autoscaler-floor-above-fleet", message }];
}

/** The fleets are those of the first day: what grows in the weeks after is for `simulate`. */
function growthNotSized({ traffic }: Scenario): Warning[] {
	if (traffic?.growth === undefined) return [];
	const message = `traffic.growth (${traffic.growth.text} a week) does not change the fleets: they are sized to the demand at the start; simulate with more --hours shows how long they last`;
	return [{ code: "growth-not-sized", message }];
}

function oneLoad({ point, ids }: Built, evaluation: Evaluation): OneLoad {
	const bill = scalarOf(evaluation, ids.perDay) / usdPerDay.factor;
	return { row: point.id, gpus: scalarOf(evaluation, ids.gpus), bill };
}

function notSimulated(traffic: PlanTraffic | undefined): Warning[] {
	if (traffic?.estimateOnly === undefined) return [];
	const message = `fleets are sized by the queueing estimate alone, which no simulation confirms: ${traffic.estimateOnly}`;
	return [{ code: "estimate-only", message }];
}

/** The options are fleets for one model and one load; what several loads take together is told under `sharing`. */
function optionsOfOneModel(scenario: Scenario, model: string, isShared: boolean): Warning[] {
	if (!isShared) return [];
	const message = `the options serve the whole demand with ${model} as one load; sharing tells of ${sharedNames(scenario)} together`;
	return [{ code: "options-of-one-load", message }];
}

/** One warning for each reason why hours that the autoscaler does not need are paid for. */
function idleNotSaved(ranked: readonly Built[], traffic: PlanTraffic | undefined): Warning[] {
	const parts = new Map<string, Set<string>>();
	for (const { point } of ranked) {
		const { needed_share: needed, paid_share_reason: reason } = traffic?.sizingOf(point) ?? {};
		if (needed === undefined || needed >= 1 || reason === undefined) continue;
		parts.set(reason, (parts.get(reason) ?? new Set()).add(point.hardware));
	}
	return [...parts].map(([reason, hardware]) => ({
		code: "autoscaler-saves-nothing",
		message: `the autoscaler saves nothing on ${[...hardware].join(", ")}: ${reason}; what it would shut down stands idle`,
	}));
}

function nothingFits({ missed, unranked, considered, model }: Candidates, most?: MostWithin): FarthingError {
	const limits = Object.entries(missed).map(([limit, count]) => `${count} miss ${limit}`);
	const left = summedUnranked(unranked).filter(({ code }) => !code.endsWith("-missed"));
	const rowsOf = (lines: readonly Unranked[]): number => lines.reduce((sum, { rows }) => sum + rows, 0);
	const large = unranked.filter(({ short_by }) => short_by !== undefined);
	const other = left.filter(({ code }) => !large.some((each) => each.code === code));
	const cannot = other.length === 0 ? [] : [`${rowsOf(other)} cannot be ranked`];
	const beyond = large.length === 0 ? [] : [`${rowsOf(large)} need more than the site has room for`];
	const why = [...limits, ...cannot, ...beyond].join(", ") || "no row matches the candidates";
	const whyChinese =
		[
			...Object.entries(missed).map(([limit, count]) => `${count} 行不满足 ${limit}`),
			...(other.length === 0 ? [] : [`${rowsOf(other)} 行无法排名`]),
			...(large.length === 0 ? [] : [`${rowsOf(large)} 行所需超过机房容量`]),
		].join("，") || "没有行符合候选条件";
	const nearest = nearestToRoom(large);
	const reasons = nearest === undefined ? [...new Set(other.map(({ reason }) => reason))].slice(0, 2) : [nearest];
	const accept = other.some(({ code }) => code === "ttft-unknown")
		? ", or rank rows without TTFT with --ttft-unknown accept"
		: "";
	const wild = other.some(({ code }) => code === "limits-missed-under-traffic")
		? ", ask for a smaller share in traffic.within_limits"
		: "";
	const room =
		large.length === 0
			? ""
			: most === undefined
				? ", or raise limits: the least fleet of any has no room"
				: `, raise limits, or ask for less: ${mostWords(most)}`;
	const because = reasons.length === 0 ? "" : reasons.join("; ");
	const said = {
		en: `none of ${considered} measured rows of ${model} can serve this: ${why}${because === "" ? "" : ` (${because})`}`,
		zh: `${model} 的 ${considered} 行实测数据都不能满足：${whyChinese}${because === "" ? "" : `（${because}）`}`,
	};
	return new FarthingError(3, "nothing-fits", said, {
		expected:
			large.length === 0
				? { en: "at least one measured row that keeps every limit", zh: "至少一行满足所有限制的实测数据" }
				: { en: "a fleet within limits", zh: "不超过 limits 的集群" },
		hint: {
			en: `loosen slo or supply${wild}${accept}${room}`,
			zh: `放宽 slo 或 supply${wild === "" ? "" : "，或降低 traffic.within_limits 的比例"}${accept === "" ? "" : "，或用 --ttft-unknown accept 把没有 TTFT 的行也排名"}${room === "" ? "" : "，或提高 limits"}`,
		},
		...(large.length === 0 ? {} : { field: "limits" }),
	});
}

/** The fleet that misses the site's room by the least, in words. */
function nearestToRoom(large: readonly Unranked[]): string | undefined {
	const by = ({ short_by }: Unranked): number => short_by?.value ?? Number.POSITIVE_INFINITY;
	const [first, ...rest] = large;
	if (first === undefined) return undefined;
	const { code } = first;
	const least = rest.filter((each) => each.code === code).reduce((a, b) => (by(b) < by(a) ? b : a), first);
	return `the nearest is ${least.row}: ${least.reason}`;
}
