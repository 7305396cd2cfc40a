/**
 * What a way to serve the demand comes to over the horizon, the same for every way: total cost, levelised cost, NPV, rate
 * of return, payback, peak cash, margin, and revenue and profit per MW.
 *
 * `levelised = Σ PV(cost) ÷ Σ PV(tokens)`, with a year's cost and tokens both counted at the year's end, or both by month.
 * Unit cost by month charges capital as the annuity that its life and residual ask for at the discount rate, so that its
 * present value is that of the purchases; gross margin charges depreciation, as the books do, and beside it stands the cost
 * of the books, so that revenue less that cost is the margin.
 */
import type { AnyExpr, Expr } from "../../model/expression.ts";
import {
	cumulative,
	firstMonthWhere,
	internalRateOfReturn,
	lastMonth,
	monthIndex,
	previous,
	seriesRef,
	sumOverMonths,
	constant,
} from "../../model/expression.ts";
import type { Dimensionless, Dims } from "../../quantity/dimension.ts";
import type { Energy, Gpus, Mass, Power, TokensPerSecond } from "../../quantity/unit.ts";
import {
	fraction,
	gpu,
	gpuHour,
	kilowatt,
	megatoken,
	megawatt,
	megawattHour,
	month as monthUnit,
	one,
	percent,
	ratio,
	tokensPerDay,
	unit,
	usd,
	usdPerGpuHour,
	usdPerMtok,
	year,
} from "../../quantity/unit.ts";
import type { Unit } from "../../quantity/unit.ts";
import type { PerYear } from "../gpu-hour-build-up.ts";
import type { CapitalItem, Usd } from "./capital.ts";
import type { Calendar, Discounting } from "./calendar.ts";
import { inYear, presentByMonth, presentByYear, raised } from "./calendar.ts";
import type { Debt } from "./financing.ts";
import { levelPayment, loan, straightLine, taxOn } from "./financing.ts";
import {
	choose,
	least,
	minus,
	monthly,
	named,
	number,
	ONE_MONTH,
	oneOf,
	over,
	plus,
	shareOf,
	times,
	zeroOf,
} from "./formula.ts";
import type { RevenueInputs } from "./revenue.ts";
import { tokenRevenue } from "./revenue.ts";
import type { RunningCost } from "./running-cost.ts";

export type CapitalKind = CapitalItem | "existing" | "shell";

/** Machines or buildings that serve for a life and are then worth a share of their cost. */
export interface Asset {
	/** Part of the node ids. */
	readonly name: string;
	/** Paid by month and kind. */
	readonly paid: Readonly<Partial<Record<CapitalKind, Expr<Usd>>>>;
	readonly placed: AnyExpr;
	readonly installed: AnyExpr;
	/** 1, or 0 where it is left out of the answer. */
	readonly counts: AnyExpr;
	readonly lifeMonths: number;
	readonly endShare: AnyExpr;
	readonly resale: AnyExpr;
}

/** A building, written off over its own life. */
export function isShell({ paid }: Asset): boolean {
	return paid.shell !== undefined;
}

/** One way to serve the demand, before anyone asks whether it pays. */
export interface Flows {
	readonly demand: Expr<TokensPerSecond<"total">>;
	readonly served: Expr<TokensPerSecond<"total">>;
	readonly shortfall: Expr<TokensPerSecond<"total">>;
	readonly assets: readonly Asset[];
	readonly running: RunningCost;
	/** GPUs paid for in the month, owned or rented. */
	readonly gpus?: Expr<Gpus>;
	readonly power?: Expr<Power>;
	readonly energy?: Expr<Energy>;
	readonly carbon?: Expr<Mass>;
	readonly utilisation?: Expr<Dimensionless>;
	/** Above 0 in a month in which spare replicas have to serve; of owned machines. */
	readonly reserveUsed?: Expr<Dimensionless>;
}

export interface Finance {
	readonly discounting: Discounting;
	readonly bookMonths: number;
	readonly taxRate?: Expr<Dimensionless>;
	readonly debt?: {
		readonly share: Expr<Dimensionless>;
		readonly interest: Expr<PerYear>;
		readonly termMonths: number;
	};
}

