/** `frontier`: rows of a benchmark in words to measured cost against interactivity. */
import { type Catalogue, findModel } from "@farthing/catalogue";
import { interactivity, usdPerMtok } from "@farthing/engine";
import type { Envelope } from "../envelope.ts";
import { FarthingError } from "../farthing-error.ts";
import type { FrontierQuestion, FrontierResult } from "../frontier.ts";
import { frontier } from "../frontier.ts";
import { mlperf, type MlperfAnswer } from "../mlperf.ts";
import { modelNamed } from "../names.ts";
import { modelledWarning, withModelledPoints } from "../predict/modelled-points.ts";
import { rateBook } from "../rates.ts";
import { asTyped } from "./command-line.ts";
import { cardOf, type QuestionContext, saidCard } from "./question-context.ts";
import type { RowWords } from "./row-words.ts";
import { rowChoice, ttftRule, windowOf } from "./row-words.ts";
import { choiceFlag } from "./typed-words.ts";
import { flagLength, flagQuantity, knownSpeculative, refuseBeside, withoutAny } from "./words.ts";

export interface FrontierWords extends RowWords {
	readonly model: string;
	readonly isl?: string;
	readonly osl?: string;
	readonly family?: string;
	readonly scenario?: string;
	readonly at?: string;
	readonly unitCost?: string;
	readonly modelled?: boolean;
}

export type FrontierReply =
	| { readonly family: "inferencex"; readonly answer: Envelope<FrontierResult>; readonly question: FrontierQuestion }
	| { readonly family: "mlperf"; readonly answer: Envelope<MlperfAnswer> };

export const FAMILIES = ["inferencex", "mlperf"] as const;

/** Throws exit 2 for words that contradict each other or cannot be read, exit 3 for names and rows that are not known. */
export function answerFrontier(flags: FrontierWords, context: QuestionContext): FrontierReply {
	const family = choiceFlag("--family", flags.family ?? "inferencex", FAMILIES);
	refuseIdleFlags(flags);
	if (family === "mlperf") return { family, answer: answerMlperf(flags, context) };
	const said = { ...flags, ...saidCard(flags, context) };
	const asking = asTyped("frontier", said, context.asking("frontier", { ...said, family }));
	const catalogue = context.store.catalogue();
	const limits = frontierLimits(flags);
	const ttft = ttftRule(flags);
	const chosen = withoutAny(flags);
	knownSpeculative(catalogue, chosen.speculative);
	const question: FrontierQuestion = {
		filter: {
			model: modelNamed(catalogue, flags.model, { field: "--model" }).id,
			isl: flagLength("--isl", needed("--isl", flags.isl)),
			osl: flagLength("--osl", needed("--osl", flags.osl)),
			...rowChoice(catalogue, chosen),
		},
		window: windowOf(flags),
		...limits,
		...(ttft === undefined ? {} : { ttft }),
	};
	const rates = rateBook(
		catalogue,
		{ kind: "card", card: cardOf(flags, context, asking.asOf), rates: {} },
		asking.asOf,
	);
	const { model, isl, osl } = question.filter;
	if (flags.modelled === true) refuseUnservable(catalogue, question.filter);
	const seen =
		flags.modelled === true ? withModelledPoints(catalogue, { model, isl, osl, asOf: asking.asOf }) : catalogue;
	const found = frontier(seen, question, rates, asking);
	const answer = flags.modelled === true ? { ...found, warnings: [...found.warnings, modelledWarning(seen)] } : found;
	return { family, answer, question };
}

/** Speed in tok/s/user and most cost in USD per million total tokens, as the question reads them; refuses what it refuses. */
export function frontierLimits({
	at,
	unitCost,
}: Pick<FrontierWords, "at" | "unitCost">): Pick<FrontierQuestion, "at" | "unitCost"> {
	return {
		...(at === undefined ? {} : { at: interactivityOf(at) }),
		...(unitCost === undefined ? {} : { unitCost: unitCostOf(unitCost) }),
	};
}

