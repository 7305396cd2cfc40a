// First output of the command line against Node starting with nothing to do: the ratio is what farthing adds.
import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const farthing = join(root, "packages/cli/bin/farthing.js");
const ROUNDS = 15;

const cases = {
	"node, nothing": ["-e", "0"],
	"farthing --help": [farthing, "--help"],
	"farthing price": [farthing, "price", "--gpu-hour", "1.95", "--tokens-per-second", "28724.2"],
	"farthing claim": [farthing, "claim"],
	"farthing plan": [farthing, "plan", join(root, "scenarios/prototype-to-5b.yaml"), "--quiet"],
};

const times = Object.fromEntries(Object.keys(cases).map((name) => [name, []]));
for (let round = 0; round < ROUNDS; round++) {
	for (const [name, args] of Object.entries(cases)) {
		const start = performance.now();
		const { status, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" });
		times[name].push(performance.now() - start);
		if (status !== 0) throw new Error(`${name} ended with ${status}: ${stderr}`);
	}
}
const median = (values) => values.sort((a, b) => a - b)[values.length >> 1];
const base = median(times["node, nothing"]);
for (const [name, values] of Object.entries(times)) {
	const ms = median(values);
	console.log(`${name.padEnd(18)} ${ms.toFixed(0).padStart(5)} ms  ${(ms / base).toFixed(2)} × node`);
}
