// The formulas of docs/method.md, from the graphs that calculate: what stands between <!-- formulas NAME --> and
// <!-- end --> is written by this script, all else by hand. `node scripts/method-formulas.mjs` writes, a test compares.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { planYears } from "@farthing/answers";
import { openCatalogue } from "@farthing/catalogue/node";
import { modelFromJson } from "@farthing/engine";
import { formulaList } from "@farthing/report";
import { parseScenario } from "@farthing/scenario";

const root = fileURLToPath(new URL("..", import.meta.url));
const page = join(root, "docs/method.md");

/** Commands whose graphs are shown, and what in them. */
const COMMANDS = {
	"unit-cost": { args: ["price", "--gpu-hour", "1.95", "--tokens-per-second", "28724.2", "--util", "60%"] },
	fleet: {
		args: ["plan", "scenarios/prototype-to-5b.yaml", "--row", "ix-255cede9"],
		beneath: ({ options }) => [options[0].delivered.node, options[0].headline.node, options[0].utilization.node],
	},
	"gpu-hour": {
		args: ["price", "--build-up", "hyperscaler", "--hardware", "gb200", "--tokens-per-second", "10000"],
	},
	training: { args: ["train", "--run", "deepseek-v3"] },
};

/** The page with its formulas as the graphs have them now. */
export function methodPage(text = readFileSync(page, "utf8")) {
	return text.replace(/<!-- formulas ([\w-]+) -->\n[\s\S]*?<!-- end -->/g, (_, name) => {
		const formulas = name === "five-years" ? fiveYears() : ofCommand(name);
		return `<!-- formulas ${name} -->\n\n${formulas}\n\n<!-- end -->`;
	});
}

function ofCommand(name) {
	const { args, beneath } = COMMANDS[name];
	const folder = mkdtempSync(join(tmpdir(), "farthing-method-"));
	try {
		const file = join(folder, "result.json");
		const bin = join(root, "packages/cli/bin/farthing.js");
		const run = spawnSync(process.execPath, [bin, ...args, "-o", file, "--quiet"], { cwd: root, encoding: "utf8" });
		if (run.status !== 0) throw new Error(`farthing ${args.join(" ")}: ${run.stderr}`);
		const { graph, result } = JSON.parse(readFileSync(file, "utf8"));
		return formulaList(modelFromJson(graph), beneath?.(result));
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

/** All ways to serve a demand in the example; two draws, since only the formulas count. */
function fiveYears() {
	const file = "scenarios/five-years.yaml";
	const parsed = parseScenario(readFileSync(join(root, file), "utf8"), { file });
	const catalogue = openCatalogue().catalogue();
	const asking = { command: "plan", arguments: {}, asOf: catalogue.releaseDate, seed: 1, catalogue };
	const { graph, result } = planYears(catalogue, parsed.scenario, asking, { draws: 2 });
	const beneath = result.strategies.flatMap(({ measures = {} }) => Object.values(measures).map(({ node }) => node));
	return formulaList(modelFromJson(graph), [...new Set(beneath)], "own");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(page, methodPage());
