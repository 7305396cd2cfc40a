import type { Envelope, PlanResult } from "@farthing/answers";
import { modelledWarning, plan, withModelledPointsFor } from "@farthing/answers";
import type { RowList } from "@farthing/scenario";
import { parseRowList } from "@farthing/scenario";
import type { CommonFlags } from "../context.ts";
import { askingOf, catalogueStore, deliver } from "../context.ts";
import { readText } from "../files.ts";
import { countFlag } from "../given-flags.ts";
import { printText } from "../print.ts";
import { windowOf } from "../row-flags.ts";
import type { ScenarioRead } from "../scenario-file.ts";
import { readScenario } from "../scenario-file.ts";
import type { ScenarioFlags } from "../scenario-flags.ts";
import { overridesOf } from "../scenario-flags.ts";
import { defaultsText, planText } from "../show/plan.ts";
import { fileError } from "./file-issues.ts";
import { knownSpeculative, refuseBeside } from "./flag-words.ts";

export interface PlanFlags extends CommonFlags, ScenarioFlags {
	readonly rows?: string;
	readonly top: string;
	readonly csv?: boolean;
	readonly explainDefaults?: boolean;
	readonly modelled?: boolean;
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
	return planned(readScenario(path), given);
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
	const measured = store.catalogue();
	const catalogue = flags.modelled === true ? withModelledPointsFor(measured, scenario, asking.asOf) : measured;
	if (scenario.supply.speculative !== "any") knownSpeculative(catalogue, scenario.supply.speculative);
	const answer = plan(catalogue, scenario, asking, {
		window: windowOf(flags),
		...(rows === undefined ? {} : { rows }),
	});
	const modelled = flags.modelled === true ? [modelledWarning(catalogue)] : [];
	return { ...answer, warnings: [...answer.warnings, ...modelled, ...unused] };
}

function refuseIdleFlags(flags: PlanFlags): void {
	const { json, csv, rows, row, rowsBetween } = flags;
	if (json === true) refuseBeside({ "--csv": csv }, "and --json print the same options: give one of them", "--json");
	if (flags.util !== undefined) {
		const sizing = { "--peak": flags.peak, "--spare": flags.spare, "--whole-replicas": flags.wholeReplicas };
		const beside = { ...sizing, "--whole-hosts": flags.wholeHosts };
		refuseBeside(beside, "has no effect beside --util, which states what it would decide", "leave one of them out");
	}
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
