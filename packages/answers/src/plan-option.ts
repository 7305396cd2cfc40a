/** Options, crossovers and the question of a plan as they are answered: quantities with their evidence. */
import type { BenchmarkPoint, Draws, Evaluation, QuantityJson } from "@farthing/engine";
import { quantityJson, scalarOf, worstGrade } from "@farthing/engine";
import type { Scenario } from "@farthing/scenario";
import { bridgeCauses, bridgeEnd } from "./plan-bridge.ts";
import type { Built } from "./plan-built.ts";
import type { FleetQuestion } from "./plan-fleet.ts";
import type { Crossover, Deployment, PlanOption } from "./plan-result.ts";
import type { OptionSizing } from "./plan-traffic.ts";
import type { Change } from "./plan-volumes.ts";
import { layoutOf } from "./rows.ts";
import { courseOf } from "./simulate/course.ts";

export interface PlanContext {
	readonly evaluation: Evaluation;
	readonly draws: Draws | undefined;
	readonly currencyDate: string;
	readonly question: FleetQuestion;
}

export function optionJson(context: PlanContext, built: Built, rank: number): PlanOption {
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
export function withHours(scenario: Scenario, option: PlanOption, sizing: OptionSizing | undefined): PlanOption {
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

export function crossoverJson(
	{ evaluation }: PlanContext,
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

export function questionJson(
	{ evaluation, question, currencyDate }: PlanContext,
	best: Built,
): Record<string, QuantityJson> {
	const known = question.inputs.filter(({ id }) => evaluation.model.byId.has(id));
	const json = known.map(({ name, id }) => [name, quantityJson(evaluation, id)] as const);
	const headline = quantityJson(evaluation, best.ids.headline, { currencyDate });
	return { ...Object.fromEntries(json), headline_of_cheapest: headline };
}
