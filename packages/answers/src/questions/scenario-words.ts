/** Words that stand in for members of a scenario. */
import { FarthingError } from "../farthing-error.ts";
import type { ScenarioOverride } from "@farthing/scenario";
import { flagTime, flagVolume, unlessAny } from "./words.ts";
import { flagOf } from "./member.ts";
import { onOffFlag } from "./typed-words.ts";
import type { RowWords } from "./row-words.ts";

export interface ScenarioWords extends RowWords, SizingWords {
	readonly demand?: string;
	readonly peak?: string;
	readonly interactivity?: string;
}

/** How a fleet is rounded up. */
export interface SizingWords {
	readonly util?: string;
	readonly wholeReplicas?: string;
	readonly spare?: string;
	readonly wholeHosts?: string;
	readonly availability?: string;
}

/** Rows are chosen beside the scenario, which has no member for them. */
type ScenarioWord = Exclude<keyof ScenarioWords, "row" | "rowsBetween">;

/** The member of a scenario that each word stands for, by its path in the file. */
export const SCENARIO_PATHS: Readonly<Record<ScenarioWord, string>> = {
	demand: "demand.tokens_per_day",
	peak: "demand.peak_to_mean",
	interactivity: "slo.tokens_per_s_per_user",
	ttft: "slo.ttft",
	ttftStatistic: "slo.ttft_statistic",
	ttftUnknown: "slo.ttft_unknown",
	hardware: "supply.hardware",
	precision: "supply.precision",
	stack: "supply.stack",
	speculative: "supply.speculative",
	disaggregated: "supply.disaggregated",
	card: "cost.card.id",
	tier: "cost.card.tier",
	util: "utilisation",
	wholeReplicas: "redundancy.whole_replicas",
	spare: "redundancy.spare_replicas",
	wholeHosts: "redundancy.whole_hosts",
	availability: "redundancy.availability",
};

export function overridesOf(words: ScenarioWords): ScenarioOverride[] {
	return (Object.keys(SCENARIO_PATHS) as ScenarioWord[]).flatMap((word) => {
		const value = valueOf(word, words);
		return value === undefined ? [] : [{ path: SCENARIO_PATHS[word], label: flagOf(word), value }];
	});
}

/** What stands beside the scenario: the words that it takes in are part of it, and decide nothing a second time. */
export function besideScenario<Words extends object>(words: Words): Omit<Words, ScenarioWord> {
	const beside = Object.entries(words).filter(([word]) => !Object.hasOwn(SCENARIO_PATHS, word));
	return Object.fromEntries(beside) as Omit<Words, ScenarioWord>;
}

function valueOf(word: ScenarioWord, words: ScenarioWords): ScenarioOverride["value"] | undefined {
	if (words[word] === undefined) return undefined;
	switch (word) {
		case "demand":
			return flagVolume(words[word]);
		case "ttft":
			return flagTime(words[word]);
		case "spare":
			return spareOf(words[word]);
		case "hardware":
		case "precision":
		case "stack":
		case "speculative":
			return listOrAny(words[word]);
		case "disaggregated":
		case "wholeReplicas":
		case "wholeHosts":
			return onOffFlag(flagOf(word), words[word]);
		case "peak":
		case "interactivity":
		case "util":
		case "availability":
			return asInFile(words[word] as string);
		default:
			return words[word];
	}
}

/** As a scenario file would hold it, so that the same question has the same id: `3` is a number there. */
function asInFile(text: string): string | number {
	const value = Number(text);
	return Number.isFinite(value) && String(value) === text ? value : text;
}

function listOrAny(names: readonly string[]): ScenarioOverride["value"] {
	return unlessAny(names) ?? "any";
}

function spareOf(text: string): number {
	const value = Number(text);
	if (Number.isInteger(value) && value >= 0) return value;
	throw new FarthingError(2, "wrong-type", `--spare takes a whole number, not "${text}"`, {
		field: "--spare",
		expected: "0, 1, 2, …",
		hint: "--spare 1",
	});
}
