// Five years by month, about fifteen quantities a month, 100,000 draws: the graph compiled to one loop against the same
// loop written by hand, against numpy, over two threads, and against Squiggle. Ratios of one run, best of several rounds
// each, taken in turns, so that a busy machine slows all of them alike.
import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { buildModel, compile, input, one, sample } from "@farthing/engine";
import { byHand, fiveYearModel, INPUTS, KEEP, MONTHS } from "./five-year/model.mjs";

const DRAWS = 100_000;
const SEED = 7;
const ROUNDS = 9;
const SQUIGGLE = "0.10.0";
const here = join(dirname(fileURLToPath(import.meta.url)), "five-year");
const scratch = join(tmpdir(), "farthing-bench");
mkdirSync(scratch, { recursive: true });

const model = fiveYearModel();
const inputs = drawnInputs();
const loop = compile(model, { months: MONTHS, keep: KEEP, targets: ["javascript"] });
const pairs = compile(model, { months: MONTHS, keep: KEEP, targets: ["wasm"] });
const ordered = loop.inputs.map((id) => inputs[INPUTS.findIndex((each) => each.id === id)]);
const graph = KEEP.map(() => new Float64Array(DRAWS));
const hand = KEEP.map(() => new Float64Array(DRAWS));
const suspects = new Uint8Array(DRAWS);
const whole = () => sample(model, { draws: DRAWS, seed: SEED, months: MONTHS, keep: KEEP });

const best = rounds({
	loop: () => loop.run(ordered, graph, suspects, DRAWS, DRAWS),
	pairs: () => pairs.run(ordered, graph, suspects, DRAWS, DRAWS),
	hand: () => byHand(inputs, hand, DRAWS),
	sample: whole,
	script: () => sample(model, { draws: DRAWS, seed: SEED, months: MONTHS, keep: KEEP, backend: "javascript" }),
});
const apart = Math.max(...KEEP.map((_, k) => distance(graph[k], hand[k])));
if (!(apart < 1e-12)) throw new Error(`graph and hand differ by ${apart}`);
const values = whole().values;
for (const [k, id] of KEEP.entries()) {
	if (!sameBits(values.get(id), graph[k])) throw new Error(`draws of ${id} depend on the block`);
}

say(`${DRAWS} draws × ${MONTHS} months, ${model.nodes.length} nodes, ${INPUTS.length} inputs with ranges`);
say(line("loop by hand, draws given", best.hand));
say(
	line("compiled to JavaScript, draws given", best.loop),
	ratio("takes", best.loop / best.hand, `of it (goal ≤ 1.20), agrees to ${apart.toExponential(1)}`),
);
say(
	line("compiled to WebAssembly, draws given", best.pairs),
	ratio("takes", best.pairs / best.hand, "of it, same bits"),
);
say(line("sample by JavaScript, draws made", best.script));
say(line("sample by WebAssembly, draws made", best.sample));
await overThreads();
memoryByDraws();
againstNumpy();
againstSquiggle();

/** Columns of the inputs, as `sample` draws them. */
function drawnInputs() {
	const facts = { source: "bench", asOf: "2026-11-22", grade: "E" };
	const nodes = INPUTS.map(({ id, value }) => input(id, one, { ...facts, label: id, value }));
	const { values } = sample(buildModel(nodes), { draws: DRAWS, seed: SEED });
	return INPUTS.map(({ id }) => values.get(id));
}

async function overThreads() {
	const threads = [0, 1].map(() => new Worker(join(here, "worker.mjs"), { execArgv: process.execArgv }));
	const ask = (thread, message) =>
		new Promise((resolve, reject) => {
			thread.once("message", resolve).once("error", reject);
			thread.postMessage(message);
		});
	let ms = Number.POSITIVE_INFINITY;
	let parts;
	for (let round = 0; round < ROUNDS; round++) {
		const start = performance.now();
		const half = DRAWS / 2;
		parts = await Promise.all(threads.map((thread, i) => ask(thread, { first: i * half, draws: half, seed: SEED })));
		ms = Math.min(ms, performance.now() - start);
	}
	await Promise.all(threads.map((thread) => thread.terminate()));
	best.threads = ms;
	for (const id of KEEP) {
		const joined = concat(parts.map((part) => part[id]));
		if (!sameBits(joined, values.get(id))) throw new Error(`two threads draw ${id} otherwise than one`);
	}
	say(line("sample over 2 threads", ms), ratio("speed", best.sample / ms, "× one thread, the same bits"));
}

/** Ten times the draws, each run in a process of its own; what is kept of them grows as it must. */
function memoryByDraws() {
	const [few, many] = [DRAWS, 10 * DRAWS].map((draws) => {
		const args = [join(here, "memory.mjs"), String(draws)];
		const { peak, kept } = JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8" }));
		return { draws, kept, rest: peak - kept };
	});
	const megabytes = ({ draws, rest, kept }) =>
		`${draws} draws: ${(rest / 1e6).toFixed(1)} MB + ${(kept / 1e6).toFixed(1)} MB of kept draws`;
	say(
		`  peak memory of the process, ${megabytes(few)}; ${megabytes(many)};`,
		ratio("without what is kept", many.rest / few.rest, "× (goal ≤ 1.10)"),
	);
}

