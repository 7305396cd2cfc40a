/** What a scenario says, for the fields that show it. */
import type { JsonObject, ScenarioDefault } from "@farthing/scenario";
import type { Host } from "../host.ts";
import { readScenario, type ScenarioWords } from "./scenario-words.ts";

export interface ScenarioAnswer {
	readonly name: string;
	readonly model: string;
	readonly hasYears: boolean;
	/** The file as plain data, changes applied, defaults not. */
	readonly document: JsonObject;
	readonly defaults: readonly ScenarioDefault[];
}

export async function answer(words: ScenarioWords, host: Host): Promise<ScenarioAnswer> {
	const { scenario } = await readScenario(words, host);
	const { name, model, document, defaults, fiveYears } = scenario;
	return { name, model, hasYears: fiveYears !== undefined, document, defaults };
}
