/**
 * Years of money: one demand served by owning, renting, buying tokens or a mix, month by month, with what each comes to, where
 * they cross, why the cost of a token falls, and what draws make of it.
 */
import type { Catalogue } from "@farthing/catalogue";
import type { AnyExpr, Draws, Evaluation, Model, QuantityJson } from "@farthing/engine";
import {
	bridge,
	buildModel,
	constant,
	evaluate,
	input,
	megatoken,
	modelToJson,
	named,
	per,
	pointsOf,
	quantityJson,
	ratesOfReturn,
	ratio,
	sample,
	scalarOf,
	seriesOf,
	shareOf,
	sumOverMonths,
	times,
	unit,
	usdPerMtok,
	VENDOR_CURVES,
	kilowattHour,
} from "@farthing/engine";
import type { Scenario, SoftwareMethod } from "@farthing/scenario";
import type { Asking, Envelope, Warning } from "./envelope.ts";
import { envelope } from "./envelope.ts";
import { FarthingError } from "./farthing-error.ts";
import { ATTRIBUTION } from "./frontier.ts";
import { nodeId } from "./node-id.ts";
import type { CandidateOptions } from "./plan-candidates.ts";
import { rateBook } from "./rates.ts";
import { layoutOf } from "./rows.ts";
import {
	type Asked,
	askedOf,
	CAUSE_WORDS,
	CAUSES,
	type Cause,
	demandOf,
	LENS,
	type Plain,
	SCALE,
} from "./years/asked.ts";
import type { BreakEven } from "./years/comparisons.ts";
import { alongVolumes, breakEvens, comparisonNodes, pairsOf } from "./years/comparisons.ts";
import { type Machine, machines, requireMachine } from "./years/machine.ts";
import { carbonOf } from "./years/own.ts";
import { METHOD, METHOD_NUMBER, type Software, softwareOf } from "./years/software.ts";
import type { Stage } from "./years/stages.ts";
import { stageNodes, stageTable } from "./years/stages.ts";
import type { PricedStrategy, Strategy, StrategyName, UnpricedStrategy } from "./years/strategies.ts";
import { strategiesOf } from "./years/strategies.ts";

export interface PlanYearsResult {
	readonly scenario: string;
	readonly model: string;
	readonly months: number;
	readonly start?: string;
	readonly machine: YearsMachine;
	/** The best under the full lens: {@link years} and the measures beside it are its own. */
	readonly strategy?: StrategyName;
	readonly ranked_by: "npv" | "present_cost";
	readonly years: readonly YearResult[];
	readonly npv?: QuantityJson;
	readonly irr?: RateOfReturn;
	readonly payback?: QuantityJson;
	readonly peak_cash?: QuantityJson;
	readonly strategies: readonly StrategyResult[];
	readonly break_evens: readonly BreakEven[];
	readonly bridges: readonly CostBridge[];
	readonly software_curve: SoftwareResult;
	readonly stages: readonly Stage[];
	/** Energy and carbon per token of the machines that are owned, by the grid they might stand on. */
	readonly footprint: Footprint;
	readonly defaults: Scenario["defaults"];
	readonly attribution: string;
}

export interface YearsMachine {
	readonly row: string;
	readonly hardware: string;
	readonly precision: string;
	readonly stack: string;
	readonly speculative: string;
	readonly layout: string;
	readonly host?: string;
	/** Accuracy runs of the catalogue in this format, and in FP8: evidence for the change of format. */
	readonly accuracy?: {
		readonly task: string;
		readonly precision: number;
		readonly fp8: number;
		readonly runs: number;
		readonly runs_fp8: number;
	};
}

export interface YearResult {
	/** 0 is the opening. */
	readonly year: number;
	readonly tokens: QuantityJson;
	readonly capital: Readonly<Record<string, QuantityJson>>;
	readonly running: Readonly<Record<string, QuantityJson>>;
	readonly cost: QuantityJson;
	readonly cash: QuantityJson;
	readonly owner_cash?: QuantityJson;
	readonly revenue?: QuantityJson;
	readonly unit_cost?: QuantityJson;
	readonly gpus?: QuantityJson;
	readonly power?: QuantityJson;
	readonly utilisation?: QuantityJson;
	readonly energy?: QuantityJson;
	readonly carbon?: QuantityJson;
	readonly shortfall?: QuantityJson;
}

