/** Actuals as the `result` of the command. */
import type { Grade, QuantityJson } from "@farthing/engine";
import { quantiles, worstGrade } from "@farthing/engine";
import type { UsedWork } from "../attribution/attribute.ts";
import type { AttributedLine, Owner } from "../attribution/attributed-line.ts";
import { linesBy, ownerBy } from "../attribution/line-sums.ts";
import { shareWithin } from "../attribution/spans.ts";
import type { CostAnomaly } from "../outlook/anomalies.ts";
import type { Forecast } from "../outlook/forecast.ts";
import type { CostLineKind } from "../records/cost-window.ts";
import type { Amount } from "../records/money.ts";
import { addAmounts } from "../records/money.ts";
import type { Revenue } from "./revenue.ts";
import type { TokenBucket } from "../records/token-classes.ts";
import type { TokenCount } from "../records/units.ts";
import { formatInstant } from "../records/units.ts";
import type { ActualDay, Actuals } from "./actuals.ts";
import type {
	ActualsResult,
	ActualsRow,
	DayJson,
	ForecastJson,
	LawJson,
	Reconciliation,
	TokensJson,
	Use,
	WeekJson,
} from "./actuals-json.ts";
import type { VarianceToPlan } from "./variance-to-plan.ts";
import { addTokens } from "./used-work.ts";

export interface OutlookOfActuals {
	readonly days: readonly ActualDay[];
	readonly forecast?: Forecast & { readonly month: string };
	readonly anomalies: readonly (CostAnomaly & { readonly of: string; readonly date: string })[];
}

export interface ResultOptions {
	readonly variance?: VarianceToPlan;
	readonly outlook: OutlookOfActuals;
	/** Of the grid, with its source in words. */
	readonly gramsPerKwh?: number;
	readonly pue?: number;
}

type Tokens = Partial<Record<TokenBucket, TokenCount>>;

export function actualsResult(found: Actuals, options: ResultOptions): ActualsResult {
	const { question, total, charges, lines, used } = found;
	const { window, basis, by, currency } = question;
	const show = shower(found);
	const serving = lines.filter(({ kind }) => kind === "serving");
	const others = lines.filter(({ kind }) => kind !== "serving");
	const sumKinds = (...kinds: readonly CostLineKind[]): Amount => sumOf(lines, currency, kinds);
	const tokens = tokensOf(used);
	const coverage = coverageOf(found);
	const energy = joulesOf(found.energy, options.pue);
	const residual = sumKinds("residual", "unmetered");
	return {
		window: {
			from: formatInstant(window.from),
			to: formatInstant(window.to),
			days: (window.to - window.from) / MICROS_PER_DAY,
		},
		basis,
		by,
		cost_column: question.cost,
		currency,
		cost: show.money(total, { coverage }),
		unit_cost: {
			...show.unitCost(total, deliveredOf(tokens), "total", { coverage }),
			...standingOf(show.money(total)),
		},
		tokens: show.tokens(tokens),
		rows: rowsOf(found, serving, show, options, coverage),
		lines: others.map(({ kind, owner, label, amount, gpu }) => ({
			kind,
			...owner,
			...(label === undefined ? {} : { label }),
			cost: dependsOnLaw(kind) ? show.shared(amount) : show.money(amount),
			...(gpu === undefined ? {} : { gpu_hours: show.gpuHours(gpu) }),
		})),
		idle: show.shared(sumKinds("idle_held", "unallocated")),
		residual: show.money(residual),
		...(charges.bill === undefined ? {} : { bill: show.money(charges.bill.converted) }),
		rated: show.money(charges.rated),
		reconciliation: reconciliationOf(found, show),
		use: useOf(found.gpuTime, show),
		...(energy === undefined ? {} : energyMembers(energy, tokens, options)),
		laws: lawsOf(found),
		sources: found.compared,
		...daysAndWeeks(options.outlook.days, used, show),
		variance: (options.variance?.causes ?? []).map(({ cause, delta }) => ({ cause, delta: show.money(delta) })),
		...(options.variance === undefined ? {} : { plan: planOf(options.variance, show) }),
		...(options.outlook.forecast === undefined ? {} : { forecast: forecastOf(options.outlook.forecast, show) }),
		anomalies: options.outlook.anomalies.map(({ date, of, amount, expected, deviations }) => ({
			day: date,
			of,
			cost: show.money(amount),
			expected: show.money(expected),
			deviations,
		})),
		coverage,
	};
}

