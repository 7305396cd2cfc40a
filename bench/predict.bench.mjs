// Evaluations of the step-time law a second on one core, and a frontier of 10,000 configurations by law and field in a
// bundle built for browsers. The limits: 500,000 evaluations a second, 0.2 s.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { calibrationRows, servingFacts, sweepRows } from "@farthing/answers";
import { openCatalogue } from "@farthing/catalogue/node";
import { calibrate, modelledState } from "@farthing/engine";
import { rolldown } from "rolldown";

const catalogue = openCatalogue().catalogue();
const { law, fields } = catalogue.servingLaw;
const { rows } = calibrationRows(catalogue);

const aggregated = rows.filter(({ prefill }) => prefill === undefined);
const seconds = best(7, () => {
	let sum = 0;
	for (let round = 0; round < 20; round++) for (const row of aggregated) sum += modelledState(row, law).tpotSeconds;
	return sum;
});
const rate = (20 * aggregated.length) / seconds;
console.log(
	`steady states a second on one core: ${Math.round(rate).toLocaleString("en")} (${(rate / 5e5).toFixed(1)}x of 500,000)`,
);

const facts = servingFacts(catalogue);
const question = { isl: 8192, osl: 1024, lengthShare: 1, day: 20_600 };
const configurations = [
	"deepseek-r1",
	"gpt-oss-120b",
	"qwen3-235b-a22b",
	"llama-3.1-70b",
	"minimax-m2.5",
	"kimi-k2.5",
].flatMap((model) => sweepRows(catalogue, rows, facts, { ...question, model }));
const asked = Array.from({ length: 10_000 }, (_, i) => configurations[i % configurations.length]);

const folder = mkdtempSync(join(tmpdir(), "farthing-bench-"));
try {
	const input = join(
		import.meta.dirname ?? new URL(".", import.meta.url).pathname,
		"../packages/answers/dist/predict/sweep.js",
	);
	const built = await rolldown({ input, platform: "browser" });
	await built.write({ dir: folder, format: "esm", entryFileNames: "sweep.mjs" });
	await built.close();
	const { sweep, sweptFrontier } = await import(pathToFileURL(join(folder, "sweep.mjs")).href);
	const calibration = calibrate(rows, law, fields);
	const cold = timed(() => sweptFrontier(sweep(calibration, asked)));
	const warm = best(7, () => sweptFrontier(sweep(calibration, asked)).length);
	console.log(
		`frontier of ${asked.length.toLocaleString("en")} configurations (${configurations.length.toLocaleString("en")} differ): ${warm.toFixed(3)} s (${(0.2 / warm).toFixed(1)}x of 0.2 s); with the fields of all stacks still to be solved ${cold.toFixed(2)} s`,
	);
} finally {
	rmSync(folder, { recursive: true });
}

function best(rounds, work) {
	return Math.min(...Array.from({ length: rounds }, () => timed(work)));
}

function timed(work) {
	const start = process.hrtime.bigint();
	work();
	return Number(process.hrtime.bigint() - start) / 1e9;
}
