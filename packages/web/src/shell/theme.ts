/** Light or dark: the reader's own choice, so it is kept in this browser and not in the links they share. */
import { useSyncExternalStore } from "react";

export const THEMES = ["auto", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

const KEY = "farthing.theme";
const listeners = new Set<() => void>();
let theme: Theme = storedTheme();

export function useTheme(): Theme {
	return useSyncExternalStore(subscribe, () => theme);
}

export function setTheme(chosen: Theme): void {
	theme = chosen;
	applyTheme();
	try {
		localStorage.setItem(KEY, chosen);
	} catch {
		// A browser that keeps nothing shows the theme until it is closed.
	}
	for (const listener of listeners) listener();
}

export function applyTheme(): void {
	if (theme === "auto") delete document.documentElement.dataset["theme"];
	else document.documentElement.dataset["theme"] = theme;
}

function storedTheme(): Theme {
	try {
		const stored = localStorage.getItem(KEY);
		return THEMES.find((each) => each === stored) ?? "auto";
	} catch {
		return "auto";
	}
}

function subscribe(listener: () => void): () => void {
	listeners.add(listener);
	return () => listeners.delete(listener);
}
