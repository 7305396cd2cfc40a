import type { Envelope, PlanResult } from "@farthing/answers";
import { FarthingError, plan } from "@farthing/answers";
import type { RowList, ScenarioOverride } from "@farthing/scenario";
import { parseRowList } from "@farthing/scenario";
import type { CommonFlags } from "../context.ts";
import { askingOf, catalogueStore, deliver } from "../context.ts";
import { readText } from "../files.ts";
import { countFlag, onOffFlag } from "../given-flags.ts";
import { printText } from "../print.ts";
import type { RowFlags } from "../row-flags.ts";
import { windowOf } from "../row-flags.ts";
import type { ScenarioRead } from "../scenario-file.ts";
import { readScenario } from "../scenario-file.ts";
import { defaultsText, planText } from "../show/plan.ts";
import { fileError } from "./file-issues.ts";
import { flagTime, flagVolume, knownSpeculative, refuseBeside, unlessAny } from "./flag-words.ts";

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
	refuseIdleFlags(flags);
	const top = countFlag("--top", flags.top);
	const read = readScenario(path, overridesOf(flags));
	if (flags.explainDefaults === true && flags.json !== true) {
		printText(defaultsText(read.scenario.defaults));
		return;
	}
	const answer = planned(read, flags);
	if (flags.csv === true) {
		const { planCsv } = await import("@farthing/report");
		deliver(answer, flags, () => planCsv(answer));
	} else deliver(answer, flags, (result: PlanResult) => planText(result, answer, read.scenario, top));
}

/** The plan of a scenario file, as `farthing plan FILE` makes it. */
export function planOfFile(path: string, flags: CommonFlags): Envelope<PlanResult> {
	const { asOf, seed } = flags;
	const given = {
		top: "10",
		...(asOf === undefined ? {} : { asOf }),
		...(seed === undefined ? {} : { seed }),
	};
	return planned(readScenario(path, overridesOf(given)), given);
}

function planned({ scenario, unused }: ScenarioRead, flags: PlanFlags): Envelope<PlanResult> {
	const rows = flags.rows === undefined ? undefined : readRowList(flags.rows);
	const store = catalogueStore();
	const { top: _, ...asked } = flags;
	const asking = askingOf(
		"plan",
		{ ...asked, ...(rows === undefined ? {} : { rows: rows.rows.map(plainRow) }) },
		flags,
		store,
		scenario.asOf,
	);
	const catalogue = store.catalogue();
	if (scenario.supply.speculative !== "any") knownSpeculative(catalogue, scenario.supply.speculative);
	const answer = plan(catalogue, scenario, asking, {
		window: windowOf(flags),
		...(rows === undefined ? {} : { rows }),
	});
	return { ...answer, warnings: [...answer.warnings, ...unused] };
}

function refuseIdleFlags(flags: PlanFlags): void {
	const { json, csv, rows, row, rowsBetween } = flags;
	if (json === true) refuseBeside({ "--csv": csv }, "and --json print the same options: give one of them", "--json");
	if (rows !== undefined) {
		const beside = { "--row": row, "--rows-between": rowsBetween };
		refuseBeside(beside, "and --rows both choose the rows: give one of them", "leave one of them out");
	}
}

function readRowList(path: string): RowList {
	const parsed = parseRowList(readText(path, "a list of benchmark rows"), { file: path });
	if (parsed.ok) return parsed.rowList;
	throw fileError(parsed.issues);
}

function plainRow(row: RowList["rows"][number]): unknown {
	return row.kind === "id" ? row.id : row.selector;
}

function overridesOf(flags: PlanFlags): ScenarioOverride[] {
	const over = (path: string, label: string, value: ScenarioOverride["value"] | undefined): ScenarioOverride[] =>
		value === undefined ? [] : [{ path, label, value }];
	const onOff = (label: string, value: string | undefined): boolean | undefined =>
		value === undefined ? undefined : onOffFlag(label, value);
	return [
		...over("demand.tokens_per_day", "--demand", flags.demand === undefined ? undefined : flagVolume(flags.demand)),
		...over("demand.peak_to_mean", "--peak", flags.peak),
		...over("slo.tokens_per_s_per_user", "--interactivity", flags.interactivity),
		...over("slo.ttft", "--ttft", flags.ttft === undefined ? undefined : flagTime(flags.ttft)),
		...over("slo.ttft_statistic", "--ttft-statistic", flags.ttftStatistic),
		...over("slo.ttft_unknown", "--ttft-unknown", flags.ttftUnknown),
		...over("supply.hardware", "--hardware", listOrAny(flags.hardware)),
		...over("supply.precision", "--precision", listOrAny(flags.precision)),
		...over("supply.stack", "--stack", listOrAny(flags.stack)),
		...over("supply.speculative", "--speculative", listOrAny(flags.speculative)),
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

function listOrAny(names: readonly string[] | undefined): ScenarioOverride["value"] | undefined {
	return names === undefined ? undefined : (unlessAny(names) ?? "any");
}

function spareOf(text: string): number {
	const value = Number(text);
	if (Number.isInteger(value) && value >= 0) return value;
	throw new FarthingError(2, "wrong-type", `--spare takes a whole number, not "${text}"`, {
		field: "--spare",
		expected: "0, 1, 2, …",
		hint: "--spare 1",
	});
}
