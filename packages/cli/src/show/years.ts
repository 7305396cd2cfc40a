/** Years of money on a terminal: ways side by side, the years of the best, why a token gets cheaper, where ways cross. */
import type { BreakEven, PlanResult, PricedResult, StrategyResult, YearResult } from "@farthing/answers";
import type { QuantityJson } from "@farthing/engine";
import { formatQuantity } from "@farthing/engine";
import { frameWords } from "../messages/frame.ts";
import { yearsWords as words } from "../messages/years.ts";
import { bold, columnsOf, dim, padded, textTable } from "../print.ts";
import { told } from "../told.ts";
import { bare, isOne, number, shown, shownRange, timeRange } from "./words.ts";

/** Nothing for a plan without a horizon. */
export function yearsLines(result: PlanResult): string[] {
	const { months, machine, strategies, years, stages, break_evens: crossings } = result;
	if (months === undefined || machine === undefined || strategies === undefined || years === undefined) return [];
	const best = strategies.find((each): each is PricedResult => each.priced && each.rank === 1);
	return [
		"",
		bold(words.heading(yearsText(months), result.start, result.ranked_by === "npv")),
		dim(
			words.machine(
				`${machine.hardware} ${machine.stack} ${machine.precision} ${machine.layout}`,
				machine.row,
				accuracyText(machine),
			),
		),
		...precisionLines(machine),
		...modelLines(result),
		strategyTable(result.ranked_by, strategies),
		...notPriced(strategies),
		...chanceLines(result),
		"",
		...(best === undefined
			? []
			: [words.byYear(NAMES[best.strategy] as string), yearTable(years), ...costRules(years), ""]),
		...bridgeText(result),
		...(stages === undefined || stages.length === 0 ? [] : ["", ...stageLines(stages)]),
		...(crossings === undefined || crossings.length === 0
			? []
			: ["", ...crossings.map(crossingText), dim(words.crossingsCount)]),
		...softwareLines(result),
		...headlineReturnLines(result),
		...footprintLines(result),
		"",
	];
}

/** Ways to serve the demand as people call them. */
export const NAMES: Readonly<Record<string, string>> = words.ways;

export function yearsText(months: number): string {
	if (months % 12 !== 0) return frameWords.months(number(months), isOne(months));
	return words.years(number(months / 12), isOne(months / 12));
}

/** Each of several models: where it runs and what its tokens cost in the last year, by way. */
function modelLines({ models }: PlanResult): string[] {
	const [first] = models ?? [];
	if (models === undefined || first === undefined) return [];
	const ways = first.strategies.map(({ strategy }) => NAMES[strategy] as string);
	const rows = models.map(({ name, share, machine, strategies }) => [
		name,
		shown(share),
		`${machine.hardware} ${machine.stack} ${machine.precision} ${machine.layout}`,
		...strategies.map(({ years }) => shown(years.at(-1)?.unit_cost)),
	]);
	const { model, share: part, on, lastYear } = words.models;
	const titles = [model, part, on, ...ways.map(lastYear)];
	return [textTable(titles, rows, [1, ...ways.map((_, i) => i + 3)]), ""];
}

function precisionLines({ precision_change: change }: NonNullable<PlanResult["machine"]>): string[] {
	if (change === undefined) return [];
	const { month, precision, row, gain } = change;
	return [dim(words.precision(month, precision, shown(gain), row, accuracyText(change)))];
}

function accuracyText({
	precision,
	accuracy,
}: Pick<NonNullable<PlanResult["machine"]>, "precision" | "accuracy">): string {
	if (accuracy === undefined) return "";
	const score = (of: number): string => formatQuantity(of, "fraction");
	const { task, runs, runs_fp8: runsFp8 } = accuracy;
	return words.accuracy(task, score(accuracy.precision), precision, runs, score(accuracy.fp8), runsFp8);
}

