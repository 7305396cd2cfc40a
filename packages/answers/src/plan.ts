/**
 * `farthing plan`: a scenario to ranked fleets, each with the bridge from headline to delivered cost, and the daily
 * volume at which another deployment becomes the cheapest.
 */
import type { Catalogue } from "@farthing/catalogue";
import type {
	BenchmarkPoint,
	Bridge,
	Draws,
	Evaluation,
	Expr,
	Inputs,
	Model,
	QuantityJson,
	TokensPerRequest,
	UsdPerToken,
} from "@farthing/engine";
import {
	bridge,
	buildModel,
	centralValue,
	constant,
	evaluate,
	headlineCost,
	modelToJson,
	per,
	quantityJson,
	request,
	requestCost,
	sample,
	scalarOf,
	token,
	usdPerMtok,
} from "@farthing/engine";
import type { Scenario } from "@farthing/scenario";
import type { ApiOffer } from "./api-offers.ts";
import { apiOffers } from "./api-offers.ts";
import type { Asking, Envelope, Warning } from "./envelope.ts";
import { envelope } from "./envelope.ts";
import { FarthingError } from "./farthing-error.ts";
import { ATTRIBUTION, type Unranked } from "./frontier.ts";
import type { FleetQuestion, SizingStep } from "./plan-fleet.ts";
import { fleetNodes, fleetQuestion } from "./plan-fleet.ts";
import type { CandidateOptions, Candidates } from "./plan-candidates.ts";
import { candidates } from "./plan-candidates.ts";
import type { Crossover, VolumeCurves } from "./plan-volumes.ts";
import { volumeCurves } from "./plan-volumes.ts";
import { rateBook } from "./rates.ts";
import { layoutOf, throughputInput } from "./rows.ts";

export interface PlanResult {
	readonly scenario: string;
	readonly model: string;
	readonly rate: string;
	readonly question: Readonly<Record<string, QuantityJson>>;
	readonly options: readonly PlanOption[];
	readonly unranked: readonly Unranked[];
	readonly missed: Readonly<Record<string, number>>;
	readonly considered: number;
	readonly crossovers: readonly Crossover[];
	readonly volumes: VolumeCurves;
	/** The same model's own prices per token, for comparison. */
	readonly api: readonly ApiOffer[];
	readonly utilization_overridden: boolean;
	readonly defaults: Scenario["defaults"];
	readonly attribution: string;
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
	readonly gpus: number;
	readonly utilization: QuantityJson;
	readonly headline: QuantityJson;
	readonly delivered: QuantityJson;
	readonly cost_per_request: QuantityJson;
	readonly bridge: readonly { readonly cause: string; readonly delta: QuantityJson }[];
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
}

const DRAWS = 4096;

/** Throws exit 2 for what the scenario contradicts, exit 3 for unknown names and missing data. */
export function plan(catalogue: Catalogue, scenario: Scenario, asking: Asking, options: PlanOptions = {}): Envelope<PlanResult> {
	const rates = rateBook(catalogue, scenario.cost, asking.asOf);
	const found = candidates(catalogue, scenario, rates, options);
	if (found.rows.length === 0) throw nothingFits(found);
	const question = fleetQuestion(catalogue, scenario, rates, asking.asOf);
	const built = found.rows.map(({ point }) => builtOption(catalogue, point, question, found));
	const model = buildModel(built.flatMap((each) => each.nodes));
	const evaluation = evaluate(model);
	const value = (id: string): number => scalarOf(evaluation, id);
	const order = [...built].sort(
		(a, b) =>
			value(a.ids.delivered) - value(b.ids.delivered) ||
			value(a.ids.headline) - value(b.ids.headline) ||
			(a.point.id < b.point.id ? -1 : 1),
	);
	const ranked = options.top === undefined ? order : order.slice(0, options.top);
	const draws = drawsOf(model, ranked, asking.seed);
	const context: Context = { evaluation, draws, currencyDate: rates.currencyDate, question };
	const volumes = volumeCurves(order.map(({ point }) => point), question, (point) => throughputInput(catalogue, point));
	const api = apiOffers(catalogue, found.model, found.isl, found.osl, volumes);
	const result: PlanResult = {
		scenario: scenario.name,
		model: found.model,
		rate: rates.describe,
		question: questionJson(context, ranked[0] as Built),
		options: ranked.map((each, i) => optionJson(context, each, i + 1)),
		unranked: found.unranked,
		missed: found.missed,
		considered: found.considered,
		crossovers: volumes.crossovers,
		volumes: volumes.curves,
		api: api.offers,
		utilization_overridden: scenario.utilisation !== undefined,
		defaults: scenario.defaults,
		attribution: ATTRIBUTION,
	};
	const warnings = [...found.warnings, ...rates.warnings(), ...question.warnings, ...api.warnings, ...overrideWarning(scenario)];
	return envelope({ ...asking, scenario: scenario.document }, result, warnings, modelToJson(evaluation));
}

interface Built {
	readonly point: BenchmarkPoint;
	readonly nodes: readonly Expr<never>[];
	readonly ids: Readonly<Record<"headline" | "delivered" | "request" | "utilisation" | "replicas" | "gpus", string>>;
	readonly steps: readonly SizingStep[];
	readonly host?: string;
}