export interface MeasureInputs {
	readonly calendar: Calendar;
	readonly flows: Flows;
	readonly finance: Finance;
	readonly revenue?: RevenueInputs;
}

export interface Measures {
	/** Nodes that make up the model of the strategy. */
	readonly outputs: readonly AnyExpr[];
	/** Cash of the project by month, before loans. */
	readonly cash: Expr<Usd>;
	/** Cost in cash by month: capital and running cost less resale. */
	readonly cost: Expr<Usd>;
	/** Charge a month on one USD of each asset in service, by the asset's name. */
	readonly charges: ReadonlyMap<string, Expr<Dimensionless>>;
	readonly years: number;
}

type Tokens = { readonly "tok:total": 1 };
const mtok: Unit<Tokens> = megatoken("total");
const perMtok = usdPerMtok("total");
const tonne: Unit<Mass> = unit("tCO2", { g: 1 }, 1e6);
export type UsdPerPowerYear = { readonly USD: 1; readonly J: -1 };
/** Money a year for each MW provisioned; it has the dimension of money per energy. */
export const usdPerMegawattYear: Unit<UsdPerPowerYear> = unit(
	"USD/MW/year",
	{ USD: 1, J: -1 },
	1 / (megawatt.factor * year.factor),
);

/** Nodes `<prefix>npv`, `<prefix>irr`, `<prefix>levelised` …; by year `<prefix>year_<n>.*`. */
export function measures(prefix: string, of: MeasureInputs): Measures {
	const { calendar, finance } = of;
	const id = (name: string): string => `${prefix}${name}`;
	const books = bookedFlows(prefix, of);
	const { tokens, cost, cash, unitCharge } = books;
	const present = {
		cost: named(id("present_cost"), usd, presentByMonth(cost, finance.discounting), {
			label: "present value of all cost",
			formula: "Σ cost[t] / (1+i)^t",
		}),
		npv: named(id("npv"), usd, presentByMonth(cash, finance.discounting), {
			label: "net present value",
			formula: "Σ cash[t] / (1+i)^t",
		}),
	};
	const levelised = named(
		id("levelised"),
		perMtok,
		shareOf(presentByYear(cost, finance.discounting), presentByYear(tokens, finance.discounting)),
		{
			label: "levelised cost per token, each year counted at its end",
			formula: "Σ PV(cost) ÷ Σ PV(tokens served)",
			tags: { basis: "delivered" },
		},
	);
	const levelisedByMonth = named(
		id("levelised_by_month"),
		perMtok,
		shareOf(presentByMonth(cost, finance.discounting), presentByMonth(tokens, finance.discounting)),
		{
			label: "levelised cost per token, by month",
			formula: "Σ PV(cost) ÷ Σ PV(tokens served)",
			tags: { basis: "delivered" },
		},
	);
	const unitCost = monthly(id("unit_cost.delivered"), perMtok, shareOf(unitCharge, tokens), {
		label: "cost per delivered token in the month",
		formula: "(annuity of capital + running cost) ÷ tokens served; 0 where nothing is served",
		tags: { basis: "delivered" },
	});
	const tco = named(id("tco"), usd, total(cost), {
		label: "total cost, undiscounted",
		formula: "capital + running cost − resale",
	});
	const outputs: AnyExpr[] = [
		...books.outputs,
		present.cost,
		present.npv,
		levelised,
		levelisedByMonth,
		unitCost,
		tco,
		...cashMeasures(prefix, books.ownerCash, books.ownerCash === books.cash ? "" : ", after loans"),
		...gpuHourMeasures(prefix, of, cost),
		...yearMeasures(prefix, of, books),
	];
	if (of.revenue !== undefined) outputs.push(...revenueMeasures(prefix, of, books, of.revenue));
	return { outputs, cash, cost, charges: books.charges, years: Math.ceil(calendar.months / 12) };
}

interface Books {
	readonly tokens: AnyExpr;
	readonly capital: AnyExpr;
	readonly running: AnyExpr;
	readonly resale: AnyExpr;
	/** Absent without a tax rate. */
	readonly tax?: AnyExpr;
	readonly depreciation: AnyExpr;
	readonly cost: Expr<Usd>;
	readonly cash: Expr<Usd>;
	readonly ownerCash: Expr<Usd>;
	/** Annuity of capital and running cost. */
	readonly unitCharge: AnyExpr;
	readonly charges: ReadonlyMap<string, Expr<Dimensionless>>;
	readonly revenue?: AnyExpr;
	readonly priceWeightedTokens?: AnyExpr;
	readonly debt?: Debt;
	readonly outputs: readonly AnyExpr[];
}

