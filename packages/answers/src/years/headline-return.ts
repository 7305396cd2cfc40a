/**
 * "Spend 5, earn 75": the arithmetic of a headline return as a template, and what it leaves out. It takes every GPU at full
 * load around the clock, every token as sold, at today's price. From there to the net present value: the load that demand
 * gives, tokens that nobody pays for, the fall of the price, running cost, capital, resale, tax and time. The steps sum.
 */
import type { AnyExpr, Expr, QuantityJson } from "@farthing/engine";
import { constant, minus, month, named, ratio, shareOf, sumOverMonths, times, usd } from "@farthing/engine";
import type { Answer } from "./answer.ts";
import { json } from "./answer.ts";
import type { Asked } from "./asked.ts";
import { outputNamed } from "./comparisons.ts";
import type { PricedStrategy, StrategyName } from "./strategies.ts";
import { revenueOf } from "./strategies.ts";

export const LEFT_OUT = ["load", "unsold", "price", "running", "capital", "resale", "tax", "time"] as const;
export type LeftOut = (typeof LEFT_OUT)[number];

const WORDS: Readonly<Record<LeftOut, string>> = {
	load: "GPUs that demand does not fill",
	unsold: "tokens that nobody pays for",
	price: "the price of a token falls",
	running: "running cost",
	capital: "the machines themselves",
	resale: "what they are sold for in the end",
	tax: "tax",
	time: "time: money later is worth less",
};

export interface HeadlineReturn {
	readonly strategy: StrategyName;
	/** Revenue at full load, all sold, at the price of the opening, over capital. */
	readonly claimed: QuantityJson;
	readonly claimed_revenue: QuantityJson;
	/** Net present value over capital. */
	readonly kept: QuantityJson;
	/** From the claimed revenue, one after the other, to the net present value. */
	readonly leaves_out: readonly { readonly what: LeftOut; readonly label: string; readonly amount: QuantityJson }[];
}

/** Nodes `<strategy>.headline_return.*`; none where nothing is sold, or no machine is bought. */
export function headlineReturnNodes(asked: Asked, of: PricedStrategy): AnyExpr[] {
	const steps = stepsOf(asked, of);
	if (steps === undefined) return [];
	const id = (name: string): string => `${of.name}.headline_return.${name}`;
	const capital = total(outputNamed(of, `${of.name}.capital`));
	const claimed = named(id("revenue"), usd, steps.claimed, {
		label: "revenue at full load, all sold, at the price of the opening",
		formula: "tokens that all GPUs could serve × price at the opening",
	});
	return [
		claimed,
		...steps.left.map(({ what, amount }) => named(id(what), usd, amount, { label: WORDS[what] })),
		named(id("claimed"), ratio, shareOf(claimed, capital), {
			label: "return as a headline has it",
			formula: "revenue at full load, all sold, at the price of the opening ÷ capital",
			note: "it leaves out load, unsold tokens, falling prices, running cost, tax and time",
		}),
		named(id("kept"), ratio, shareOf(outputNamed(of, `${of.name}.npv`), capital), {
			label: "net present value over capital",
		}),
	];
}

function stepsOf(
	asked: Asked,
	of: PricedStrategy,
): { claimed: AnyExpr; left: readonly { what: LeftOut; amount: AnyExpr }[] } | undefined {
	const revenue = revenueOf(asked);
	const { flows, measures, name } = of;
	if (revenue === undefined || flows.assets.length === 0 || flows.utilisation === undefined) return undefined;
	const tokens = times(flows.served, constant(1, month));
	const able = shareOf(tokens, flows.utilisation);
	const atOpening = (of: AnyExpr): AnyExpr => total(times(of, revenue.price));
	const [full, loaded] = [atOpening(able), atOpening(tokens)];
	const sold = times(loaded, revenue.sold);
	const earned = total(outputNamed(of, `${name}.revenue`));
	const [running, capital, resale] = ["running", "capital", "resale"].map((item) =>
		total(outputNamed(of, `${name}.${item}`)),
	) as [AnyExpr, AnyExpr, AnyExpr];
	const cash = total(measures.cash);
	const before = minus(minus(earned, running), minus(capital, resale));
	const amounts: Readonly<Record<LeftOut, AnyExpr>> = {
		load: minus(loaded, full),
		unsold: minus(sold, loaded),
		price: minus(earned, sold),
		running: minus(constant(0, usd), running),
		capital: minus(constant(0, usd), capital),
		resale,
		tax: minus(cash, before),
		time: minus(outputNamed(of, `${name}.npv`), cash),
	};
	return { claimed: full, left: LEFT_OUT.map((what) => ({ what, amount: amounts[what] })) };
}

function total(of: AnyExpr): AnyExpr {
	return sumOverMonths(of as Expr<never>);
}

export function headlineReturnOf(answer: Answer, of: PricedStrategy | undefined): HeadlineReturn | undefined {
	const id = (name: string): string => `${of?.name}.headline_return.${name}`;
	if (of === undefined || !answer.evaluation.model.byId.has(id("claimed"))) return undefined;
	return {
		strategy: of.name,
		claimed: json(answer, id("claimed")),
		claimed_revenue: json(answer, id("revenue")),
		kept: json(answer, id("kept")),
		leaves_out: LEFT_OUT.map((what) => ({ what, label: WORDS[what], amount: json(answer, id(what)) })),
	};
}
