/**
 * Why a bill differs from its plan: `cost = Σₘ V · shareₘ · workₘ ÷ utilisationₘ · priceₘ · rateₘ + idle + other`, with V tokens,
 * work in GPU-seconds a token takes at full load, utilisation the share of paid GPU time at work, price per GPU-second in
 * the currency it is paid in, and rate the currency of the report per unit of that. Causes are Shapley values over seven
 * groups of inputs (volume, mix, efficiency, utilisation, price, currency, other), so that no order of telling favours one, and
 * they add up to the difference. Source: standard management accounts (price, volume, mix, efficiency variance); Shapley
 * (1953) for the cross terms, which the textbook gives to one cause by habit.
 *
 * A model that one side does not have enters there with a share of 0 and the factors of the other side: it is mix. Tokens
 * bought by the token take no GPU: their work and utilisation are 1 and their price is that of a token.
 */
import { bridge } from "../model/bridge.ts";
import { buildModel } from "../model/flatten.ts";
import { define, input } from "../model/expression.ts";
import type { AnyExpr } from "../model/expression.ts";
import type { Currency } from "../quantity/dimension.ts";
import type { AnyUnit } from "../quantity/unit.ts";
import { currency, fraction, type one, per, ratio, token, unit } from "../quantity/unit.ts";
import { over, plus, times } from "./five-years/formula.ts";

export const VARIANCE_CAUSES = ["volume", "mix", "efficiency", "utilisation", "price", "currency", "other"] as const;
export type VarianceCause = (typeof VARIANCE_CAUSES)[number];

export interface VarianceModelSide {
	readonly tokens: number;
	/** GPU-seconds that a token takes at full load; 1 for tokens bought by the token. */
	readonly gpuSecondsPerToken: number;
	/** Share of paid GPU time at work, above 0; 1 for tokens bought by the token. */
	readonly utilisation: number;
	/** Per GPU-second, or per token bought, in the currency it is paid in. */
	readonly price: number;
	/** Units of the report's currency for one of the price's. */
	readonly exchangeRate: number;
}

export interface VarianceSide {
	readonly models: ReadonlyMap<string, VarianceModelSide>;
	/** Capacity that was paid and held by nobody, in the report's currency: a matter of utilisation. */
	readonly idleCost: number;
	/** Shared infrastructure, credits, taxes and what is left over, in the report's currency. */
	readonly otherCost: number;
}

export interface CostVariance {
	readonly from: number;
	readonly to: number;
	/** One for each cause, in the order of {@link VARIANCE_CAUSES}. */
	readonly causes: readonly { readonly cause: VarianceCause; readonly delta: number }[];
}

/** From plan to actual, in the report's currency. Throws `not-finite` of the graph where a utilisation is 0. */
export function costVariance(plan: VarianceSide, actual: VarianceSide, reported: Currency): CostVariance {
	const names = [...new Set([...plan.models.keys(), ...actual.models.keys()])].sort();
	const [from, to] = [inputsOf(names, plan, actual), inputsOf(names, actual, plan)];
	const ids = names.map((_, i) => `model-${i}`);
	const model = buildModel([costExpression(ids, reported)]);
	const groups: Record<VarianceCause, readonly string[]> = {
		volume: ["volume"],
		mix: ids.map((id) => `${id}.share`),
		efficiency: ids.map((id) => `${id}.work`),
		utilisation: [...ids.map((id) => `${id}.utilisation`), "idle"],
		price: ids.map((id) => `${id}.price`),
		currency: ids.map((id) => `${id}.rate`),
		other: ["other"],
	};
	const steps = VARIANCE_CAUSES.map((cause) => ({
		cause,
		inputs: new Map(groups[cause].map((id) => [id, to.get(id) as number])),
	}));
	const found = bridge(model, { output: "cost", from, steps, method: "shapley" });
	return {
		from: found.from,
		to: found.to,
		causes: VARIANCE_CAUSES.map((cause, i) => ({ cause, delta: found.causes[i]?.delta ?? 0 })),
	};
}

const gpuTime = unit("GPU-s", { gpu: 1, s: 1 }, 1);

function costExpression(ids: readonly string[], reported: Currency): AnyExpr {
	const money = currency(reported);
	const volume = fact("volume", token("total"));
	const costs = ids.map((id) =>
		over(
			times(
				volume,
				fact(`${id}.share`, fraction),
				fact(`${id}.work`, per(gpuTime, token("total"))),
				fact(`${id}.price`, per(money, gpuTime)),
				fact(`${id}.rate`, ratio),
			),
			fact(`${id}.utilisation`, fraction),
		),
	);
	const sum = plus(...costs, fact("idle", money), fact("other", money));
	return define("cost", money, sum as Parameters<typeof define<typeof money.dims>>[2], { label: "cost of the window" });
}

/** Values come with each side; what stands here is only a place. */
function fact(id: string, of: AnyUnit): AnyExpr {
	return input(id, of as typeof one, {
		label: id,
		value: { kind: "point", value: 1 },
		source: "plan and actual of the window",
		asOf: "0000",
		grade: "A",
	});
}

function inputsOf(names: readonly string[], side: VarianceSide, other: VarianceSide): Map<string, number> {
	const volume = names.reduce((sum, name) => sum + (side.models.get(name)?.tokens ?? 0), 0);
	const inputs = new Map([
		["volume", volume],
		["idle", side.idleCost],
		["other", side.otherCost],
	]);
	for (const [i, name] of names.entries()) {
		const id = `model-${i}`;
		const own = side.models.get(name);
		const factors = (own ?? other.models.get(name)) as VarianceModelSide;
		inputs.set(`${id}.share`, own === undefined || volume === 0 ? 0 : own.tokens / volume);
		inputs.set(`${id}.work`, factors.gpuSecondsPerToken);
		inputs.set(`${id}.utilisation`, factors.utilisation);
		inputs.set(`${id}.price`, factors.price);
		inputs.set(`${id}.rate`, factors.exchangeRate);
	}
	return inputs;
}