const NO_USD = constant(0, usd);

function bookedFlows(prefix: string, of: MeasureInputs): Books {
	const { flows, finance, calendar } = of;
	const id = (name: string): string => `${prefix}${name}`;
	const tokens = monthly(id("tokens"), mtok, times(flows.served, ONE_MONTH), { label: "tokens served" });
	const paid = flows.assets.flatMap((asset) => Object.values(asset.paid));
	const capital = monthly(id("capital"), usd, sumOf(paid), { label: "capital paid" });
	const running = monthly(id("running"), usd, sumOf(Object.values(flows.running)), { label: "running cost" });
	const resale = monthly(id("resale"), usd, sumOf(flows.assets.map((asset) => asset.resale)), { label: "resale" });
	const cost = monthly(id("cost"), usd, minus(plus(capital, running), resale), {
		label: "cost in cash",
		formula: "capital + running cost − resale",
	});
	const charges = new Map(
		flows.assets.map((asset) => [asset.name, capitalCharge(`${prefix}${asset.name}.`, asset, finance)]),
	);
	const annuities = flows.assets.map((asset) =>
		times(asset.installed, asset.counts, charges.get(asset.name) as AnyExpr),
	);
	const unitCharge = monthly(id("charge"), usd, plus(sumOf(annuities), running), {
		label: "annuity of capital and running cost",
		formula: "cost of machines in service × capital charge + running cost",
	});
	const books = flows.assets.map((asset) =>
		straightLine(
			`${prefix}${asset.name}.`,
			times(asset.placed, asset.counts),
			isShell(asset) ? asset.lifeMonths : finance.bookMonths,
		),
	);
	const depreciation = monthly(id("depreciation"), usd, sumOf(books.map(({ charge }) => charge)), {
		label: "depreciation",
	});
	const bookAtHorizon = choose(
		calendar.month,
		"=",
		number(calendar.months),
		sumOf(books.map(({ bookValue }) => bookValue)),
		zeroOf(NO_USD),
	);
	const sold = of.revenue === undefined ? undefined : tokenRevenue(prefix, of.revenue, flows.served);
	const operating = sold === undefined ? minus(zeroOf(NO_USD), running) : minus(sold.revenue, running);
	const profit = minus(plus(operating, resale), plus(depreciation, bookAtHorizon));
	const debt = finance.debt === undefined ? undefined : loan(prefix, { calendar, capital, ...finance.debt });
	const tax = finance.taxRate === undefined ? undefined : taxOn(prefix, profit, finance.taxRate);
	const before = plus(minus(operating, capital), resale);
	const cash = monthly(id("cash"), usd, tax === undefined ? before : minus(before, tax.tax), {
		label: "cash of the project",
		formula: "revenue − running cost − capital + resale − tax",
	});
	const ownerCash = debt === undefined ? cash : ownersCash(prefix, before, profit, debt, finance);
	return {
		tokens,
		capital,
		running,
		resale,
		...(tax === undefined ? {} : { tax: tax.tax }),
		depreciation,
		cost,
		cash,
		ownerCash,
		unitCharge,
		charges,
		...(sold === undefined ? {} : { revenue: sold.revenue, priceWeightedTokens: sold.priceWeightedTokens }),
		...(debt === undefined ? {} : { debt }),
		outputs: [
			flows.demand,
			flows.served,
			flows.shortfall,
			tokens,
			...paid,
			...Object.values(flows.running),
			capital,
			running,
			resale,
			cost,
			cash,
			depreciation,
			unitCharge,
			...(sold === undefined ? [] : [sold.revenue]),
			...(ownerCash === cash ? [] : [ownerCash]),
			...(debt === undefined ? [] : [debt.owedAtHorizon]),
			...ofStrategy(flows),
		],
	};
}

