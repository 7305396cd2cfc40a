/** What the page in the address will need, asked for before anything is drawn. */
import { ask } from "../engine/client.ts";
import { pages } from "../pages/registry.ts";
import { getState } from "../state/store.ts";
import { scenarioWords } from "../state/use-scenario.ts";

/** Faults are told where page and answer are asked for again. */
export function foresee(): void {
	const state = getState();
	const entry = pages.find(({ id }) => id === state.page);
	entry?.load().catch(() => undefined);
	if (entry?.showsPlan === true) ask("plan", scenarioWords(state)).catch(() => undefined);
}