export interface RateOfReturn {
	/** How many rates of return the cash has. */
	readonly roots: "none" | "one" | "many";
	readonly value?: QuantityJson;
	/** All of them a year, where there are several. */
	readonly all?: readonly number[];
}

export type StrategyResult = PricedResult | UnpricedResult;

export interface PricedResult {
	readonly strategy: StrategyName;
	readonly priced: true;
	/** From 1; absent where not all demand is served. */
	readonly rank?: number;
	readonly unranked_because?: string;
	readonly years: readonly YearResult[];
	readonly measures: Readonly<Record<string, QuantityJson>>;
	readonly irr?: RateOfReturn;
	/** The same with what is committed left out, for every strategy alike. */
	readonly marginal: { readonly rank?: number; readonly measures: Readonly<Record<string, QuantityJson>> };
}

export interface UnpricedResult {
	readonly strategy: StrategyName;
	readonly priced: false;
	readonly reason: string;
	readonly years: readonly { readonly year: number; readonly gpus: QuantityJson }[];
}

export interface CostBridge {
	readonly strategy: StrategyName;
	/** Cost per token in the last year if all were as at the opening, and as planned. */
	readonly from: QuantityJson;
	readonly to: QuantityJson;
	readonly method: "shapley";
	readonly causes: readonly { readonly cause: Cause; readonly label: string; readonly delta: QuantityJson }[];
}

export interface SoftwareResult {
	readonly method: SoftwareMethod;
	readonly estimate?: {
		readonly group: string;
		readonly pairs: number;
		readonly regressions: number;
		readonly per_90_days: { readonly p10: number; readonly median: number; readonly p90: number };
		readonly from: string;
		readonly to: string;
	};
	readonly recipes?: { readonly ratio: number; readonly before: string; readonly after: string };
	/** What the last year's cost per token and the value would be if one of these were believed. */
	readonly believed: readonly {
		readonly method: SoftwareMethod;
		readonly claim?: string;
		readonly grade: "D" | "E";
		readonly unit_cost?: QuantityJson;
		readonly npv?: QuantityJson;
		readonly reason?: string;
	}[];
}

export interface Footprint {
	readonly energy_per_mtok?: QuantityJson;
	readonly carbon_per_mtok: readonly { readonly region: string; readonly carbon: QuantityJson }[];
}

export interface PlanYearsOptions extends CandidateOptions {
	readonly draws?: number;
}

const DRAWS = 1024;
/** Few, since every month of every node is held for each draw of a block. */
const BLOCK = 32;

/** Throws exit 2 for a scenario without years, exit 3 for unknown names and missing data. */
export function planYears(
	catalogue: Catalogue,
	scenario: Scenario,
	asking: Asking,
	options: PlanYearsOptions = {},
): Envelope<PlanYearsResult> {
	const { fiveYears } = scenario;
	if (fiveYears === undefined) {
		throw new FarthingError(2, "no-horizon", "the scenario says nothing about years", {
			field: "horizon",
			expected: "horizon, finance and strategies",
			hint: "add horizon: 5 years",
		});
	}
	const asked = askedOf(catalogue, scenario, fiveYears, asking.asOf);
	const rates = rateBook(catalogue, scenario.cost, asking.asOf);
	const demand = demandOf(asked, planScale(asked));
	const all = machines(asked, rates, demand, options);
	const machine = requireMachine(asked, all);
	const software = softwareOf(asked, machine);
	const context = { asked, machine, machines: all, software, rates };
	const strategies = strategiesOf({ ...context, demand, withSite: true });
	const priced = strategies.filter((each): each is PricedStrategy => each.priced);
	const pairs = pairsOf(strategies);
	const owner = priced.find(({ name }) => name === "own") ?? priced.find(({ name }) => name === "hybrid");
	const model = buildModel(
		withoutRepeats([
			...priced.flatMap(({ measures }) => measures.outputs),
			...strategies.flatMap((each) => (each.priced ? [] : each.sizes)),
			...comparisonNodes(asked, demand, pairs),
			...(owner === undefined ? [] : [...stageNodes(asked, owner), ...footprintNodes(asked, owner)]),
		]),
	);
	const months = pointsOf(fiveYears.months);
	const evaluation = evaluate(model, { months });
	const marginal = model.byId.has(LENS) ? evaluate(model, { months, inputs: new Map([[LENS, 0]]) }) : evaluation;
	const draws = drawsOf(model, priced, asking.seed, months, options.draws ?? DRAWS);
	const answer: Answer = {
		asked,
		evaluation,
		marginal,
		draws,
		currencyDate: rates.currencyDate,
		months,
		known: new Map(),
	};
	const volumes = alongVolumes(asked, (scale) =>
		strategiesOf({ ...context, demand: demandOf(asked, scale), withSite: false }),
	);
	const results = strategyResults(answer, strategies);
	const best = results.find((each): each is PricedResult => each.priced && each.rank === 1);
	const result: PlanYearsResult = {
		scenario: scenario.name,
		model: all.found.model,
		months: fiveYears.months,
		...(fiveYears.start === undefined ? {} : { start: fiveYears.start }),
		machine: machineJson(catalogue, machine),
		...(best === undefined ? {} : { strategy: best.strategy }),
		ranked_by: fiveYears.revenue === undefined ? "present_cost" : "npv",
		years: best?.years ?? [],
		...(best === undefined ? {} : headlinesOf(best)),
		strategies: results,
		break_evens: breakEvens(asked, evaluation, pairs, volumes),
		bridges: priced.map((each) => bridgeOf(answer, each)),
		software_curve: softwareResult(answer, software, owner),
		stages: owner === undefined ? [] : stageTable(asked, evaluation),
		footprint: footprintOf(answer, owner),
		defaults: scenario.defaults,
		attribution: ATTRIBUTION,
	};
	const warnings = [
		...all.found.warnings,
		...rates.warnings(),
		...all.question.warnings,
		...asked.warnings,
		...claimWarning(software),
	];
	return envelope({ ...asking, scenario: scenario.document }, result, warnings, modelToJson(evaluation));
}

