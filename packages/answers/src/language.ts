/**
 * Languages that texts for people are written in. Members of JSON, codes of errors, units, ids and commands are the same in
 * each, and so are the numbers.
 */
export const LANGUAGES = ["en", "zh"] as const;
export type Language = (typeof LANGUAGES)[number];

/** Something in every language: with one missing, it does not compile. */
export type InEach<T> = Readonly<Record<Language, T>>;

/** A text for people; a bare one is English, whatever is asked for. It is data, so that it crosses threads. */
export type Said = string | InEach<string>;

export function saidIn(text: Said, language: Language): string {
	return typeof text === "string" ? text : text[language];
}
