/** What Langfuse's own SDK writes on spans: the kind of an observation, its model, and usage as JSON in one attribute. */
import { tokensOfLangfuse } from "../langfuse/langfuse.ts";
import { type Attributes, textAt } from "./otlp-message.ts";

const TYPE = "langfuse.observation.type";
const USAGE = "langfuse.observation.usage_details";
const FIRST_TOKEN = "langfuse.observation.completion_start_time";
const LEVEL = "langfuse.observation.level";
export const LANGFUSE_MODEL = "langfuse.observation.model.name";

export type LangfuseTokens = ReturnType<typeof tokensOfLangfuse>;

/** Whether an observation of Langfuse is the call of a model; undefined for a span that is none of Langfuse. */
export function isLangfuseCall(attributes: Attributes): boolean | undefined {
	const type = textAt(attributes, TYPE);
	return type === undefined ? undefined : type === "generation" || type === "embedding";
}

/** Undefined where the span has no usage of Langfuse. */
export function langfuseTokens(attributes: Attributes): LangfuseTokens | undefined {
	const text = textAt(attributes, USAGE);
	if (text === undefined) return undefined;
	try {
		return tokensOfLangfuse({ usageDetails: JSON.parse(text) as unknown });
	} catch {
		return { fault: `${USAGE} is no JSON` };
	}
}

/** Milliseconds since 1970 at which the first token came. */
export function langfuseFirstToken(attributes: Attributes): number | undefined {
	const text = textAt(attributes, FIRST_TOKEN)?.replaceAll('"', "");
	const at = text === undefined ? Number.NaN : Date.parse(text);
	return Number.isNaN(at) ? undefined : at;
}

export function isLangfuseError(attributes: Attributes): boolean {
	return textAt(attributes, LEVEL) === "ERROR";
}
