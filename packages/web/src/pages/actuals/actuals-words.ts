/** The options of the page as a question, and as the command that answers it. */
import type { ActualsWords } from "../../engine/questions/actuals.ts";
import type { ScenarioWords } from "../../engine/questions/scenario-words.ts";
import type { AppState } from "../../state/app-state.ts";
import { scenarioCommand } from "../../state/cli-command.ts";

export const OTHERWISE = {
	window: "30d",
	by: "model",
	basis: "reserved",
	cost: "effective",
	currency: "USD",
} as const;

export const GROUPINGS = [
	"model",
	"team",
	"org",
	"deployment",
	"user",
	"key",
	"model,team",
	"model,org",
	"request",
] as const;
export const BASES = ["reserved", "busy", "marginal"] as const;
export const COLUMNS = ["effective", "billed"] as const;
export const CURRENCIES = ["USD", "EUR", "GBP", "CNY", "JPY"] as const;

type Option = keyof typeof OTHERWISE;
const OPTIONS = Object.keys(OTHERWISE) as Option[];

export function optionOf(view: AppState["view"], name: Option): string {
	return view[name] ?? OTHERWISE[name];
}

export function isAgainstPlan(view: AppState["view"]): boolean {
	return view["plan"] === "scenario";
}

/** Parameters of the question; what is as the server has it anyway is left out, but for the window. */
export function queryOf(view: AppState["view"]): ActualsWords["query"] {
	return Object.fromEntries(
		OPTIONS.flatMap((name) => {
			const value = optionOf(view, name);
			return name === "window" || value !== OTHERWISE[name] ? [[name, value]] : [];
		}),
	);
}

export function actualsWords(
	view: AppState["view"],
	asked: { readonly key?: string | undefined; readonly turn: number; readonly plan?: ScenarioWords | undefined },
): ActualsWords {
	const { key, turn, plan } = asked;
	return {
		query: queryOf(view),
		...(plan === undefined ? {} : { plan }),
		...(key === undefined ? {} : { key }),
		...(turn === 0 ? {} : { turn }),
	};
}

/** What of an answer its command is made from. */
interface Asked {
	/** Its window, since the end of `30d` moves with what comes in. */
	readonly result: { readonly window: Window };
	/** Flags for the ledger, exchange rates and benchmarks of the server. */
	readonly beside?: readonly string[];
	/** Of a result that was saved: the command that made it. */
	readonly command_line?: string;
}

/** Gives the numbers of an answer again; with a plan, the command that saves it comes first. */
export function actualsCommand(state: AppState, asked?: Asked, hasPlan = isAgainstPlan(state.view)): string {
	if (state.view["saved"] !== undefined && asked?.command_line !== undefined) return `npx ${asked.command_line}`;
	const flags = [
		...Object.entries(fixedQuery(state.view, asked?.result.window)).flatMap(([name, value]) => [`--${name}`, value]),
		...(asked?.beside ?? []),
	].map(quoted);
	const ask = (more: readonly string[]): string => ["npx farthing actuals", ...flags, ...more, "--json"].join(" ");
	if (!hasPlan) return ask([]);
	return `${scenarioCommand(state, "plan", ["-o", "plan.json"])} && ${ask(["--plan", "plan.json"])}`;
}

/** The same of the server of the pages, with its own exchange rates and benchmarks; nothing where the answer is from a file. */
export function actualsRequest({ view }: AppState, window: Window, origin = location.origin): string | undefined {
	if (view["saved"] !== undefined) return undefined;
	return `curl '${origin}/v1/actuals?${new URLSearchParams(fixedQuery(view, window))}'`;
}

interface Window {
	readonly from: string;
	readonly to: string;
}

function fixedQuery(view: AppState["view"], window: Window | undefined): Record<string, string> {
	const query = queryOf(view) as Record<string, string>;
	const isMoving = /^\d+[dh]$/.test(query["window"] ?? "");
	return isMoving && window !== undefined ? { ...query, window: `${window.from}..${window.to}` } : query;
}

function quoted(value: string): string {
	return /^[\w./,:@=-]+$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;
}
