/**
 * `farthing compare`: hardware, number formats, serving stacks, API prices and ways to pay side by side for one scenario,
 * and where they cross over. Benchmark families stand apart and are never merged: they count other tokens, under other
 * rules.
 */
import type { Catalogue } from "@farthing/catalogue";
import type { Evaluation, QuantityJson } from "@farthing/engine";
import { buildModel, evaluate, joined, modelFromJson, modelToJson, quantityJson } from "@farthing/engine";
import type { ModelJson } from "@farthing/engine";
import type { Scenario } from "@farthing/scenario";
import type { ApiOffer } from "./api-offers.ts";
import type { LoadTestRow } from "./compare/artificial-analysis.ts";
import { loadTestCost } from "./compare/artificial-analysis.ts";
import type { Dimension, Grouped } from "./compare/groups.ts";
import { DIMENSIONS, groupedBy } from "./compare/groups.ts";
import type { Asking, Envelope } from "./envelope.ts";
import { envelope } from "./envelope.ts";
import { FarthingError } from "./farthing-error.ts";
import { ATTRIBUTION } from "./frontier.ts";
import type { MlperfRow } from "./mlperf.ts";
import { mlperf } from "./mlperf.ts";
import { nodeId } from "./node-id.ts";
import type { PlanOptions, PlanResult, PlanYears } from "./plan-result.ts";
import { plan } from "./whole-plan.ts";
import { candidates, centralOf } from "./plan-candidates.ts";
import { fleetQuestion } from "./plan-fleet.ts";
import { roomBook } from "./plan-room.ts";
import { planTraffic } from "./plan-traffic.ts";
import type { VolumeTable } from "./plan-volumes.ts";
import { deliveredByVolume } from "./plan-volumes.ts";
import type { RateBook } from "./rates.ts";
import { scenarioRates } from "./rates.ts";
import { throughputInput } from "./rows.ts";

export const COMPARISONS = ["hardware", "precision", "stack", "api", "strategy"] as const;
export type Comparison = (typeof COMPARISONS)[number];

export interface CompareQuestion extends PlanOptions {
	/** All unless given. */
	readonly by?: readonly Comparison[];
	/** Rows of Artificial Analysis that somebody keyed in. */
	readonly loadTests?: readonly LoadTestRow[];
}

export interface CompareResult {
	readonly scenario: string;
	readonly model: string;
	readonly rate: string;
	readonly tokens_per_day: QuantityJson;
	/** Apart from each other: no row of one is ranked against a row of another. */
	readonly families: readonly Family[];
	readonly api?: readonly ApiOffer[];
	/** Ways to pay over the years; present where the scenario has a horizon. */
	readonly strategies?: PlanYears["strategies"];
	readonly break_evens?: PlanYears["break_evens"];
	readonly strategy_rank_by?: PlanYears["ranked_by"];
}

export type Family = InferenceXFamily | MlperfFamily | LoadTestFamily;

export interface InferenceXFamily {
	readonly family: "inferencex";
	readonly measures: string;
	readonly by: Readonly<Partial<Record<Dimension, Grouped>>>;
	readonly attribution: string;
}

export interface MlperfFamily {
	readonly family: "mlperf-inference-v6.0";
	readonly measures: string;
	/** The cheapest of each hardware, by MLPerf scenario, cheapest first; or `reason` why there is none. */
	readonly scenarios: Readonly<Record<string, readonly MlperfRow[]>>;
	readonly reason?: string;
	readonly attribution: string;
}

export interface LoadTestFamily {
	readonly family: "artificial-analysis";
	readonly measures: string;
	readonly rows: readonly LoadTestResult[];
	readonly unranked: readonly { readonly id: string; readonly system: string; readonly reason: string }[];
	readonly reason?: string;
	readonly attribution: string;
}

export interface LoadTestResult {
	readonly id: string;
	readonly system: string;
	readonly hardware: string;
	readonly precision: string;
	readonly concurrency: number;
	readonly speed_per_query: number;
	readonly tokens_per_gpu_second: QuantityJson;
	readonly gpu_hour: QuantityJson;
	readonly unit_cost: { readonly output: QuantityJson };
	readonly at: string;
}