interface Answer {
	readonly asked: Asked;
	readonly evaluation: Evaluation;
	readonly marginal: Evaluation;
	readonly draws: Draws | undefined;
	readonly currencyDate: string;
	readonly months: number;
	/** Quantities told before, by node. */
	readonly known: Map<string, QuantityJson>;
}

function planScale({ asOf }: Asked): Plain {
	return input(SCALE, ratio, {
		label: "demand over that of the plan",
		value: { kind: "point", value: 1 },
		source: "farthing: the plan itself",
		asOf,
		grade: "E",
		role: "condition",
	});
}

function withoutRepeats(outputs: readonly AnyExpr[]): AnyExpr[] {
	const seen = new Set<string>();
	return outputs.filter((each) => {
		const id = nodeId(each);
		if (seen.has(id)) return false;
		seen.add(id);
		return true;
	});
}

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
	revenue_over_capital: "revenue_over_capital",
	owner_npv: "owner.npv",
} as const;

const ALWAYS = ["npv", "present_cost", "tco", "levelised", "peak_cash", "gross_margin", "price_floor"];
const PERHAPS = ["payback", "irr"];

function drawsOf(
	model: Model,
	priced: readonly PricedStrategy[],
	seed: number,
	months: number,
	draws: number,
): Draws | undefined {
	const ranged = model.nodes.some(
		({ spec }) => spec !== undefined && spec.value.kind !== "point" && spec.value.kind !== "series",
	);
	if (!ranged) return undefined;
	const years = (of: PricedStrategy): string[] =>
		Array.from({ length: of.measures.years }, (_, i) => [
			`year_${i + 1}.unit_cost.delivered`,
			`year_${i + 1}.cash`,
		]).flat();
	const keep = (names: (of: PricedStrategy) => readonly string[]): string[] =>
		priced.flatMap((each) => names(each).map((name) => `${each.name}.${name}`)).filter((id) => model.byId.has(id));
	const drawn = (ids: readonly string[]): ReadonlyMap<string, Float64Array> =>
		ids.length === 0 ? new Map() : sample(model, { draws, seed, months, keep: ids, block: BLOCK }).values;
	// what some draws do not reach apart: the search for its reason is slow, and its draws are the same
	const always = drawn(keep((each) => [...ALWAYS, ...years(each)]));
	const perhaps = drawn(keep(() => PERHAPS));
	return { draws, seed, values: new Map([...always, ...perhaps].filter(([, of]) => varies(of))) };
}

/** Draws that are all the same say nothing beside the value. */
function varies(of: Float64Array): boolean {
	const [first] = of;
	return of.some((each) => !Object.is(each, first));
}

