/** What a question is answered from, beside its words. */
import type {
	Catalogue,
	CatalogueManifest,
	Facts,
	MlperfTrainingResult,
	TrainingThroughput,
} from "@farthing/catalogue";
import { sha256Hex } from "@farthing/engine";
import type { ParseScenarioOptions, ScenarioOverride } from "@farthing/scenario";
import type { Asking } from "../envelope.ts";
import type { WordValue } from "./member.ts";
import { dateFlag, seedFlag } from "./typed-words.ts";

/** A catalogue whose parts are read when they are first asked for. */
export interface CatalogueParts {
	manifest(): CatalogueManifest;
	facts(): Facts;
	mlperfTraining(): readonly MlperfTrainingResult[];
	trainingThroughput(): readonly TrainingThroughput[];
	catalogue(): Catalogue;
}

export interface QuestionContext {
	readonly store: CatalogueParts;
	/** Date, seed and id of an answer: what decides it is `given`. */
	asking(command: string, given: Readonly<Record<string, unknown>>, about?: About): Asking;
	/** Rate card and tier where the words name none: those of the environment, on a command line. */
	readonly card?: string;
	readonly tier?: string;
	/** Files that a scenario extends; without it, none are opened. */
	readonly resolve?: NonNullable<ParseScenarioOptions["resolve"]>;
}

/** What a question is about, as far as that says a date or seed: they give way to those that were asked for. */
export interface About {
	readonly scenarioAsOf?: string | undefined;
	/** Of an earlier result: so that a quantile is the one that it shows. */
	readonly result?: { readonly as_of: string; readonly seed?: number };
}

/** Members that every question takes, as they are typed. */
export interface AskedAt {
	readonly asOf?: string;
	readonly seed?: string;
}

/** Date and seed as they were asked for, else those of an earlier result, of the scenario, of the catalogue; no environment. */
export function askingAt(manifest: () => CatalogueManifest, { asOf, seed }: AskedAt): QuestionContext["asking"] {
	return (command, given, { scenarioAsOf, result } = {}) => {
		const catalogue = manifest();
		const decides = Object.entries(given).filter(([, value]) => value !== undefined);
		return {
			command,
			arguments: Object.fromEntries(decides),
			asOf: asOf === undefined ? (result?.as_of ?? scenarioAsOf ?? catalogue.releaseDate) : dateFlag("--as-of", asOf),
			seed: seed === undefined ? (result?.seed ?? 1) : seedFlag("--seed", seed),
			catalogue,
		};
	};
}

const TIER = "own_neocloud";

/** The card that is asked for, else that in force on the day asked about. */
export function cardOf(
	words: { readonly card?: string; readonly tier?: string },
	context: QuestionContext,
	asOf: string,
): { readonly id: string; readonly tier: string } {
	return { id: words.card ?? context.card ?? asOf, tier: words.tier ?? context.tier ?? TIER };
}

/** Card and tier as far as they were said, by words or in the environment: part of the question. */
export function saidCard(
	words: { readonly card?: string; readonly tier?: string },
	context: QuestionContext,
): { card?: string; tier?: string } {
	const [card, tier] = [words.card ?? context.card, words.tier ?? context.tier];
	return { ...(card === undefined ? {} : { card }), ...(tier === undefined ? {} : { tier }) };
}

/** The card of the environment, for a scenario that has a card; rates of one's own and build-ups are left alone. */
export function cardOverrides({ card, tier }: Pick<QuestionContext, "card" | "tier">): ScenarioOverride[] {
	return [
		...(card === undefined ? [] : [{ path: "cost.card.id", label: "FARTHING_CARD", value: card }]),
		...(tier === undefined ? [] : [{ path: "cost.card.tier", label: "FARTHING_TIER", value: tier }]),
	];
}

/** Words as they decide an answer: of a file what it holds, not how it is called. */
export function decisive(words: Readonly<Record<string, WordValue | undefined>>): Record<string, unknown> {
	const hashed = (value: WordValue): unknown => {
		if (Array.isArray(value)) return value.map((each: WordValue) => hashed(each));
		return typeof value === "object" && "text" in value ? { sha256: sha256Hex(value.text) } : value;
	};
	return Object.fromEntries(
		Object.entries(words).flatMap(([name, value]) => (value === undefined ? [] : [[name, hashed(value)]])),
	);
}