export function strategyTable(by: PlanResult["ranked_by"], strategies: readonly StrategyResult[]): string {
	const priced = strategies.filter((each): each is PricedResult => each.priced);
	const sold = by === "npv";
	const loans = priced.some(({ years }) => afterLoans(years));
	const head = words.strategies;
	const ordered = [...priced].sort((a, b) => (a.rank ?? 99) - (b.rank ?? 99));
	const measure = sold ? "npv" : "present_cost";
	const rows = ordered.map(({ strategy, rank, measures, irr, marginal }) => [
		rank === undefined ? "–" : String(rank),
		NAMES[strategy] as string,
		shown(measures[measure]),
		spread(measures[measure]),
		shown(measures["tco"]),
		shown(measures["levelised"]),
		...(sold ? [floorText(measures["price_floor"]), rateText(irr), paybackText(measures["payback_months"])] : []),
		shown(measures["peak_cash"]),
		marginal.rank === undefined ? "–" : `${marginal.rank}: ${shown(marginal.measures[measure])}`,
		measures[measure]?.grade ?? "",
	]);
	const titles = [
		"",
		"",
		sold ? head.npv : head.cost,
		head.range,
		head.tco,
		head.levelised,
		...(sold ? [head.floor, head.irr, head.payback(loans)] : []),
		head.peak(loans),
		head.marginal,
		head.grade,
	];
	const right = titles.map((_, i) => i).filter((i) => i > 1 && i < titles.length - 1);
	return textTable(titles, rows, right);
}

export function spread(of: QuantityJson | undefined): string {
	if (of?.unit === "month") return timeRange(of);
	if (of?.p10 === undefined || of.p90 === undefined || of.p10 === of.p90) return "";
	return frameWords.to(formatQuantity(of.p10, of.unit), formatQuantity(of.p90, of.unit));
}

function floorText(floor: QuantityJson | undefined): string {
	return floor?.value === undefined ? words.none : shown(floor);
}

function rateText(irr: PricedResult["irr"]): string {
	if (irr === undefined) return "";
	if (irr.roots === "one") return shown(irr.value);
	return irr.roots === "none" ? words.none : words.roots(irr.all?.length);
}

function paybackText(payback: QuantityJson | undefined): string {
	return payback?.value === undefined ? words.notReached : shown(payback);
}

export function notPriced(strategies: readonly StrategyResult[]): string[] {
	return strategies.flatMap((each) => {
		if (each.priced) return wordsApart(each);
		const sizes = each.years.map(({ gpus }) => formatQuantity(gpus.value ?? 0, "GPU"));
		return [words.notPriced(NAMES[each.strategy] as string, told(each.reason), sizes)];
	});
}

function wordsApart(of: PricedResult): string[] {
	const name = NAMES[of.strategy] as string;
	const { unranked, noFloor, leavesOut } = words.apart;
	const said: readonly [(way: string, why: string) => string, string | undefined][] = [
		[unranked, of.unranked_because],
		[noFloor, of.no_price_floor],
		[leavesOut, of.leaves_out],
	];
	return said.flatMap(([say, why]) => (why === undefined ? [] : [say(name, why)]));
}

const CHANCES = ["best", "loss", "no_payback"] as const;

function chanceLines({ uncertainty }: PlanResult): string[] {
	if (uncertainty === undefined) return [];
	const kinds = CHANCES.filter((kind) => uncertainty.chances.some(({ of }) => of === kind));
	const lines = kinds.map((kind) => {
		const of = uncertainty.chances.filter((each) => each.of === kind);
		const shares = of.map(
			({ strategy, probability }) => `${NAMES[strategy]} ${formatQuantity(probability, "fraction")}`,
		);
		return words.chances[kind](shares);
	});
	if (lines.length === 0) return [];
	return [dim(words.draws(number(uncertainty.draws), isOne(uncertainty.draws))), ...lines];
}