function json({ evaluation, draws, currencyDate, known }: Answer, id: string): QuantityJson {
	const found =
		known.get(id) ??
		quantityJson(evaluation, id, { ...(draws?.values.has(id) === true ? { draws } : {}), currencyDate });
	known.set(id, found);
	return found;
}

/** The same quantity where other inputs hold; it leans on the same evidence, and its draws are not made anew. */
function valueIn({ model, scalars }: Evaluation, { p10: _, p50: __, p90: ___, ...of }: QuantityJson): QuantityJson {
	const node = model.nodes[model.byId.get(of.node as string) as number];
	return { ...of, value: (scalars[node?.index as number] as number) / (node?.unit?.factor ?? 1) };
}

function strategyResults(answer: Answer, strategies: readonly Strategy[]): StrategyResult[] {
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
	return {
		strategy: of.name,
		priced: true,
		...(rank === undefined ? {} : { rank }),
		...(missing === 0
			? {}
			: { unranked_because: "not all demand is served: the site has not the power, or the machines come too late" }),
		years: yearsOf(answer, of),
		measures: Object.fromEntries(there.map(([key, name]) => [key, json(answer, `${of.name}.${name}`)])),
		...(evaluation.model.byId.has(`${of.name}.irr`) ? { irr: rateOfReturn(answer, of) } : {}),
		marginal: {
			...(marginalRank === undefined ? {} : { rank: marginalRank }),
			measures: Object.fromEntries(
				marginalOf.map((name) => [name, valueIn(marginal, json(answer, `${of.name}.${name}`))]),
			),
		},
	};
}

function unpricedResult(answer: Answer, { name, reason, sizes }: UnpricedStrategy): UnpricedResult {
	return {
		strategy: name,
		priced: false,
		reason,
		years: sizes.map((each, i) => ({ year: i + 1, gpus: json(answer, nodeId(each)) })),
	};
}

function rateOfReturn(answer: Answer, of: PricedStrategy): RateOfReturn {
	const roots = ratesOfReturn(seriesOf(answer.evaluation, `${of.name}.cash`));
	if (roots.length === 0) return { roots: "none" };
	if (roots.length === 1) return { roots: "one", value: json(answer, `${of.name}.irr`) };
	return { roots: "many", all: roots.map((each) => (1 + each) ** 12 - 1) };
}

