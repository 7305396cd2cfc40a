/**
 * The language of the pages: `?lang=zh` in the address, else the reader's own choice that this browser keeps, else that
 * of the browser. English is in the first script; another language is loaded when it is chosen.
 */
import { useSyncExternalStore } from "react";

export const LANGUAGES = { en: "English", zh: "中文" } as const;
export type LanguageCode = keyof typeof LANGUAGES;

const KEY = "farthing.language";
const listeners = new Set<() => void>();
const loaders: { readonly [L in Exclude<LanguageCode, "en">]: () => Promise<MessageBook> } = {
	zh: () => import("../messages/zh/index.ts"),
};
let language: LanguageCode = "en";
let book: MessageBook | undefined;

/** Messages by section; the English ones say which there are. */
export type MessageBook = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Called before anything is drawn, so that nobody sees one language turn into another. */
export async function startLanguage(): Promise<void> {
	await load(firstLanguage()).catch(() => undefined);
}

/** Rejects where the words cannot be loaded: the pages then stay as they are. */
export async function chooseLanguage(chosen: LanguageCode): Promise<void> {
	await load(chosen);
	try {
		localStorage.setItem(KEY, chosen);
	} catch {
		// A browser that keeps nothing shows the language until it is closed.
	}
	const url = new URL(location.href);
	if (url.searchParams.has("lang")) {
		url.searchParams.set("lang", chosen);
		history.replaceState(null, "", url);
	}
	for (const listener of listeners) listener();
}

export function useLanguage(): LanguageCode {
	return useSyncExternalStore(subscribe, () => language);
}

/** Of the language that is chosen; undefined for English. */
export function chosenBook(): MessageBook | undefined {
	return book;
}

async function load(chosen: LanguageCode): Promise<void> {
	book = chosen === "en" ? undefined : await loaders[chosen]();
	language = chosen;
	document.documentElement.lang = chosen;
}

function firstLanguage(): LanguageCode {
	const asked = new URL(location.href).searchParams.get("lang") ?? storedLanguage();
	const known = Object.keys(LANGUAGES) as LanguageCode[];
	return (
		known.find((each) => each === asked) ??
		navigator.languages
			.map((tag) => known.find((each) => tag.toLowerCase().split("-")[0] === each))
			.find((each) => each !== undefined) ??
		"en"
	);
}

function storedLanguage(): string | null {
	try {
		return localStorage.getItem(KEY);
	} catch {
		return null;
	}
}

function subscribe(listener: () => void): () => void {
	listeners.add(listener);
	return () => listeners.delete(listener);
}
