/** A question about actuals in words, to its answer: the one way in for the command line and the server. */
import type { ModelJson } from "@farthing/engine";
import { DIMENSIONS } from "../attribution/attributed-line.ts";
import type { Dimension } from "../attribution/attributed-line.ts";
import { linesBy } from "../attribution/line-sums.ts";
import type { Span } from "../attribution/spans.ts";
import type { ExchangeRate } from "../currency/exchange.ts";
import type { ChargeRecord } from "../records/charge.ts";
import type { CostBasis } from "../records/cost-window.ts";
import { COST_BASES } from "../records/cost-window.ts";
import { RecordError } from "../records/record-error.ts";
import type { LedgerStore } from "../store/store.ts";
import type { Actuals, ActualsQuestion } from "./actuals.ts";
import { actuals } from "./actuals.ts";
import { ActualsError } from "./actuals-error.ts";
import { actualsGraph } from "./actuals-graph.ts";
import type { ActualsResult } from "./actuals-json.ts";
import { actualsResult } from "./actuals-result.ts";
import type { Calibration } from "./choose-laws.ts";
import type { LedgerFacts } from "./facts.ts";
import { factsFromStore, lastDayIn } from "./facts-from-store.ts";
import type { CostColumn } from "./match-charges.ts";
import { outlookOf } from "./outlook.ts";
import { planOfModel } from "./plan-side.ts";
import type { RequestCost } from "./request-costs.ts";
import { requestCosts } from "./request-costs.ts";
import type { DearestRequests } from "./request-rows.ts";
import { dearestRequests } from "./request-rows.ts";
import { varianceToPlan } from "./variance-to-plan.ts";
import { actualsWarnings } from "./warnings.ts";
import { parseWindow } from "./window-text.ts";

export type LedgerReads = Pick<
	LedgerStore,
	"requests" | "requestRows" | "windows" | "capacity" | "charges" | "prices" | "keptSince"
>;

export interface ActualsWords {
	readonly window: string;
	/** `model` unless given. */
	readonly by?: readonly string[] | undefined;
	readonly basis?: string | undefined;
	readonly cost?: string | undefined;
	readonly currency?: string | undefined;
	readonly pue?: string | undefined;
	/** By request: how many are shown, the dearest first; 100 unless given. */
	readonly top?: string | undefined;
}

/** What stands beside the ledger. */
export interface BesideLedger {
	/** Rows of bills to reckon with instead of those in the ledger. */
	readonly bill?: readonly ChargeRecord[];
	readonly rates?: readonly ExchangeRate[];
	readonly calibrations?: readonly Calibration[];
	/** Saved results of `farthing plan`, one a model. */
	readonly plans?: readonly unknown[];
	/** Of the grid. */
	readonly gramsPerKwh?: number;
	readonly seed: number;
	/** Takes every request with what it cost, in order of time, some thousands at a time. */
	readonly onRequests?: (requests: readonly RequestCost[]) => Promise<void> | void;
}

export interface AnsweredActuals {
	readonly found: Actuals;
	readonly result: ActualsResult;
	readonly warnings: readonly { readonly code: string; readonly message: string }[];
	/** Nothing for a currency that the engine does not reckon in. */
	readonly graph: ModelJson | undefined;
}

/** Throws {@link ActualsError} where the question is at fault or has no answer, and StoreError of the store. */
export async function askActuals(
	store: LedgerReads,
	words: ActualsWords,
	beside: BesideLedger,
): Promise<AnsweredActuals> {
	const { by, isByRequest, most, ...rest } = questionOf(words, beside);
	const wantsRequests = isByRequest || beside.onRequests !== undefined;
	const window = await windowOf(store, words.window);
	const finer: readonly Dimension[] = wantsRequests ? [...by, "request"] : by;
	const facts = await factsFromStore(store, window, finer, beside.bill);
	const asked: ActualsQuestion = { ...rest, window, by: finer };
	const fine = withRates(() => actuals(facts, asked));
	const dearest = wantsRequests ? await priced(store, facts, fine, isByRequest ? most : 0, beside) : undefined;
	const found = dearest === undefined ? fine : withoutRequests(fine, by);
	const plans = (beside.plans ?? []).map((plan) => planOfModel(plan, window));
	const variance = plans.length === 0 ? undefined : withRates(() => varianceToPlan(facts, found, plans));
	const result = actualsResult(found, {
		outlook: outlookOf(found, beside.seed),
		...(variance === undefined ? {} : { variance }),
		...(beside.gramsPerKwh === undefined ? {} : { gramsPerKwh: beside.gramsPerKwh }),
		...(words.pue === undefined ? {} : { pue: Number(words.pue) }),
		...(dearest === undefined || !isByRequest ? {} : { requests: { fine, dearest } }),
	});
	const warnings = [...(isByRequest && dearest?.count === 0 ? [NO_REQUESTS] : []), ...actualsWarnings(found)];
	return { found, result, warnings, graph: actualsGraph(result) };
}

