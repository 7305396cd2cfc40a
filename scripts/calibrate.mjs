// Fits the performance model to the measured rows of the catalogue and writes catalogue/serving-law.yaml:
//   npm run calibrate
// Deterministic: the same rows give the same file. The spread of the levels (fields) is kept from the file that is there.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import {
	calibrationRows,
	fitLaw,
	foldOfPoint,
	heldOut,
	intervalWidths,
	lawFileText,
	leaveOut,
	LEFT_OUT,
} from "../packages/answers/dist/index.js";
import { openCatalogue } from "../packages/catalogue/dist/node.js";
import { root, setup } from "./setup.mjs";

await setup({ log: () => undefined });
const catalogue = openCatalogue().catalogue();
const { rows, read, repeats, leftOut } = calibrationRows(catalogue);
console.log(`${read} rows, ${repeats} runs that stood twice, ${rows.length} in the fit`);
for (const [reason, count] of leftOut) console.log(`left out ${count}: ${reason}`);
const { fields } = catalogue.servingLaw;
const law = fitLaw(rows);
const question = { rows, law, fields, intervals: catalogue.servingLaw.intervals };
// the narrow levels are seen where one point is held out, the wide ones where a whole model or GPU type is
const wide = ["leave-model", "leave-gpu"].flatMap((name) => leaveOut(question, LEFT_OUT[name]));
const results = [...heldOut(rows, (row) => foldOfPoint(row, 5), law, fields), ...wide];
const newest = Math.max(...rows.flatMap(({ row }) => row.day ?? []));
const text = lawFileText({
	madeBy: "npm run calibrate",
	asOf: new Date(newest * 86_400_000).toISOString().slice(0, 10),
	rows: rows.length,
	law,
	fields,
	intervals: intervalWidths(results),
});
writeFileSync(join(root, "catalogue/serving-law.yaml"), text);
process.stdout.write(text);
