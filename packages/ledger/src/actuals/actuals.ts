/** What a window cost, whose it was, and how that stands to the bill: from the facts of the ledger, without a clock. */
import type { BusyLaw } from "@farthing/engine";
import { busyTime } from "@farthing/engine";
import type { Attribution, HeldTime, UsedWork } from "../attribution/attribute.ts";
import { attribute } from "../attribution/attribute.ts";
import type { AttributedLine, Dimension } from "../attribution/attributed-line.ts";
import { sumOfLines } from "../attribution/line-sums.ts";
import type { Span } from "../attribution/spans.ts";
import type { ExchangeRate } from "../currency/exchange.ts";
import { exchangeTable } from "../currency/exchange.ts";
import type { CostBasis } from "../records/cost-window.ts";
import type { Amount } from "../records/money.ts";
import type { GpuMicros } from "../records/units.ts";
import { formatInstant } from "../records/units.ts";
import { ActualsError } from "./actuals-error.ts";
import { chargesByDay, daysOf } from "./by-day.ts";
import type { Calibration, ChosenLaw } from "./choose-laws.ts";
import { chooseLaws } from "./choose-laws.ts";
import { energyLines, gpuTimeLines } from "./meter-lines.ts";
import type { LedgerFacts } from "./facts.ts";
import { deploymentOf, heldTimeOf } from "./held-time.ts";
import type { CostColumn } from "./match-charges.ts";
import type { Revenue } from "./revenue.ts";
import { revenueOf } from "./revenue.ts";
import type { SourceComparison, UsageOfRecord } from "./used-work.ts";
import { busyWorkOf, modelName, sourceOfRecord, usageOfRecord } from "./used-work.ts";
import type { WindowCharges } from "./window-charges.ts";
import { windowCharges } from "./window-charges.ts";

export interface ActualsQuestion {
	readonly window: Span;
	readonly basis: CostBasis;
	readonly by: readonly Dimension[];
	readonly cost: CostColumn;
	/** Currency of the report. */
	readonly currency: string;
	readonly rates: readonly ExchangeRate[];
	readonly calibrations: readonly Calibration[];
	/** Facility energy over IT energy, decimal text. */
	readonly pue?: string;
}

export interface Actuals {
	readonly question: ActualsQuestion;
	/** By model, deployment and what was asked for; they add up to `total` exactly. */
	readonly lines: readonly AttributedLine[];
	/** Amounts in millijoules. */
	readonly energy: readonly AttributedLine[];
	/** Amounts in GPU microseconds: at work, held without work, held by nobody. */
	readonly gpuTime: readonly AttributedLine[];
	/** GPU microseconds for requests that failed or were given up; absent where no log says how requests ended. */
	readonly failed?: GpuMicros;
	readonly total: Amount;
	/** What tokens were sold for, where prices of one's own are on file. */
	readonly revenue: readonly Revenue[];
	readonly charges: WindowCharges;
	readonly used: readonly UsedWork[];
	readonly held: readonly HeldTime[];
	readonly laws: ReadonlyMap<string, ChosenLaw>;
	readonly overruns: ReadonlyMap<string, number>;
	readonly withoutLaw: readonly string[];
	/** Names under which sources know each model. */
	readonly servedAs: ReadonlyMap<string, readonly string[]>;
	readonly compared: readonly SourceComparison[];
	readonly homeless: readonly string[];
	readonly cacheUnknown: readonly string[];
}

export interface ActualDay extends Span {
	readonly lines: readonly AttributedLine[];
	readonly total: Amount;
}

/**
 * Throws {@link ActualsError} `no-usage` where nothing was served in the window, `no-price` where nothing says what anything
 * costs, and RecordError `unknown-rate` where an amount cannot be converted.
 */
