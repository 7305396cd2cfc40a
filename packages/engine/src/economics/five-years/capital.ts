/**
 * What machines cost to buy, item by item: `paid = deposit · value ordered + (1 − deposit) · value delivered`. The price is
 * fixed when the order is placed. At the end of its life, and at the horizon, a machine is worth a share of what it cost,
 * read from the residual path by its age.
 */
import type { AnyExpr, Expr } from "../../model/expression.ts";
import { constant, cumulative, lagged, previous } from "../../model/expression.ts";
import type { Dimensionless } from "../../quantity/dimension.ts";
import { kilowatt, usd } from "../../quantity/unit.ts";
import type { UsdPerGpu, UsdPerPower } from "../gpu-hour-build-up.ts";
import type { Calendar } from "./calendar.ts";
import type { AtMonth } from "./demand-path.ts";
import { choose, minus, monthly, number, over, plus, positive, times, zeroOf } from "./formula.ts";
import type { GenerationFleet } from "./owned-fleet.ts";

export const CAPITAL_ITEMS = ["server", "network", "storage", "install"] as const;
export type CapitalItem = (typeof CAPITAL_ITEMS)[number];
export type Usd = { readonly USD: 1 };

export const CAPITAL_WORDS: Readonly<Record<CapitalItem, string>> = {
	server: "servers",
	network: "network",
	storage: "storage",
	install: "installation",
};

export interface CapitalPrices {
	/** Per GPU, at the opening. */
	readonly items: Readonly<Partial<Record<CapitalItem, Expr<UsdPerGpu>>>>;
	/** Price at a month over that at the opening. */
	readonly path?: AtMonth;
	/** What machines that are there already are worth, per GPU. */
	readonly existingValue?: Expr<UsdPerGpu>;
}

export interface ResidualPoint {
	readonly ageMonths: number;
	/** Share of what it cost. */
	readonly share: Expr<Dimensionless>;
}

export interface CapitalInputs {
	readonly calendar: Calendar;
	readonly fleet: GenerationFleet;
	readonly prices: CapitalPrices;
	readonly leadMonths: number;
	/** Share paid with the order. */
	readonly deposit?: Expr<Dimensionless>;
	/** Rising ages; value falls in a straight line from 1 at age 0 to the first, between them, and stays after the last. */
	readonly residual: readonly ResidualPoint[];
	/** 1, or 0 where what is there already is left out of the answer. */
	readonly existingCounts: Expr<Dimensionless>;
}

export interface Capital {
	/** Paid in the month, by item. */
	readonly paid: Readonly<Partial<Record<CapitalItem | "existing", Expr<Usd>>>>;
	/** Cost of machines that start to serve after the month. */
	readonly placed: Expr<Usd>;
	/** Cost of machines that serve in the month: what maintenance is a share of. */
	readonly installed: Expr<Usd>;
	/** 1, or 0 where the capital is left out of the answer. */
	readonly counts: Expr<Dimensionless>;
	/** From resale at the end of life, and at the horizon what is left of the rest. */
	readonly resale: Expr<Usd>;
	/** Share of the cost left at the end of a life. */
	readonly endShare: AnyExpr;
}

/** Nodes `<id>capital.<item>`, `<id>placed`, `<id>installed`, `<id>resale`. */
export function capital(id: string, of: CapitalInputs): Capital {
	const { fleet, calendar } = of;
	const isExisting = fleet.generation.existing !== undefined;
	const counts = isExisting ? of.existingCounts : number(1);
	const priced = isExisting ? existingItems(of) : boughtItems(of);
	const paid = Object.fromEntries(
		priced.map(({ item, value }) => [
			item,
			monthly(`${id}capital.${item}`, usd, times(paidFor(value, of), counts), {
				label: item === "existing" ? "machines that are there already" : CAPITAL_WORDS[item],
				formula: item === "existing" ? "GPUs × worth at the opening" : "GPUs × price in the month of the order",
			}),
		]),
	);
	const placed = monthly(`${id}placed`, usd, plus(...priced.map(({ value }) => arriving(value, of))), {
		label: "cost of machines that start to serve",
	});
	const life = fleet.lifeMonths;
	const gone = lagged(placed, life, NO_USD);
	const installed = monthly(`${id}installed`, usd, previous(cumulative(minus(placed, gone) as Expr<Usd>), NO_USD), {
		label: "cost of machines in service",
	});
	const endShare = residualAt(of.residual, number(life));
	const age = minus(number(calendar.months), calendar.month);
	const stillThere = choose(age, "<", number(life), times(placed, residualAt(of.residual, age)), NO_USD_BY_MONTH);
	const atHorizon = choose(calendar.month, "=", number(calendar.months), previousTotal(stillThere), NO_USD_BY_MONTH);
	const resale = monthly(`${id}resale`, usd, times(plus(times(gone, endShare), atHorizon), counts), {
		label: "resale of machines",
		formula: "cost × residual share at their age, at the end of life and at the horizon",
	});
	return { paid, placed, installed, counts, resale, endShare };
}