const MICROS_PER_DAY = 86_400_000_000;

interface Shower {
	/** An amount that bill and prices alone decide. */
	money(amount: Amount, more?: Partial<QuantityJson>): QuantityJson;
	/** An amount that the law of GPU time shared out. */
	shared(amount: Amount, more?: Partial<QuantityJson>): QuantityJson;
	unitCost(amount: Amount, tokens: number, kind: string, more?: Partial<QuantityJson>): QuantityJson;
	tokens(tokens: Tokens): TokensJson;
	gpuHours(micros: number): QuantityJson;
	share(value: number): QuantityJson;
}

/** Quantities with what all of one answer share: basis, grade, date. */
function shower(found: Actuals): Shower {
	const { question, charges } = found;
	const [grade, sharedGrade] = [gradeOf(found, false), gradeOf(found, true)];
	const asOf = formatInstant(question.window.to).slice(0, 10);
	const dates = charges.rates.map(({ day }) => day).sort();
	const standing = (of: Grade) => ({
		basis: question.basis,
		grade: of,
		as_of: asOf,
		...(dates.length === 0 ? {} : { currency_date: dates.at(-1) as string }),
		state: (of === "A" ? "measured" : "modelled") as NonNullable<QuantityJson["state"]>,
	});
	const measured = { grade: "A" as Grade, as_of: asOf, state: "measured" as const };
	const count = (n: number, tokens: string): QuantityJson => ({ value: n, unit: "tok", tokens, ...measured });
	return {
		money: ({ currency, nano }, more = {}) => ({ value: unitsOf(nano), unit: currency, ...standing(grade), ...more }),
		shared: ({ currency, nano }, more = {}) => ({
			value: unitsOf(nano),
			unit: currency,
			...standing(sharedGrade),
			...more,
		}),
		unitCost: ({ currency, nano }, tokens, kind, more = {}) => ({
			value: (unitsOf(nano) / tokens) * 1e6,
			unit: `${currency}/Mtok`,
			tokens: kind,
			...standing(sharedGrade),
			...more,
		}),
		tokens: (tokens) => ({
			input: count(computedOf(tokens), "input"),
			...(tokens.cached_input === undefined ? {} : { cached_input: count(cachedOf(tokens), "cached_input") }),
			output: count(outputOf(tokens), "output"),
			...(tokens.reasoning === undefined ? {} : { reasoning: count(tokens.reasoning, "reasoning") }),
			total: count(deliveredOf(tokens), "total"),
		}),
		gpuHours: (micros) => ({ value: micros / 3.6e9, unit: "GPU-hr", ...measured }),
		share: (value) => ({ value, unit: "fraction", grade: sharedGrade, as_of: asOf }),
	};
}

function standingOf({ grade, state }: QuantityJson): Partial<QuantityJson> {
	return { ...(grade === undefined ? {} : { grade }), ...(state === undefined ? {} : { state }) };
}

function dependsOnLaw(kind: CostLineKind): boolean {
	return kind === "idle_held" || kind === "committed" || kind === "serving";
}

/** Invoice and own meters are A; a price on file without an invoice is what somebody says; a law fitted elsewhere is a model. */
function gradeOf({ charges, laws, total, question, used }: Actuals, byLaw: boolean): Grade {
	const grades: Grade[] = ["A"];
	if (abs(charges.rated.nano) * 10n >= abs(total.nano) && charges.rated.nano !== 0n) grades.push("E");
	const needsLaw = question.basis !== "reserved" || used.some(({ owner }) => owner.team ?? owner.user ?? owner.key);
	if (byLaw && needsLaw && [...laws.values()].some(({ state }) => state === "modelled")) grades.push("D");
	return worstGrade(grades) ?? "A";
}

