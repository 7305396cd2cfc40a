/** What the lab asks: the scenario, and what stands beside it in the URL; with the command that answers the same. */
import type { SimulateWords } from "../../engine/questions/simulate.ts";
import type { ScenarioWords } from "../../engine/questions/scenario-words.ts";
import { fileName } from "../../engine/picked-files.ts";
import { centralNumber } from "../../controls/human-number.ts";
import type { AppState, Change } from "../../state/app-state.ts";
import { scenarioCommand } from "../../state/cli-command.ts";

/** Options of the page that are words of the question, with the flag of each. */
export const OPTIONS = {
	row: "--row",
	hours: "--hours",
	replicas: "--replicas",
	router: "--router",
	shape: "--shape",
	traceRate: "--trace-rate",
	traceLength: "--trace-length",
} as const;

type Option = keyof typeof OPTIONS;

/** Those that hold beside a trace, and beside none. */
function optionsOf(view: AppState["view"]): [Option, string][] {
	const hasTrace = view["trace"] !== undefined;
	return (Object.keys(OPTIONS) as Option[]).flatMap((name): [Option, string][] => {
		const value = view[name];
		const holds = hasTrace ? name !== "shape" : !name.startsWith("trace");
		return value === undefined || !holds ? [] : [[name, value]];
	});
}

export function simulateWords(scenario: ScenarioWords, view: AppState["view"]): SimulateWords {
	const seed = view["seed"] === undefined ? undefined : Number(view["seed"]);
	return {
		scenario: seed === undefined ? scenario : { ...scenario, seed },
		...Object.fromEntries(optionsOf(view)),
		...(view["trace"] === undefined ? {} : { trace: view["trace"] }),
	};
}

/** Flags that `simulate` does not have, though `plan` does. */
const NOT_OF_SIMULATE = new Set(["--util", "--whole-replicas", "--spare", "--whole-hosts", "--availability"]);

export function simulateCommand(state: AppState): string {
	const { view } = state;
	const more = [
		...optionsOf(view).flatMap(([name, value]) => [OPTIONS[name], value]),
		...(view["seed"] === undefined ? [] : ["--seed", view["seed"]]),
		...(view["trace"] === undefined ? [] : ["--trace", quoted(fileName(view["trace"]))]),
	];
	return scenarioCommand(state, "simulate", more, (flag) => !NOT_OF_SIMULATE.has(flag));
}

/** More requests than these take minutes in a browser: whether to begin is asked. */
export const MOST_REQUESTS = 20e6;

/** About how many requests the question is about; undefined where that is not known, as of a trace. */
export function requestsOf(current: (path: string) => Change | undefined, view: AppState["view"]): number | undefined {
	if (view["trace"] !== undefined) return undefined;
	const number = (path: string): number | undefined => {
		const value = current(path);
		return value === undefined ? undefined : centralNumber(value);
	};
	const [tokens, input, output] = ["demand.tokens_per_day", "workload.input", "workload.output"].map(number);
	if (tokens === undefined || input === undefined || output === undefined || !(input + output > 0)) return undefined;
	const usual = current("traffic.weekend") === undefined ? 24 : 168;
	const hours = view["hours"] === undefined ? usual : (centralNumber(view["hours"]) ?? usual);
	return ((tokens / (input + output)) * hours) / 24;
}

/** A whole number from 0 on: what a seed may be. */
export function isSeed(text: string | undefined): boolean {
	return text === undefined || /^\d{1,9}$/.test(text);
}

function quoted(name: string): string {
	return /^[\w.,%+-]+$/.test(name) ? name : `'${name.replaceAll("'", `'\\''`)}'`;
}
