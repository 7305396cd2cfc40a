/** What a command is asked about: a saved result, or a scenario file that is planned first. */
import type { Envelope } from "@farthing/answers";
import { plan } from "@farthing/answers";
import type { CatalogueStore } from "@farthing/catalogue/node";
import type { ScenarioOverride } from "@farthing/scenario";
import type { CommonFlags } from "./context.ts";
import { askingOf, savedResult } from "./context.ts";
import { scenarioOfText } from "./scenario-file.ts";
import { readText } from "./files.ts";

/** A file that holds JSON is a result of farthing; anything else is read as a scenario. No path: the last result here. */
export function resultOf(
	path: string | undefined,
	flags: CommonFlags,
	store: CatalogueStore,
	options: { readonly draws?: number; readonly overrides?: readonly ScenarioOverride[] } = {},
): Envelope<unknown> {
	if (path === undefined || path.endsWith(".json")) return savedResult(path);
	const text = readText(path, "a scenario file, or a result written by farthing");
	const file = path === "-" ? "standard input" : path;
	return planOfText(text, file, flags, store, options);
}

/** The plan of a scenario that was read already. */
export function planOfText(
	text: string,
	file: string,
	flags: CommonFlags,
	store: CatalogueStore,
	{
		draws,
		overrides = [],
		resolve,
	}: {
		readonly draws?: number;
		readonly overrides?: readonly ScenarioOverride[];
		readonly resolve?: Parameters<typeof scenarioOfText>[3];
	} = {},
): Envelope<unknown> {
	const { scenario, unused } = scenarioOfText(text, file, overrides, resolve);
	const catalogue = store.catalogue();
	const asking = askingOf("plan", draws === undefined ? {} : { draws }, flags, store, scenario.asOf);
	const planned = plan(catalogue, scenario, asking, draws === undefined ? {} : { draws });
	return { ...planned, warnings: [...planned.warnings, ...unused] };
}