export function actuals(facts: LedgerFacts, question: ActualsQuestion): Actuals {
	const { window, by, currency } = question;
	if (facts.usage.length === 0) {
		throw new ActualsError(
			"no-usage",
			"the ledger knows of no token served in the window",
			"import usage first: farthing import FILE",
		);
	}
	const holders = new Set(facts.capacity.flatMap(({ heldBy }) => deploymentOf(heldBy) ?? []));
	const record = usageOfRecord(facts.usage, holders, by);
	const held = heldTimeOf(facts.capacity, record.models);
	const exchange = exchangeTable(question.rates);
	const charges = windowCharges(facts, { ...question, exchange });
	requirePrice(charges, window);
	const laws = chooseLaws(held, record.used, question.calibrations, hardwareOf(facts));
	const input = { basis: question.basis, held, used: record.used, laws: lawsOnly(laws) };
	const found = attribute({ ...input, charges: charges.charges });
	return {
		question,
		...found,
		energy: energyLines(input, window),
		gpuTime: gpuTimeLines(input, window),
		...failedTime(facts, record, laws),
		total: sumOfLines(found.lines, currency),
		revenue: revenueOf(record.used, facts.prices, currency, exchange),
		charges,
		...ofRecord(record),
		held,
		laws,
	};
}

/** Each day of the window by itself; the first and the last may be shorter. The days add up to the whole. */
export function actualDays({ question, charges: { charges }, held, used, laws }: Actuals): ActualDay[] {
	const { window, basis, currency } = question;
	const days = daysOf(window);
	const parts = chargesByDay(charges, days);
	const input = { basis, held, used, laws: lawsOnly(laws) };
	return days.map((day, i) => {
		const { lines }: Attribution = attribute({ ...within(input, day), charges: parts[i] ?? [] });
		return { ...day, lines, total: sumOfLines(lines, currency) };
	});
}

/** Does any charge reach the day? Where none does, what it cost is unknown, not nothing. */
export function isKnownDay({ lines }: ActualDay): boolean {
	return lines.length > 0;
}

/** By the law of a deployment that served the model; models without one are left out. */
function failedTime(
	{ failed, usage }: LedgerFacts,
	{ models }: UsageOfRecord,
	laws: ReadonlyMap<string, ChosenLaw>,
): Pick<Actuals, "failed"> {
	if (failed === undefined) return {};
	const seconds = failed.reduce((sum, each) => {
		const model = modelName(each.model);
		if (each.sourceKind !== sourceOfRecord(usage, model)) return sum;
		const deployment = deploymentOf(each.scope) ?? [...models].find(([, served]) => served === model)?.[0];
		const law = laws.get(deployment ?? "")?.law;
		return law === undefined ? sum : sum + busyTime(law, busyWorkOf(each, 1)).gpuSeconds;
	}, 0);
	return { failed: Math.round(seconds * 1e6) as GpuMicros };
}

function ofRecord({ used, servedAs, compared, homeless, cacheUnknown }: UsageOfRecord): Omit<UsageOfRecord, "models"> {
	return { used, servedAs, compared, homeless, cacheUnknown };
}

/** Only what touches a day, so that thirty days do not cost thirty months. */
function within<T extends Pick<Parameters<typeof attribute>[0], "held" | "used">>(input: T, { from, to }: Span): T {
	const touches = (span: Span): boolean => span.from < to && span.to > from;
	return { ...input, held: input.held.filter(touches), used: input.used.filter(touches) };
}

function requirePrice({ charges, unpriced, billedPools }: WindowCharges, window: Span): void {
	if (charges.length > 0 || billedPools.size > 0) return;
	const [pool] = unpriced.keys();
	const when = `${formatInstant(window.from)} to ${formatInstant(window.to)}`;
	throw new ActualsError(
		"no-price",
		pool === undefined
			? `the ledger has no bill of the window (${when}), and no GPU time to put a price on`
			: `the ledger has neither a bill nor a price for ${pool} (${when})`,
		"give the bill with --bill, or import a price file",
	);
}

function lawsOnly(laws: ReadonlyMap<string, ChosenLaw>): ReadonlyMap<string, BusyLaw> {
	return new Map([...laws].map(([deployment, { law }]) => [deployment, law]));
}

/** Accelerator of each deployment that holds one kind only. */
function hardwareOf({ capacity }: LedgerFacts): ReadonlyMap<string, string> {
	const found = new Map<string, Set<string>>();
	for (const { gpu, heldBy } of capacity) {
		const deployment = deploymentOf(heldBy);
		if (deployment === undefined || gpu.model === undefined) continue;
		const parts = found.get(deployment) ?? new Set();
		found.set(deployment, parts.add(gpu.model));
	}
	return new Map(
		[...found].flatMap(([deployment, parts]) => (parts.size === 1 ? [[deployment, [...parts][0] ?? ""]] : [])),
	);
}
