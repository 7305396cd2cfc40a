/** The packages as a program imports them: compiled, by name. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { answerOf, cleanEnvironment, type Json, root } from "./farthing.ts";

/** Runs a module as a user's program would, outside vitest, which resolves the packages to their sources. */
function program(text: string): string {
	const run = spawnSync(process.execPath, ["--input-type=module", "--eval", text], {
		cwd: join(root, "packages/cli"),
		env: cleanEnvironment(),
		encoding: "utf8",
	});
	expect(run.stderr).toBe("");
	expect(run.status).toBe(0);
	return run.stdout;
}

describe.each([
	["@farthing/engine", ["evaluate", "why", "bridge", "sample", "parseQuantity", "formatQuantity", "define", "input"]],
	["@farthing/catalogue", ["loadCatalogue", "validateCatalogue", "findHardware", "rateCard"]],
	["@farthing/catalogue/node", ["openCatalogue", "readCatalogueFolder"]],
	["@farthing/scenario", ["parseScenario", "parseRowList", "scenarioJsonSchema"]],
	["@farthing/answers", ["price", "frontier", "plan", "claim", "claims", "ownClaim", "whyNode", "rateBook"]],
	["@farthing/report", ["planHtml", "planCsv", "assumptionRegister"]],
	["farthing", ["plan", "openCatalogue", "parseScenario", "loadCatalogue", "engine"]],
	["farthing/command", ["run"]],
])("%s", (name, expected) => {
	it(`exports ${expected.join(", ")} from its compiled files`, () => {
		const told = program(`
			const resolved = import.meta.resolve(${JSON.stringify(name)});
			const exports = await import(${JSON.stringify(name)});
			console.log(JSON.stringify([resolved, Object.keys(exports)]));
		`);
		const [resolved, names] = JSON.parse(told) as [string, string[]];
		expect(resolved).toContain("/dist/");
		expect(names).toEqual(expect.arrayContaining([...expected]));
	});
});

it("the engine asks nothing of the machine: its compiled files import only each other", () => {
	const { dependencies } = JSON.parse(readFileSync(join(root, "packages/engine/package.json"), "utf8")) as {
		dependencies?: object;
	};
	expect(dependencies).toBeUndefined();
	const told = program(`
		const before = Object.keys(process.moduleLoadList ?? {}).length;
		const { parseQuantity, usdPerGpuHour, formatQuantity } = await import("@farthing/engine");
		const { quantity } = parseQuantity("$2.07/GPU-hr", usdPerGpuHour);
		console.log(before >= 0, formatQuantity(quantity.base / usdPerGpuHour.factor, usdPerGpuHour));
	`);
	expect(told).toBe("true $2.07/GPU-hr\n");
});

it("what the command line can do, the library can: the same plan, number for number", () => {
	const told = program(`
		import { readFileSync } from "node:fs";
		import { plan } from "@farthing/answers";
		import { openCatalogue } from "@farthing/catalogue/node";
		import { parseScenario } from "@farthing/scenario";
		const file = ${JSON.stringify(join(root, "scenarios/prototype-to-5b.yaml"))};
		const parsed = parseScenario(readFileSync(file, "utf8"), { file: "scenarios/prototype-to-5b.yaml" });
		const catalogue = openCatalogue().catalogue();
		const asking = { command: "plan", arguments: {}, asOf: catalogue.releaseDate, seed: 1, catalogue };
		const { result, id } = plan(catalogue, parsed.scenario, asking);
		console.log(JSON.stringify([result.options.map(({ id, delivered }) => [id, delivered.value]), id]));
	`);
	const { result, id } = answerOf(["plan", join(root, "scenarios/prototype-to-5b.yaml"), "--json"]);
	const options = (result.options as readonly Json[]).map((option) => [option.id, option.delivered.value]);
	expect(JSON.parse(told)).toEqual([options, id]);
});