const NO_REQUESTS = {
	code: "no-requests",
	message:
		"no source of the window logs requests one by one: engines count them in sums, gateways and clients log them",
};

async function priced(
	store: LedgerReads,
	facts: LedgerFacts,
	fine: Actuals,
	most: number,
	{ onRequests }: BesideLedger,
): Promise<DearestRequests> {
	const dearest = dearestRequests(most);
	for await (const requests of requestCosts(store, facts, fine)) {
		dearest.add(requests);
		await onRequests?.(requests);
	}
	return dearest;
}

/** The same answer by everything but the request. */
function withoutRequests(fine: Actuals, by: readonly Dimension[]): Actuals {
	const kept = DIMENSIONS.filter((dimension) => dimension !== "request");
	return {
		...fine,
		question: { ...fine.question, by },
		lines: linesBy(fine.lines, kept),
		energy: linesBy(fine.energy, kept),
		gpuTime: linesBy(fine.gpuTime, kept),
		used: fine.used.map((each) => {
			const { request: _, ...owner } = each.owner;
			return { ...each, owner };
		}),
	};
}

interface ReadQuestion extends Omit<ActualsQuestion, "window"> {
	readonly isByRequest: boolean;
	readonly most: number;
}

function questionOf(words: ActualsWords, { rates = [], calibrations = [] }: BesideLedger): ReadQuestion {
	const named = (words.by ?? ["model"]).map((name) => choice("by", name, DIMENSIONS, "model,team"));
	const { pue } = words;
	if (pue !== undefined && !(/^\d{1,2}(\.\d{1,6})?$/.test(pue) && Number(pue) >= 1)) {
		throw new ActualsError("wrong-type", `pue is a ratio of 1 or more, not "${pue}"`, {
			field: "pue",
			expected: "facility energy over IT energy, such as 1.25",
		});
	}
	return {
		basis: choice<CostBasis>("basis", words.basis ?? "reserved", COST_BASES, "busy"),
		by: named.filter((dimension) => dimension !== "request"),
		cost: choice<CostColumn>("cost", words.cost ?? "effective", ["effective", "billed"], "billed"),
		currency: words.currency ?? "USD",
		rates,
		calibrations,
		...(pue === undefined ? {} : { pue }),
		isByRequest: named.includes("request"),
		most: countOf(words.top ?? "100"),
	};
}

function choice<T extends string>(field: string, name: string, known: readonly T[], example: string): T {
	const found = known.find((each) => each === name);
	if (found !== undefined) return found;
	throw new ActualsError("unknown-value", `${field} does not know "${name}"`, {
		field,
		expected: known.join(", "),
		hint: example,
	});
}

function countOf(text: string): number {
	if (/^\d{1,5}$/.test(text) && Number(text) > 0 && Number(text) <= MOST_SHOWN) return Number(text);
	throw new ActualsError("wrong-type", `top is a whole number from 1 to ${MOST_SHOWN}, not "${text}"`, {
		field: "top",
		expected: "how many requests to show",
		hint: "100",
	});
}

const MOST_SHOWN = 10_000;

async function windowOf(store: LedgerReads, text: string): Promise<Span> {
	const last = await lastDayIn(store);
	if (last === undefined) {
		throw new ActualsError("no-usage", "the ledger knows of no token served", {
			expected: "usage of engines, gateways or logs",
			hint: "farthing import FILE",
		});
	}
	const window = parseWindow(text, () => last);
	if (window !== undefined) return window;
	throw new ActualsError("wrong-type", `window is a length or a time, not "${text}"`, {
		field: "window",
		expected: "30d, 36h, 2026-10, 2026-10-05 or 2026-10-01..2026-10-08",
		hint: "30d",
	});
}

/** A currency without a rate, as an error of the question. */
function withRates<T>(work: () => T): T {
	try {
		return work();
	} catch (error) {
		if (!(error instanceof RecordError) || error.code !== "unknown-rate") throw error;
		throw new ActualsError("unknown-rate", error.message, {
			field: "rates",
			expected: "a file day,from,to,rate,source with a rate of each day or the week before it",
			hint: "rates.csv",
		});
	}
}
