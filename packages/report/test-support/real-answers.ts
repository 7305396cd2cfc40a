/** Answers on the catalogue's own data, as `npm start` asks for them. */
import { readFileSync } from "node:fs";
import { claims, frontier, plan, rateBook } from "@farthing/answers";
import { openCatalogue } from "@farthing/catalogue/node";
import { parseScenario, type ScenarioOverride } from "@farthing/scenario";
import { assumptionRegister, namesOf, type PlanSource } from "../src/index.ts";

const catalogue = openCatalogue().catalogue();
const asOf = catalogue.releaseDate;

export function realSource(overrides: readonly ScenarioOverride[] = []): PlanSource {
	const file = "scenarios/prototype-to-5b.yaml";
	const text = readFileSync(new URL(`../../../${file}`, import.meta.url), "utf8");
	const parsed = parseScenario(text, { file, overrides });
	if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
	const { scenario } = parsed;
	const asking = (command: string) => ({ command, arguments: {}, asOf, seed: 1, catalogue });
	const answer = plan(catalogue, scenario, asking("plan"));
	const { model } = answer.result;
	const rates = rateBook(catalogue, scenario.cost, asOf);
	const curve = frontier(catalogue, { filter: { model, isl: 8192, osl: 1024 }, window: {} }, rates, asking("frontier"));
	if (answer.graph === undefined) throw new Error("a plan carries its graph");
	return {
		plan: answer,
		frontier: curve,
		claims: claims(catalogue, asking("claim")),
		register: assumptionRegister(answer.graph),
		names: namesOf(catalogue),
		commandLine: `farthing plan ${file}`,
	};
}
