/**
 * Plan and actual as causes that add up to the billionth. The actual side is read on the reserved basis, since a plan pays for
 * GPUs whether they work or not. A plan answers for its own models: these are compared, and what serving the others cost is a cause of its own,
 * neither volume nor mix. Currency: the actual cost at the rates of the plan's day against that at the rates of each day.
 */
import type { Currency, VarianceCause, VarianceModelSide, VarianceSide } from "@farthing/engine";
import { costVariance, CURRENCIES } from "@farthing/engine";
import { attribute } from "../attribution/attribute.ts";
import type { AttributedLine } from "../attribution/attributed-line.ts";
import { linesBy } from "../attribution/line-sums.ts";
import type { ExchangeRate } from "../currency/exchange.ts";
import { exchangeTable } from "../currency/exchange.ts";
import type { Amount } from "../records/money.ts";
import { roundShares } from "../records/money.ts";
import { parseInstant } from "../records/units.ts";
import type { Actuals } from "./actuals.ts";
import { ActualsError } from "./actuals-error.ts";
import type { LedgerFacts } from "./facts.ts";
import type { PlanOfModel } from "./plan-side.ts";
import type { WindowCharges } from "./window-charges.ts";
import { windowCharges } from "./window-charges.ts";

export interface VarianceToPlan {
	readonly plan: Amount;
	readonly actual: Amount;
	/** `plan + Σ delta = actual`, exactly. */
	readonly causes: readonly { readonly cause: VarianceCause | "unplanned"; readonly delta: Amount }[];
	/** Serving the models that have a plan; the same as `serving` where all have one. */
	readonly covered: Amount;
	readonly serving: Amount;
	readonly plans: readonly PlanOfModel[];
}

/** Throws `bad-plan` for plans in another currency or two of one model, `no-volume` where nothing of their models was served. */
export function varianceToPlan(facts: LedgerFacts, found: Actuals, plans: readonly PlanOfModel[]): VarianceToPlan {
	const { currency } = found.question;
	const reported = CURRENCIES.find((code) => code === currency);
	const other = plans.find((plan) => plan.currency !== currency);
	if (reported === undefined || other !== undefined) {
		throw new ActualsError(
			"bad-plan",
			`the plan is in ${other?.currency ?? currency}, the actuals are in ${currency}`,
			`ask for them with --currency ${other?.currency ?? "USD"}`,
		);
	}
	const names = plans.map(({ model }) => model);
	if (new Set(names).size !== names.length) {
		throw new ActualsError("bad-plan", "two plans are of the same model", "give one plan for each model");
	}
	const plan: VarianceSide = {
		models: new Map(plans.map(({ model, side }) => [model, side])),
		idleCost: 0,
		otherCost: 0,
	};
	const { actual, covered, serving } = actualSide(facts, found, plans);
	const variance = costVariance(plan, actual, reported as Currency);
	const amount = (value: number): Amount => ({ currency, nano: BigInt(Math.round(value * 1e9)) });
	const unplanned = serving - covered;
	const causes: Told[] = [
		...variance.causes,
		...(Math.abs(unplanned) < 1e-9 ? [] : [{ cause: UNPLANNED, delta: unplanned }]),
	];
	return { ...exactly(causes, variance.from, found.total, plans), covered: amount(covered), serving: amount(serving) };
}

const UNPLANNED = "unplanned" as const;

interface Told {
	readonly cause: VarianceCause | typeof UNPLANNED;
	readonly delta: number;
}

interface ActualSide {
	/** Of the models that have a plan. */
	readonly actual: VarianceSide;
	readonly covered: number;
	readonly serving: number;
}

function actualSide(facts: LedgerFacts, found: Actuals, plans: readonly PlanOfModel[]): ActualSide {
	const lines = reservedLines(found, found.charges);
	const atPlanRates = reservedLines(found, chargesAtPlanRates(facts, found, plans));
	const sides = new Map<string, VarianceModelSide>();
	for (const { model } of plans) {
		const side = modelSide(model, found, lines, atPlanRates);
		if (side !== undefined) sides.set(model, side);
	}
	if (sides.size === 0) {
		const served = new Set(lines.flatMap(({ kind, owner }) => (kind === "serving" ? (owner.model ?? []) : [])));
		throw new ActualsError(
			"no-volume",
			`nothing of the window was spent on ${plans.map(({ model }) => model).join(", ")}, which the plan is of`,
			{
				expected: `a plan of ${[...served].join(", ") || "a model that was served"}`,
				hint: "farthing plan SCENARIO -o plan.json",
			},
		);
	}
	const covered = [...sides.keys()].reduce((sum, name) => sum + servingCost(lines, name), 0);
	const serving = costOf(lines, ({ kind }) => kind === "serving");
	const idleCost = costOf(lines, ({ kind }) => kind === "unallocated");
	const otherCost = Number(found.total.nano) / 1e9 - serving - idleCost;
	return { actual: { models: sides, idleCost, otherCost }, covered, serving };
}

