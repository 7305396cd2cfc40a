/** A question about actuals in words, to its answer: the one way in for the command line and the server. */
import type { ModelJson } from "@farthing/engine";
import type { Dimension } from "../attribution/attributed-line.ts";
import { DIMENSIONS } from "../attribution/attributed-line.ts";
import { linesBy, ownerBy } from "../attribution/line-sums.ts";
import type { Span } from "../attribution/spans.ts";
import type { ExchangeRate } from "../currency/exchange.ts";
import type { ChargeRecord } from "../records/charge.ts";
import type { CostBasis } from "../records/cost-window.ts";
import { COST_BASES } from "../records/cost-window.ts";
import type { Instant } from "../records/units.ts";
import { formatInstant } from "../records/units.ts";
import { RecordError } from "../records/record-error.ts";
import type { LedgerStore } from "../store/store.ts";
import type { Actuals, ActualsQuestion } from "./actuals.ts";
import { actuals } from "./actuals.ts";
import { ActualsError } from "./actuals-error.ts";
import { actualsGraph } from "./actuals-graph.ts";
import type { ActualsResult } from "./actuals-json.ts";
import { withNodes } from "./actuals-nodes.ts";
import { actualsResult } from "./actuals-result.ts";
import type { Calibration } from "./choose-laws.ts";
import type { LedgerFacts } from "./facts.ts";
import { factsFromStore, lastDayIn } from "./facts-from-store.ts";
import type { CostColumn } from "./match-charges.ts";
import { outlookOf } from "./outlook.ts";
import { modelName } from "./used-work.ts";
import { planOfModel } from "./plan-side.ts";
import type { RequestCost } from "./request-costs.ts";
import { requestCosts } from "./request-costs.ts";
import type { PricedRequests } from "./request-rows.ts";
import { dearestRequests } from "./request-rows.ts";
import type { TenantAnswer } from "./tenant-answer.ts";
import { tenantAnswer } from "./tenant-answer.ts";
import { varianceToPlan } from "./variance-to-plan.ts";
import { actualsWarnings, factWarnings, planWarnings } from "./warnings.ts";
import { parseWindow } from "./window-text.ts";

export type LedgerReads = Pick<
	LedgerStore,
	"requests" | "requestRows" | "windows" | "capacity" | "charges" | "prices" | "keptSince" | "orgs" | "crowded"
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
	/** Rows that its files have twice, and that it holds once. */
	readonly repeatedCharges?: number;
	readonly rates?: readonly ExchangeRate[];
	readonly calibrations?: readonly Calibration[];
	/** Saved results of `farthing plan`, one a model. */
	readonly plans?: readonly unknown[];
	/** Of the grid. */
	readonly gramsPerKwh?: number;
	readonly seed: number;
	/** What a model of the engine says of a model on a part, for deployments without measured runs; nothing where it knows too little. */
	readonly modelledRuns?: ((model: string, hardware: string) => Calibration | undefined) | undefined;
	/** Takes every request with what it cost, in order of time, some thousands at a time. */
	readonly onRequests?: ((requests: readonly RequestCost[]) => Promise<void> | void) | undefined;
}

export interface AnsweredActuals {
	readonly found: Actuals;
	readonly result: ActualsResult;
	readonly warnings: readonly { readonly code: string; readonly message: string }[];
	/** Nothing for a currency that the engine does not reckon in. */
	readonly graph: ModelJson | undefined;
}

/** All that decides an answer: plain data, to be worked on elsewhere. */
export interface ReadActuals {
	readonly facts: LedgerFacts;
	/** By more than was asked where the answer needs it: by tenant where there are any, by request. */
	readonly question: ActualsQuestion;
	/** What was asked for, `request` left out. */
	readonly by: readonly Dimension[];
	readonly isByRequest: boolean;
	/** Requests to show. */
	readonly most: number;
}

/** Throws {@link ActualsError} where the question is at fault or has no answer, and StoreError of the store. */
export async function askActuals(
	store: LedgerReads,
	words: ActualsWords,
	beside: BesideLedger,
): Promise<AnsweredActuals> {
	const read = await readActuals(store, words, beside);
	const { onRequests } = beside;
	const priced = read.question.by.includes("request") ? await priceRequests(store, read, { onRequests }) : undefined;
	return answerActuals(read, beside, priced);
}

export async function readActuals(store: LedgerReads, words: ActualsWords, beside: BesideLedger): Promise<ReadActuals> {
	const { by, isByRequest, most, ...rest } = questionOf(words, beside);
	const window = await windowOf(store, words.window);
	const hasTenants = (await store.orgs()).length > 0;
	const finer = new Set<Dimension>(by);
	if (hasTenants) finer.add("org");
	if (isByRequest || beside.onRequests !== undefined) finer.add("request");
	const read = await factsFromStore(store, window, [...finer], beside.bill);
	const facts = beside.repeatedCharges === undefined ? read : { ...read, repeatedCharges: beside.repeatedCharges };
	const calibrations = [...rest.calibrations, ...modelled(facts, rest.calibrations, beside)];
	return { facts, question: { ...rest, calibrations, window, by: [...finer] }, by, isByRequest, most };
}