/** What no configuration could serve, as `predict` refuses it. */
function refuseUnservable(
	catalogue: Catalogue,
	{ model, isl, osl }: { readonly model: string; readonly isl: number; readonly osl: number },
): void {
	if (osl === 1) {
		throw new FarthingError(
			3,
			"no-tpot",
			"after a single output token no other follows: there is no speed to rank by",
			{
				field: "--osl",
				expected: "2 output tokens or more",
			},
		);
	}
	const context = catalogue.models.find(({ id }) => id === model)?.figures.context?.value;
	if (context === undefined || isl + osl <= context) return;
	const reason = `input and output come to ${isl + osl} tokens, and the context of ${model} is ${context}`;
	throw new FarthingError(3, "context-exceeded", `${reason}; short by ${isl + osl - context} tok`, {
		field: "--isl",
		expected: "lengths that the context holds",
		hint: "shorter --isl and --osl, or a model with a longer context",
	});
}

function refuseIdleFlags(flags: FrontierWords): void {
	if (flags.family !== "mlperf") {
		const hint = "farthing frontier --family mlperf --model deepseek-r1 --scenario server";
		refuseBeside({ "--scenario": flags.scenario }, "belongs to --family mlperf", hint);
		return;
	}
	const { isl, osl, at, unitCost, ttft, ttftStatistic, ttftUnknown, row, rowsBetween } = flags;
	const { precision, stack, speculative, disaggregated } = flags;
	const lengths = { "--isl": isl, "--osl": osl, "--at": at, "--unit-cost": unitCost, "--row": row };
	const limits = {
		"--ttft": ttft,
		"--ttft-statistic": ttftStatistic,
		"--ttft-unknown": ttftUnknown,
		"--rows-between": rowsBetween,
	};
	const choice = { "--precision": precision, "--stack": stack, "--speculative": speculative };
	const reason = "has no effect on MLPerf rows: they have a scenario instead";
	const others = { "--disaggregated": disaggregated, "--modelled": flags.modelled };
	refuseBeside({ ...lengths, ...limits, ...choice, ...others }, reason, "--scenario server");
}

/** MLPerf rows stand apart: they have scenarios instead of lengths, and count output tokens alone. */
function answerMlperf(flags: FrontierWords, context: QuestionContext): Envelope<MlperfAnswer> {
	const said = { ...flags, ...saidCard(flags, context) };
	const asking = asTyped("frontier", said, context.asking("frontier", said));
	const catalogue = context.store.catalogue();
	const parts = flags.hardware === undefined ? {} : { hardware: flags.hardware };
	const { hardware } = rowChoice(catalogue, withoutAny(parts));
	const model = findModel(catalogue, flags.model);
	const question = {
		benchmark: model.found ? model.value.id : flags.model,
		...(flags.scenario === undefined ? {} : { scenario: flags.scenario }),
		...(hardware === undefined ? {} : { hardware }),
	};
	const card = cardOf(flags, context, asking.asOf);
	return mlperf(catalogue, question, rateBook(catalogue, { kind: "card", card, rates: {} }, asking.asOf), asking);
}

function needed(flag: string, value: string | undefined): string {
	if (value !== undefined) return value;
	throw new FarthingError(2, "missing-field", `frontier needs ${flag}, a length that was measured`, {
		field: flag,
		expected: "both --isl and --osl",
		hint: "farthing frontier --model deepseek-r1 --isl 8192 --osl 1024 --at 50",
	});
}

function interactivityOf(text: string): number {
	const at = flagQuantity("--at", text, interactivity, { bounds: { above: 0 } });
	if (at.kind === "point") return at.value;
	throw new FarthingError(2, "wrong-type", "--at takes one interactivity, not a range", {
		field: "--at",
		expected: "one number of tok/s/user",
		hint: "--at 50, or leave it out to see the whole frontier",
	});
}

/** USD per million total tokens. */
function unitCostOf(text: string): number {
	const unit = usdPerMtok("total");
	const most = flagQuantity("--unit-cost", text, unit, { bounds: { above: 0 } });
	if (most.kind === "point") return most.value / unit.factor;
	throw new FarthingError(2, "wrong-type", "--unit-cost takes one price, not a range", {
		field: "--unit-cost",
		expected: "one price of a million total tokens",
		hint: "--unit-cost 0.30",
	});
}
