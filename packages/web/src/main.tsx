/** Where the pages are drawn. */
import type { ReactNode } from "react";
import { createRoot } from "react-dom/client";
import { foresee } from "./shell/foresee.ts";
import { Shell } from "./shell/shell.tsx";
import { applyTheme } from "./shell/theme.ts";
import { followLocation } from "./state/store.ts";
import { startLanguage, useLanguage } from "./words/language.ts";

export async function openPages(): Promise<void> {
	foresee();
	applyTheme();
	window.addEventListener("popstate", followLocation);
	window.addEventListener("hashchange", followLocation);
	const app = document.getElementById("app");
	if (app === null) throw new Error("the page has no place for the pages");
	const root = createRoot(app);
	await startLanguage();
	root.render(<Pages />);
}

/** Everything is drawn anew in another language: the state stands in the address. */
function Pages(): ReactNode {
	return <Shell key={useLanguage()} />;
}