function yearTable(years: readonly YearResult[]): string {
	const sumOf = (of: Readonly<Record<string, QuantityJson>>): number =>
		Object.values(of).reduce((sum, { value }) => sum + (value ?? 0), 0);
	const any = (has: (year: YearResult) => unknown): boolean => years.some((year) => has(year) !== undefined);
	const head = words.columns;
	const columns: readonly [string, boolean, (year: YearResult) => string][] = [
		[head.year, true, ({ year }) => (year === 0 ? head.opening : String(year))],
		[head.tokens, true, ({ tokens, year }) => (year === 0 ? "" : dailyText(tokens))],
		[
			head.gpus,
			any(({ gpus }) => gpus),
			({ gpus }) => (gpus?.value === undefined ? "" : formatQuantity(Math.round(gpus.value), "")),
		],
		[
			head.use,
			any(({ utilisation }) => utilisation),
			({ utilisation }) => (utilisation === undefined ? "" : shown(utilisation)),
		],
		[
			"kW",
			any(({ power }) => power),
			({ power }) => (power?.value === undefined ? "" : formatQuantity(Math.round(power.value), "")),
		],
		[head.capital, true, ({ capital }) => money(sumOf(capital))],
		[head.running, true, ({ running }) => money(sumOf(running))],
		[
			head.revenue,
			any(({ revenue }) => revenue),
			({ revenue }) => (revenue === undefined ? "" : money(revenue.value ?? 0)),
		],
		[
			head.resale,
			years.some(({ resale }) => (resale?.value ?? 0) !== 0),
			({ resale }) => (resale === undefined ? "" : money(resale.value ?? 0)),
		],
		[head.tax, any(({ tax }) => tax), ({ tax }) => (tax === undefined ? "" : money(tax.value ?? 0))],
		[head.cash, true, ({ cash }) => money(cash.value ?? 0)],
		[head.afterLoans, afterLoans(years), ({ owner_cash: cash }) => (cash === undefined ? "" : money(cash.value ?? 0))],
		[head.delivered, true, ({ unit_cost: cost }) => (cost === undefined ? "" : shown(cost).replace("/M tok", ""))],
		[
			head.range,
			any(({ unit_cost: cost }) => cost?.p10),
			({ unit_cost: cost }) => (cost === undefined ? "" : shownRange(cost).replace("/M tok", "")),
		],
		[
			"MWh",
			any(({ energy }) => energy),
			({ energy }) => (energy?.value === undefined ? "" : formatQuantity(Math.round(energy.value), "")),
		],
		[
			"tCO2",
			any(({ carbon }) => carbon),
			({ carbon }) => (carbon?.value === undefined ? "" : formatQuantity(Math.round(carbon.value), "")),
		],
		[
			head.notServed,
			years.some(({ shortfall }) => (shortfall?.value ?? 0) > 0),
			({ shortfall }) => (shortfall === undefined ? "" : shown(shortfall)),
		],
	];
	const kept = columns.filter(([, there]) => there);
	return textTable(
		kept.map(([title]) => title),
		years.map((year) => kept.map(([, , text]) => text(year))),
		kept.map((_, i) => i),
	);
}

function afterLoans(years: readonly YearResult[]): boolean {
	return years.some(({ owner_cash: cash }) => cash !== undefined);
}

/** How the columns hang together; without machines in service a token costs its part of the running cost. */
export function costRules(years: readonly YearResult[]): string[] {
	const isSpread = years.some(
		({ charge, running_cost: running }) => charge !== undefined && charge.value !== running.value,
	);
	return [dim(cashRule(years)), ...(isSpread ? [dim(words.spread)] : [])];
}

/** How the columns of a year come to its cash. */
function cashRule(years: readonly YearResult[]): string {
	const any = (has: (year: YearResult) => QuantityJson | undefined): boolean =>
		years.some((year) => (has(year)?.value ?? 0) !== 0);
	return words.cash({
		revenue: any(({ revenue }) => revenue),
		resale: any(({ resale }) => resale),
		tax: any(({ tax }) => tax),
		loans: afterLoans(years),
	});
}

