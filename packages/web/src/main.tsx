/** Where the pages begin. */
import type { ReactNode } from "react";
import { createRoot } from "react-dom/client";
import { Shell } from "./shell/shell.tsx";
import { applyTheme } from "./shell/theme.ts";
import { followLocation } from "./state/store.ts";
import { startLanguage, useLanguage } from "./words/language.ts";

applyTheme();
window.addEventListener("popstate", followLocation);
window.addEventListener("hashchange", followLocation);
const app = document.getElementById("app");
if (app === null) throw new Error("the page has no place for the pages");
const root = createRoot(app);
void startLanguage().then(() => root.render(<Pages />));

/** Everything is drawn anew in another language: the state stands in the address. */
function Pages(): ReactNode {
	return <Shell key={useLanguage()} />;
}
