/** Why a token costs what it does in the last year, from all as at the opening to as planned. */
import type { QuantityJson } from "@farthing/engine";
import { bridge, usdPerMtok } from "@farthing/engine";
import type { Answer } from "./answer.ts";
import { CAUSE_WORDS, CAUSES, type Cause } from "./asked.ts";
import type { CostBridge } from "./result.ts";
import type { PricedStrategy } from "./strategies.ts";

export function bridgeOf({ evaluation, months, currencyDate }: Answer, of: PricedStrategy): CostBridge {
	const { model } = evaluation;
	const output = `${of.name}.year_${of.measures.years}.unit_cost.delivered`;
	const causes = CAUSES.filter((cause) => model.byId.has(`cause.${cause}`));
	const from = new Map(causes.map((cause) => [`cause.${cause}`, 0]));
	const steps = causes.map((cause) => ({ cause, inputs: new Map([[`cause.${cause}`, 1]]) }));
	const found = bridge(model, { output, from, steps, method: "shapley", months });
	const shown = usdPerMtok("total");
	const quantity = (value: number): QuantityJson => ({
		value: value / shown.factor,
		unit: shown.symbol,
		tokens: "total",
		basis: "delivered",
		currency_date: currencyDate,
		node: output,
	});
	return {
		strategy: of.name,
		from: quantity(found.from),
		to: quantity(found.to),
		method: "shapley",
		causes: found.causes.map(({ cause, delta }) => ({
			cause: cause as Cause,
			label: CAUSE_WORDS[cause as Cause],
			delta: quantity(delta),
		})),
	};
}
