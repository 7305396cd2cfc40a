// Steady states of the step-time law a second on one core, and a frontier of 10,000 configurations of one model by law
// and field, in a bundle built for browsers: run by Node, and by Chromium where it is installed with the packages of
// test/real. Limits: 500,000 a second, 0.2 s. In Node, times are those of the processor in this process, so that a busy
// machine does not count; a page knows the clock alone.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath, pathToFileURL } from "node:url";
import { calibrationRows, servingFacts, sweepRows } from "@farthing/answers";
import { openCatalogue } from "@farthing/catalogue/node";
import { modelledState } from "@farthing/engine";
import { rolldown } from "rolldown";

const EVALUATIONS = 500_000;
const CONFIGURATIONS = 10_000;
const SECONDS = 0.2;
const ROUNDS = 9;

const catalogue = openCatalogue().catalogue();
const { law, fields } = catalogue.servingLaw;
const { rows } = calibrationRows(catalogue);
const aggregated = rows.filter(({ prefill }) => prefill === undefined);
const seconds = best(() => {
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
	const built = await builtForBrowsers();
	await inNode(built);
	await inChromium(built);
} finally {
	rmSync(folder, { recursive: true });
}

/** One bundle as a module and as a script. */
async function builtForBrowsers() {
	const dist = (path) => JSON.stringify(fileURLToPath(new URL(`../packages/${path}`, import.meta.url)));
	const entry = join(folder, "entry.js");
	writeFileSync(
		entry,
		`export { sweep, sweptFrontier } from ${dist("answers/dist/predict/sweep.js")};\nexport { calibrate } from ${dist("engine/dist/index.js")};\n`,
	);
	const bundle = await rolldown({ input: entry, platform: "browser" });
	const files = { module: join(folder, "predict.mjs"), script: join(folder, "predict.js") };
	await bundle.write({ file: files.module, format: "esm" });
	await bundle.write({ file: files.script, format: "iife", name: "predict" });
	await bundle.close();
	return files;
}

async function inNode({ module }) {
	const { sweep, sweptFrontier, calibrate } = await import(pathToFileURL(module).href);
	const calibration = calibrate(rows, law, fields);
	const first = timed(() => sweptFrontier(sweep(calibration, asked)));
	const again = best(() => sweptFrontier(sweep(calibration, asked)));
	said("Node", again, first);
}

async function inChromium({ script }) {
	const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
	const playwright = playwrightOfRealTests();
	if (playwright === undefined || !existsSync(executablePath)) {
		console.log(
			"frontier in Chromium: skipped, it needs chromium (or its path in CHROMIUM) and the packages of test/real: npm run test:real installs both",
		);
		return;
	}
	const quiet = ["--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-dev-shm-usage"];
	const args = process.getuid?.() === 0 ? [...quiet, "--no-sandbox"] : quiet;
	const browser = await playwright.chromium.launch({ executablePath, args });
	try {
		const page = await browser.newPage();
		await page.addScriptTag({ content: readFileSync(script, "utf8") });
		const data = numbersKept({ rows, law, fields, asked });
		const { first, again } = await page.evaluate(
			([text, rounds]) => {
				const { predict } = globalThis;
				const { rows: known, law: laws, fields: spreads, asked: all } = JSON.parse(text);
				const calibration = predict.calibrate(known, laws, spreads);
				const once = () => {
					const start = performance.now();
					predict.sweptFrontier(predict.sweep(calibration, all));
					return (performance.now() - start) / 1000;
				};
				return { first: once(), again: Math.min(...Array.from({ length: rounds }, once)) };
			},
			[data, ROUNDS],
		);
		said(`Chromium ${browser.version()}`, again, first);
	} finally {
		await browser.close();
	}
}

function playwrightOfRealTests() {
	try {
		return createRequire(new URL("../test/real/package.json", import.meta.url))("playwright-core");
	} catch {
		return undefined;
	}
}

/** JSON that keeps infinity: it reads 1e999 as such. */
function numbersKept(value) {
	return JSON.stringify(value, (_, each) => (each === Infinity ? "@infinity" : each)).replaceAll(
		'"@infinity"',
		"1e999",
	);
}

function said(where, again, first) {
	console.log(
		`frontier of ${CONFIGURATIONS.toLocaleString("en")} configurations in ${where}: ${again.toFixed(3)} s, limit over time ${(SECONDS / again).toFixed(1)}; the first time, when the fields of its stacks are solved, ${first.toFixed(2)} s`,
	);
}

function best(work) {
	return Math.min(...Array.from({ length: ROUNDS }, () => timed(work)));
}

function timed(work) {
	const before = process.cpuUsage();
	work();
	const { user, system } = process.cpuUsage(before);
	return (user + system) / 1e6;
}