function againstNumpy() {
	const python = pythonWithNumpy();
	if (python === undefined) return say("numpy: no python3 with numpy here, and none could be installed: left out");
	const args = [join(here, "five_years.py"), String(DRAWS), String(MONTHS)];
	const found = JSON.parse(execFileSync(python, args, { encoding: "utf8" }));
	const [drawing, running] = [found.draw * 1000, found.loop * 1000];
	say(line(`numpy ${found.numpy}, draws given`, running), ratio("compiled loop is", running / best.pairs, "× as fast"));
	const all = drawing + running;
	say(
		line("numpy, draws made", all),
		ratio("sample is", all / best.sample, "× as fast on one thread (goal ≥ 1.50),"),
		ratio("over 2 threads", all / best.threads, "× (goal ≥ 2.50)"),
	);
	compareMeans("numpy", found.worth, DRAWS);
}

/** A Python that has numpy: the machine's own, or one in a virtual environment of this bench. */
function pythonWithNumpy() {
	const own = join(scratch, "venv", "bin", "python");
	const has = (python) => spawnSync(python, ["-c", "import numpy"]).status === 0;
	const found = ["python3", own].find(has);
	if (found !== undefined) return found;
	if (spawnSync("python3", ["-m", "venv", join(scratch, "venv")]).status !== 0) return undefined;
	spawnSync(own, ["-m", "pip", "install", "--quiet", "numpy"]);
	return has(own) ? own : undefined;
}

function againstSquiggle() {
	const folder = join(scratch, `squiggle-${SQUIGGLE}`);
	if (!existsSync(join(folder, "node_modules", "@quri", "squiggle-lang")) && !install(folder)) {
		return say(`squiggle: @quri/squiggle-lang ${SQUIGGLE} could not be installed: left out`);
	}
	copyFileSync(join(here, "squiggle.mjs"), join(folder, "squiggle.mjs"));
	const output = execFileSync(process.execPath, ["squiggle.mjs", "5000"], { cwd: folder, encoding: "utf8" });
	const { ms, samples, worth } = JSON.parse(output);
	const all = (ms / samples) * DRAWS;
	say(
		line(`squiggle ${SQUIGGLE}, from ${samples} draws`, all),
		ratio("sample is", all / best.sample, "× as fast (goal ≥ 50)"),
	);
	compareMeans("squiggle", worth, samples);
}

function install(folder) {
	mkdirSync(folder, { recursive: true });
	const manifest = { private: true, type: "module", dependencies: { "@quri/squiggle-lang": SQUIGGLE } };
	writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
	const args = ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"];
	return spawnSync("npm", args, { cwd: folder }).status === 0;
}

/** Their draws are others than ours, so the means agree within their standard errors or the models differ. */
function compareMeans(name, mean, draws) {
	const own = values.get("worth");
	const ours = own.reduce((sum, x) => sum + x, 0) / DRAWS;
	const spread = Math.sqrt(own.reduce((sum, x) => sum + (x - ours) ** 2, 0) / DRAWS);
	const errors = Math.abs(mean - ours) / (spread * Math.sqrt(1 / draws + 1 / DRAWS));
	if (!(errors < 4)) throw new Error(`${name} computes another model: ${mean} and ${ours}, ${errors} standard errors`);
}

/** Best time of each, in milliseconds. */
function rounds(works) {
	const found = {};
	for (let round = 0; round < ROUNDS; round++) {
		for (const [name, work] of Object.entries(works)) {
			const start = performance.now();
			work();
			found[name] = Math.min(found[name] ?? Number.POSITIVE_INFINITY, performance.now() - start);
		}
	}
	return found;
}

/** Largest distance, relative to the size of the column: a balance of large sums may itself be near 0. */
function distance(a, b) {
	const size = Math.sqrt(a.reduce((sum, x) => sum + (Number.isNaN(x) ? 0 : x * x), 0) / a.length);
	return a.reduce((most, x, i) => {
		if (Number.isNaN(x) !== Number.isNaN(b[i])) return Number.POSITIVE_INFINITY;
		return Number.isNaN(x) ? most : Math.max(most, Math.abs(x - b[i]) / Math.max(Math.abs(x), size));
	}, 0);
}

function sameBits(a, b) {
	return a.length === b.length && a.every((x, i) => Object.is(x, b[i]));
}

function concat(columns) {
	const all = new Float64Array(columns.reduce((sum, { length }) => sum + length, 0));
	let at = 0;
	for (const column of columns) {
		all.set(column, at);
		at += column.length;
	}
	return all;
}

function line(name, ms) {
	const speed = `${(DRAWS / ms / 1000).toFixed(2)} million draws/s`;
	return `  ${name.padEnd(36)} ${ms.toFixed(1).padStart(8)} ms  ${speed.padStart(22)}`;
}

function ratio(words, value, rest) {
	return `${words} ${value.toFixed(2)} ${rest}`;
}

function say(...words) {
	console.log(words.join("  "));
}
