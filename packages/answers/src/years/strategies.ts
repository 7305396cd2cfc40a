/** Ways to serve one demand, each priced or with the reason why not; all under one lens, one discount rate and one revenue. */
import type {
	AnyExpr,
	AtMonth,
	Expr,
	Finance,
	Flows,
	Measures,
	OwnedFleet,
	PartialFlows,
	PerYear,
	RevenueInputs,
	RunningItem,
	TokenOffer,
	TokenPrices,
	UsdPerGpuHour,
	UsdPerToken,
} from "@farthing/engine";
import {
	addedFlows,
	blendedPrice as blendedTokenPrice,
	boughtTokens,
	constant,
	discounting,
	fraction,
	gpusNeeded,
	hybrid,
	inYear,
	input,
	measures,
	monthly,
	named,
	one,
	over,
	owned,
	plus,
	rented,
	usdPerGpuHour,
	usdPerMtok,
	ratio,
	gpu,
} from "@farthing/engine";
import type { AnyQuantityInput, TokenPricePlan } from "@farthing/scenario";
import { blendedPrice } from "../api-prices.ts";
import type { RateBook } from "../rates.ts";
import type { Asked, Plain } from "./asked.ts";
import { demandOf } from "./asked.ts";
import type { Machine, Machines } from "./machine.ts";
import { operating, ownInputs } from "./own.ts";
import { isUnpriced, unpriced, type Unpriced, type WhyUnpriced } from "./why-unpriced.ts";
import type { Software } from "./software.ts";

export const STRATEGIES = ["own", "rent", "api", "hybrid"] as const;
export type StrategyName = (typeof STRATEGIES)[number];

export type Strategy = PricedStrategy | UnpricedStrategy;

export interface PricedStrategy {
	readonly name: StrategyName;
	readonly priced: true;
	readonly flows: Flows;
	readonly measures: Measures;
	readonly fleet?: OwnedFleet;
	/** Of several models each by itself, before revenue, loans and tax. */
	readonly models: readonly { readonly name: string; readonly measures: Measures }[];
}

/** It can be sized, but not priced: it stays in sight and out of the ranking. */
export interface UnpricedStrategy {
	readonly name: StrategyName;
	readonly priced: false;
	readonly why: WhyUnpriced;
	/** GPUs by year that it would take, where machines are known. */
	readonly sizes: readonly AnyExpr[];
}

/** A model on machines of its own; one without a name is all that is served. */
export interface Part {
	readonly name?: string;
	readonly asked: Asked;
	readonly machine: Machine;
	readonly machines: Machines;
	readonly software: Software;
}

export interface StrategyContext {
	readonly asked: Asked;
	readonly parts: readonly [Part, ...Part[]];
	readonly rates: RateBook;
	/** Demand over that of the plan. */
	readonly scale: Plain;
	/** False where volumes are looked along: the power of one site would end the curve. */
	readonly withSite: boolean;
	/** Those that are asked about; all that the scenario has unless told. */
	readonly only?: readonly StrategyName[] | undefined;
}

export function strategiesOf(context: StrategyContext): readonly Strategy[] {
	const { asked, rates, withSite, only = STRATEGIES } = context;
	const plans = asked.years.strategies;
	const finance = financeOf(asked);
	const revenue = revenueOf(asked);
	const parts = context.parts.map((part) => ({
		...part,
		rates,
		withSite,
		demand: demandOf(part.asked, context.scale),
	}));
	return STRATEGIES.filter((name) => plans[name] !== undefined && only.includes(name)).map((name) => {
		const built = builtOf(name, parts);
		if (isUnpriced(built))
			return { name, priced: false, why: built.unpriced, sizes: name === "api" ? [] : sizes(parts, name) };
		const { calendar } = asked;
		const asMeasured = {
			calendar,
			flows: built.flows,
			finance: name === "own" || name === "hybrid" ? finance : withoutDebt(finance),
			...(revenue === undefined ? {} : { revenue }),
		};
		const { discounting, bookMonths } = finance;
		const models = built.parts.map((part) => ({
			name: part.name,
			measures: measures(`${name}.${part.name}.`, {
				calendar,
				flows: part.flows,
				finance: { discounting, bookMonths },
			}),
		}));
		const { fleet, flows } = built;
		const known = fleet === undefined ? {} : { fleet };
		return { name, priced: true, flows, ...known, models, measures: measures(`${name}.`, asMeasured) };
	});
}