const UNNAMED = "";

/** Nothing for a model that cost money and served no token: its cost is in the other cause. */
function modelSide(
	name: string,
	{ used, gpuTime }: Actuals,
	lines: readonly AttributedLine[],
	atPlanRates: readonly AttributedLine[],
): VarianceModelSide | undefined {
	const tokens = used
		.filter(({ owner }) => owner.model === name)
		.reduce((sum, each) => sum + Object.values(each.tokens).reduce((all, n) => all + n, 0), 0);
	const cost = servingCost(lines, name);
	const planned = servingCost(atPlanRates, name);
	if (tokens === 0 || cost === 0 || planned === 0) return undefined;
	const time = (kinds: readonly string[]): number =>
		gpuTime
			.filter(({ kind, owner }) => owner.model === name && kinds.includes(kind))
			.reduce((sum, { amount }) => sum + Number(amount.nano) / 1e6, 0);
	const [busy, held] = [time(["serving"]), time(["serving", "idle_held"])];
	const exchangeRate = cost / planned;
	if (busy === 0) return { tokens, gpuSecondsPerToken: 1, utilisation: 1, price: planned / tokens, exchangeRate };
	return { tokens, gpuSecondsPerToken: busy / tokens, utilisation: busy / held, price: planned / held, exchangeRate };
}

function servingCost(lines: readonly AttributedLine[], model: string): number {
	return costOf(lines, ({ kind, owner }) => kind === "serving" && (owner.model ?? UNNAMED) === model);
}

function costOf(lines: readonly AttributedLine[], which: (line: AttributedLine) => boolean): number {
	return Number(lines.filter(which).reduce((sum, { amount }) => sum + amount.nano, 0n)) / 1e9;
}

function reservedLines({ held, used, laws }: Actuals, { charges }: WindowCharges): AttributedLine[] {
	const plainLaws = new Map([...laws].map(([deployment, { law }]) => [deployment, law]));
	return linesBy(attribute({ basis: "reserved", held, used, laws: plainLaws, charges }).lines, ["model"]);
}

/** The same charges at one rate for each currency: that of the plan's day, else the first that was used. */
function chargesAtPlanRates(facts: LedgerFacts, found: Actuals, plans: readonly PlanOfModel[]): WindowCharges {
	const { question, charges } = found;
	if (charges.rates.length === 0) return charges;
	const day = plans[0]?.asOf.slice(0, 10) ?? "";
	const at = parseInstant(`${day}T00:00:00Z`);
	const table = exchangeTable(question.rates);
	const fixed = new Map<string, ExchangeRate>();
	for (const rate of [...charges.rates].sort((a, b) => (a.day < b.day ? -1 : 1))) {
		const pair = [rate.from, rate.to].sort().join(" ");
		if (!fixed.has(pair)) fixed.set(pair, rate);
	}
	if (at !== undefined) {
		for (const [pair, { from, to }] of fixed) {
			const known = table.rateAt(from, to, at);
			if (known !== undefined) fixed.set(pair, known.by);
		}
	}
	const everyDay = new Map(question.rates.map(({ day: each }) => [each, each]));
	const rates = [...everyDay.keys()].flatMap((each) => [...fixed.values()].map((rate) => ({ ...rate, day: each })));
	return windowCharges(facts, { ...question, exchange: exchangeTable(rates) });
}

/** Causes in whole billionths that add up to what the exact sums say. */
function exactly(
	causes: readonly Told[],
	planned: number,
	actual: Amount,
	plans: readonly PlanOfModel[],
): Omit<VarianceToPlan, "covered" | "serving"> {
	const { currency } = actual;
	const plan = { currency, nano: BigInt(Math.round(planned * 1e9)) };
	const rounded = roundShares(
		causes.map(({ delta }) => ({ numerator: BigInt(Math.round(delta * 1e9)), denominator: 1n })),
	);
	const left = actual.nano - plan.nano - rounded.reduce((sum, nano) => sum + nano, 0n);
	const scale = BigInt(Math.round((Math.abs(planned) + Math.abs(Number(actual.nano)) / 1e9) * 1e9));
	if (abs(left) * 1_000_000n > scale + 1_000_000n) {
		throw new Error(`the causes miss the actual cost by ${String(left)} billionths: the formula does not hold it`);
	}
	const largest = rounded.reduce((most, nano, i) => (abs(nano) > abs(rounded[most] as bigint) ? i : most), 0);
	return {
		plan,
		actual,
		plans,
		causes: causes.map(({ cause }, i) => ({
			cause,
			// What float64 left over of billionths goes to the largest cause, where it changes least.
			delta: { currency, nano: (rounded[i] as bigint) + (i === largest ? left : 0n) },
		})),
	};
}

function abs(n: bigint): bigint {
	return n < 0n ? -n : n;
}
