// Sets down the end-to-end sample of AIConfigurator in our own layout, values only, runs that stand in it twice once:
//   node scripts/import-serving-sample.mjs silicon_sample.csv > catalogue/benchmarks/serving-sample.csv
// Rows that state no concurrency are left out. Rows of one operating point whose TPOT agrees within 0.4% are one run in two snapshots of the same database.
import { readFileSync } from "node:fs";
import process from "node:process";
import { readRows } from "../packages/answers/dist/predict/row-layouts.js";
import { openCatalogue } from "../packages/catalogue/dist/node.js";
import { rowId } from "../packages/catalogue/dist/index.js";
import { operatingPointOf } from "../packages/engine/dist/index.js";

const SAME_RUN = 0.004;
const COLUMNS = [
	"id",
	"model",
	"hardware",
	"stack",
	"precision",
	"speculative",
	"disaggregated",
	"isl",
	"osl",
	"length_share",
	"concurrency",
	"gpus",
	...["prefill", "decode"].flatMap((role) => ["tp", "ep", "dp", "workers"].map((name) => `${role}_${name}`)),
	"measured_on",
	"ttft_mean_ms",
	"tpot_mean_ms",
	"source",
];

const [file] = process.argv.slice(2);
if (file === undefined) throw new Error("usage: node scripts/import-serving-sample.mjs FILE");
const read = readRows(openCatalogue().catalogue(), readFileSync(file, "utf8"), file);
if (read?.layout !== "aiconfigurator-sample") throw new Error(`${file} is not the sample of AIConfigurator`);
const kept = new Map();
let repeats = 0;
for (const answer of read.rows) {
	if (!answer.ok) {
		process.stderr.write(`left out: ${answer.reason}\n`);
		continue;
	}
	if (answer.isLoadAssumed) {
		process.stderr.write(`left out: ${answer.row.id}: no concurrency\n`);
		continue;
	}
	const { row } = answer;
	const key = operatingPointOf(row);
	const others = kept.get(key) ?? [];
	const same = others.find((other) => Math.abs(other.measured.tpotSeconds / row.measured.tpotSeconds - 1) < SAME_RUN);
	if (same !== undefined) {
		repeats++;
		if (same.day === undefined && row.day !== undefined) same.day = row.day;
		continue;
	}
	others.push({ ...row });
	kept.set(key, others);
}
const lines = [...kept.values()].flat().map((row) => {
	const layout = (of) =>
		of === undefined ? ["", "", "", ""] : [of.tp, of.ep, of.dpAttention ? 1 : 0, of.workers ?? ""];
	const cells = [
		row.model,
		row.hardware,
		row.stack,
		row.precision,
		row.speculative,
		row.disaggregated ? 1 : 0,
		row.isl,
		row.osl,
		row.lengthShare,
		row.concurrency,
		row.gpus ?? "",
		...layout(row.prefill),
		...layout(row.decode),
		row.day === undefined ? "" : new Date(row.day * 86_400_000).toISOString().slice(0, 10),
		milliseconds(row.measured.ttftMeanSeconds),
		milliseconds(row.measured.tpotSeconds),
		"aiconfigurator-sample",
	].map(String);
	return [rowId("sv-", "serving-sample", cells.slice(0, -1)), ...cells].join(",");
});
process.stdout.write(`${[COLUMNS.join(","), ...[...new Set(lines)].sort()].join("\n")}\n`);
process.stderr.write(`${lines.length} rows, ${repeats} repeats left out\n`);

function milliseconds(seconds) {
	return seconds === undefined ? "" : Number((seconds * 1000).toPrecision(5));
}
