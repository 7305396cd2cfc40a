/** The software curve as it is told: what the rows say, and what the last year would cost if another were believed. */
import type { DriftEstimate, QuantityJson } from "@farthing/engine";
import { evaluate, VENDOR_CURVES } from "@farthing/engine";
import type { SoftwareMethod } from "@farthing/scenario";
import type { Warning } from "../envelope.ts";
import type { Answer } from "./answer.ts";
import { json, valueIn } from "./answer.ts";
import type { SoftwareResult } from "./result.ts";
import { METHOD, METHOD_NUMBER, type Software } from "./software.ts";
import type { PricedStrategy } from "./strategies.ts";

export function softwareResult(answer: Answer, software: Software, owner: PricedStrategy | undefined): SoftwareResult {
	const { evaluation, months } = answer;
	const { estimate, recipes, limit } = software;
	const { model } = evaluation;
	const methods = Object.keys(METHOD_NUMBER) as SoftwareMethod[];
	const believed = methods.map((method): SoftwareResult["believed"][number] => {
		const claim = VENDOR_CURVES.find(({ id }) => id === method);
		const common = {
			method,
			...(claim === undefined ? {} : { claim: claim.claim }),
			grade: claim === undefined ? ("D" as const) : ("E" as const),
		};
		if (owner === undefined || !model.byId.has(METHOD)) return { ...common, reason: "no machines are owned" };
		if (claim?.kind === "generation" && !model.byId.has(`software.claim.${claim.id}`))
			return {
				...common,
				reason: "it is about the next generation of hardware, and none is bought: give strategies.own.refresh",
			};
		if (method === "fitted" && estimate === undefined)
			return { ...common, reason: "no configuration was measured twice" };
		const then = evaluate(model, { months, inputs: new Map([[METHOD, METHOD_NUMBER[method]]]) });
		const of = (id: string): QuantityJson => ({
			...valueIn(then, json(answer, id)),
			...(claim === undefined ? {} : { grade: "E" as const }),
		});
		return {
			...common,
			unit_cost: of(`${owner.name}.year_${owner.measures.years}.unit_cost.delivered`),
			npv: of(`${owner.name}.npv`),
		};
	});
	return {
		...(owner === undefined ? {} : { strategy: owner.name }),
		method: software.method,
		...(estimate === undefined ? {} : { estimate: estimateJson(estimate) }),
		...(recipes === undefined
			? {}
			: { recipes: { ratio: recipes.ratio, before: recipes.before, after: recipes.after } }),
		...(limit === undefined || !model.byId.has(limit.node)
			? {}
			: { limit: { tokens_per_gpu_second: json(answer, limit.node), from: limit.from, reason: limit.reason } }),
		believed,
	};
}

export function estimateJson(estimate: DriftEstimate): NonNullable<SoftwareResult["estimate"]> {
	return {
		group: estimate.group,
		pairs: estimate.pairs,
		regressions: estimate.regressions,
		per_90_days: { p10: estimate.p10, median: estimate.median, p90: estimate.p90 },
		from: estimate.from,
		to: estimate.to,
	};
}

export function claimWarning({ method }: Software): Warning[] {
	const claim = VENDOR_CURVES.find(({ id }) => id === method);
	return claim === undefined
		? []
		: [{ code: "vendor-curve", message: `better software is taken from a seller's claim (${claim.claim}), grade E` }];
}
