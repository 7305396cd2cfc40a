/**
 * One function answers every question of the server, from plain data to plain data, so that it can run in a worker
 * thread, and so that a test can call it. It holds no economics: each case reads the words of a question and calls the
 * function of `@farthing/answers` that the command line calls too.
 */
import type { Envelope, FrontierQuestion, SavedResult } from "@farthing/answers";
import {
	catalogList,
	catalogShow,
	catalogSummary,
	claim,
	claims,
	compare,
	diff,
	envelope,
	frontier,
	hardwareNamed,
	modelNamed,
	ownClaim,
	plan,
	precisionsNamed,
	rateBook,
	stacksNamed,
	whyNode,
} from "@farthing/answers";
import type { Catalogue } from "@farthing/catalogue";
import type { CatalogueStore } from "@farthing/catalogue/node";

import { askingOf, type CommonMembers } from "./question.ts";
import { scenarioOf } from "./scenario-text.ts";

export interface FrontierWords extends CommonMembers {
	readonly model: string;
	readonly isl: number;
	readonly osl: number;
	readonly at?: number | undefined;
	readonly hardware?: readonly string[] | undefined;
	readonly precision?: readonly string[] | undefined;
	readonly stack?: readonly string[] | undefined;
	readonly speculative?: readonly string[] | undefined;
	readonly disaggregated?: boolean | undefined;
	readonly ttft?: number | "any" | undefined;
	readonly card?: string | undefined;
	readonly tier?: string | undefined;
}

export interface OwnClaimWords extends CommonMembers {
	readonly usd_per_mtok: number;
	readonly tokens: "total" | "input" | "output";
	readonly hardware: string;
	readonly model: string;
	readonly isl?: number | undefined;
	readonly osl?: number | undefined;
	readonly card?: string | undefined;
}

export interface ScenarioWords extends CommonMembers {
	readonly scenario: string;
}

export interface DiffWords extends CommonMembers {
	readonly before: string;
	readonly after: string;
}

export type Question =
	| { readonly kind: "plan"; readonly words: ScenarioWords }
	| { readonly kind: "compare"; readonly words: ScenarioWords }
	| { readonly kind: "diff"; readonly words: DiffWords }
	| { readonly kind: "frontier"; readonly words: FrontierWords }
	| { readonly kind: "claims"; readonly words: CommonMembers }
	| { readonly kind: "claim"; readonly words: CommonMembers & { readonly id: string } }
	| { readonly kind: "own-claim"; readonly words: OwnClaimWords }
	| { readonly kind: "catalog"; readonly words: CommonMembers }
	| {
			readonly kind: "catalog-list";
			readonly words: CommonMembers & { readonly collection: string; readonly filter?: string | undefined };
	  }
	| { readonly kind: "catalog-show"; readonly words: CommonMembers & { readonly id: string } }
	| { readonly kind: "why"; readonly words: { readonly saved: string; readonly node: string } };

export type QuestionKind = Question["kind"];

/** Throws FarthingError as the functions of the answers do. */
export function answer(store: CatalogueStore, question: Question): Envelope<unknown> {
	switch (question.kind) {
		case "plan":
			return ofScenario(store, "plan", question.words, plan);
		case "compare":
			return ofScenario(store, "compare", question.words, compare);
		case "diff":
			return diffAnswer(store, question.words);
		case "frontier":
			return frontierAnswer(store, question.words);
		case "claims":
			return claims(store.catalogue(), askingOf(store, "claim", { ...question.words }));
		case "claim":
			return claim(store.catalogue(), question.words.id, askingOf(store, "claim", { ...question.words }));
		case "own-claim":
			return ownClaimAnswer(store, question.words);
		case "catalog":
			return catalogSummary(askingOf(store, "catalog", { ...question.words }));
		case "catalog-list": {
			const { collection, filter } = question.words;
			return catalogList(store.catalogue(), collection, filter, askingOf(store, "catalog", { ...question.words }));
		}
		case "catalog-show":
			return catalogShow(store.catalogue(), question.words.id, askingOf(store, "catalog", { ...question.words }));
		case "why":
			return whyAnswer(store, question.words);
	}
}

