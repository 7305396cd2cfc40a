import type { FrontierQuestion, FrontierResult, MlperfAnswer } from "@farthing/answers";
import { frontier, mlperf, modelledWarning, modelNamed, rateBook, withModelledPoints } from "@farthing/answers";
import { FarthingError } from "@farthing/answers";
import { findModel } from "@farthing/catalogue";
import { interactivity } from "@farthing/engine";
import type { CommonFlags } from "../context.ts";
import { askingOf, catalogueStore, deliver } from "../context.ts";
import { defaultCard, defaultTier } from "../defaults.ts";
import type { RowFlags } from "../row-flags.ts";
import { rowChoice, ttftRule, windowOf } from "../row-flags.ts";
import { frontierCsv, frontierText } from "../show/frontier.ts";
import { mlperfText } from "../show/mlperf.ts";
import { flagLength, flagQuantity, knownSpeculative, refuseBeside, withoutAny } from "./flag-words.ts";

export interface FrontierFlags extends CommonFlags, RowFlags {
	readonly model: string;
	readonly isl?: string;
	readonly osl?: string;
	readonly family?: "inferencex" | "mlperf";
	readonly scenario?: string;
	readonly at?: string;
	readonly csv?: boolean;
	readonly modelled?: boolean;
}

export async function runFrontier(flags: FrontierFlags): Promise<void> {
	refuseIdleFlags(flags);
	if (flags.family === "mlperf") return runMlperf(flags);
	const store = catalogueStore();
	const asked = { ...flags, ...cardInEnvironment(flags) };
	const asking = askingOf("frontier", asked, flags, store);
	const catalogue = store.catalogue();
	const at = flags.at === undefined ? undefined : interactivityOf(flags.at);
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
		...(at === undefined ? {} : { at }),
		...(ttft === undefined ? {} : { ttft }),
	};
	const card = { id: flags.card ?? defaultCard(asking.asOf), tier: flags.tier ?? defaultTier() };
	const rates = rateBook(catalogue, { kind: "card", card, rates: {} }, asking.asOf);
	const { model, isl, osl } = question.filter;
	const seen =
		flags.modelled === true ? withModelledPoints(catalogue, { model, isl, osl, asOf: asking.asOf }) : catalogue;
	const found = frontier(seen, question, rates, asking);
	const answer = flags.modelled === true ? { ...found, warnings: [...found.warnings, modelledWarning(seen)] } : found;
	const show = flags.csv === true ? frontierCsv : (result: FrontierResult) => frontierText(result, question);
	deliver(answer, flags, show);
}

function refuseIdleFlags(flags: FrontierFlags): void {
	if (flags.json === true)
		refuseBeside({ "--csv": flags.csv }, "and --json print the same rows: give one of them", "--json");
	if (flags.family !== "mlperf") {
		const hint = "farthing frontier --family mlperf --model deepseek-r1 --scenario server";
		refuseBeside({ "--scenario": flags.scenario }, "belongs to --family mlperf", hint);
		return;
	}
	const { isl, osl, at, ttft, ttftStatistic, ttftUnknown, csv, row, rowsBetween } = flags;
	const { precision, stack, speculative, disaggregated } = flags;
	const lengths = { "--isl": isl, "--osl": osl, "--at": at, "--ttft": ttft, "--csv": csv, "--row": row };
	const limits = { "--ttft-statistic": ttftStatistic, "--ttft-unknown": ttftUnknown, "--rows-between": rowsBetween };
	const choice = { "--precision": precision, "--stack": stack, "--speculative": speculative };
	const reason = "has no effect on MLPerf rows: they have a scenario instead";
	const others = { "--disaggregated": disaggregated, "--modelled": flags.modelled };
	refuseBeside({ ...lengths, ...limits, ...choice, ...others }, reason, "--scenario server");
}

/** MLPerf rows stand apart: they have scenarios instead of lengths, and count output tokens alone. */
function runMlperf(flags: FrontierFlags): void {
	const store = catalogueStore();
	const asking = askingOf("frontier", { ...flags, ...cardInEnvironment(flags) }, flags, store);
	const catalogue = store.catalogue();
	const { hardware } = rowChoice(
		catalogue,
		withoutAny(flags.hardware === undefined ? {} : { hardware: flags.hardware }),
	);
	const model = findModel(catalogue, flags.model);
	const question = {
		benchmark: model.found ? model.value.id : flags.model,
		...(flags.scenario === undefined ? {} : { scenario: flags.scenario }),
		...(hardware === undefined ? {} : { hardware }),
	};
	const card = { id: flags.card ?? defaultCard(asking.asOf), tier: flags.tier ?? defaultTier() };
	const rates = rateBook(catalogue, { kind: "card", card, rates: {} }, asking.asOf);
	deliver(mlperf(catalogue, question, rates, asking), flags, (result: MlperfAnswer) => mlperfText(result, flags.model));
}

function needed(flag: string, value: string | undefined): string {
	if (value !== undefined) return value;
	throw new FarthingError(2, "missing-field", `frontier needs ${flag}, a length that was measured`, {
		field: flag,
		expected: "both --isl and --osl",
		hint: "farthing frontier --model deepseek-r1 --isl 8192 --osl 1024 --at 50",
	});
}

/** Part of the question, so that the id of the result tells one card from another. */
function cardInEnvironment({ card, tier }: FrontierFlags): Record<string, string> {
	const asked = { card: card ?? process.env["FARTHING_CARD"], tier: tier ?? process.env["FARTHING_TIER"] };
	return Object.fromEntries(
		Object.entries(asked).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
	);
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