function rowsOf(
	found: Actuals,
	serving: readonly AttributedLine[],
	show: Shower,
	options: ResultOptions,
	coverage: number,
): ActualsRow[] {
	const { by } = found.question;
	const tokens = new Map<string, Tokens>();
	for (const { owner, tokens: own } of found.used) {
		const key = keyOf(ownerBy(owner, by));
		tokens.set(key, addTokens(tokens.get(key) ?? {}, own));
	}
	const revenues = revenuesBy(found, by);
	const energies = new Map<string, AttributedLine[]>();
	for (const line of linesBy(found.energy, by)) {
		if (line.kind === "serving") energies.set(keyOf(line.owner), [line]);
	}
	const costs = new Map(linesBy(serving, by).map((line) => [keyOf(line.owner), line]));
	const owners = new Map<string, Owner>();
	for (const { owner } of found.used) owners.set(keyOf(ownerBy(owner, by)), ownerBy(owner, by));
	for (const { owner } of costs.values()) owners.set(keyOf(owner), owner);
	return [...owners]
		.map(([key, owner]) => {
			const line = costs.get(key);
			const own = tokens.get(key) ?? {};
			const amount = line?.amount ?? { currency: found.question.currency, nano: 0n };
			const energy = joulesOf(energies.get(key) ?? [], options.pue);
			const delivered = deliveredOf(own);
			const row: ActualsRow = {
				...owner,
				tokens: show.tokens(own),
				cost: show.shared(amount),
				...(delivered === 0 ? {} : { unit_cost: show.unitCost(amount, delivered, "total", { coverage }) }),
				...(line === undefined ? {} : byTokens(line, own, show)),
				...(line?.gpu === undefined ? {} : { gpu_hours: show.gpuHours(line.gpu) }),
				...(energy === undefined ? {} : energyOfRow(energy, delivered)),
				...revenueMembers(revenues.get(key), amount, show),
				coverage,
			};
			return row;
		})
		.sort((a, b) => (b.cost.value ?? 0) - (a.cost.value ?? 0));
}

function revenuesBy({ revenue }: Actuals, by: Actuals["question"]["by"]): Map<string, Revenue> {
	const sums = new Map<string, Revenue>();
	for (const each of revenue) {
		const owner = ownerBy(each.owner, by);
		const before = sums.get(keyOf(owner));
		sums.set(keyOf(owner), {
			owner,
			amount: before === undefined ? each.amount : addAmounts(before.amount, each.amount),
			isComplete: each.isComplete && (before?.isComplete ?? true),
		});
	}
	return sums;
}

function revenueMembers(sold: Revenue | undefined, cost: Amount, show: Shower): Partial<ActualsRow> {
	if (sold === undefined || !sold.isComplete) return {};
	const { currency, nano } = sold.amount;
	const revenue: QuantityJson = { value: unitsOf(nano), unit: currency, grade: "E" };
	if (nano === 0n) return { revenue };
	return { revenue, margin: show.share(1 - Number(cost.nano) / Number(nano)) };
}

function daysAndWeeks(
	of: readonly ActualDay[],
	used: readonly UsedWork[],
	show: Shower,
): Pick<ActualsResult, "days" | "weeks"> {
	const days = of.map((day) => dayOf(day, used, show));
	const starts = days.flatMap((_, i) => (i % 7 === 0 ? [i] : []));
	return { days, weeks: starts.map((start) => weekOf(days.slice(start, start + 7), of.slice(start, start + 7), show)) };
}

function weekOf(days: readonly DayJson[], of: readonly ActualDay[], show: Shower): WeekJson {
	const currency = of[0]?.total.currency ?? "";
	const total = { currency, nano: of.reduce((sum, day) => sum + day.total.nano, 0n) };
	const tokens = days.reduce((sum, day) => sum + (day.tokens.value ?? 0), 0);
	const costs = Float64Array.from(days.flatMap(({ unit_cost }) => unit_cost?.value ?? []));
	const week = { from: days[0]?.day ?? "", to: days.at(-1)?.day ?? "", cost: show.money(total) };
	if (tokens < 1) return week;
	const [p10, p90] = quantiles(costs, [0.1, 0.9]) as [number, number];
	return {
		...week,
		unit_cost: { ...show.unitCost(total, tokens, "total"), ...standingOf(show.money(total)), p10, p90 },
	};
}

