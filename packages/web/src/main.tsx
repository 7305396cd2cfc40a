/** Where the pages begin. */
import { createRoot } from "react-dom/client";
import { Shell } from "./shell/shell.tsx";
import { applyTheme } from "./shell/theme.ts";
import { followLocation } from "./state/store.ts";

applyTheme();
window.addEventListener("popstate", followLocation);
window.addEventListener("hashchange", followLocation);
const app = document.getElementById("app");
if (app === null) throw new Error("the page has no place for the pages");
createRoot(app).render(<Shell />);
