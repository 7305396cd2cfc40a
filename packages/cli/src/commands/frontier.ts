import type { FrontierQuestion, FrontierResult } from "@farthing/answers";
import { FarthingError, frontier, modelNamed, rateBook } from "@farthing/answers";
import type { CommonFlags } from "../context.ts";
import { askingOf, catalogueStore, deliver } from "../context.ts";
import { defaultCard, defaultTier } from "../defaults.ts";
import { countFlag, numberFlag } from "../given-flags.ts";
import type { RowFlags } from "../row-flags.ts";
import { rowChoice, ttftRule, windowOf } from "../row-flags.ts";
import { frontierCsv, frontierText } from "../show/frontier.ts";
import { printText } from "../print.ts";

export interface FrontierFlags extends CommonFlags, RowFlags {
	readonly model: string;
	readonly isl: string;
	readonly osl: string;
	readonly at?: string;
	readonly csv?: boolean;
}

export async function runFrontier(flags: FrontierFlags): Promise<void> {
	const store = catalogueStore();
	const asking = askingOf("frontier", { ...flags }, flags, store);
	const catalogue = store.catalogue();
	const at = flags.at === undefined ? undefined : positive(numberFlag("--at", flags.at));
	const ttft = ttftRule(flags);
	const question: FrontierQuestion = {
		filter: {
			model: modelNamed(catalogue, flags.model, { field: "--model" }).id,
			isl: countFlag("--isl", flags.isl),
			osl: countFlag("--osl", flags.osl),
			...rowChoice(catalogue, flags),
		},
		window: windowOf(catalogue, flags, flags.asOf),
		...(at === undefined ? {} : { at }),
		...(ttft === undefined ? {} : { ttft }),
	};
	const card = { id: flags.card ?? defaultCard(asking.asOf), tier: flags.tier ?? defaultTier() };
	const rates = rateBook(catalogue, { kind: "card", card, rates: {} }, asking.asOf);
	const answer = frontier(catalogue, question, rates, asking);
	if (flags.csv === true) printText(frontierCsv(answer.result));
	else deliver(answer, flags, (result: FrontierResult) => frontierText(result, question));
}

function positive(at: number): number {
	if (at > 0) return at;
	throw new FarthingError(2, "out-of-bounds", "--at must be above 0", { field: "--at", expected: "an interactivity above 0 tok/s/user" });
}