/** Throws what `plan` throws; exit 2 where ways to pay are asked for and the scenario has no horizon. */
export function compare(
	catalogue: Catalogue,
	scenario: Scenario,
	asking: Asking,
	{ by = COMPARISONS, loadTests, ...options }: CompareQuestion = {},
): Envelope<CompareResult> {
	if (by.length === 1 && by[0] === "strategy" && scenario.fiveYears === undefined) throw noHorizon();
	const planned = plan(catalogue, scenario, asking, options);
	const rates = scenarioRates(catalogue, scenario, asking.asOf);
	const dimensions = DIMENSIONS.filter((each) => by.includes(each));
	const parts = [modelFromJson(planned.graph as ModelJson)];
	const families: Family[] = [];
	if (dimensions.length > 0)
		families.push(
			inferencexFamily(planned.result, dimensions, alongVolumes(catalogue, scenario, rates, asking, options)),
		);
	if (by.includes("hardware")) {
		const published = mlperfFamily(catalogue, planned.result.model, rates, asking);
		families.push(published.family);
		parts.push(...published.graph);
		const tested = loadTestFamily(planned.result.model, scenario, rates, loadTests);
		families.push(tested.family);
		parts.push(...tested.graph);
	}
	const { strategies, break_evens, ranked_by } = planned.result;
	const result: CompareResult = {
		scenario: scenario.name,
		model: planned.result.model,
		rate: planned.result.rate,
		tokens_per_day: planned.result.question["tokens"] as QuantityJson,
		families,
		...(by.includes("api") ? { api: planned.result.api } : {}),
		...(by.includes("strategy") && strategies !== undefined
			? {
					strategies,
					break_evens: break_evens as PlanYears["break_evens"],
					strategy_rank_by: ranked_by as PlanYears["ranked_by"],
				}
			: {}),
	};
	const graph = modelToJson(parts.reduce(joined));
	return envelope({ ...asking, scenario: scenario.document }, result, planned.warnings, graph);
}

function noHorizon(): FarthingError {
	return new FarthingError(
		2,
		"no-horizon",
		{
			en: "the scenario says nothing about years, so there are no ways to pay to compare",
			zh: "场景没有说明年份，因此没有付费方式可以比较",
		},
		{
			field: "horizon",
			expected: { en: "horizon, finance and strategies", zh: "horizon、finance 与 strategies" },
			hint: {
				en: "add horizon: 5 years, or compare by hardware, precision, stack or api",
				zh: "请加上 horizon: 5 years，或按 hardware、precision、stack 或 api 比较",
			},
		},
	);
}

function alongVolumes(
	catalogue: Catalogue,
	scenario: Scenario,
	rates: RateBook,
	{ asOf, seed }: Asking,
	options: PlanOptions,
): VolumeTable {
	const { rows } = candidates(catalogue, scenario, rates, asOf, options);
	const traffic = planTraffic(catalogue, scenario, rates, asOf, seed);
	const room = roomBook(catalogue, scenario, asOf);
	const question = fleetQuestion(catalogue, scenario, rates, asOf, { traffic, room });
	return deliveredByVolume(
		rows.map(({ point }) => point),
		question,
		(point) => throughputInput(catalogue, point),
	);
}

function inferencexFamily(
	{ options }: PlanResult,
	dimensions: readonly Dimension[],
	along: VolumeTable,
): InferenceXFamily {
	return {
		family: "inferencex",
		measures: "delivered cost per million tokens of the fleet this scenario needs, input and output alike",
		by: Object.fromEntries(dimensions.map((each) => [each, groupedBy(each, options, along)])),
		attribution: ATTRIBUTION,
	};
}

const OUTPUT_AT_FULL_LOAD = "cost per million output tokens at full load";

