/** A scenario as a page asks about it: a text or an example, and what was changed over it. */
import type { Asking, Warning } from "@farthing/answers";
import { FarthingError, modelNamed } from "@farthing/answers";
import type { Catalogue } from "@farthing/catalogue";
import type { Scenario, ScenarioOverride } from "@farthing/scenario";
import { parseScenario } from "@farthing/scenario";
import type { Host } from "../host.ts";
import type { TableName } from "../partial-catalogue.ts";

export interface ScenarioWords {
	/** Name of an example. */
	readonly base: string;
	/** Text of a scenario file in place of the example. */
	readonly text?: string;
	/** Members over the file, by path. */
	readonly changes: Readonly<Record<string, ScenarioOverride["value"]>>;
	readonly seed?: number;
	readonly asOf?: string;
}

export interface ReadScenario {
	readonly scenario: Scenario;
	readonly unused: readonly Warning[];
}

export async function readScenario(words: ScenarioWords, host: Host): Promise<ReadScenario> {
	const { base, changes } = words;
	const text = words.text ?? (await host.example(base));
	const file = words.text === undefined ? `${base}.yaml` : "scenario";
	const overrides = Object.entries(changes).map(([path, value]) => ({ path, value, label: path }));
	const parsed = parseScenario(text, { file, overrides });
	if (parsed.ok) {
		const unused = parsed.warnings.filter(({ code }) => code === "unused-member");
		return { scenario: parsed.scenario, unused: unused.map(({ code, message }) => ({ code, message })) };
	}
	const [first, ...more] = parsed.issues;
	if (first === undefined) throw new Error("a scenario was refused without a reason");
	const { code, message, line, column, path, expected, hint, nearest } = first;
	const rest = more.map((issue) => issue.message);
	const isChanged = Object.keys(changes).some((changed) => path === changed || path.startsWith(`${changed}.`));
	throw new FarthingError(2, code, [message, ...rest].join("; "), {
		...(isChanged ? {} : { file, line, column }),
		field: path,
		...(expected === undefined ? {} : { expected }),
		...(hint === undefined ? {} : { hint }),
		...(nearest === undefined ? {} : { nearest }),
	});
}

/** As the command line asks: at the date of the scenario, else of the catalogue, with seed 1. */
export async function askingOf(command: string, words: ScenarioWords, scenario: Scenario, host: Host): Promise<Asking> {
	const catalogue = await host.manifest();
	const { seed = 1, asOf = scenario.asOf ?? catalogue.releaseDate } = words;
	return { command, arguments: {}, asOf, seed, catalogue };
}

/**
 * The catalogue a scenario needs: rows of its model alone, or all where years of money read the trend of all rows. A
 * model without an entry needs all rows too, since the refusal names those that have some.
 */
export async function catalogueFor(
	scenario: Scenario,
	host: Host,
	more: readonly TableName[] = [],
): Promise<Catalogue> {
	const facts = await host.catalogue({});
	const tables = scenario.fiveYears === undefined ? more : (["accuracyRuns", ...more] as const);
	const isWide = scenario.fiveYears !== undefined || !isKnown(facts, scenario.model);
	const benchmarks = isWide ? "all" : [modelNamed(facts, scenario.model, { field: "model" }).id];
	return host.catalogue({ benchmarks, tables });
}

/** What has no answer is told with the nearest of all rows, as the command line does. */
export async function withNearest<Answer>(
	scenario: Scenario,
	host: Host,
	more: readonly TableName[],
	ask: (catalogue: Catalogue) => Answer | Promise<Answer>,
): Promise<Answer> {
	const catalogue = await catalogueFor(scenario, host, more);
	try {
		return await ask(catalogue);
	} catch (error) {
		if (!(error instanceof FarthingError) || error.exit !== 3) throw error;
		return ask(await host.catalogue({ benchmarks: "all", tables: ["accuracyRuns", ...more] }));
	}
}

function isKnown(facts: Catalogue, name: string): boolean {
	try {
		modelNamed(facts, name, { field: "model" });
		return true;
	} catch (error) {
		if (error instanceof FarthingError) return false;
		throw error;
	}
}
