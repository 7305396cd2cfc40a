/** Actuals as the `result` of the command. */
import type { Grade, QuantityJson } from "@farthing/engine";
import type { UsedWork } from "../attribution/attribute.ts";
import type { AttributedLine, Dimension, Owner } from "../attribution/attributed-line.ts";
import { linesBy } from "../attribution/line-sums.ts";
import type { CostAnomaly } from "../outlook/anomalies.ts";
import type { Forecast } from "../outlook/forecast.ts";
import type { CostLineKind } from "../records/cost-window.ts";
import type { Amount } from "../records/money.ts";
import { formatInstant, MICROS_PER_DAY } from "../records/units.ts";
import type { ActualDay, Actuals } from "./actuals.ts";
import type {
	ActualsResult,
	BasisCost,
	ForecastJson,
	LawJson,
	OtherLine,
	OutlookGap,
	Reconciliation,
	Use,
} from "./actuals-json.ts";
import { daysAndWeeks } from "./actuals-days.ts";
import { byTokens, joulesOf, rowsOf } from "./actuals-rows.ts";
import { costModelled, isAnyModelled, isModelledIn, workByOwner } from "./by-modelled-law.ts";
import type { IdleKind } from "./idle-ledger.ts";
import { idleLedger, workOf } from "./idle-ledger.ts";
import { onTwoBases } from "./on-basis.ts";
import type { PricedRequests } from "./request-rows.ts";
import { requestParts } from "./request-rows.ts";
import type { Shower, Tokens } from "./quantities-of-actuals.ts";
import {
	asExplained,
	BY_MODEL,
	coverageWith,
	deliveredOf,
	pricedShareOf,
	shower,
	standingOf,
	tokensOf,
	unitsOf,
} from "./quantities-of-actuals.ts";
import { chargedWork } from "./uncharged.ts";
import type { VarianceToPlan } from "./variance-to-plan.ts";

export interface OutlookOfActuals {
	readonly days: readonly ActualDay[];
	readonly forecast?: Forecast & { readonly month: string };
	/** Why there is no forecast, or nothing to hold days against. */
	readonly gaps: readonly OutlookGap[];
	readonly anomalies: readonly (CostAnomaly & { readonly of: string; readonly date: string })[];
}

export interface ResultOptions {
	readonly variance?: VarianceToPlan;
	readonly outlook: OutlookOfActuals;
	/** Of the grid, with its source in words. */
	readonly gramsPerKwh?: number;
	readonly pue?: number;
	/** Of an answer by request: the same with sums of requests kept apart, and the requests to show. */
	readonly requests?: { readonly fine: Actuals; readonly priced: PricedRequests };
}

export function actualsResult(found: Actuals, options: ResultOptions): ActualsResult {
	const { question, total, charges, lines, used } = found;
	const { window, basis, by, currency } = question;
	const show = shower(found);
	const sumKinds = (...kinds: readonly CostLineKind[]): Amount => sumOf(lines, currency, kinds);
	const tokens = tokensOf(used);
	const work = chargedWork(found);
	// Where no charge reaches any model, what was paid is set against all that was served, and explains none of it.
	const isAttributed = work.length > 0;
	const charged = isAttributed ? work : used;
	const priced = tokensOf(charged);
	const coverage = coverageOf(found);
	const known = isAttributed ? coverageWith(coverage, tokens, priced) : 0;
	const byModel = isAnyModelled(found);
	const energy = joulesOf(found.energy, options.pue);
	const residual = sumKinds("residual", "unmetered");
	return {
		window: {
			from: formatInstant(window.from),
			to: formatInstant(window.to),
			days: (window.to - window.from) / MICROS_PER_DAY,
		},
		basis,
		by: options.requests === undefined ? by : [...by, "request"],
		cost_column: question.cost,
		currency,
		cost: show.money(total, { coverage }),
		unit_cost: {
			...show.unitCost(total, deliveredOf(priced), "total", false, { coverage: known }),
			...standingOf(asExplained(show.money(total), known)),
		},
		tokens: show.tokens(tokens, isAttributed ? priced : {}),
		...byTokens(servingOf(lines, currency), priced, show, byModel),
		...rowsAndLines(found, show, options, coverage),
		bases: basesOf(found, show),
		idle: show.shared(
			sumKinds("idle_held", "unallocated"),
			lines.some(({ kind, owner }) => kind === "idle_held" && isModelledIn(found, owner)),
		),
		residual: show.money(residual),
		...(charges.bill === undefined ? {} : { bill: show.money(charges.bill.converted) }),
		rated: show.money(charges.rated),
		reconciliation: reconciliationOf(found, show),
		use: useOf(found, show),
		idle_ledger: idleLedger(found).map(({ kind, gpu, amount }) => ({
			kind,
			gpu_hours: show.gpuHours(gpu, byModel && dependsOnLaw(kind)),
			cost: show.onBasis("busy", amount, byModel && dependsOnLaw(kind)),
		})),
		...(energy === undefined ? {} : energyMembers(energy, tokens, options)),
		laws: lawsOf(found),
		sources: found.compared,
		...daysAndWeeks(options.outlook.days, { used, charged, isAttributed, byModel }, show),
		variance: (options.variance?.causes ?? []).map(({ cause, delta }) => ({ cause, delta: againstPlan(delta, show) })),
		...(options.variance === undefined ? {} : { plan: planOf(options.variance, show) }),
		...(options.outlook.forecast === undefined ? {} : { forecast: forecastOf(options.outlook.forecast, show) }),
		anomalies: options.outlook.anomalies.map(({ date, of, amount, expected, deviations }) => ({
			day: date,
			of,
			cost: show.money(amount),
			expected: show.money(expected),
			deviations,
		})),
		outlook_gaps: options.outlook.gaps,
		coverage,
	};
}

