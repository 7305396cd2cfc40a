/** The scenario of the state: as words for a question, and as values for fields. */
import { useMemo } from "react";
import type { Refusal } from "../engine/protocol.ts";
import type { ScenarioWords } from "../engine/questions/scenario-words.ts";
import type { ScenarioAnswer } from "../engine/questions/scenario.ts";
import { useAnswer } from "../engine/use-answer.ts";
import type { AppState, Change } from "./app-state.ts";
import { useAppState } from "./store.ts";

export function scenarioWords({ base, text, changes }: Pick<AppState, "base" | "text" | "changes">): ScenarioWords {
	return { base, ...(text === undefined ? {} : { text }), changes: sorted(changes) };
}

/** The same words for the same scenario, so that nothing is asked twice. */
export function useScenarioWords(): ScenarioWords {
	const { base, text, changes } = useAppState();
	return useMemo(
		() => scenarioWords({ base, changes, ...(text === undefined ? {} : { text }) }),
		[base, text, changes],
	);
}

export interface ScenarioValues {
	readonly scenario?: ScenarioAnswer | undefined;
	/** Why the scenario, with its changes, cannot be read. */
	readonly refusal?: Refusal | undefined;
	/** As the scenario says before any change: undefined where it says nothing and there is no default. */
	original(path: string): Change | undefined;
	/** With the changes. */
	current(path: string): Change | undefined;
}

export function useScenario(): ScenarioValues {
	const { base, text, changes } = useAppState();
	const words = useMemo(
		() => ({ ...scenarioWords({ base, changes: {}, ...(text === undefined ? {} : { text }) }) }),
		[base, text],
	);
	const { answer: scenario } = useAnswer("scenario", words);
	const { refusal } = useAnswer("scenario", useScenarioWords());
	const original = (path: string): Change | undefined =>
		scenario === undefined
			? undefined
			: (memberAt(scenario.document, path) ??
				(scenario.defaults.find((each) => each.path === path)?.value as Change | undefined));
	return { scenario, refusal, original, current: (path) => changes[path] ?? original(path) };
}

function memberAt(document: unknown, path: string): Change | undefined {
	let at: unknown = document;
	for (const name of path.split(".")) {
		if (typeof at !== "object" || at === null) return undefined;
		at = (at as Record<string, unknown>)[name];
	}
	if (typeof at === "string" || typeof at === "number" || typeof at === "boolean") return at;
	if (!Array.isArray(at)) return undefined;
	const isOfOneKind = (kind: "string" | "number"): boolean => at.every((each) => typeof each === kind);
	return isOfOneKind("string") || isOfOneKind("number") ? (at as Change) : undefined;
}

function sorted<T>(of: Readonly<Record<string, T>>): Readonly<Record<string, T>> {
	return Object.fromEntries(Object.entries(of).sort(([a], [b]) => (a < b ? -1 : 1)));
}