/** Share of its cost that a machine is worth at an age. */
export function residualAt(points: readonly ResidualPoint[], age: AnyExpr): AnyExpr {
	const all = [{ ageMonths: 0, share: number(1) as AnyExpr }, ...points];
	const last = all[all.length - 1] as { share: AnyExpr };
	return all.slice(1).reduceRight<AnyExpr>((later, to, i) => {
		const from = all[i] as { ageMonths: number; share: AnyExpr };
		const width = to.ageMonths - from.ageMonths;
		if (!(width > 0)) throw new RangeError(`ages of a residual path must rise: ${from.ageMonths}, ${to.ageMonths}`);
		const walked = over(minus(age, number(from.ageMonths)), number(width));
		const between = plus(from.share, times(minus(to.share, from.share), walked));
		return choose(age, "<=", number(to.ageMonths), between, later);
	}, last.share);
}

const NO_USD = constant(0, usd);
const NO_USD_BY_MONTH: AnyExpr = zeroOf(NO_USD);

interface PricedItem {
	readonly item: CapitalItem | "existing";
	/** Value ordered in the month, and bought for the opening. */
	readonly value: { readonly ordered: AnyExpr; readonly opening: AnyExpr };
}

function boughtItems({ fleet, prices, calendar }: CapitalInputs): PricedItem[] {
	return CAPITAL_ITEMS.flatMap((item) => {
		const price = prices.items[item];
		if (price === undefined) return [];
		const atOrder = prices.path === undefined ? price : times(price, prices.path(calendar.month));
		return [{ item, value: { ordered: times(fleet.ordered, atOrder), opening: times(fleet.opening, atOrder) } }];
	});
}

function existingItems({ fleet, prices }: CapitalInputs): PricedItem[] {
	const worth = prices.existingValue ?? constant(0, USD_PER_GPU);
	const value = times(fleet.opening, worth);
	return [{ item: "existing", value: { ordered: zeroOf(value), opening: value } }];
}

const USD_PER_GPU = { symbol: "USD/GPU", dims: { USD: 1, gpu: -1 }, factor: 1 } as const;

function paidFor({ ordered, opening }: PricedItem["value"], { deposit, leadMonths }: CapitalInputs): AnyExpr {
	if (leadMonths === 0 || ordered.shape === "scalar") return plus(ordered, opening);
	const share = deposit ?? number(0);
	const early = times(ordered, share);
	const late = lagged(times(ordered, minus(number(1), share)) as Expr<Usd>, leadMonths, NO_USD);
	return plus(early, late, opening);
}

function arriving({ ordered, opening }: PricedItem["value"], { leadMonths }: CapitalInputs): AnyExpr {
	if (leadMonths === 0 || ordered.shape === "scalar") return plus(ordered, opening);
	return plus(lagged(ordered as Expr<Usd>, leadMonths, NO_USD), opening);
}

function previousTotal(of: AnyExpr): AnyExpr {
	return previous(cumulative(of as Expr<Usd>), NO_USD);
}

export interface ShellInputs {
	readonly calendar: Calendar;
	/** Provisioned IT power that is on order, by the month in which it is paid. */
	readonly ahead: AnyExpr;
	readonly buildCost: Expr<UsdPerPower>;
	readonly lifeMonths: number;
}

export interface Shell {
	readonly paid: Expr<Usd>;
	/** What the building is still worth at the horizon: cost less straight-line depreciation over its life. */
	readonly resale: Expr<Usd>;
}

/** A shell that is built and paid as power is needed: never less than before. Nodes `<id>capital.shell`, `<id>shell_resale`. */
export function builtShell(id: string, { calendar, ahead, buildCost, lifeMonths }: ShellInputs): Shell {
	const highest = runningHighest(`${id}shell_power`, ahead);
	const added = minus(highest, previous(highest as Expr<{ readonly J: 1; readonly s: -1 }>, constant(0, kilowatt)));
	const paid = monthly(`${id}capital.shell`, usd, times(positive(added), buildCost), {
		label: "own building and power plant",
		formula: "provisioned kW added × cost to build",
	});
	const age = minus(number(calendar.months), calendar.month);
	const left = times(paid, positive(minus(number(1), over(age, number(lifeMonths)))));
	const atHorizon = choose(
		calendar.month,
		"=",
		number(calendar.months),
		cumulative(left as Expr<Usd>),
		NO_USD_BY_MONTH,
	);
	return {
		paid,
		resale: monthly(`${id}shell_resale`, usd, atHorizon, {
			label: "worth of the building at the horizon",
			formula: "cost × (1 − age ÷ life)",
		}),
	};
}

function runningHighest(id: string, of: AnyExpr): AnyExpr {
	const before = previousOf(id);
	return monthly(id, kilowatt, choose(of, ">", before, of, before), {
		label: "provisioned IT power that the shell is built for",
	});
}

function previousOf(id: string): AnyExpr {
	return previous({ ref: id, dims: kilowatt.dims }, constant(0, kilowatt));
}
