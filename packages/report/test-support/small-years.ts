/** Years of money beside the small plan: one strategy, with as little as a block needs. */
import { buildModel, define, evaluate, input, type ModelJson, modelToJson, usdPerMtok } from "@farthing/engine";

export interface SmallYears {
	readonly strategy: "own" | "api";
	/** Row that the years use. */
	readonly machine: string;
	/** Cost of a million tokens as at the opening and as planned. */
	readonly costs?: readonly [number, number];
	readonly floor?: number;
	/** Where tokens are sold: what it is worth, with its draws. */
	readonly npv?: { readonly value: number; readonly p10: number; readonly p50: number; readonly p90: number };
}

export function smallYears({ strategy, machine, costs = [0.8, 0.4], floor, npv }: SmallYears) {
	const [from, to] = costs;
	const usd = (value: number, unit = "USD/Mtok") => ({ value, unit, grade: "C" as const });
	return {
		months: 1,
		ranked_by: npv === undefined ? "present_cost" : "npv",
		machine: {
			row: machine,
			hardware: "b200",
			precision: "nvfp4",
			stack: "sglang",
			speculative: "mtp",
			layout: "TP36",
		},
		strategies: [
			{
				strategy,
				priced: true,
				rank: 1,
				years: [{ year: 0 }, { year: 1, unit_cost: usd(to) }],
				measures: {
					present_cost: usd(100, "USD"),
					...(npv === undefined ? {} : { npv: { ...usd(npv.value, "USD"), ...npv } }),
					...(floor === undefined ? {} : { price_floor: usd(floor) }),
				},
			},
		],
		bridges: [
			{
				strategy,
				from: usd(from),
				to: usd(to),
				method: "shapley",
				causes: [{ cause: "software", label: "better software", delta: usd(to - from) }],
			},
		],
	};
}

/** A graph that knows what tokens are sold for. */
export function pricedGraph(price: number): ModelJson {
	const sold = input("revenue.price.output", usdPerMtok("total"), {
		label: "price of a million tokens",
		value: { kind: "point", value: price * usdPerMtok("total").factor },
		source: "scenario small",
		asOf: "2026-11-22",
		grade: "E",
	});
	return modelToJson(evaluate(buildModel([define("revenue.price", usdPerMtok("total"), sold, { label: "price" })])));
}