function headlinesOf({ measures, irr }: PricedResult): Pick<PlanYearsResult, "npv" | "irr" | "payback" | "peak_cash"> {
	const { npv, payback_months: payback, peak_cash } = measures;
	return {
		...(npv === undefined ? {} : { npv }),
		...(irr === undefined ? {} : { irr }),
		...(payback === undefined ? {} : { payback }),
		...(peak_cash === undefined ? {} : { peak_cash }),
	};
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
			cost: json(answer, id("cost")),
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

function bridgeOf({ evaluation, months, currencyDate }: Answer, of: PricedStrategy): CostBridge {
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

function softwareResult(answer: Answer, software: Software, owner: PricedStrategy | undefined): SoftwareResult {
	const { evaluation, months } = answer;
	const { estimate, recipes } = software;
	const { model } = evaluation;
	const methods = Object.keys(METHOD_NUMBER) as SoftwareMethod[];
	const believed = methods.map((method): SoftwareResult["believed"][number] => {
		const claim = VENDOR_CURVES.find(({ id }) => id === method);
		const common = {
			method,
			...(claim === undefined ? {} : { claim: claim.claim }),
			grade: claim === undefined ? ("D" as const) : ("E" as const),
		};
		if (owner === undefined || !model.byId.has(METHOD)) return { ...common, reason: "no machines are owned" };
		if (claim?.kind === "generation" && !model.byId.has(`software.claim.${claim.id}`))
			return {
				...common,
				reason: "it is about the next generation of hardware, and none is bought: give strategies.own.refresh",
			};
		if (method === "fitted" && estimate === undefined)
			return { ...common, reason: "no configuration was measured twice" };
		const then = evaluate(model, { months, inputs: new Map([[METHOD, METHOD_NUMBER[method]]]) });
		const of = (id: string): QuantityJson => ({
			...valueIn(then, json(answer, id)),
			...(claim === undefined ? {} : { grade: "E" as const }),
		});
		return {
			...common,
			unit_cost: of(`${owner.name}.year_${owner.measures.years}.unit_cost.delivered`),
			npv: of(`${owner.name}.npv`),
		};
	});
	return {
		method: software.method,
		...(estimate === undefined
			? {}
			: {
					estimate: {
						group: estimate.group,
						pairs: estimate.pairs,
						regressions: estimate.regressions,
						per_90_days: { p10: estimate.p10, median: estimate.median, p90: estimate.p90 },
						from: estimate.from,
						to: estimate.to,
					},
				}),
		...(recipes === undefined
			? {}
			: { recipes: { ratio: recipes.ratio, before: recipes.before, after: recipes.after } }),
		believed,
	};
}

function claimWarning({ method }: Software): Warning[] {
	const claim = VENDOR_CURVES.find(({ id }) => id === method);
	return claim === undefined
		? []
		: [{ code: "vendor-curve", message: `better software is taken from a seller's claim (${claim.claim}), grade E` }];
}

const COMPARED = ["USA", "SWE", "FRA", "DEU", "IND"] as const;
const kwhPerMtok = per(kilowattHour, megatoken("total"));
const gramsPerMtok = per(unit("gCO2", { g: 1 }, 1), megatoken("total"));

/** Grids that are looked at: the scenario's own first. */
function gridsOf(
	asked: Asked,
): readonly { readonly region: string; readonly grid: NonNullable<ReturnType<typeof carbonOf>> }[] {
	const own = carbonOf(asked, asked.years.facility.grid, asked.years.facility.region);
	const others = COMPARED.flatMap((region) => {
		const grid = carbonOf(asked, region, undefined);
		return grid === undefined ? [] : [{ region, grid }];
	});
	const first = own === undefined ? [] : [{ region: nodeId(own).slice("grid.".length), grid: own }];
	return [...first, ...others.filter(({ region }) => region !== first[0]?.region)];
}

function footprintNodes(asked: Asked, { name, flows }: PricedStrategy): AnyExpr[] {
	const served = sumOverMonths(flows.served);
	const { energy } = flows;
	if (energy === undefined) return [];
	const tokens = times(served, constant(2_628_000, { symbol: "s", dims: { s: 1 }, factor: 1 }));
	const perToken = named(`${name}.energy_per_mtok`, kwhPerMtok, shareOf(sumOverMonths(energy), tokens), {
		label: "energy per million tokens",
		formula: "energy drawn from the grid ÷ tokens served",
	});
	const grids = gridsOf(asked).map(({ region, grid }) =>
		named(`${name}.carbon_per_mtok.${region}`, gramsPerMtok, times(perToken, grid), {
			label: `carbon per million tokens, ${region}`,
			formula: "energy × grid intensity",
		}),
	);
	return [perToken, ...grids];
}

function footprintOf(answer: Answer, owner: PricedStrategy | undefined): Footprint {
	if (owner?.flows.energy === undefined) return { carbon_per_mtok: [] };
	return {
		energy_per_mtok: json(answer, `${owner.name}.energy_per_mtok`),
		carbon_per_mtok: gridsOf(answer.asked).map(({ region }) => ({
			region,
			carbon: json(answer, `${owner.name}.carbon_per_mtok.${region}`),
		})),
	};
}

function machineJson(catalogue: Catalogue, { point, host }: Machine): YearsMachine {
	const accuracy = accuracyOf(catalogue, point.model, point.precision);
	return {
		row: point.id,
		hardware: point.hardware,
		precision: point.precision,
		stack: point.stack,
		speculative: point.speculative,
		layout: layoutOf(point),
		...(host === undefined ? {} : { host }),
		...(accuracy === undefined ? {} : { accuracy }),
	};
}

/** Median score of a format and of FP8 on the same model and task; nothing where either was not run. */
function accuracyOf(catalogue: Catalogue, model: string, precision: string): YearsMachine["accuracy"] {
	if (precision === "fp8") return undefined;
	const runs = catalogue.accuracyRuns.filter((run) => run.model === model);
	const scores = (format: string): number[] =>
		runs
			.filter((run) => run.precision === format)
			.map((run) => run.scoreStrict)
			.sort((a, b) => a - b);
	const [own, fp8] = [scores(precision), scores("fp8")];
	const task = runs[0]?.task;
	if (own.length === 0 || fp8.length === 0 || task === undefined) return undefined;
	return {
		task,
		precision: own[own.length >> 1] as number,
		fp8: fp8[fp8.length >> 1] as number,
		runs: own.length,
		runs_fp8: fp8.length,
	};
}