/** One model's part of one way. */
interface PartContext extends Part {
	readonly rates: RateBook;
	readonly demand: AtMonth;
	readonly withSite: boolean;
}

type Built = { readonly flows: Flows; readonly fleet?: OwnedFleet } | Unpriced;

/** Of several models the flows add up; where one cannot be priced, the whole cannot. */
function builtOf(
	name: StrategyName,
	contexts: readonly PartContext[],
): Unpriced | { readonly flows: Flows; readonly fleet?: OwnedFleet; readonly parts: PartialFlows[] } {
	const parts: PartialFlows[] = [];
	for (const context of contexts) {
		const built = BUILDERS[name](context, prefixOf(name, context));
		if (context.name === undefined) return isUnpriced(built) ? built : { ...built, parts };
		if (isUnpriced(built)) return unpriced({ ...built.unpriced, model: context.name });
		parts.push({ name: context.name, flows: built.flows });
	}
	return { flows: addedFlows(`${name}.`, parts), parts };
}

function prefixOf(name: StrategyName, { name: part }: Part): string {
	return part === undefined ? `${name}.` : `${name}.${part}.`;
}

const BUILDERS: Readonly<Record<StrategyName, (context: PartContext, prefix: string) => Built>> = {
	own: ownedOf,
	rent: rentedOf,
	api: apiOf,
	hybrid: hybridOf,
};

function ownedOf({ asked, machine, machines, software, demand, withSite }: PartContext, prefix: string): Built {
	const answer = ownInputs(asked, machine, machines, software, demand, withSite);
	return answer.priced ? owned(prefix, answer.inputs) : unpriced(answer.unpriced);
}

function rentedOf(context: PartContext, prefix: string): Built {
	const { asked, machine, software, demand } = context;
	const plan = asked.years.strategies.rent;
	const rate = onDemandRate(context);
	if (isUnpriced(rate)) return rate;
	if (plan === undefined) return unpriced({ code: "not-asked-for", member: "strategies.rent" });
	const path = asked.prices("price_path.rent", plan.pricePath, "rent");
	const withPath = path === undefined ? {} : { path };
	const { reserved, spot } = plan;
	const flows = rented(prefix, {
		calendar: asked.calendar,
		demand,
		machine: { ...machine.rented, software: software.at },
		onDemand: { rate, ...withPath },
		...(reserved === undefined
			? {}
			: {
					reserved: {
						rate: asked.given("rent.reserved.rate", usdPerGpuHour, reserved.rate, "price of a reserved GPU-hour"),
						share: asked.given("rent.reserved.share", fraction, reserved.share, "share reserved"),
						termMonths: reserved.termMonths,
						...withPath,
					},
				}),
		...(spot === undefined
			? {}
			: {
					spot: {
						rate: asked.given("rent.spot.rate", usdPerGpuHour, spot.rate, "price of a spot GPU-hour"),
						share: asked.given("rent.spot.share", fraction, spot.share, "share on spot of what is not reserved"),
						interrupted: asked.given(
							"rent.spot.interrupted",
							fraction,
							spot.interrupted,
							"share of the time a spot GPU is taken away",
						),
						...withPath,
					},
				}),
		running: operating(asked),
		committed: committedOf(asked),
		lens: asked.lens,
	});
	return { flows };
}

function apiOf({ asked, machine, demand }: PartContext, prefix: string): Built {
	const offer = tokenOffer(asked, machine);
	if (isUnpriced(offer)) return offer;
	return {
		flows: boughtTokens(prefix, {
			calendar: asked.calendar,
			demand,
			offer,
			running: committedPeople(asked),
			committed: committedOf(asked),
			lens: asked.lens,
		}),
	};
}

