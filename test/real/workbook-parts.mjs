// What workbook.test.mjs needs of the sources, for it to join into one file that Node can run.
export * as engine from "../../packages/engine/src/index.ts";
export { roundingOf } from "../../packages/engine/src/model/workbook-rounding.ts";
export { randomGraph } from "../../packages/engine/test-support/random-graph.ts";
export { workbookXlsx } from "../../packages/report/src/workbook/write-xlsx.ts";
export { default as fc } from "fast-check";
export { readXlsx } from "hucre/xlsx";
