export * from "./age.ts";
export * from "./catalogue.ts";
export { claimPlace } from "./claim-place.ts";
export { compileCatalogue } from "./compile.ts";
export * from "./compiled.ts";
export {
	cell,
	cellPlace,
	countCell,
	csvObjects,
	numberCell,
	openCsv,
	optionalNumberCell,
	textCell,
	type CsvObject,
	type CsvRow,
} from "./csv-table.ts";
export { dayNumber, isDate, isDay } from "./date.ts";
export * from "./diff.ts";
export * from "./figure.ts";
export * from "./figure-changes.ts";
export { CatalogueError, Issues, issueText, type Issue } from "./issue.ts";
export * from "./listing.ts";
export { type CatalogueFiles, hashFiles, loadCatalogue, validateCatalogue } from "./load.ts";
export * from "./lookup.ts";
export * from "./rate.ts";
export * from "./served.ts";
export * from "./serving.ts";
export { snakeCase } from "./read-serving.ts";
export { rowId } from "./read-rows.ts";
export * from "./training.ts";