function money(value: number): string {
	return value === 0 ? "0" : formatQuantity(value, "USD");
}

function dailyText({ value }: QuantityJson): string {
	return formatQuantity(((value ?? 0) * 1e6) / 365, "tok/day").replace(" tok/day", "");
}

function bridgeText({ bridges, strategy, months }: PlanResult): string[] {
	const bridge = bridges?.find((each) => each.strategy === strategy);
	if (bridge === undefined || months === undefined) return [];
	const cheaper = (bridge.to.value ?? 0) <= (bridge.from.value ?? 0);
	const lines = [
		[words.bridge.start, formatted(bridge.from.value ?? 0)],
		...bridge.causes.map(({ cause, label, delta }) => [
			causeText(words.bridge.causes[cause] ?? label, delta, cheaper),
			signedAlike(delta),
		]),
		[words.bridge.end, formatted(bridge.to.value ?? 0)],
	] as const;
	const width = Math.max(...lines.map(([name]) => columnsOf(name as string)));
	const column = Math.max(...lines.map(([, text]) => (text as string).length));
	return [
		words.bridge.heading(NAMES[bridge.strategy] as string, cheaper, Math.ceil(months / 12)),
		...lines.map(([name, text]) => `  ${padded(name as string, width)}  ${(text as string).padStart(column)}`),
	];
}

/** A cause that works against the whole says so. */
function causeText(label: string, { value = 0 }: QuantityJson, cheaper: boolean): string {
	if (value === 0 || value < 0 === cheaper) return label;
	return words.bridge.against(label, value > 0);
}

/** Of a bridge, all in dollars: cents among them would not be added up at a glance. */
function formatted(value: number): string {
	return `$${formatQuantity(value, "")}/M tok`;
}

function signedAlike({ value = 0 }: QuantityJson): string {
	return value === 0 ? "0" : `${value < 0 ? "−" : "+"}${formatted(Math.abs(value))}`;
}

/** With its sign, also where it is above 0. */
export function signed(of: QuantityJson): string {
	const value = of.value ?? 0;
	if (value === 0) return "0";
	return `${value < 0 ? "−" : "+"}${formatQuantity(Math.abs(value), of.unit)}`;
}

function stageLines(stages: NonNullable<PlanResult["stages"]>): string[] {
	const said = words.stages;
	const parts = [
		...new Set(stages.flatMap(({ parts: of }) => Object.keys(of))),
	] as (keyof (typeof stages)[0]["parts"])[];
	const cell = (of: QuantityJson | undefined, total: QuantityJson): string =>
		of?.value === undefined
			? "–"
			: `${bare(of)} ${dim(formatQuantity(of.value / (total.value ?? Number.NaN), "fraction").padStart(6))}`;
	const rows = [
		...parts.map((part) => [said.parts[part] ?? part, ...stages.map(({ parts: of, total }) => cell(of[part], total))]),
		[said.total, ...stages.map(({ total }) => `${bare(total)}       `)],
		[said.idle, ...stages.map(({ idle, total }) => cell(idle, total))],
	];
	const way = stages[0]?.strategy;
	const titles = [
		said.paysFor(way === undefined ? undefined : NAMES[way]),
		...stages.map(({ stage, month }) => said.stage(said.names[stage] ?? stage, month)),
	];
	return [textTable(titles, rows, titles.map((_, i) => i).slice(1))];
}