function ofStrategy({ gpus, power, energy, carbon, utilisation, reserveUsed }: Flows): AnyExpr[] {
	return [gpus, power, energy, carbon, utilisation, reserveUsed].filter((each) => each !== undefined);
}

/** Cash after loans, taxed on profit after interest. */
function ownersCash(prefix: string, before: AnyExpr, profit: AnyExpr, debt: Debt, { taxRate }: Finance): Expr<Usd> {
	const levered = plus(minus(minus(before, debt.interest), debt.repaid), debt.drawn);
	const tax = taxRate === undefined ? undefined : taxOn(`${prefix}owner.`, minus(profit, debt.interest), taxRate);
	return monthly(`${prefix}owner.cash`, usd, tax === undefined ? levered : minus(levered, tax.tax), {
		label: "cash of the owner",
		formula: "cash before tax + borrowed − interest − repayment − tax",
	});
}

/** What one USD of machines costs a month over its life: `PMT(i, n) − ρ · (PMT(i, n) − i)`. */
function capitalCharge(id: string, { lifeMonths, endShare }: Asset, { discounting }: Finance): Expr<Dimensionless> {
	const annuity = levelPayment(discounting.perMonth, lifeMonths);
	return named(`${id}capital_charge`, one, minus(annuity, times(endShare, minus(annuity, discounting.perMonth))), {
		label: "charge a month on capital in service",
		formula: "PMT(i, n) − ρ · (PMT(i, n) − i)",
	});
}

/** Payback holds: the first month after which the owner's cash, added up, is never below 0 again. */
function cashMeasures(prefix: string, ownerCash: Expr<Usd>, loans: string): AnyExpr[] {
	const id = (name: string): string => `${prefix}${name}`;
	const added = monthly(id("cash_so_far"), usd, cumulative(ownerCash), {
		label: `cash so far${loans}`,
	});
	const lowest = monthly(id("lowest_cash"), usd, least(previous(seriesRef(id("lowest_cash"), usd), NO_USD), added), {
		label: "lowest cash so far",
	});
	const lastShort = named(
		id("last_month_short"),
		one,
		lastMonth(lastBelow(id("short_since"), added) as Expr<Dimensionless>),
		{
			label: "last month in which cash so far is below 0",
		},
	);
	return [
		named(id("peak_cash"), usd, minus(zeroOf(NO_USD), lastMonth(lowest)), {
			label: `most cash that has to be put in${loans}`,
			formula: "−min over months of cash so far",
		}),
		named(id("payback"), monthUnit, times(firstMonthWhere(monthIndex(), ">", lastShort), constant(1, monthUnit)), {
			label: `months to payback that holds${loans}`,
			formula: "first month after which cash so far is never below 0 again",
		}),
	];
}

/** Month number in which a series was last below 0, so far; −1 before. Node `id`. */
export function lastBelow(id: string, of: AnyExpr): AnyExpr {
	const before = previous(seriesRef(id, one), number(-1));
	return monthly(id, one, choose(of, "<", zeroOf(of), monthIndex(), before), { label: "last month below 0, so far" });
}

function gpuHourMeasures(prefix: string, { flows, finance }: MeasureInputs, cost: AnyExpr): AnyExpr[] {
	if (flows.gpus === undefined) return [];
	const hours = monthly(`${prefix}gpu_hours`, gpuHour, times(flows.gpus, ONE_MONTH), { label: "GPU-hours" });
	return [
		named(`${prefix}gpu_hour`, usdPerGpuHour, shareOf(total(cost), total(hours)), {
			label: "total cost per GPU-hour, undiscounted",
		}),
		named(
			`${prefix}gpu_hour_levelised`,
			usdPerGpuHour,
			shareOf(presentByYear(cost, finance.discounting), presentByYear(hours, finance.discounting)),
			{
				label: "levelised cost per GPU-hour, each year counted at its end",
				formula: "Σ PV(cost) ÷ Σ PV(GPU-hours)",
			},
		),
		named(
			`${prefix}gpu_hour_levelised_by_month`,
			usdPerGpuHour,
			shareOf(presentByMonth(cost, finance.discounting), presentByMonth(hours, finance.discounting)),
			{ label: "levelised cost per GPU-hour, by month", formula: "Σ PV(cost) ÷ Σ PV(GPU-hours)" },
		),
	];
}

