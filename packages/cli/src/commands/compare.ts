import type { Comparison } from "@farthing/answers";
import { compare, COMPARISONS, readArtificialAnalysis } from "@farthing/answers";
import type { CommonFlags } from "../context.ts";
import { askingOf, catalogueStore, deliver } from "../context.ts";
import { readText } from "../files.ts";
import { choiceFlag } from "../given-flags.ts";
import { readScenario } from "../scenario-file.ts";
import type { ScenarioFlags } from "../scenario-flags.ts";
import { overridesOf } from "../scenario-flags.ts";
import { compareText } from "../show/compare.ts";

export interface CompareFlags
	extends CommonFlags,
		Pick<ScenarioFlags, "demand" | "interactivity" | "ttft" | "card" | "tier"> {
	readonly by?: readonly string[];
	readonly artificialAnalysis?: string;
}

export async function runCompare(path: string, flags: CompareFlags): Promise<void> {
	const by = flags.by?.map((each) => choiceFlag<Comparison>("--by", each, COMPARISONS));
	const { scenario, unused } = readScenario(path, overridesOf(flags));
	const file = flags.artificialAnalysis;
	const table = file === undefined ? undefined : readText(file, "a table of Artificial Analysis rows");
	const store = catalogueStore();
	const catalogue = store.catalogue();
	const loadTests = table === undefined ? undefined : readArtificialAnalysis(catalogue, table, file as string);
	const given = { ...flags, ...(loadTests === undefined ? {} : { artificialAnalysis: loadTests }) };
	const asking = askingOf("compare", given, flags, store, scenario.asOf);
	const answer = compare(catalogue, scenario, asking, {
		...(by === undefined ? {} : { by }),
		...(loadTests === undefined ? {} : { loadTests }),
	});
	const told = { ...answer, warnings: [...answer.warnings, ...unused] };
	deliver(told, flags, (result) => compareText(result, told));
}
