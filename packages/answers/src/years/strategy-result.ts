/** Each way to serve the demand as it is told: years, measures, rank under both lenses. */
import type { Evaluation, QuantityJson } from "@farthing/engine";
import { ratesOfReturn, scalarOf, seriesOf } from "@farthing/engine";
import { nodeId } from "../node-id.ts";
import type { Answer } from "./answer.ts";
import { json, valueIn } from "./answer.ts";
import { marginMonths } from "./margin-months.ts";
import type { PricedResult, RateOfReturn, StrategyResult, UnpricedResult, YearResult } from "./result.ts";
import type { PricedStrategy, Strategy, StrategyName, UnpricedStrategy } from "./strategies.ts";
import { reasonText } from "./why-unpriced.ts";

/** Measures of a strategy by their name in the result. */
const MEASURES = {
	npv: "npv",
	present_cost: "present_cost",
	tco: "tco",
	levelised: "levelised",
	levelised_by_month: "levelised_by_month",
	gpu_hour: "gpu_hour",
	gpu_hour_levelised: "gpu_hour_levelised",
	payback_months: "payback",
	peak_cash: "peak_cash",
	gross_margin: "gross_margin",
	gross_margin_share: "gross_margin_share",
	revenue_per_megawatt: "revenue_per_megawatt",
	profit_per_megawatt: "profit_per_megawatt",
	price_floor: "price_floor",
	price_room: "price_room",
	revenue_per_gpu_hour: "revenue_per_gpu_hour",
	book_cost_per_gpu_hour: "book_cost_per_gpu_hour",
	revenue_over_capital: "revenue_over_capital",
	owner_npv: "owner.npv",
} as const;

export function strategyResults(answer: Answer, strategies: readonly Strategy[]): StrategyResult[] {
	const priced = strategies.filter((each): each is PricedStrategy => each.priced);
	const full = ranksOf(answer, answer.evaluation, priced);
	const marginal = ranksOf(answer, answer.marginal, priced);
	return strategies.map((each) =>
		each.priced
			? pricedResult(answer, each, full.get(each.name), marginal.get(each.name))
			: unpricedResult(answer, each),
	);
}

/** By value where tokens are sold, else by present cost; what does not serve all demand is not ranked. */
function ranksOf(
	{ asked }: Answer,
	evaluation: Evaluation,
	priced: readonly PricedStrategy[],
): ReadonlyMap<StrategyName, number> {
	const sold = asked.years.revenue !== undefined;
	const worth = (each: PricedStrategy): number =>
		sold ? scalarOf(evaluation, `${each.name}.npv`) : -scalarOf(evaluation, `${each.name}.present_cost`);
	const complete = priced.filter((each) => shortfallOf(evaluation, each) === 0);
	return new Map([...complete].sort((a, b) => worth(b) - worth(a)).map((each, i) => [each.name, i + 1]));
}

function shortfallOf(evaluation: Evaluation, { flows }: PricedStrategy): number {
	return seriesOf(evaluation, nodeId(flows.shortfall)).reduce((sum, each) => sum + each, 0);
}

function pricedResult(
	answer: Answer,
	of: PricedStrategy,
	rank: number | undefined,
	marginalRank: number | undefined,
): PricedResult {
	const { evaluation, marginal } = answer;
	const there = Object.entries(MEASURES).filter(([, name]) => evaluation.model.byId.has(`${of.name}.${name}`));
	const marginalOf = ["npv", "present_cost", "levelised"] as const;
	const missing = shortfallOf(evaluation, of);
	const months = marginMonths(answer, of);
	return {
		strategy: of.name,
		priced: true,
		...(rank === undefined ? {} : { rank }),
		...(missing === 0
			? {}
			: { unranked_because: "not all demand is served: the site has not the power, or the machines come too late" }),
		...apartFrom(answer, of),
		years: yearsOf(answer, of),
		measures: Object.fromEntries(there.map(([key, name]) => [key, json(answer, `${of.name}.${name}`)])),
		...(evaluation.model.byId.has(`${of.name}.irr`) ? { irr: rateOfReturn(answer, of) } : {}),
		...(months === undefined ? {} : { by_month: months }),
		marginal: {
			...(marginalRank === undefined ? {} : { rank: marginalRank }),
			measures: Object.fromEntries(
				marginalOf.map((name) => [name, valueIn(marginal, json(answer, `${of.name}.${name}`))]),
			),
		},
	};
}

