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
	instances: "--instances",
	router: "--router",
	shape: "--shape",
	traceRate: "--trace-rate",
	traceLength: "--trace-length",
	runs: "--runs",
} as const;

/** Options that are on or off. */
const SWITCHES = { exact: "--exact", modelled: "--modelled" } as const;

/** Options that name a file which the reader picked. */
export const FILES = { trace: "--trace", shapeFile: "--shape", steps: "--steps" } as const;

type Option = keyof typeof OPTIONS;
type FileOption = keyof typeof FILES;

/** Those that say how requests are made hold beside no trace. */
const OF_MADE_REQUESTS: ReadonlySet<string> = new Set(["shape", "shapeFile", "runs"]);

/** Files of the question, by the option that names each. */
export function filesOf(view: AppState["view"]): [FileOption, string][] {
	return (Object.keys(FILES) as FileOption[]).flatMap((name): [FileOption, string][] => {
		const key = view[name];
		const isAside = view["trace"] !== undefined && OF_MADE_REQUESTS.has(name);
		return key === undefined || isAside ? [] : [[name, key]];
	});
}

function switchesOf(view: AppState["view"]): [keyof typeof SWITCHES, string][] {
	return (Object.keys(SWITCHES) as (keyof typeof SWITCHES)[]).flatMap((name) => {
		const value = view[name];
		return value === undefined ? [] : [[name, value] as [typeof name, string]];
	});
}

/** Those that hold beside a trace, and beside none. */
function optionsOf(view: AppState["view"]): [Option, string][] {
	const hasTrace = view["trace"] !== undefined;
	return (Object.keys(OPTIONS) as Option[]).flatMap((name): [Option, string][] => {
		const value = view[name];
		const isAside = name === "shape" && view["shapeFile"] !== undefined;
		const holds = hasTrace ? !OF_MADE_REQUESTS.has(name) : !name.startsWith("trace") && !isAside;
		return value === undefined || !holds ? [] : [[name, value]];
	});
}

export function simulateWords(scenario: ScenarioWords, view: AppState["view"]): SimulateWords {
	const seed = view["seed"] === undefined ? undefined : Number(view["seed"]);
	return {
		scenario: seed === undefined ? scenario : { ...scenario, seed },
		...Object.fromEntries(optionsOf(view)),
		...Object.fromEntries(switchesOf(view)),
		...Object.fromEntries(filesOf(view)),
	};
}

/** Flags that `simulate` does not have, though `plan` does. */
const NOT_OF_SIMULATE = new Set(["--util", "--whole-replicas", "--spare", "--whole-hosts", "--availability"]);

export function simulateCommand(state: AppState): string {
	const { view } = state;
	const more = [
		...optionsOf(view).flatMap(([name, value]) => [OPTIONS[name], value]),
		...(view["seed"] === undefined ? [] : ["--seed", view["seed"]]),
		...switchesOf(view).flatMap(([name, value]) => (value === "on" ? [SWITCHES[name]] : [])),
		...filesOf(view).flatMap(([name, key]) => [FILES[name], quoted(fileName(key))]),
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
	const runs = view["runs"] === undefined ? 1 : (centralNumber(view["runs"]) ?? 1);
	return ((tokens / (input + output)) * hours * runs) / 24;
}

/** A whole number from 0 on: what a seed may be. */
/** As the command line has it. */
const MOST_SEED = 2 ** 32 - 1;

export function isSeed(text: string | undefined): boolean {
	return text === undefined || (/^\d{1,10}$/.test(text) && Number(text) <= MOST_SEED);
}

function quoted(name: string): string {
	return /^[\w.,%+-]+$/.test(name) ? name : `'${name.replaceAll("'", `'\\''`)}'`;
}
