/** Each of several models as it is told: its machine, and what its tokens cost by themselves. */
import type { Catalogue } from "@farthing/catalogue";
import type { Answer } from "./answer.ts";
import { json } from "./answer.ts";
import { machineJson } from "./machine-result.ts";
import type { ModelResult } from "./result.ts";
import { estimateJson } from "./software-result.ts";
import type { Part, PricedStrategy } from "./strategies.ts";

/** Nothing where one model has all the demand. */
export function modelResults(
	catalogue: Catalogue,
	answer: Answer,
	parts: readonly Part[],
	priced: readonly PricedStrategy[],
): ModelResult[] {
	return parts.flatMap((part): ModelResult[] => {
		const { name, machine, software } = part;
		if (name === undefined) return [];
		const { estimate } = software;
		return [
			{
				name,
				model: machine.point.model,
				share: json(answer, `models.${name}.share`),
				machine: machineJson(catalogue, answer, machine, software.precision),
				...(estimate === undefined ? {} : { software_estimate: estimateJson(estimate) }),
				strategies: priced.map((each) => strategyOf(answer, name, each)),
			},
		];
	});
}

function strategyOf(answer: Answer, name: string, of: PricedStrategy): ModelResult["strategies"][number] {
	const id = (measure: string): string => `${of.name}.${name}.${measure}`;
	const { byId } = answer.evaluation.model;
	return {
		strategy: of.name,
		present_cost: json(answer, id("present_cost")),
		levelised: json(answer, id("levelised")),
		years: Array.from({ length: of.measures.years }, (_, i) => {
			const year = (measure: string): string => id(`year_${i + 1}.${measure}`);
			return {
				year: i + 1,
				tokens: json(answer, year("tokens")),
				unit_cost: json(answer, year("unit_cost.delivered")),
				...(byId.has(year("gpus")) ? { gpus: json(answer, year("gpus")) } : {}),
			};
		}),
	};
}
