/** A deployment with the nodes of its fleet and cost, before any value is worked out. */
import type { Catalogue } from "@farthing/catalogue";
import type { AnyExpr, BenchmarkPoint, Evaluation, Expr, TokensPerRequest, UsdPerToken } from "@farthing/engine";
import { constant, headlineCost, per, request, requestCost, scalarOf, token } from "@farthing/engine";
import type { Scenario } from "@farthing/scenario";
import { nodeId } from "./node-id.ts";
import { requestLengths } from "./plan-candidates.ts";
import type { FleetQuestion, SizingStep } from "./plan-fleet.ts";
import { fleetNodes } from "./plan-fleet.ts";
import { cheaperFirst, told } from "./plan-volumes.ts";
import { throughputInput } from "./rows.ts";

export interface Built {
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

export function builtOption(
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

export function cheapestFirst(built: readonly Built[], evaluation: Evaluation): Built[] {
	const costed = built.map((each) => ({
		each,
		point: each.point,
		delivered: scalarOf(evaluation, each.ids.delivered),
		headline: scalarOf(evaluation, each.ids.headline),
	}));
	return costed.sort(cheaperFirst).map(({ each }) => each);
}

/** Lowest headline first, then by id: what decides between fleets of one size and price, whatever demand is asked. */
export function byHeadline(built: readonly Built[], evaluation: Evaluation): Built[] {
	const headline = ({ ids }: Built): number => told(scalarOf(evaluation, ids.headline));
	return [...built].sort((a, b) => headline(a) - headline(b) || (a.point.id < b.point.id ? -1 : 1));
}

export function tokensPerRequest(scenario: Scenario): Expr<TokensPerRequest> {
	const { input, output } = requestLengths(scenario);
	return constant(input + output, per(token("total"), request)) as unknown as Expr<TokensPerRequest>;
}