function yearMeasures(prefix: string, { calendar, flows }: MeasureInputs, books: Books): AnyExpr[] {
	const years = Math.ceil(calendar.months / 12);
	return Array.from({ length: years + 1 }, (_, n) => {
		const id = (name: string): string => `${prefix}year_${n}.${name}`;
		const sum = (name: string, label: string, of: AnyExpr): AnyExpr =>
			named(id(name), usd, inYear(of, n, calendar), { label: `${label}, year ${n}` });
		const tokens = named(id("tokens"), mtok, inYear(books.tokens, n, calendar), { label: `tokens served, year ${n}` });
		const items = [
			...flows.assets.flatMap((asset) =>
				Object.entries(asset.paid).map(([kind, of]) => ({ name: `capital.${asset.name}.${kind}`, of })),
			),
			...Object.entries(flows.running).map(([kind, of]) => ({ name: `running.${kind}`, of })),
		];
		return [
			tokens,
			...items.map(({ name, of }) => sum(name, name, of as AnyExpr)),
			sum("capital", "capital paid", books.capital),
			sum("running", "running cost", books.running),
			...(flows.assets.length === 0 ? [] : [sum("resale", "resale", books.resale)]),
			sum("cost", "cost in cash", books.cost),
			...(books.tax === undefined ? [] : [sum("tax", "tax", books.tax)]),
			sum("cash", "cash of the project", books.cash),
			...(books.ownerCash === books.cash ? [] : [sum("owner_cash", "cash of the owner", books.ownerCash)]),
			...(books.revenue === undefined ? [] : [sum("revenue", "token revenue", books.revenue)]),
			...(n === 0
				? []
				: [
						sum("charge", "annuity of capital and running cost", books.unitCharge),
						named(id("unit_cost.delivered"), perMtok, shareOf(inYear(books.unitCharge, n, calendar), tokens), {
							label: `cost per delivered token, year ${n}`,
							formula: "(annuity of capital + running cost) ÷ tokens served",
							tags: { basis: "delivered" },
						}),
						...meansOf(prefix, n, calendar, flows),
					]),
		];
	}).flat();
}

/** Means over the months of a year. */
function meansOf(prefix: string, n: number, calendar: Calendar, flows: Flows): AnyExpr[] {
	const months = Math.min(12, calendar.months - 12 * (n - 1));
	const mean = <D extends Dims>(name: string, label: string, shown: Unit<D>, of: AnyExpr): AnyExpr =>
		named(`${prefix}year_${n}.${name}`, shown, over(inYear(of, n, calendar), number(months)), {
			label: `${label}, mean of year ${n}`,
		});
	return [
		...(flows.gpus === undefined ? [] : [mean("gpus", "GPUs", gpu, flows.gpus)]),
		...(flows.power === undefined ? [] : [mean("power", "provisioned IT power", kilowatt, flows.power)]),
		...(flows.utilisation === undefined ? [] : [mean("utilisation", "utilisation", fraction, flows.utilisation)]),
		...(flows.energy === undefined
			? []
			: [
					named(`${prefix}year_${n}.energy`, megawattHour, inYear(flows.energy, n, calendar), {
						label: `energy, year ${n}`,
					}),
				]),
		...(flows.carbon === undefined
			? []
			: [named(`${prefix}year_${n}.carbon`, tonne, inYear(flows.carbon, n, calendar), { label: `carbon, year ${n}` })]),
		mean("shortfall", "demand not served", tokensPerDay("total"), flows.shortfall),
	];
}

