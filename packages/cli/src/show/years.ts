/** Years of money on a terminal: ways side by side, the years of the best, why a token gets cheaper, where ways cross. */
import type { BreakEven, PlanResult, PricedResult, StrategyResult, YearResult } from "@farthing/answers";
import type { QuantityJson } from "@farthing/engine";
import { formatQuantity } from "@farthing/engine";
import { bold, dim, textTable } from "../print.ts";
import { bare, counted, shown, shownRange } from "./words.ts";

/** Nothing for a plan without a horizon. */
export function yearsLines(result: PlanResult): string[] {
	const { months, machine, strategies, years, stages, break_evens: crossings } = result;
	if (months === undefined || machine === undefined || strategies === undefined || years === undefined) return [];
	const best = strategies.find((each): each is PricedResult => each.priced && each.rank === 1);
	return [
		"",
		bold(
			`${yearsText(months)}${result.start === undefined ? "" : ` from ${result.start}`}, ranked by ${result.ranked_by === "npv" ? "NPV" : "present cost"}`,
		),
		dim(
			`  on ${machine.hardware} ${machine.stack} ${machine.precision} ${machine.layout}, row ${machine.row}${accuracyText(machine)}`,
		),
		...precisionLines(machine),
		...modelLines(result),
		strategyTable(result.ranked_by, strategies),
		...notPriced(strategies),
		...chanceLines(result),
		"",
		...(best === undefined ? [] : [`${NAMES[best.strategy]}, by year:`, yearTable(years), dim(cashRule(years)), ""]),
		...bridgeText(result),
		...(stages === undefined || stages.length === 0 ? [] : ["", ...stageLines(stages)]),
		...(crossings === undefined || crossings.length === 0
			? []
			: ["", ...crossings.map(crossingText), dim(CROSSINGS_COUNT)]),
		...softwareLines(result),
		...headlineReturnLines(result),
		...footprintLines(result),
		"",
	];
}

/** Ways to serve the demand as people call them. */
export const NAMES: Readonly<Record<string, string>> = { own: "own", rent: "rent", api: "API", hybrid: "hybrid" };

export function yearsText(months: number): string {
	return months % 12 === 0 ? counted(months / 12, "year") : counted(months, "month");
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
	const titles = ["model", "share", "on", ...ways.map((way) => `${way}, last year`)];
	return [textTable(titles, rows, [1, ...ways.map((_, i) => i + 3)]), ""];
}

function precisionLines({ precision_change: change }: NonNullable<PlanResult["machine"]>): string[] {
	if (change === undefined) return [];
	const { month, precision, row, gain } = change;
	return [
		dim(`  from month ${month} on in ${precision}, ${shown(gain)} the throughput, row ${row}${accuracyText(change)}`),
	];
}

function accuracyText({
	precision,
	accuracy,
}: Pick<NonNullable<PlanResult["machine"]>, "precision" | "accuracy">): string {
	if (accuracy === undefined) return "";
	const score = (of: number): string => formatQuantity(of, "fraction");
	return `; ${accuracy.task} ${score(accuracy.precision)} in ${precision} (${accuracy.runs} runs), ${score(accuracy.fp8)} in fp8 (${accuracy.runs_fp8})`;
}

export function strategyTable(by: PlanResult["ranked_by"], strategies: readonly StrategyResult[]): string {
	const priced = strategies.filter((each): each is PricedResult => each.priced);
	const sold = by === "npv";
	const loans = priced.some(({ years }) => afterLoans(years)) ? " after loans" : "";
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
		sold ? "NPV" : "present cost",
		"P10 to P90",
		"TCO",
		"levelised",
		...(sold ? ["price floor", "IRR", `payback${loans}`] : []),
		`peak cash${loans}`,
		"marginal",
		"grade",
	];
	const right = titles.map((_, i) => i).filter((i) => i > 1 && i < titles.length - 1);
	return textTable(titles, rows, right);
}

export function spread(of: QuantityJson | undefined): string {
	if (of?.p10 === undefined || of.p90 === undefined || of.p10 === of.p90) return "";
	if (of.unit === "month") return `${formatQuantity(of.p10, "")} to ${counted(of.p90, "month")}`;
	return `${formatQuantity(of.p10, of.unit)} to ${formatQuantity(of.p90, of.unit)}`;
}

function floorText(floor: QuantityJson | undefined): string {
	return floor?.value === undefined ? "none" : shown(floor);
}

function rateText(irr: PricedResult["irr"]): string {
	if (irr === undefined) return "";
	if (irr.roots === "one") return shown(irr.value);
	return irr.roots === "none" ? "none" : `${irr.all?.length} roots`;
}

function paybackText(payback: QuantityJson | undefined): string {
	return payback?.value === undefined ? "not reached" : shown(payback);
}

export function notPriced(strategies: readonly StrategyResult[]): string[] {
	return strategies.flatMap((each) => {
		if (each.priced) return wordsApart(each);
		const sizes = each.years.map(({ gpus }) => formatQuantity(gpus.value ?? 0, "GPU"));
		const sized = sizes.length === 0 ? "" : `; it would take ${sizes.join(", ")} by year`;
		return [`  ${NAMES[each.strategy]} is not priced: ${each.reason}${sized}`];
	});
}

