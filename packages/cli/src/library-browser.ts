/** What a program imports from `farthing` in a browser: a bundler joins the facts into it, and no folder is read. */
export * from "./library-pure.ts";
export { openCatalogue } from "@farthing/catalogue/browser";
