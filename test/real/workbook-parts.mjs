// What workbook.test.mjs needs of the sources, for it to join into one file that Node can run.
export * as engine from "../../packages/engine/src/index.ts";
export { randomGraph } from "../../packages/engine/test-support/random-graph.ts";
export { workbookXlsx } from "../../packages/report/src/workbook/write-xlsx.ts";
export { readZip, writeZip } from "../../packages/report/test-support/zip.ts";
export { default as fc } from "fast-check";
export { readXlsx } from "hucre/xlsx";
