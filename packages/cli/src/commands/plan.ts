import { readFileSync } from "node:fs";
import { dirname, isAbsolute, join } from "node:path";
import type { PlanResult } from "@farthing/answers";
import { FarthingError, plan } from "@farthing/answers";
import type { RowList, Scenario, ScenarioOverride } from "@farthing/scenario";
import { parseRowList, parseScenario } from "@farthing/scenario";
import type { CommonFlags } from "../context.ts";
import { askingOf, catalogueStore, deliver } from "../context.ts";
import { readText } from "../files.ts";
import { countFlag, onOffFlag } from "../given-flags.ts";
import { printText } from "../print.ts";
import type { RowFlags } from "../row-flags.ts";
import { windowOf } from "../row-flags.ts";
import { scenarioError } from "../scenario-error.ts";
import { defaultsText, planText } from "../show/plan.ts";

export interface PlanFlags extends CommonFlags, RowFlags {
	readonly demand?: string;
	readonly peak?: string;
	readonly interactivity?: string;
	readonly rows?: string;
	readonly util?: string;
	readonly wholeReplicas?: string;
	readonly spare?: string;
	readonly wholeHosts?: string;
	readonly availability?: string;
	readonly top: string;
	readonly csv?: boolean;
	readonly explainDefaults?: boolean;
}

export async function runPlan(path: string, flags: PlanFlags): Promise<void> {
	const scenario = readScenario(path, overridesOf(flags));
	const rows = flags.rows === undefined ? undefined : readRowList(flags.rows);
	const store = catalogueStore();
	const asking = askingOf("plan", { ...flags, ...(rows === undefined ? {} : { rows: rows.rows.map(plainRow) }) }, flags, store, scenario.asOf);
	const catalogue = store.catalogue();
	const window = windowOf(catalogue, flags, flags.asOf ?? scenario.asOf);
	const answer = plan(catalogue, scenario, asking, { window, ...(rows === undefined ? {} : { rows }) });
	if (flags.explainDefaults === true) printText(defaultsText(scenario.defaults));
	else if (flags.csv === true) printText((await import("@farthing/report")).planCsv(answer));
	else deliver(answer, flags, (result: PlanResult) => planText(result, answer, countFlag("--top", flags.top)));
}

/** A scenario file with flags over it; exit 2 with line and column of what is wrong. */
export function readScenario(path: string, overrides: readonly ScenarioOverride[]): Scenario {
	const text = readText(path, "a scenario file");
	const parsed = parseScenario(text, { file: path === "-" ? "standard input" : path, overrides, resolve: resolveBeside });
	if (parsed.ok) return parsed.scenario;
	throw scenarioError(parsed.issues);
}

/** `extends: base.yaml` is looked for beside the file that names it. */
function resolveBeside(name: string, from: string): { file: string; text: string } | undefined {
	const file = isAbsolute(name) ? name : join(dirname(from), name);
	try {
		return { file, text: readFileSync(file, "utf8") };
	} catch {
		return undefined;
	}
}

function readRowList(path: string): RowList {
	const parsed = parseRowList(readText(path, "a list of benchmark rows"), { file: path });
	if (parsed.ok) return parsed.rowList;
	throw scenarioError(parsed.issues);
}

function plainRow(row: RowList["rows"][number]): unknown {
	return row.kind === "id" ? row.id : row.selector;
}

function overridesOf(flags: PlanFlags): ScenarioOverride[] {
	const over = (path: string, label: string, value: ScenarioOverride["value"] | undefined): ScenarioOverride[] =>
		value === undefined ? [] : [{ path, label, value }];
	const onOff = (label: string, value: string | undefined): boolean | undefined => (value === undefined ? undefined : onOffFlag(label, value));
	const environment = (name: string): string | undefined => process.env[name];
	return [
		...over("cost.card.id", "FARTHING_CARD", environment("FARTHING_CARD")),
		...over("cost.card.tier", "FARTHING_TIER", environment("FARTHING_TIER")),
		...over("demand.tokens_per_day", "--demand", flags.demand),
		...over("demand.peak_to_mean", "--peak", flags.peak),
		...over("slo.tokens_per_s_per_user", "--interactivity", flags.interactivity),
		...over("slo.ttft", "--ttft", flags.ttft),
		...over("slo.ttft_statistic", "--ttft-statistic", flags.ttftStatistic),
		...over("slo.ttft_unknown", "--ttft-unknown", flags.ttftUnknown),
		...over("supply.hardware", "--hardware", flags.hardware),
		...over("supply.precision", "--precision", flags.precision),
		...over("supply.stack", "--stack", flags.stack),
		...over("supply.speculative", "--speculative", flags.speculative),
		...over("supply.disaggregated", "--disaggregated", onOff("--disaggregated", flags.disaggregated)),
		...over("cost.card.id", "--card", flags.card),
		...over("cost.card.tier", "--tier", flags.tier),
		...over("utilisation", "--util", flags.util),
		...over("redundancy.whole_replicas", "--whole-replicas", onOff("--whole-replicas", flags.wholeReplicas)),
		...over("redundancy.spare_replicas", "--spare", flags.spare === undefined ? undefined : spareOf(flags.spare)),
		...over("redundancy.whole_hosts", "--whole-hosts", onOff("--whole-hosts", flags.wholeHosts)),
		...over("redundancy.availability", "--availability", flags.availability),
	];
}

function spareOf(text: string): number {
	const value = Number(text);
	if (Number.isInteger(value) && value >= 0) return value;
	throw new FarthingError(2, "wrong-type", `--spare takes a whole number, not "${text}"`, { field: "--spare", expected: "0, 1, 2, …" });
}
