/** Which of our languages a caller reads best (RFC 9110, 12.5.4; lookup of RFC 4647). */
import { type Language, LANGUAGES } from "@farthing/answers";

/** The language of the highest weight that we have, the first of equal ones; English where there is none. */
export function acceptedLanguage(header: string | undefined): Language {
	const ranges = (header ?? "").slice(0, LONGEST).split(",").flatMap(rangeOf);
	const refused = new Set(ranges.filter(({ weight }) => weight === 0).map(({ language }) => language));
	const [best] = ranges
		.filter(({ weight, language }) => weight > 0 && !refused.has(language))
		.sort((a, b) => b.weight - a.weight);
	return best?.language ?? "en";
}

/** A header is anybody's: beyond this nothing of it is read. */
const LONGEST = 1000;

/** `zh-CN;q=0.8`: any Chinese is our Chinese, and `*` is whatever we speak first. */
function rangeOf(text: string): { readonly language: Language; readonly weight: number }[] {
	const [, tag = "", given = "1"] =
		/^\s*([a-z*]{1,8})(?:-[a-z0-9-]*)?\s*(?:;\s*q=([01](?:\.\d{0,3})?)\s*)?$/i.exec(text) ?? [];
	const language = tag === "*" ? "en" : LANGUAGES.find((each) => each === tag.toLowerCase());
	return language === undefined ? [] : [{ language, weight: Number(given) }];
}