type RowsAndLines = Pick<ActualsResult, "rows" | "requests" | "lines">;

export function rowsAndLines(
	found: Actuals,
	show: Shower,
	{ pue, requests }: Pick<ResultOptions, "pue" | "requests">,
	coverage: number,
	among?: readonly UsedWork[],
): RowsAndLines {
	const lines = found.lines
		.filter(({ kind }) => kind !== "serving")
		.map(
			({ kind, owner, label, amount, gpu }): OtherLine => ({
				kind,
				...owner,
				...(label === undefined ? {} : { label }),
				cost: show.shared(amount, isModelledIn(found, owner)),
				...(gpu === undefined ? {} : { gpu_hours: show.gpuHours(gpu, isModelledIn(found, owner)) }),
			}),
		);
	if (requests === undefined) return { rows: rowsOf(found, show, { pue, coverage, among }), lines };
	const { by } = found.question;
	const shown: readonly Dimension[] = [...by, "request"];
	const parts = requestParts(requests.fine, requests.priced, shown, coverage);
	return {
		rows: [
			...parts.rows,
			...rowsOf(notByRequest(requests.fine, by), show, { pue, coverage, among: among ?? requests.fine.used }),
		],
		requests: parts.requests,
		lines: [...parts.rest, ...lines],
	};
}

/** What was counted, and not request by request. */
function notByRequest(fine: Actuals, by: readonly Dimension[]): Actuals {
	const has = ({ owner }: { readonly owner: Owner }): boolean => owner.request === undefined;
	return {
		...fine,
		question: { ...fine.question, by },
		lines: fine.lines.filter(has),
		energy: fine.energy.filter(has),
		used: fine.used.filter(has),
		revenue: fine.revenue.filter(has),
	};
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

function useOf(found: Actuals, show: Shower): Use {
	const { atWork, sold, failed } = workOf(found);
	const micros = (kind: CostLineKind): number => Number(sumOf(found.gpuTime, "GPU-us", [kind]).nano);
	const [idle, free] = [micros("idle_held"), micros("unallocated")];
	const all = atWork + idle + free;
	// Who sold and who did not shares what failed alike: logs do not say it of both at once.
	const done = atWork === 0 ? 0 : 1 - (failed ?? 0) / atWork;
	const byModel = isAnyModelled(found);
	const hours = (time: number) => show.gpuHours(time, byModel);
	return {
		busy: hours(atWork),
		...(sold === undefined ? {} : { sold: hours(sold * done), internal: hours((atWork - sold) * done) }),
		...(failed === undefined ? {} : { failed: hours(failed) }),
		idle_held: hours(idle),
		unallocated: show.gpuHours(free, false),
		...(all === 0 ? {} : { utilization: show.share(atWork / all, byModel ? BY_MODEL : "A") }),
	};
}

/** All serving as one line, with its parts for input and output. */
function servingOf(lines: readonly AttributedLine[], currency: string): AttributedLine {
	const serving = linesBy(
		lines.filter(({ kind }) => kind === "serving"),
		[],
	);
	return serving[0] ?? { kind: "serving", owner: {}, amount: { currency, nano: 0n } };
}

function basesOf(found: Actuals, show: Shower): ActualsResult["bases"] {
	const { currency } = found.question;
	const all = onTwoBases(found);
	const sum = (of: "reserved" | "busy"): bigint => all.reduce((total, each) => total + each[of], 0n);
	const totals = { reserved: sum("reserved"), busy: sum("busy") };
	const works = workByOwner(found);
	const isCostModelled = costModelled(found, found.used);
	const on = (basis: "reserved" | "busy", nano: bigint, owner: Owner): BasisCost => {
		const byModel = isCostModelled(works.get(JSON.stringify(owner)) ?? [], basis);
		const cost = show.onBasis(basis, { currency, nano }, byModel);
		if (totals[basis] <= 0n) return { cost };
		return { cost, share: { ...show.share(Number(nano) / Number(totals[basis]), cost.grade), basis } };
	};
	return all.map(({ owner, reserved, busy }) => ({
		...owner,
		reserved: on("reserved", reserved, owner),
		busy: on("busy", busy, owner),
	}));
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

/** A plan is no record, nor is what the actual cost differs from it by. */
function againstPlan(amount: Amount, show: Shower): QuantityJson {
	return show.money(amount, { grade: "E", state: "modelled" });
}

function planOf({ plan, plans, covered }: VarianceToPlan, show: Shower): NonNullable<ActualsResult["plan"]> {
	return {
		cost: againstPlan(plan, show),
		covered: show.money(covered),
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

/** Kinds of GPU time that the law tells apart: the others are known from meters alone. */
function dependsOnLaw(kind: IdleKind): boolean {
	return kind !== "unallocated" && kind !== "unmetered";
}

/** Share of the charges that lines other than residual explain, less what was metered and has no price. */
export function coverageOf(found: Actuals, priced: number = pricedShareOf(found)): number {
	const { lines, total } = found;
	const unexplained = sumOf(lines, total.currency, ["residual", "unmetered"]).nano;
	// All was billed at 0: nothing of it is unexplained.
	if (total.nano === 0n) return unexplained === 0n ? priced : 0;
	const explained = 1 - Number(abs(unexplained)) / Number(abs(total.nano));
	return Math.max(0, explained) * priced;
}

function sumOf(lines: readonly AttributedLine[], currency: string, kinds: readonly CostLineKind[]): Amount {
	const nano = lines.reduce((sum, { kind, amount }) => (kinds.includes(kind) ? sum + amount.nano : sum), 0n);
	return { currency, nano };
}

function abs(n: bigint): bigint {
	return n < 0n ? -n : n;
}