/** Nobody runs machines where tokens are bought: people are paid there only if they are paid whatever is chosen. */
function committedPeople(asked: Asked): Pick<ReturnType<typeof operating>, "team"> {
	const { team } = operating(asked);
	return team === undefined || !committedOf(asked).has("staff") ? {} : { team };
}

function hybridOf(context: PartContext, prefix: string): Built {
	const { asked, machine, machines, software, demand, withSite } = context;
	const plan = asked.years.strategies.hybrid;
	const base = ownInputs(asked, machine, machines, software, demand, withSite);
	const rate = onDemandRate(context);
	const offer = tokenOffer(asked, machine);
	if (plan === undefined) return unpriced({ code: "not-asked-for", member: "strategies.hybrid" });
	if (!base.priced) return unpriced({ ...base.unpriced, part: "base" });
	if (isUnpriced(rate)) return unpriced({ ...rate.unpriced, part: "burst" });
	if (isUnpriced(offer)) return unpriced({ ...offer.unpriced, part: "overflow" });
	const path = asked.prices("price_path.rent", asked.years.strategies.rent?.pricePath ?? [], "rent");
	const level = (name: string, of: AnyQuantityInput, label: string): Plain =>
		asked.given(`hybrid.${name}`, ratio, of, label);
	return {
		flows: hybrid(prefix, {
			...base.inputs,
			peakToMean: base.peakToMean,
			baseLevel: level("base_level", plan.baseLevel, "own machines serve up to this multiple of the mean"),
			burstLevel: level("burst_level", plan.burstLevel, "GPUs are rented up to this multiple of the mean"),
			burst: {
				rate,
				...(path === undefined ? {} : { path }),
				machine: { ...machine.rented, software: software.at },
				efficiency: asked.given(
					"hybrid.burst_efficiency",
					fraction,
					plan.efficiency,
					"share of the rented GPU-hours that serve",
				),
			},
			overflow: offer,
		}),
	};
}

/** Price of a rented GPU-hour on demand, or why there is none: what an owner pays is no rent. */
function onDemandRate({ asked, machine, rates }: PartContext): Expr<UsdPerGpuHour> | Unpriced {
	const given = asked.years.strategies.rent?.onDemand;
	if (given !== undefined)
		return asked.given("rent.on_demand.rate", usdPerGpuHour, given, "price of a GPU-hour on demand");
	const answer = rates.rateOf(machine.hardware);
	const member = "strategies.rent.on_demand";
	if (!answer.known) return unpriced({ code: "no-rent", of: machine.hardware, because: answer.reason, member });
	return answer.owned ? unpriced({ code: "rate-of-an-owner", rates: rates.describe, member }) : answer.rate;
}

function tokenOffer(asked: Asked, { point }: Machine): TokenOffer | Unpriced {
	const plan = asked.years.strategies.api;
	if (plan?.price !== undefined) {
		const price = blendedOf(asked, "api.price", plan.price, plan.cached);
		return withBatch(asked, price);
	}
	const found = blendedPrice(
		asked.catalogue,
		point.model,
		{ input: point.isl, output: point.osl },
		plan?.host ?? "median",
		asked.asOf,
	);
	if (found === undefined) return unpriced({ code: "no-api-price", of: point.model, member: "strategies.api.price" });
	asked.warnings.push(...found.warnings);
	return withBatch(asked, found.price);
}

function withBatch(asked: Asked, price: Expr<UsdPerToken<"total">>): TokenOffer {
	const plan = asked.years.strategies.api;
	const path = asked.prices("price_path.api", plan?.pricePath ?? [], "tokens bought");
	const batch = plan?.batch;
	return {
		price,
		...(path === undefined ? {} : { path }),
		...(batch === undefined
			? {}
			: {
					batch: {
						share: asked.given("api.batch.share", fraction, batch.share, "share of the tokens that can wait"),
						factor: asked.given("api.batch.factor", fraction, batch.factor, "price of a token that can wait"),
					},
				}),
	};
}

