import type { LanguageCode } from "../words/language.ts";
import type { Refusal } from "./protocol.ts";

/** Message and detail in the language of the pages, where somebody has written them in it. */
export function toldRefusal(refusal: Refusal, language: LanguageCode): Pick<Refusal, "message" | "detail"> {
	return language === "zh" ? (refusal.zh ?? refusal) : refusal;
}