interface Context {
	readonly evaluation: Evaluation;
	readonly draws: Draws | undefined;
	readonly currencyDate: string;
	readonly question: FleetQuestion;
}

function builtOption(catalogue: Catalogue, point: BenchmarkPoint, question: FleetQuestion, found: Candidates): Built {
	const prefix = `${point.id}.`;
	const speed = throughputInput(catalogue, point);
	const { fleet, rate, steps, host } = fleetNodes(question, point, speed);
	const headline = headlineCost(`${prefix}unit_cost.headline.total`, "total", rate, speed);
	const length = constant(found.isl + found.osl, per(token("total"), request)) as unknown as Expr<TokensPerRequest>;
	const delivered = fleet.delivered as Expr<UsdPerToken<"total">>;
	const cost = requestCost(`${prefix}cost_per_request`, delivered, length, "delivered");
	return {
		point,
		nodes: [headline, fleet.delivered, cost, fleet.utilisation, fleet.replicas, fleet.gpus] as unknown as Expr<never>[],
		ids: {
			headline: `${prefix}unit_cost.headline.total`,
			delivered: `${prefix}unit_cost.delivered.total`,
			request: `${prefix}cost_per_request`,
			utilisation: `${prefix}utilisation`,
			replicas: `${prefix}replicas`,
			gpus: `${prefix}gpus`,
		},
		steps,
		...(host === undefined ? {} : { host }),
	};
}

function optionJson(context: Context, built: Built, rank: number): PlanOption {
	const { evaluation, draws, currencyDate } = context;
	const { point, ids, host } = built;
	const json = (id: string): QuantityJson => quantityJson(evaluation, id, { ...(draws === undefined ? {} : { draws }), currencyDate });
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
		utilization: json(ids.utilisation),
		headline: json(ids.headline),
		delivered: json(ids.delivered),
		cost_per_request: json(ids.request),
		bridge: bridgeJson(context, built),
		feasible: true,
	};
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

/** Each step of the sizing as a cause; a step that is switched off is left out. */
function bridgeJson({ evaluation, currencyDate }: Context, { ids, steps }: Built): PlanOption["bridge"] {
	const unit = usdPerMtok("total");
	const causes = headlineToDelivered(evaluation.model, ids.delivered, steps).causes;
	return causes.map(({ cause, delta }) => ({
		cause,
		delta: { value: delta / unit.factor, unit: unit.symbol, tokens: "total", basis: "delivered", currency_date: currencyDate },
	}));
}

export function headlineToDelivered(model: Model, output: string, steps: readonly SizingStep[]): Bridge {
	const from: Inputs = new Map(steps.map(({ input, headline }) => [input, headline]));
	const moved = steps.map(({ cause, input, planned }) => ({ cause, inputs: new Map([[input, planned]]) }));
	return bridge(model, { output, from, steps: moved, method: "ordered" });
}

function questionJson({ evaluation, question }: Context, best: Built): Record<string, QuantityJson> {
	const known = question.inputs.filter(({ id }) => evaluation.model.byId.has(id));
	const json = known.map(({ name, id }) => [name, quantityJson(evaluation, id)] as const);
	return { ...Object.fromEntries(json), headline_of_cheapest: quantityJson(evaluation, best.ids.headline) };
}

function drawsOf(model: Model, ranked: readonly Built[], seed: number): Draws | undefined {
	const ranged = model.nodes.filter(({ spec }) => spec !== undefined && spec.value.kind !== "point");
	if (ranged.length === 0) return undefined;
	const keep = ranked.flatMap(({ ids }) => [ids.headline, ids.delivered, ids.request, ids.utilisation]);
	return sample(model, { draws: DRAWS, seed, keep });
}

function overrideWarning({ utilisation }: Scenario): Warning[] {
	if (utilisation === undefined) return [];
	const share = `${(centralValue(utilisation.distribution) * 100).toFixed(0)}%`;
	const message = `utilisation is stated as ${share}, not derived from demand: peak, whole replicas, spares and hosts do not count`;
	return [{ code: "utilization-overridden", message }];
}

function nothingFits(found: Candidates): FarthingError {
	const missed = Object.entries(found.missed).map(([limit, count]) => `${count} miss ${limit}`);
	const unranked = new Map<string, number>();
	for (const { code } of found.unranked) unranked.set(code, (unranked.get(code) ?? 0) + 1);
	const left = [...unranked].map(([code, count]) => `${count} cannot be ranked (${code})`);
	const why = [...missed, ...left].join(", ") || "no row matches";
	const first = found.unranked[0]?.reason;
	return new FarthingError(3, "nothing-fits", `none of ${found.considered} measured rows of ${found.model} can serve this: ${why}`, {
		expected: "at least one measured row that keeps every limit",
		hint: `loosen slo or supply${unranked.has("ttft-unknown") ? ", or rank rows without TTFT with --ttft-unknown accept" : ""}`,
		...(first === undefined ? {} : { nearest: [first] }),
	});
}