/** Prices by kind, blended by the lengths of a request. */
function blendedOf(
	asked: Asked,
	id: string,
	plan: TokenPricePlan,
	cached?: AnyQuantityInput,
): Expr<UsdPerToken<"total">> {
	const prices: TokenPrices = {
		input: asked.given(`${id}.input`, usdPerMtok("input"), plan.input, "price of an input token"),
		output: asked.given(`${id}.output`, usdPerMtok("output"), plan.output, "price of an output token"),
		...(plan.cachedInput === undefined
			? {}
			: {
					cachedInput: asked.given(
						`${id}.cached_input`,
						usdPerMtok("cached_input"),
						plan.cachedInput,
						"price of a cached input token",
					),
				}),
	};
	const outputShare = outputShareOf(asked);
	const cachedShare =
		cached === undefined
			? undefined
			: asked.given("api.cached", fraction, cached, "share of the input tokens that are cached");
	return blendedTokenPrice(id, prices, { outputShare, ...(cachedShare === undefined ? {} : { cachedShare }) });
}

export function outputShareOf(asked: Asked): Plain {
	if (asked.outputShare !== undefined) return asked.outputShare;
	const { input: prompt, output } = asked.scenario.workload;
	const point = (of: AnyQuantityInput): number =>
		of.distribution.kind === "point" ? of.distribution.value : Number.NaN;
	const share = point(output) / (point(prompt) + point(output));
	return input(asked.within("workload.output_share"), fraction, {
		label: "output tokens, share of all tokens of a request",
		value: { kind: "point", value: share },
		source: `scenario ${asked.scenario.name}: lengths of a request`,
		asOf: asked.asOf,
		grade: "E",
		role: "condition",
	});
}

/** Token revenue, where the scenario sells tokens. */
export function revenueOf(asked: Asked): RevenueInputs | undefined {
	const plan = asked.years.revenue;
	if (plan === undefined) return undefined;
	const path = asked.prices("price_path.revenue", plan.pricePath, "tokens sold");
	return {
		calendar: asked.calendar,
		price: blendedOf(asked, "revenue.price", plan.price),
		sold: asked.given("revenue.sold", fraction, plan.sold, "share of the tokens served that are paid for"),
		...(path === undefined ? {} : { path }),
	};
}

function financeOf(asked: Asked): Finance {
	const { finance } = asked.years;
	const discount: Expr<PerYear> = asked.perYear("finance.discount_rate", finance.discountRate, "cost of capital");
	return {
		discounting: discounting("discount", discount, asked.calendar),
		bookMonths: finance.bookMonths,
		...(finance.tax === undefined
			? {}
			: { taxRate: asked.given("finance.tax", fraction, finance.tax, "tax on profit") }),
		...(finance.debt === undefined
			? {}
			: {
					debt: {
						share: asked.given("finance.debt.share", fraction, finance.debt.share, "share of capital that is borrowed"),
						interest: asked.perYear("finance.debt.interest", finance.debt.interest, "interest"),
						termMonths: finance.debt.termMonths,
					},
				}),
	};
}

function withoutDebt({ debt: _, ...finance }: Finance): Finance {
	return finance;
}

function committedOf(asked: Asked): ReadonlySet<RunningItem> {
	return new Set(asked.years.committed as readonly RunningItem[]);
}

/** GPUs a strategy would take, mean of each year. */
function sizes(parts: readonly PartContext[], name: StrategyName): AnyExpr[] {
	const { calendar } = (parts[0] as PartContext).asked;
	const gpus = plus(...parts.map((part) => neededOf(part, name)));
	return Array.from({ length: Math.ceil(calendar.months / 12) }, (_, i) =>
		named(
			`${name}.year_${i + 1}.gpus`,
			gpu,
			over(inYear(gpus, i + 1, calendar), constant(Math.min(12, calendar.months - 12 * i), one)),
			{ label: `GPUs needed, mean of year ${i + 1}` },
		),
	);
}

function neededOf(part: PartContext, name: StrategyName): AnyExpr {
	const { machine, software, demand, asked } = part;
	const { month } = asked.calendar;
	const prefix = prefixOf(name, part);
	const of = name === "rent" ? machine.rented : machine.owned;
	return monthly(
		`${prefix}needed`,
		gpu,
		gpusNeeded(`${prefix}size.`, { ...of, software: software.at }, demand(month), month),
		{ label: "GPUs needed" },
	);
}
