/** What a program imports from `farthing`: questions, facts, the scenario file and the engine under them. */
export * from "./library-pure.ts";
export { openCatalogue, openCatalogueFolder, readCatalogueFolder } from "@farthing/catalogue/node";