function revenueMeasures(
	prefix: string,
	{ flows, finance }: MeasureInputs,
	books: Books,
	{ price }: RevenueInputs,
): AnyExpr[] {
	const id = (name: string): string => `${prefix}${name}`;
	const revenue = books.revenue as AnyExpr;
	const margin = monthly(id("margin"), usd, minus(minus(revenue, books.running), books.depreciation), {
		label: "gross margin in the month",
		formula: "revenue − running cost − depreciation",
	});
	const bookCost = monthly(id("book_cost"), perMtok, shareOf(plus(books.running, books.depreciation), books.tokens), {
		label: "running cost and depreciation per token served in the month",
		formula: "(running cost + depreciation) ÷ tokens served; 0 where nothing is served",
	});
	const floor = named(
		id("price_floor"),
		perMtok,
		ratioIfAny(
			presentByMonth(books.cost, finance.discounting),
			presentByMonth(books.priceWeightedTokens as AnyExpr, finance.discounting),
		),
		{
			label: "price at the opening below which it does not pay, before tax",
			formula: "PV(cost) ÷ PV(tokens sold × price over that at the opening); none where nothing is sold",
		},
	);
	const rate = named(id("irr_per_month"), one, internalRateOfReturn(books.cash), {
		label: "internal rate of return a month",
		formula: "rate at which Σ cash[t] / (1+i)^t = 0, if there is just one",
	});
	const outputs: AnyExpr[] = [
		rate,
		margin,
		bookCost,
		monthly(id("earned"), perMtok, shareOf(revenue, books.tokens), {
			label: "revenue per token served in the month",
			formula: "revenue ÷ tokens served; 0 where nothing is served",
		}),
		named(id("irr"), percent, minus(raised(plus(number(1), rate), number(12)), number(1)), {
			label: "internal rate of return a year",
			formula: "(1 + i)^12 − 1",
		}),
		named(id("gross_margin"), perMtok, shareOf(total(margin), total(books.tokens)), {
			label: "gross margin per token served",
			formula: "(revenue − running cost − depreciation) ÷ tokens",
		}),
		named(id("gross_margin_share"), percent, ratioIfAny(total(margin), total(revenue)), {
			label: "gross margin over revenue",
		}),
		floor,
		named(id("price_room"), percent, minus(number(1), ratioIfAny(floor, price)), {
			label: "how far the price at the opening may fall until it does not pay, before tax",
			formula: "1 − price floor ÷ price at the opening; below 0 it has to rise",
		}),
	];
	if (flows.assets.length > 0) {
		outputs.push(
			named(id("revenue_over_capital"), ratio, shareOf(total(revenue), total(books.capital)), {
				label: "revenue over capital",
				note: "the arithmetic of a headline return: it leaves out running cost, time, tax and what is not sold",
			}),
		);
	}
	if (flows.gpus !== undefined) {
		const hours = times(total(flows.gpus), ONE_MONTH);
		const booked = plus(total(books.running), total(books.depreciation));
		outputs.push(
			named(id("revenue_per_gpu_hour"), usdPerGpuHour, shareOf(total(revenue), hours), {
				label: "revenue per GPU-hour paid for",
			}),
			named(id("book_cost_per_gpu_hour"), usdPerGpuHour, shareOf(booked, hours), {
				label: "running cost and depreciation per GPU-hour paid for",
				formula: "(running cost + depreciation) ÷ GPU-hours",
			}),
		);
	}
	if (flows.power !== undefined) {
		const megawattYears = times(total(flows.power), ONE_MONTH);
		outputs.push(
			named(id("revenue_per_megawatt"), usdPerMegawattYear, shareOf(total(revenue), megawattYears), {
				label: "revenue a year for each MW provisioned",
			}),
			named(id("profit_per_megawatt"), usdPerMegawattYear, shareOf(total(margin), megawattYears), {
				label: "gross profit a year for each MW provisioned",
			}),
		);
	}
	if (books.ownerCash !== books.cash) {
		outputs.push(
			named(id("owner.npv"), usd, presentByMonth(books.ownerCash, finance.discounting), {
				label: "net present value to the owner, after loans",
			}),
		);
	}
	return outputs;
}

/** `a ÷ b`, and unreachable where `b` is 0: no number would be true of it. */
function ratioIfAny(a: AnyExpr, b: AnyExpr): AnyExpr {
	const ratio = shareOf(a, b);
	const none = times(firstMonthWhere(monthIndex(), "<", number(0)), oneOf(ratio));
	return choose(b, ">", zeroOf(b), ratio, none);
}

function sumOf(terms: readonly AnyExpr[]): AnyExpr {
	return terms.length === 0 ? zeroOf(NO_USD) : plus(...terms);
}

function total(of: AnyExpr): AnyExpr {
	return sumOverMonths(of as Expr<Dims>);
}