export function crossingText({ of, against, time, volume, utilisation }: BreakEven): string {
	const [a, b] = [NAMES[of] as string, NAMES[against] as string];
	const said = words.crossing;
	const states = {
		reached: (text: string) => text,
		"not-reached": () => said.notReached,
		"not-verified": said.notVerified,
	};
	const inTime = states[time.state](time.months === undefined ? "" : said.fromMonth(number(time.months.value ?? 0)));
	const inVolume =
		volume.from_lowest === true
			? said.everyVolume(formatQuantity(volume.looked_at[0], "tok/day"))
			: states[volume.state](volume.tokens_per_day === undefined ? "" : said.fromVolume(shown(volume.tokens_per_day)));
	const inUse =
		utilisation === undefined
			? ""
			: said.use(
					states[utilisation.state](utilisation.utilisation === undefined ? "" : shown(utilisation.utilisation)),
				);
	return said.below(a, b, inTime, inVolume, inUse);
}

function softwareLines({ software_curve: curve }: PlanResult): string[] {
	if (curve === undefined) return [];
	const { method, estimate, believed, limit } = curve;
	const said = words.software;
	const ratio = (of: number): string => formatQuantity(of, "x");
	const methodName = (of: string): string => said.methods[of] ?? of;
	const measured =
		estimate === undefined
			? []
			: [
					dim(
						said.measured(
							{
								median: ratio(estimate.per_90_days.median),
								low: ratio(estimate.per_90_days.p10),
								high: ratio(estimate.per_90_days.p90),
							},
							{ text: number(estimate.pairs), isOne: isOne(estimate.pairs) },
							told(estimate.group),
							{ text: number(estimate.regressions), isOne: isOne(estimate.regressions) },
						),
					),
				];
	const rows = believed.map((each) => [
		each.method === method ? said.taken(methodName(each.method)) : methodName(each.method),
		each.unit_cost === undefined ? "–" : shown(each.unit_cost),
		each.npv === undefined ? "–" : shown(each.npv),
		each.unit_cost === undefined ? "" : each.grade,
		told(each.reason ?? each.claim ?? ""),
	]);
	const way = curve.strategy === undefined ? undefined : NAMES[curve.strategy];
	const { npv, grade } = words.strategies;
	const titles = [said.believed(way), said.lastYear, npv, grade, ""];
	const most =
		limit === undefined
			? []
			: [dim(said.limit(shown(limit.tokens_per_gpu_second), limit.from === "roofline", told(limit.reason)))];
	return ["", textTable(titles, rows, [1, 2]), ...measured, ...most];
}

function headlineReturnLines({ headline_return: of }: PlanResult): string[] {
	if (of === undefined) return [];
	const said = words.headline;
	const rows = [
		[said.revenue, shown(of.claimed_revenue)],
		...of.leaves_out.map(({ what, label, amount }) => [
			said.leftOut[what] ?? label,
			isRounding(amount, of.claimed_revenue) ? "0" : signed(amount),
		]),
	];
	const [claimed, kept] = [shown(of.claimed), shown(of.kept)];
	return ["", said.says(NAMES[of.strategy] as string, claimed, kept), textTable(["", "USD"], rows, [1])];
}

/** What rounding left where numbers of that size took each other away. */
function isRounding({ value = 0 }: QuantityJson, beside: QuantityJson): boolean {
	return Math.abs(value) < 1e-12 * Math.abs(beside.value ?? 0);
}

function footprintLines({ footprint }: PlanResult): string[] {
	if (footprint?.energy_per_mtok === undefined) return [];
	const grids = footprint.carbon_per_mtok.map(
		({ region, carbon }) => `${region} ${formatQuantity(carbon.value ?? 0, "")}`,
	);
	const rows = footprint.regions.map((each) => [
		each.region,
		shown(each.energy_price),
		bare(each.energy_cost_per_mtok),
		each.carbon_per_mtok === undefined ? "–" : bare(each.carbon_per_mtok),
	]);
	const regions = rows.length === 0 ? [] : [textTable(words.footprint.columns, rows, [1, 2, 3])];
	return [
		"",
		words.footprint.energy(
			footprint.strategy === undefined ? undefined : NAMES[footprint.strategy],
			shown(footprint.energy_per_mtok),
			grids,
		),
		...regions,
	];
}
