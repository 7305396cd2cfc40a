// Steady states of the step-time law a second on one core, and a frontier of 10,000 configurations of one model by law
// and field, in a bundle built for browsers. Limits: 500,000 a second, 0.2 s. Times are those of the processor in this
// process, so that a busy machine does not count.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { calibrationRows, servingFacts, sweepRows } from "@farthing/answers";
import { openCatalogue } from "@farthing/catalogue/node";
import { modelledState } from "@farthing/engine";
import { rolldown } from "rolldown";

const EVALUATIONS = 500_000;
const CONFIGURATIONS = 10_000;
const SECONDS = 0.2;

const catalogue = openCatalogue().catalogue();
const { law, fields } = catalogue.servingLaw;
const { rows } = calibrationRows(catalogue);
const aggregated = rows.filter(({ prefill }) => prefill === undefined);
const seconds = best(9, () => {
	let sum = 0;
	for (let round = 0; round < 20; round++) for (const row of aggregated) sum += modelledState(row, law).tpotSeconds;
	return sum;
});
const rate = (20 * aggregated.length) / seconds;
console.log(
	`steady states a second on one core: ${Math.round(rate).toLocaleString("en")}, ${(rate / EVALUATIONS).toFixed(1)} times the limit`,
);

const question = { model: "deepseek-r1", isl: 8192, osl: 1024, lengthShare: 0.9, day: 20_600 };
const swept = sweepRows(catalogue, rows, servingFacts(catalogue), question);
const asked = Array.from({ length: CONFIGURATIONS }, (_, i) => {
	const base = swept[i % swept.length];
	const concurrency = base.row.concurrency + Math.floor(i / swept.length);
	return { ...base, row: { ...base.row, concurrency }, load: { ...base.load, concurrency } };
});

const folder = mkdtempSync(join(tmpdir(), "farthing-bench-"));
try {
	const input = fileURLToPath(new URL("../packages/answers/dist/predict/sweep.js", import.meta.url));
	const engine = fileURLToPath(new URL("../packages/engine/dist/index.js", import.meta.url));
	const built = await rolldown({ input: { sweep: input, engine }, platform: "browser" });
	await built.write({ dir: folder, format: "esm", entryFileNames: "[name].mjs", chunkFileNames: "[name].mjs" });
	await built.close();
	const { sweep, sweptFrontier } = await import(pathToFileURL(join(folder, "sweep.mjs")).href);
	const { calibrate } = await import(pathToFileURL(join(folder, "engine.mjs")).href);
	const calibration = calibrate(rows, law, fields);
	const first = timed(() => sweptFrontier(sweep(calibration, asked)));
	const again = best(9, () => sweptFrontier(sweep(calibration, asked)));
	console.log(
		`frontier of ${CONFIGURATIONS.toLocaleString("en")} configurations: ${again.toFixed(3)} s, limit over time ${(SECONDS / again).toFixed(1)}; the first time, when the fields of its stacks are solved, ${first.toFixed(2)} s`,
	);
} finally {
	rmSync(folder, { recursive: true });
}

function best(rounds, work) {
	return Math.min(...Array.from({ length: rounds }, () => timed(work)));
}

function timed(work) {
	const before = process.cpuUsage();
	work();
	const { user, system } = process.cpuUsage(before);
	return (user + system) / 1e6;
}
