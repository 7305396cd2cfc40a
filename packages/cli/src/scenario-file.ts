/** A scenario file as commands read it: flags over the environment over the file, and errors with their place. */
import { dirname, isAbsolute, join } from "node:path";
import type { Warning } from "@farthing/answers";
import { FarthingError } from "@farthing/answers";
import type { Issue, ParseScenarioOptions, Scenario, ScenarioOverride } from "@farthing/scenario";
import { parseScenario } from "@farthing/scenario";
import { fileError } from "./commands/file-issues.ts";
import { readText } from "./files.ts";

export interface ScenarioRead {
	readonly scenario: Scenario;
	/** Members that have no effect. */
	readonly unused: readonly Warning[];
}

/** A scenario file with flags over it; exit 2 with line and column, or the flag, of what is wrong. */
export function readScenario(path: string, own: readonly ScenarioOverride[] = []): ScenarioRead {
	const file = path === "-" ? "standard input" : path;
	return scenarioOfText(readText(path, "a scenario file"), file, own);
}

/** The same of text that was read elsewhere; what it extends comes from `resolve`. */
export function scenarioOfText(
	text: string,
	file: string,
	own: readonly ScenarioOverride[] = [],
	resolve: NonNullable<ParseScenarioOptions["resolve"]> = resolveBeside,
): ScenarioRead {
	const parse = (overrides: readonly ScenarioOverride[]): ReturnType<typeof parseScenario> =>
		parseScenario(text, { file, overrides, resolve });
	const plain = parse(own);
	const environment = plain.ok && plain.scenario.cost.kind === "card" ? cardInEnvironment() : [];
	const parsed = environment.length === 0 ? plain : parse([...environment, ...own]);
	if (!parsed.ok) throw halfACard(parsed.issues) ?? fileError(parsed.issues);
	const unused = parsed.warnings.filter(({ code }) => code === "unused-member");
	return { scenario: parsed.scenario, unused: unused.map(({ code, message }) => ({ code, message })) };
}

/** `--card` or `--tier` alone on a scenario that has no rate card. */
function halfACard(issues: readonly Issue[]): FarthingError | undefined {
	const half = issues.find(({ file, path }) => ["--card", "--tier"].includes(file) && path.startsWith("cost.card."));
	if (half === undefined) return undefined;
	const other = half.file === "--card" ? "--tier" : "--card";
	return new FarthingError(
		2,
		"missing-field",
		`the scenario has no rate card, so ${half.file} needs ${other} beside it`,
		{
			field: other,
			expected: "--card and --tier together",
			hint: "--card 2026-09 --tier own_neocloud",
		},
	);
}

/** Stands in for the card of a scenario that has one; rates of one's own and build-ups are left alone. */
function cardInEnvironment(): ScenarioOverride[] {
	const variables = [
		["cost.card.id", "FARTHING_CARD"],
		["cost.card.tier", "FARTHING_TIER"],
	] as const;
	return variables.flatMap(([path, label]) => {
		const value = process.env[label];
		return value === undefined || value === "" ? [] : [{ path, label, value }];
	});
}

/** `extends: base.yaml` is looked for beside the file that names it. */
function resolveBeside(name: string, from: string): { file: string; text: string } | undefined {
	const file = isAbsolute(name) ? name : join(dirname(from), name);
	try {
		return { file, text: readText(file, "a scenario file") };
	} catch (error) {
		if (error instanceof FarthingError && error.code === "no-such-file") return undefined;
		throw error;
	}
}