function dayOf({ from, to, total }: ActualDay, used: readonly UsedWork[], show: Shower): DayJson {
	const tokens = used.reduce((sum, each) => sum + shareWithin(each, { from, to }) * deliveredOf(each.tokens), 0);
	return {
		day: formatInstant(from).slice(0, 10),
		cost: show.money(total),
		tokens: { value: Math.round(tokens), unit: "tok", tokens: "total", grade: "A" },
		...(tokens < 1
			? {}
			: { unit_cost: { ...show.unitCost(total, tokens, "total"), ...standingOf(show.money(total)) } }),
	};
}

function byTokens({ input, output }: AttributedLine, tokens: Tokens, show: Shower): Pick<ActualsRow, "by_tokens"> {
	const computed = computedOf(tokens);
	const made = outputOf(tokens);
	const members = {
		...(input === undefined || computed === 0 ? {} : { input: show.unitCost(input, computed, "input") }),
		...(output === undefined || made === 0 ? {} : { output: show.unitCost(output, made, "output") }),
	};
	return Object.keys(members).length === 0 ? {} : { by_tokens: members };
}

function reconciliationOf({ charges, total }: Actuals, show: Shower): Reconciliation {
	const { bill, compared, rates, prorated, rated } = charges;
	const all = (bill?.converted.nano ?? 0n) + rated.nano;
	const of = (amounts: readonly Amount[] | undefined, currency: string): Amount =>
		amounts?.find((amount) => amount.currency === currency) ?? { currency, nano: 0n };
	const currencies = [
		...new Set([...(bill?.billed ?? []), ...(bill?.effective ?? [])].map(({ currency }) => currency)),
	];
	return {
		difference: show.money({ currency: total.currency, nano: total.nano - all }),
		rows: bill?.rows ?? 0,
		prorated,
		bills: currencies.map((currency) => ({
			currency,
			billed: show.money(of(bill?.billed, currency)),
			effective: show.money(of(bill?.effective, currency)),
			counted: show.money(of(bill?.counted, currency)),
		})),
		rated_against_bill: compared.map(({ pool, rated: expected, billed }) => ({
			pool,
			rated: show.money(expected),
			billed: show.money(billed),
			difference: show.money({ currency: billed.currency, nano: billed.nano - expected.nano }),
		})),
		rates: rates.map(({ day, from, to, rate }) => ({ day, from, to, rate })),
	};
}

function useOf(gpuTime: readonly AttributedLine[], show: Shower): Use {
	const micros = (...kinds: readonly CostLineKind[]): number => Number(sumOf(gpuTime, "GPU-us", kinds).nano);
	const [busy, idle, free] = [micros("serving"), micros("idle_held"), micros("unallocated")];
	const all = busy + idle + free;
	return {
		busy: show.gpuHours(busy),
		idle_held: show.gpuHours(idle),
		unallocated: show.gpuHours(free),
		...(all === 0 ? {} : { utilization: show.share(busy / all) }),
	};
}

/** Joules at the meters times PUE; nothing where no meter saw any. */
function joulesOf(lines: readonly AttributedLine[], pue = 1): number | undefined {
	if (lines.length === 0) return undefined;
	return (Number(lines.reduce((sum, { amount }) => sum + amount.nano, 0n)) / 1000) * pue;
}

function energyOfRow(joules: number, delivered: number): Partial<ActualsRow> {
	const energy = { value: joules / 3.6e6, unit: "kWh", grade: "A" as Grade };
	if (delivered === 0) return { energy };
	return {
		energy,
		energy_per_mtok: { value: (joules / 3.6e6 / delivered) * 1e6, unit: "kWh/Mtok", tokens: "total", grade: "A" },
	};
}