type OfScenario = (
	catalogue: Catalogue,
	scenario: ReturnType<typeof scenarioOf>["scenario"],
	asking: ReturnType<typeof askingOf>,
) => Envelope<unknown>;

function ofScenario(store: CatalogueStore, command: string, words: ScenarioWords, ask: OfScenario): Envelope<unknown> {
	const { scenario: text, ...rest } = words;
	const { scenario, unused } = scenarioOf(text);
	const asking = askingOf(store, command, rest, scenario.asOf);
	const answered = ask(store.catalogue(), scenario, asking);
	return { ...answered, warnings: [...answered.warnings, ...unused] };
}

function diffAnswer(store: CatalogueStore, words: DiffWords): Envelope<unknown> {
	const { before, after, ...rest } = words;
	const sideOf = (name: string, text: string) => {
		const saved = ofScenario(store, "plan", { ...rest, scenario: text }, plan);
		return { name, saved: saved as SavedResult, scenario: scenarioOf(text).scenario };
	};
	const pair = { before: sideOf("before", before), after: sideOf("after", after) };
	return diff([pair], {}, askingOf(store, "diff", { ...words }));
}

const DEFAULT_TTFT_SECONDS = 5;
const DEFAULT_TIER = "own_neocloud";

function frontierAnswer(store: CatalogueStore, words: FrontierWords): Envelope<unknown> {
	const catalogue = store.catalogue();
	const asking = askingOf(store, "frontier", { ...words });
	const { hardware, precision, stack, speculative, disaggregated, at, ttft = DEFAULT_TTFT_SECONDS } = words;
	const each = <T>(list: readonly string[] | undefined, find: (name: string) => T | T[]): T[] | undefined =>
		list?.flatMap((name) => find(name));
	const chosen = {
		hardware: each(hardware, (name) => hardwareNamed(catalogue, name, { field: "hardware" }).id),
		precision: each(precision, (name) => [...precisionsNamed(catalogue, name, { field: "precision" })]),
		stack: each(stack, (name) => [...stacksNamed(catalogue, name, { field: "stack" })]),
		speculative,
		disaggregated,
	};
	const question: FrontierQuestion = {
		filter: {
			model: modelNamed(catalogue, words.model, { field: "model" }).id,
			isl: words.isl,
			osl: words.osl,
			...present(chosen),
		},
		window: words.as_of === undefined ? {} : { asOf: words.as_of },
		...(at === undefined ? {} : { at }),
		...(ttft === "any" ? {} : { ttft: { limitSeconds: ttft, statistic: "median", unknown: "exclude" } as const }),
	};
	const card = { id: words.card ?? asking.asOf, tier: words.tier ?? DEFAULT_TIER };
	const rates = rateBook(catalogue, { kind: "card", card, rates: {} }, asking.asOf);
	return frontier(catalogue, question, rates, asking);
}

function ownClaimAnswer(store: CatalogueStore, words: OwnClaimWords): Envelope<unknown> {
	const asking = askingOf(store, "claim", { ...words });
	const { isl, osl } = words;
	const own = {
		usdPerMtok: words.usd_per_mtok,
		tokens: words.tokens,
		hardware: words.hardware,
		model: words.model,
		...present({ isl, osl }),
		card: words.card ?? asking.asOf,
	};
	return ownClaim(store.catalogue(), own, asking);
}

function whyAnswer(store: CatalogueStore, { saved: text, node }: { saved: string; node: string }): Envelope<unknown> {
	const saved = JSON.parse(text) as Envelope<unknown> & SavedResult;
	const asking = askingOf(store, "why", { node, of: saved.id, as_of: saved.as_of });
	return envelope(asking, whyNode(saved, node), []);
}

/** Without the members that are undefined. */
function present<T extends object>(of: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
	return Object.fromEntries(Object.entries(of).filter(([, value]) => value !== undefined)) as {
		[K in keyof T]?: Exclude<T[K], undefined>;
	};
}