/** What holds of other ways or other plans, and not of this one. */
function apartFrom(
	{ asked, evaluation }: Answer,
	{ name, flows }: PricedStrategy,
): Pick<PricedResult, "reserve_not_kept" | "no_price_floor" | "leaves_out"> {
	const { people, committed, revenue } = asked.years;
	const used = flows.reserveUsed === undefined ? [] : [...seriesOf(evaluation, nodeId(flows.reserveUsed))];
	const months = used.flatMap((each, month) => (each > 0 ? [month] : []));
	const unsold = revenue !== undefined && Number.isNaN(scalarOf(evaluation, `${name}.price_floor`));
	return {
		...(months.length === 0 ? {} : { reserve_not_kept: { months: months.length, first_month: months[0] as number } }),
		...(unsold ? { no_price_floor: "nothing is sold (revenue.sold): no price would pay" } : {}),
		...(name === "api" && people !== undefined && !committed.includes("staff")
			? { leaves_out: "people: where tokens are bought nobody runs machines; committed: [staff] counts them here too" }
			: {}),
	};
}

function unpricedResult(answer: Answer, { name, why, sizes }: UnpricedStrategy): UnpricedResult {
	return {
		strategy: name,
		priced: false,
		reason: reasonText(why),
		why,
		years: sizes.map((each, i) => ({ year: i + 1, gpus: json(answer, nodeId(each)) })),
	};
}

function rateOfReturn(answer: Answer, of: PricedStrategy): RateOfReturn {
	const roots = ratesOfReturn(seriesOf(answer.evaluation, `${of.name}.cash`));
	if (roots.length === 0) return { roots: "none" };
	if (roots.length === 1) return { roots: "one", value: json(answer, `${of.name}.irr`) };
	return { roots: "many", all: roots.map((each) => (1 + each) ** 12 - 1) };
}

function yearsOf(answer: Answer, of: PricedStrategy): YearResult[] {
	const { byId } = answer.evaluation.model;
	return Array.from({ length: of.measures.years + 1 }, (_, year) => {
		const id = (name: string): string => `${of.name}.year_${year}.${name}`;
		const some = (key: string, name: string): Record<string, QuantityJson> =>
			byId.has(id(name)) ? { [key]: json(answer, id(name)) } : {};
		const assets = of.flows.assets.flatMap((asset) => Object.keys(asset.paid).map((kind) => `${asset.name}.${kind}`));
		const tokens = json(answer, id("tokens"));
		const served = tokens.value !== undefined && tokens.value > 0;
		return {
			year,
			tokens,
			capital: Object.fromEntries(assets.map((name) => [name, json(answer, id(`capital.${name}`))])),
			running: Object.fromEntries(
				Object.keys(of.flows.running).map((kind) => [kind, json(answer, id(`running.${kind}`))]),
			),
			...(assets.length === 0 ? {} : some("capital_paid", "capital")),
			running_cost: json(answer, id("running")),
			...some("resale", "resale"),
			cost: json(answer, id("cost")),
			...some("charge", "charge"),
			...some("tax", "tax"),
			cash: json(answer, id("cash")),
			...some("owner_cash", "owner_cash"),
			...some("revenue", "revenue"),
			...(served ? some("unit_cost", "unit_cost.delivered") : {}),
			...some("gpus", "gpus"),
			...some("power", "power"),
			...some("utilisation", "utilisation"),
			...some("energy", "energy"),
			...some("carbon", "carbon"),
			...some("shortfall", "shortfall"),
		};
	});
}