function wordsApart(of: PricedResult): string[] {
	const name = NAMES[of.strategy] as string;
	const said: readonly [string, string | undefined][] = [
		["is not ranked", of.unranked_because],
		["has no price floor", of.no_price_floor],
		["leaves out", of.leaves_out],
	];
	return said.flatMap(([what, why]) => (why === undefined ? [] : [`  ${name} ${what}: ${why}`]));
}

const CHANCES: Readonly<Record<string, string>> = {
	best: "is the best",
	loss: "loses money",
	no_payback: "does not pay back for good",
};

function chanceLines({ uncertainty }: PlanResult): string[] {
	if (uncertainty === undefined) return [];
	const kinds = Object.keys(CHANCES).filter((kind) => uncertainty.chances.some(({ of }) => of === kind));
	const lines = kinds.map((kind) => {
		const of = uncertainty.chances.filter((each) => each.of === kind);
		const shares = of.map(
			({ strategy, probability }) => `${NAMES[strategy]} ${formatQuantity(probability, "fraction")}`,
		);
		return `  ${CHANCES[kind]} in: ${shares.join(", ")}`;
	});
	return [dim(`Of ${counted(uncertainty.draws, "draw")}, each way`), ...lines];
}

function yearTable(years: readonly YearResult[]): string {
	const sumOf = (of: Readonly<Record<string, QuantityJson>>): number =>
		Object.values(of).reduce((sum, { value }) => sum + (value ?? 0), 0);
	const any = (has: (year: YearResult) => unknown): boolean => years.some((year) => has(year) !== undefined);
	const columns: readonly [string, boolean, (year: YearResult) => string][] = [
		["year", true, ({ year }) => (year === 0 ? "opening" : String(year))],
		["tok/day", true, ({ tokens, year }) => (year === 0 ? "" : dailyText(tokens))],
		[
			"GPUs",
			any(({ gpus }) => gpus),
			({ gpus }) => (gpus?.value === undefined ? "" : formatQuantity(Math.round(gpus.value), "")),
		],
		[
			"util",
			any(({ utilisation }) => utilisation),
			({ utilisation }) => (utilisation === undefined ? "" : shown(utilisation)),
		],
		[
			"kW",
			any(({ power }) => power),
			({ power }) => (power?.value === undefined ? "" : formatQuantity(Math.round(power.value), "")),
		],
		["capital", true, ({ capital }) => money(sumOf(capital))],
		["running", true, ({ running }) => money(sumOf(running))],
		[
			"revenue",
			any(({ revenue }) => revenue),
			({ revenue }) => (revenue === undefined ? "" : money(revenue.value ?? 0)),
		],
		[
			"resale",
			years.some(({ resale }) => (resale?.value ?? 0) !== 0),
			({ resale }) => (resale === undefined ? "" : money(resale.value ?? 0)),
		],
		["tax", any(({ tax }) => tax), ({ tax }) => (tax === undefined ? "" : money(tax.value ?? 0))],
		["cash", true, ({ cash }) => money(cash.value ?? 0)],
		["after loans", afterLoans(years), ({ owner_cash: cash }) => (cash === undefined ? "" : money(cash.value ?? 0))],
		["$/M delivered", true, ({ unit_cost: cost }) => (cost === undefined ? "" : shown(cost).replace("/M tok", ""))],
		[
			"P10–P90",
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
			"not served",
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

/** How the columns of a year come to its cash. */
function cashRule(years: readonly YearResult[]): string {
	const any = (has: (year: YearResult) => QuantityJson | undefined): boolean =>
		years.some((year) => (has(year)?.value ?? 0) !== 0);
	const terms = [
		any(({ revenue }) => revenue) ? "revenue − running − capital" : "− running − capital",
		...(any(({ resale }) => resale) ? ["+ resale"] : []),
		...(any(({ tax }) => tax) ? ["− tax"] : []),
	];
	const loans = afterLoans(years) ? ", before loans; after loans: what is left to the owner" : "";
	return `  cash = ${terms.join(" ")}${loans}`;
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
		["as at the opening", formatted(bridge.from.value ?? 0)],
		...bridge.causes.map(({ label, delta }) => [causeText(label, delta, cheaper), signedAlike(delta)]),
		["as planned", formatted(bridge.to.value ?? 0)],
	] as const;
	const width = Math.max(...lines.map(([name]) => (name as string).length));
	const column = Math.max(...lines.map(([, text]) => (text as string).length));
	return [
		`Why a token costs ${NAMES[bridge.strategy]} ${cheaper ? "less" : "more"} in year ${Math.ceil(months / 12)} than if all stayed as at the opening:`,
		...lines.map(([name, text]) => `  ${(name as string).padEnd(width)}  ${(text as string).padStart(column)}`),
	];
}

/** A cause that works against the whole says so. */
function causeText(label: string, { value = 0 }: QuantityJson, cheaper: boolean): string {
	if (value === 0 || value < 0 === cheaper) return label;
	return `${label}: ${value > 0 ? "dearer" : "cheaper"}`;
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
	const parts = [
		...new Set(stages.flatMap(({ parts: of }) => Object.keys(of))),
	] as (keyof (typeof stages)[0]["parts"])[];
	const cell = (of: QuantityJson | undefined, total: QuantityJson): string =>
		of?.value === undefined
			? "–"
			: `${bare(of)} ${dim(formatQuantity(of.value / (total.value ?? Number.NaN), "fraction").padStart(6))}`;
	const rows = [
		...parts.map((part) => [part, ...stages.map(({ parts: of, total }) => cell(of[part], total))]),
		["total, $/M tokens", ...stages.map(({ total }) => `${bare(total)}       `)],
		["of it idle GPUs", ...stages.map(({ idle, total }) => cell(idle, total))],
	];
	const way = stages[0]?.strategy;
	const fleet = way === undefined ? "" : `, ${NAMES[way]} fleet`;
	const titles = [
		`What a million tokens pays for${fleet}`,
		...stages.map(({ stage, month }) => `${stage} (month ${month})`),
	];
	return [textTable(titles, rows, titles.map((_, i) => i).slice(1))];
}

const CROSSINGS_COUNT =
	"  these count the whole plan: machines, space, people, energy and rent; utilisation is the mean over its months";

export function crossingText({ of, against, time, volume, utilisation }: BreakEven): string {
	const [a, b] = [NAMES[of], NAMES[against]];
	const words = {
		reached: (text: string) => text,
		"not-reached": () => "not reached",
		"not-verified": (text: string) => `${text}, not verified: it does not hold long enough to say`,
	};
	const inTime = words[time.state](
		time.months === undefined ? "" : `from month ${formatQuantity(time.months.value ?? 0, "")} on`,
	);
	const inVolume =
		volume.from_lowest === true
			? `at every volume from ${formatQuantity(volume.looked_at[0], "tok/day")}`
			: words[volume.state](volume.tokens_per_day === undefined ? "" : `from ${shown(volume.tokens_per_day)} on`);
	const inUse =
		utilisation === undefined
			? ""
			: ` · break-even utilisation ${words[utilisation.state](utilisation.utilisation === undefined ? "" : shown(utilisation.utilisation))}`;
	return `${a} below ${b}: in time ${inTime} · in volume ${inVolume}${inUse}`;
}

function softwareLines({ software_curve: curve }: PlanResult): string[] {
	if (curve === undefined) return [];
	const { method, estimate, believed, limit } = curve;
	const ratio = (of: number): string => formatQuantity(of, "x");
	const measured =
		estimate === undefined
			? []
			: [
					dim(
						`  measured: median ${ratio(estimate.per_90_days.median)} in 90 days (P10–P90 ${ratio(estimate.per_90_days.p10)}–${ratio(estimate.per_90_days.p90)}), ${counted(estimate.pairs, "pair")} of ${estimate.group}, ${counted(estimate.regressions, "regression")}`,
					),
				];
	const rows = believed.map((each) => [
		each.method === method ? `${each.method} (taken)` : each.method,
		each.unit_cost === undefined ? "–" : shown(each.unit_cost),
		each.npv === undefined ? "–" : shown(each.npv),
		each.unit_cost === undefined ? "" : each.grade,
		each.reason ?? each.claim ?? "",
	]);
	const fleet = curve.strategy === undefined ? "" : `, ${NAMES[curve.strategy]} fleet`;
	const titles = [`Software curve, if believed${fleet}`, "last year", "NPV", "grade", ""];
	const most =
		limit === undefined
			? []
			: [
					dim(
						`  no software exceeds ${shown(limit.tokens_per_gpu_second)}, the ${limit.from === "roofline" ? "roofline" : "data sheet's FLOPS"}: ${limit.reason}`,
					),
				];
	return ["", textTable(titles, rows, [1, 2]), ...measured, ...most];
}

function headlineReturnLines({ headline_return: of }: PlanResult): string[] {
	if (of === undefined) return [];
	const rows = [
		["revenue at full load, all sold, at today's price", shown(of.claimed_revenue)],
		...of.leaves_out.map(({ label, amount }) => [label, isRounding(amount, of.claimed_revenue) ? "0" : signed(amount)]),
	];
	const [claimed, kept] = [shown(of.claimed), shown(of.kept)];
	return [
		"",
		`A headline would say that this ${NAMES[of.strategy]} fleet earns ${claimed} its capital; what that leaves out makes it ${kept} (NPV over capital):`,
		textTable(["", "USD"], rows, [1]),
	];
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
	const regions =
		rows.length === 0
			? []
			: [textTable(["region", "energy", "$/M tokens for energy", "gCO2/M tokens"], rows, [1, 2, 3])];
	return [
		"",
		`Energy${footprint.strategy === undefined ? "" : ` of the ${NAMES[footprint.strategy]} fleet`} ${shown(footprint.energy_per_mtok)}; gCO2 per million tokens by grid: ${grids.join(", ")}`,
		...regions,
	];
}
