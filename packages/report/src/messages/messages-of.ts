import type { Language } from "@farthing/answers";
import { en, type Messages } from "./en.ts";
import { zh } from "./zh.ts";

/** All words of the reports in a language. */
export function messagesOf(language: Language): Messages {
	return BOOKS[language];
}

const BOOKS: Readonly<Record<Language, Messages>> = { en, zh };