/** Of each model and part in the window that no measured runs are given for. */
function modelled(
	{ usage, capacity }: LedgerFacts,
	measured: readonly Calibration[],
	{ modelledRuns }: BesideLedger,
): Calibration[] {
	if (modelledRuns === undefined) return [];
	const models = new Set(usage.map(({ model }) => modelName(model)));
	const parts = new Set(capacity.flatMap(({ gpu, heldBy }) => (heldBy === undefined ? [] : (gpu.model ?? []))));
	const isMeasured = (model: string, part: string): boolean =>
		measured.some((each) => each.model === model && (each.hardware === undefined || each.hardware === part));
	return [...models].flatMap((model) =>
		[...parts].flatMap((part) => (isMeasured(model, part) ? [] : (modelledRuns(model, part) ?? []))),
	);
}

/** Every request of the window with what it cost, in order of time; of one tenant where `org` says so. */
export async function* requestsOf(
	store: Pick<LedgerStore, "requestRows">,
	read: ReadActuals,
	org?: string,
): AsyncGenerator<readonly RequestCost[]> {
	for await (const requests of requestCosts(store, read.facts, actualsOf(read))) {
		yield org === undefined ? requests : requests.filter(({ owner }) => owner.org === org);
	}
}

/** The dearest requests of a question by request, with the count and the cost of all. */
export async function priceRequests(
	store: Pick<LedgerStore, "requestRows">,
	read: ReadActuals,
	{ org, onRequests }: { readonly org?: string | undefined } & Pick<BesideLedger, "onRequests">,
): Promise<PricedRequests> {
	const dearest = dearestRequests(read.isByRequest ? read.most : 0);
	for await (const requests of requestsOf(store, read, org)) {
		dearest.add(requests);
		await onRequests?.(requests);
	}
	return dearest.priced();
}

/** From plain data to plain data. `priced` of a question by request. */
export function answerActuals(read: ReadActuals, beside: BesideLedger, priced?: PricedRequests): AnsweredActuals {
	const { facts, by, isByRequest } = read;
	const fine = actualsOf(read);
	const plain = onlyBy(fine, by);
	const { window, pue } = fine.question;
	const plans = (beside.plans ?? []).map((plan) => planOfModel(plan, window));
	const variance = plans.length === 0 ? undefined : withRates(() => varianceToPlan(facts, plain, plans));
	const result = actualsResult(plain, {
		outlook: outlookOf(plain, beside.seed),
		...(variance === undefined ? {} : { variance }),
		...(beside.gramsPerKwh === undefined ? {} : { gramsPerKwh: beside.gramsPerKwh }),
		...(pue === undefined ? {} : { pue: Number(pue) }),
		...(priced === undefined || !isByRequest ? {} : { requests: { fine, priced } }),
	});
	const warnings = [
		...(isByRequest && priced?.count === 0 ? [NO_REQUESTS] : []),
		...(variance === undefined ? [] : planWarnings(variance)),
		...factWarnings(facts, plain),
		...actualsWarnings(plain),
	];
	const graph = actualsGraph(result);
	return { found: plain, result: graph === undefined ? result : withNodes(result), warnings, graph };
}

/** What one tenant used and cost. Throws {@link ActualsError} `no-usage` where it used nothing. */
export function answerTenant(read: ReadActuals, org: string, priced?: PricedRequests): TenantAnswer {
	return tenantAnswer(actualsOf(read), org, read.by, read.isByRequest ? priced : undefined);
}

/** Throws as {@link askActuals} does. */
export function actualsOf({ facts, question }: ReadActuals): Actuals {
	return withRates(() => actuals(facts, question));
}

const NO_REQUESTS = {
	code: "no-requests",
	message:
		"no source of the window logs requests one by one: engines count them in sums, gateways and clients log them",
};

/** The same answer without what was not asked for. */
function onlyBy(fine: Actuals, by: readonly Dimension[]): Actuals {
	const asked: readonly Dimension[] = ["model", "deployment", ...by];
	if (fine.question.by.every((dimension) => asked.includes(dimension))) return fine;
	return {
		...fine,
		question: { ...fine.question, by },
		lines: linesBy(fine.lines, asked),
		energy: linesBy(fine.energy, asked),
		gpuTime: linesBy(fine.gpuTime, asked),
		used: fine.used.map((each) => ({ ...each, owner: ownerBy(each.owner, asked) })),
		revenue: fine.revenue.map((each) => ({ ...each, owner: ownerBy(each.owner, asked) })),
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
	if (window !== undefined) {
		if (window.from >= last) throw noUsageAfter(last);
		return window;
	}
	throw new ActualsError("wrong-type", `window is a length or a time, not "${text}"`, {
		field: "window",
		expected: "30d, 36h, 2026-10, 2026-10-05 or 2026-10-01..2026-10-08",
		hint: "30d",
	});
}

function noUsageAfter(last: Instant): ActualsError {
	const end = formatInstant(last);
	return new ActualsError("no-usage", `the ledger knows of no token served in the window: its usage ends at ${end}`, {
		field: "window",
		expected: "a window that begins before that",
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
			hint: "farthing actuals --rates rates.csv, or farthing serve --ledger ledger.duckdb --rates rates.csv for the pages and /v1/actuals",
		});
	}
}