function energyMembers(
	joules: number,
	tokens: Tokens,
	{ gramsPerKwh }: ResultOptions,
): Pick<ActualsResult, "energy" | "energy_per_mtok" | "carbon" | "carbon_per_mtok"> {
	const kwh = joules / 3.6e6;
	const mtok = deliveredOf(tokens) / 1e6;
	return {
		energy: { value: kwh, unit: "kWh", grade: "A" },
		energy_per_mtok: { value: kwh / mtok, unit: "kWh/Mtok", tokens: "total", grade: "A" },
		...(gramsPerKwh === undefined
			? {}
			: {
					carbon: { value: (kwh * gramsPerKwh) / 1000, unit: "kgCO2", grade: "E" as Grade },
					carbon_per_mtok: {
						value: (kwh * gramsPerKwh) / mtok,
						unit: "gCO2/Mtok",
						tokens: "total",
						grade: "E" as Grade,
					},
				}),
	};
}

function lawsOf({ laws, overruns }: Actuals): LawJson[] {
	return [...laws].map(([deployment, { law, state, note }]) => ({
		deployment,
		state,
		note,
		us_per_uncached_input_token: law.gpuSecondsPerUncachedInputToken * 1e6,
		us_per_output_token: law.gpuSecondsPerOutputToken * 1e6,
		ns_per_output_context_token2: law.gpuSecondsPerOutputContextToken2 * 1e9,
		...(overruns.has(deployment) ? { overrun: overruns.get(deployment) as number } : {}),
	}));
}

function planOf({ plan, plans }: VarianceToPlan, show: Shower): NonNullable<ActualsResult["plan"]> {
	return {
		cost: { ...show.money(plan), grade: "E" },
		plans: plans.map(({ model, source, asOf, delivered, headline, currency }) => {
			const unit = { unit: `${currency}/Mtok`, tokens: "total" };
			return {
				model,
				source,
				as_of: asOf,
				delivered: { value: delivered, ...unit, basis: "delivered" },
				...(headline === undefined ? {} : { headline: { value: headline, ...unit, basis: "headline" } }),
			};
		}),
	};
}

function forecastOf(
	{ month, spent, p10, p50, p90, days }: Forecast & { readonly month: string },
	show: Shower,
): ForecastJson {
	const end = show.money(p50, {
		state: "modelled",
		p10: unitsOf(p10.nano),
		p50: unitsOf(p50.nano),
		p90: unitsOf(p90.nano),
	});
	return { month, spent: show.money(spent), end, days };
}

/** Share of the charges that lines other than residual explain, less what was metered and has no price. */
function coverageOf({ charges, lines, total, held }: Actuals): number {
	const unexplained = sumOf(lines, total.currency, ["residual", "unmetered"]).nano;
	const explained = total.nano === 0n ? 0 : 1 - Number(abs(unexplained)) / Number(abs(total.nano));
	const all = held.reduce((sum, { gpu }) => sum + gpu, 0);
	const unpriced = [...charges.unpriced.values()].reduce<number>((sum, gpu) => sum + gpu, 0);
	return Math.max(0, explained) * (all === 0 ? 1 : 1 - unpriced / all);
}

function sumOf(lines: readonly AttributedLine[], currency: string, kinds: readonly CostLineKind[]): Amount {
	const nano = lines.reduce((sum, { kind, amount }) => (kinds.includes(kind) ? sum + amount.nano : sum), 0n);
	return { currency, nano };
}

function tokensOf(used: readonly UsedWork[]): Tokens {
	return used.reduce<Tokens>((sum, { tokens }) => addTokens(sum, tokens), {});
}

function computedOf(tokens: Tokens): number {
	return (tokens.input ?? 0) + (tokens.cache_write ?? 0);
}

function cachedOf(tokens: Tokens): number {
	return (tokens.cached_input ?? 0) + (tokens.transferred ?? 0);
}

function outputOf(tokens: Tokens): number {
	return (tokens.output ?? 0) + (tokens.reasoning ?? 0);
}

function deliveredOf(tokens: Tokens): number {
	return computedOf(tokens) + cachedOf(tokens) + outputOf(tokens);
}

function unitsOf(nano: bigint): number {
	const whole = nano / 1_000_000_000n;
	return Number(whole) + Number(nano - whole * 1_000_000_000n) / 1e9;
}

function keyOf(owner: Owner): string {
	return JSON.stringify(owner);
}

function abs(n: bigint): bigint {
	return n < 0n ? -n : n;
}