function mlperfFamily(
	catalogue: Catalogue,
	model: string,
	rates: RateBook,
	asking: Asking,
): { family: MlperfFamily; graph: readonly Evaluation[] } {
	const common = { family: "mlperf-inference-v6.0", measures: `${OUTPUT_AT_FULL_LOAD}, by MLPerf scenario` } as const;
	const attribution = "MLPerf Inference v6.0; costs derived from it here are not verified by MLCommons";
	if (!catalogue.mlperf.some((result) => result.model === model)) {
		const reason = `MLPerf Inference v6.0 has no result of ${model}`;
		return { family: { ...common, scenarios: {}, reason, attribution }, graph: [] };
	}
	const { result, graph } = mlperf(catalogue, { benchmark: model }, rates, asking);
	const names = [...new Set(result.rows.map(({ scenario }) => scenario))].sort();
	const best = (scenario: string): MlperfRow[] => {
		const rows = result.rows.filter((row) => row.scenario === scenario);
		return rows.filter((row, i) => rows.findIndex(({ hardware }) => hardware === row.hardware) === i);
	};
	const scenarios = Object.fromEntries(names.map((name) => [name, best(name)]));
	const none = names.length === 0 ? { reason: "no result has a rate" } : {};
	return {
		family: { ...common, scenarios, ...none, attribution: result.attribution },
		graph: names.length === 0 ? [] : [modelFromJson(graph as ModelJson)],
	};
}

function loadTestFamily(
	model: string,
	{ slo }: Scenario,
	rates: RateBook,
	given: readonly LoadTestRow[] | undefined,
): { family: LoadTestFamily; graph: readonly Evaluation[] } {
	const common = {
		family: "artificial-analysis",
		measures: `${OUTPUT_AT_FULL_LOAD}, 1,000 tokens in and 1,000 out`,
		attribution: "Artificial Analysis, System Load Test, keyed in by hand; costs computed from it here are unofficial",
	} as const;
	if (given === undefined)
		return {
			family: {
				...common,
				rows: [],
				unranked: [],
				reason: "Artificial Analysis publishes pages and no files: key rows in and give the table",
			},
			graph: [],
		};
	const limit = centralOf(slo.tokensPerSecondPerUser);
	const unranked: { id: string; system: string; reason: string }[] = [];
	const built = given.flatMap((row) => {
		const rate = rates.rateOf(row.hardware);
		const reason =
			row.model !== model
				? `it is of ${row.model}`
				: limit !== undefined && row.speedPerQuery < limit
					? `${row.speedPerQuery} tok/s/user is slower than asked`
					: rate.known
						? undefined
						: rate.reason;
		if (reason !== undefined || !rate.known) {
			unranked.push({ id: row.id, system: row.system, reason: reason ?? "it has no rate" });
			return [];
		}
		return [{ row, cost: loadTestCost(row, rate.rate), rateId: nodeId(rate.rate) }];
	});
	if (built.length === 0) {
		const reason = "no row that was given fits the model, the speed and the rates of this scenario";
		return { family: { ...common, rows: [], unranked, reason }, graph: [] };
	}
	const evaluation = evaluate(buildModel(built.map(({ cost }) => cost)));
	const json = (id: string): QuantityJson => quantityJson(evaluation, id, { currencyDate: rates.currencyDate });
	const rows = built.map(
		({ row, cost, rateId }): LoadTestResult => ({
			id: row.id,
			system: row.system,
			hardware: row.hardware,
			precision: row.precision,
			concurrency: row.concurrency,
			speed_per_query: row.speedPerQuery,
			tokens_per_gpu_second: json(`${row.id}.tokens_per_gpu_second.output`),
			gpu_hour: json(rateId),
			unit_cost: { output: json(nodeId(cost)) },
			at: row.at,
		}),
	);
	rows.sort((a, b) => (a.unit_cost.output.value ?? 0) - (b.unit_cost.output.value ?? 0) || (a.id < b.id ? -1 : 1));
	return { family: { ...common, rows, unranked }, graph: [evaluation] };
}
